package signals

import "math"

// Kind says what a message is about. Position, lost and demographics are the
// hot kinds: those that a running connection carries by the thousand.
type Kind uint8

// The kinds of message. Any type that is not listed here is KindUnknown, which
// is no error: a server may speak of things that a client need not know.
const (
	KindUnknown Kind = iota
	KindPosition
	KindLost
	KindDemographics
	KindRegister
	KindHeartbeat
	KindClose
)

// The types as they stand on the wire, under "type" or "message_type".
const (
	typePosition     = "realtime_person_position"
	typeLost         = "realtime_person_lost"
	typeDemographics = "realtime_demographics"
	typeRegister     = "realtime_register"
	typeHeartbeat    = "realtime_heartbeat"
	typeClose        = "close_connection"

	resultSuccess = "success"
)

var kindTypes = [...]string{
	KindPosition:     typePosition,
	KindLost:         typeLost,
	KindDemographics: typeDemographics,
	KindRegister:     typeRegister,
	KindHeartbeat:    typeHeartbeat,
	KindClose:        typeClose,
}

// String is the type as it stands on the wire, "unknown" for KindUnknown.
func (k Kind) String() string {
	if k == KindUnknown || int(k) >= len(kindTypes) {
		return "unknown"
	}
	return kindTypes[k]
}

func kindOf(wireType string) Kind {
	for k := KindPosition; int(k) < len(kindTypes); k++ {
		if kindTypes[k] == wireType {
			return k
		}
	}
	return KindUnknown
}

// Gender is an estimate of a person's gender, numbered as on the wire.
type Gender uint8

// The genders that the protocol knows.
const (
	GenderUnknown Gender = iota // not sent
	GenderMale
	GenderFemale
)

// String is "male", "female" or "unknown".
func (g Gender) String() string {
	switch g {
	case GenderMale:
		return "male"
	case GenderFemale:
		return "female"
	default:
		return "unknown"
	}
}

// Limits of a well-formed message.
const (
	MaxFrame      = 64 << 10 // bytes of one message
	MaxCoordinate = 1e8      // cm, of |x| and |y|
	MaxAge        = 150      // years
)

// Message is one decoded Signals message, flat so that batches of it live in one
// reused slice. Figures that a message does not carry are NaN (floats), 0
// (ids, positions, gender) or empty (text).
type Message struct {
	Time       int64 // stamped on receipt, Unix µs; not on the wire
	PersonID   int64
	LocationID int64
	X, Y       float64 // cm from the location's origin; KindPosition
	Confidence float32 // 0 to 1; KindPosition; NaN where not sent
	Age        float32 // years; KindDemographics; NaN where not sent
	Kind       Kind
	Gender     Gender // KindDemographics

	// Text is the result of a register answer ("" in a request), the message of
	// close_connection, the type of an unknown message; "" on the hot kinds.
	Text string
}

// HasConfidence reports whether the message carries a confidence.
func (m *Message) HasConfidence() bool { return m.Confidence == m.Confidence }

// HasAge reports whether the message carries an age.
func (m *Message) HasAge() bool { return m.Age == m.Age }

var nan32 = float32(math.NaN())

// reset empties every field but Time.
func (m *Message) reset() {
	*m = Message{Time: m.Time, Confidence: nan32, Age: nan32}
}

// isHot reports whether messages of the kind are about people.
func isHot(k Kind) bool {
	return k == KindPosition || k == KindLost || k == KindDemographics
}
