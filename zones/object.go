package zones

import (
	"bytes"
	"encoding/json"
)

// object is a JSON object by its exact keys; of a repeated key the last one counts.
type object map[string]json.RawMessage

func asObject(raw json.RawMessage) (object, bool) {
	if kindOf(raw) != "an object" {
		return nil, false
	}
	var o object
	err := json.Unmarshal(raw, &o)
	return o, err == nil
}

func asString(raw json.RawMessage) (string, bool) {
	if kindOf(raw) != "a string" {
		return "", false
	}
	var s string
	err := json.Unmarshal(raw, &s)
	return s, err == nil
}

// given reports whether there is a value; null is none.
func given(raw json.RawMessage) bool {
	return kindOf(raw) != "missing" && kindOf(raw) != "null"
}

func kindOf(raw json.RawMessage) string {
	raw = bytes.TrimLeft(raw, " \t\r\n")
	if len(raw) == 0 {
		return "missing"
	}
	switch raw[0] {
	case '{':
		return "an object"
	case '[':
		return "an array"
	case '"':
		return "a string"
	case 't', 'f':
		return "a boolean"
	case 'n':
		return "null"
	}
	return "a number"
}

// quote shows a value to the reader, or its kind where it is long.
func quote(raw json.RawMessage) string {
	kind := kindOf(raw)
	if kind == "missing" || kind == "an object" || kind == "an array" || len(raw) > 60 {
		return kind
	}
	return string(bytes.TrimSpace(raw))
}

// collectionOf builds a FeatureCollection; strings stay as they were written.
func collectionOf(members object, features []json.RawMessage) []byte {
	if features == nil {
		features = []json.RawMessage{}
	}
	all := map[string]any{"type": "FeatureCollection", "features": features}
	for name, value := range members {
		all[name] = value
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(all); err != nil {
		panic("zones: JSON that was valid cannot be written: " + err.Error())
	}
	return bytes.TrimSpace(out.Bytes())
}
