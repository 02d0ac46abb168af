package signals

// Reason says why a message is malformed: a small fixed set, so that it can be
// the label of a metric.
type Reason uint8

// The reasons, in the order in which a message is examined.
const (
	ReasonTooLarge   Reason = iota + 1 // more than MaxFrame bytes
	ReasonBinary                       // a binary message
	ReasonNotJSON                      // no JSON, or something after it
	ReasonNotObject                    // JSON, but no object
	ReasonNoType                       // neither type nor message_type
	ReasonType                         // a type that is no string
	ReasonPersonID                     // missing, or no integer of 64 bits
	ReasonLocationID                   // missing, or no integer of 64 bits
	ReasonPosition                     // missing, no number, or beyond MaxCoordinate
	ReasonConfidence                   // no number from 0 to 1
	ReasonGender                       // neither 1 nor 2
	ReasonAge                          // no number from 0 to MaxAge
	ReasonNoEstimate                   // demographics with neither gender nor age
	reasonCount
)

var reasonNames = [reasonCount]struct{ label, text string }{
	ReasonTooLarge:   {"too_large", "the message is larger than 64 KiB"},
	ReasonBinary:     {"binary", "the message is binary, not text"},
	ReasonNotJSON:    {"not_json", "the message is not JSON"},
	ReasonNotObject:  {"not_object", "the message is not a JSON object"},
	ReasonNoType:     {"no_type", "the message has neither type nor message_type"},
	ReasonType:       {"type", "the message's type is not a string"},
	ReasonPersonID:   {"person_id", "person_id is missing or not an integer of 64 bits"},
	ReasonLocationID: {"location_id", "location_id is missing or not an integer of 64 bits"},
	ReasonPosition:   {"position", "position is missing or its x and y are not numbers within ±1e8 cm"},
	ReasonConfidence: {"confidence", "confidence is not a number from 0 to 1"},
	ReasonGender:     {"gender", "gender is neither 1 (male) nor 2 (female)"},
	ReasonAge:        {"age", "age is not a number from 0 to 150"},
	ReasonNoEstimate: {"no_estimate", "the demographics have neither gender nor age"},
}

// String is the reason's label: lower case with underscores, stable.
func (r Reason) String() string {
	if r == 0 || r >= reasonCount {
		return "unknown"
	}
	return reasonNames[r].label
}

// Reasons lists every reason, for those who announce metrics before the first
// malformed message comes.
func Reasons() []Reason {
	all := make([]Reason, 0, reasonCount-1)
	for r := Reason(1); r < reasonCount; r++ {
		all = append(all, r)
	}
	return all
}

// DecodeError is the error of a malformed message. The errors are shared and not
// to be changed; one of them costs no allocation.
type DecodeError struct{ Reason Reason }

// Error is a sentence for people; it holds nothing of the message.
func (e *DecodeError) Error() string {
	if e.Reason == 0 || e.Reason >= reasonCount {
		return "the message is malformed"
	}
	return reasonNames[e.Reason].text
}

var decodeErrors = func() (all [reasonCount]DecodeError) {
	for r := range all {
		all[r].Reason = Reason(r)
	}
	return all
}()

func malformed(r Reason) error { return &decodeErrors[r] }
