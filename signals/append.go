package signals

import (
	"encoding/json"
	"math"
	"strconv"
)

// heads are the messages' beginnings, with the type under both of its names.
var heads = func() (all [len(kindTypes)]string) {
	for k := KindPosition; int(k) < len(kindTypes); k++ {
		all[k] = `{"type":"` + kindTypes[k] + `","message_type":"` + kindTypes[k] + `"`
	}
	return all
}()

// Append appends m as it stands on the wire, as one line of JSON with the type
// under "type" and under "message_type", and returns the extended buffer. What
// Decode made of a message of a known kind, Append turns into one that decodes to
// the same. Numbers that are not finite become null: JSON has no word for them,
// and a reader then rejects the message.
func Append(dst []byte, m *Message) []byte {
	switch m.Kind {
	case KindPosition:
		dst = appendPerson(append(dst, heads[KindPosition]...), m)
		dst = appendFloat(append(dst, `,"position":{"x":`...), m.X, 64)
		dst = appendFloat(append(dst, `,"y":`...), m.Y, 64)
		dst = append(dst, '}')
		if m.HasConfidence() {
			dst = appendFloat(append(dst, `,"confidence":`...), float64(m.Confidence), 32)
		}
	case KindLost:
		dst = appendPerson(append(dst, heads[KindLost]...), m)
	case KindDemographics:
		dst = appendPerson(append(dst, heads[KindDemographics]...), m)
		if m.Gender != GenderUnknown {
			dst = strconv.AppendUint(append(dst, `,"gender":`...), uint64(m.Gender), 10)
		}
		if m.HasAge() {
			dst = appendFloat(append(dst, `,"age":`...), float64(m.Age), 32)
		}
	case KindRegister:
		dst = append(append(dst, heads[KindRegister]...), `,"result":`...)
		dst = appendString(dst, m.Text)
	case KindHeartbeat:
		dst = append(dst, heads[KindHeartbeat]...)
	case KindClose:
		dst = append(append(dst, heads[KindClose]...), `,"message":`...)
		dst = appendString(dst, m.Text)
	default:
		dst = appendString(append(dst, `{"type":`...), m.Text)
		dst = appendString(append(dst, `,"message_type":`...), m.Text)
	}
	return append(dst, '}')
}

func appendPerson(dst []byte, m *Message) []byte {
	dst = strconv.AppendInt(append(dst, `,"person_id":`...), m.PersonID, 10)
	return strconv.AppendInt(append(dst, `,"location_id":`...), m.LocationID, 10)
}

// appendFloat writes the shortest decimal that reads back as the same number.
func appendFloat(dst []byte, f float64, bits int) []byte {
	if a := math.Abs(f); a < 100 || bits == 64 && a <= MaxCoordinate {
		if short, ok := appendShort(dst, f, bits); ok {
			return short
		}
	}
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return append(dst, "null"...)
	}
	form := byte('f')
	if a := math.Abs(f); a != 0 && (a < 1e-6 || a >= 1e21) {
		form = 'e'
	}
	return strconv.AppendFloat(dst, f, form, -1, bits)
}

// appendShort writes a number of at most four decimals, as sensors send them, at
// a fraction of what strconv takes; false if f has more of them. The caller sees
// to it that f has no more digits than tell any two numbers of its bits apart (15
// of 64, 6 of 32): no shorter decimal is then the same number.
func appendShort(dst []byte, f float64, bits int) ([]byte, bool) {
	const scale = 10_000
	n := int64(math.RoundToEven(f * scale))
	back := float64(n) / scale // both exact, so this is what the decimal reads back as
	if back != f && (bits != 32 || float32(back) != float32(f)) || n == 0 && math.Signbit(f) {
		return dst, false
	}
	if n < 0 {
		dst, n = append(dst, '-'), -n
	}
	dst = strconv.AppendInt(dst, n/scale, 10)
	rest := n % scale
	if rest == 0 {
		return dst, true
	}
	dst = append(dst, '.')
	for unit := int64(scale / 10); rest > 0; unit /= 10 {
		dst = append(dst, byte('0'+rest/unit))
		rest %= unit
	}
	return dst, true
}

func appendString(dst []byte, s string) []byte {
	quoted, err := json.Marshal(s)
	if err != nil { // a string always marshals
		return append(dst, `""`...)
	}
	return append(dst, quoted...)
}
