package signals

import (
	"bytes"
	"encoding/json"
	"math"
	"strconv"
)

// decodeSlow is the meaning of Decode: encoding/json takes the object apart into
// its members (keys as they are spelled, of equal ones the last), and what
// follows is judged by the message's kind; members that the kind does not know
// are ignored whatever they hold. Null is as good as not sent.
func decodeSlow(frame []byte, m *Message) error {
	m.reset()
	members, wireType, err := openMessage(frame)
	if err != nil {
		return err
	}
	m.Kind = kindOf(wireType)
	switch m.Kind {
	case KindPosition:
		return decodePosition(members, m)
	case KindLost:
		return decodePerson(members, m)
	case KindDemographics:
		return decodeDemographics(members, m)
	case KindRegister:
		m.Text = textOf(members["result"])
	case KindClose:
		m.Text = textOf(members["message"])
	case KindUnknown:
		m.Text = wireType
	case KindHeartbeat: // has nothing more
	}
	return nil
}

// openMessage takes a message apart into the members that are not null, and its type.
func openMessage(frame []byte) (members map[string]json.RawMessage, wireType string, err error) {
	if err := json.Unmarshal(frame, &members); err != nil {
		if json.Valid(frame) {
			return nil, "", malformed(ReasonNotObject)
		}
		return nil, "", malformed(ReasonNotJSON)
	}
	if members == nil { // the literal null
		return nil, "", malformed(ReasonNotObject)
	}
	for key, value := range members {
		if string(value) == "null" {
			delete(members, key)
		}
	}
	raw, ok := members["type"]
	if !ok {
		raw, ok = members["message_type"]
	}
	if !ok {
		return nil, "", malformed(ReasonNoType)
	}
	if wireType, ok = stringOf(raw); !ok {
		return nil, "", malformed(ReasonType)
	}
	return members, wireType, nil
}

func decodePerson(members map[string]json.RawMessage, m *Message) error {
	var ok bool
	if m.PersonID, ok = integerOf(members["person_id"]); !ok {
		return malformed(ReasonPersonID)
	}
	if m.LocationID, ok = integerOf(members["location_id"]); !ok {
		return malformed(ReasonLocationID)
	}
	return nil
}

func decodePosition(members map[string]json.RawMessage, m *Message) error {
	if err := decodePerson(members, m); err != nil {
		return err
	}
	var position map[string]json.RawMessage
	if raw := members["position"]; raw == nil || json.Unmarshal(raw, &position) != nil {
		return malformed(ReasonPosition)
	}
	var okX, okY bool
	m.X, okX = numberOf(position["x"])
	m.Y, okY = numberOf(position["y"])
	if !okX || !okY || math.Abs(m.X) > MaxCoordinate || math.Abs(m.Y) > MaxCoordinate {
		return malformed(ReasonPosition)
	}
	if raw, sent := members["confidence"]; sent {
		f, ok := numberOf(raw)
		if !ok || f < 0 || f > 1 {
			return malformed(ReasonConfidence)
		}
		m.Confidence = float32(f)
	}
	return nil
}

func decodeDemographics(members map[string]json.RawMessage, m *Message) error {
	if err := decodePerson(members, m); err != nil {
		return err
	}
	if raw, sent := members["gender"]; sent {
		g, ok := integerOf(raw)
		if !ok || g < 0 || g > int64(GenderFemale) {
			return malformed(ReasonGender)
		}
		m.Gender = Gender(g)
	}
	if raw, sent := members["age"]; sent {
		f, ok := numberOf(raw)
		if !ok || f < 0 || f > MaxAge {
			return malformed(ReasonAge)
		}
		m.Age = float32(f)
	}
	if m.Gender == GenderUnknown && !m.HasAge() {
		return malformed(ReasonNoEstimate)
	}
	return nil
}

func integerOf(raw json.RawMessage) (int64, bool) {
	n, err := strconv.ParseInt(string(raw), 10, 64)
	return n, err == nil
}

// numberOf is the number that raw, a JSON value, is. What strconv would read
// beyond JSON (hexadecimal, underscores, Inf) cannot stand in raw.
func numberOf(raw json.RawMessage) (float64, bool) {
	f, err := strconv.ParseFloat(string(raw), 64)
	return f, err == nil
}

func stringOf(raw json.RawMessage) (string, bool) {
	if len(raw) == 0 || raw[0] != '"' {
		return "", false
	}
	var s string
	return s, json.Unmarshal(raw, &s) == nil
}

// textOf is a text for people; a value that is no string stands for itself.
func textOf(raw json.RawMessage) string {
	if s, ok := stringOf(raw); ok {
		return s
	}
	var plain bytes.Buffer
	if json.Compact(&plain, raw) != nil {
		return ""
	}
	return plain.String()
}
