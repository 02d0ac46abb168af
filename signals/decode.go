package signals

// Decode parses one text frame, a whole JSON object and nothing after it, into m.
// It overwrites every field of m but Time. An unknown type is KindUnknown with
// the type in Text and no error. A malformed message is a *DecodeError and
// leaves m in no particular state. Decode keeps no reference to frame.
//
// The hot kinds in plain form (no escapes, no key twice, no exponents) take a
// scanner that allocates nothing; all else is read by encoding/json, to the same
// effect.
func Decode(frame []byte, m *Message) error {
	if len(frame) > MaxFrame {
		return malformed(ReasonTooLarge)
	}
	if decodeUsual(frame, m) || decodeFast(frame, m) {
		return nil
	}
	return decodeSlow(frame, m)
}

// decodeFast decodes a well-formed message of a hot kind. False says nothing
// about the message but that decodeSlow must look at it.
func decodeFast(b []byte, m *Message) bool {
	var f fields
	i := skipSpace(b, 0)
	if len(b) < 8 || i == len(b) || b[i] != '{' {
		return false
	}
	for {
		if i = f.member(b, skipSpace(b, i+1)); i < 0 {
			return false
		}
		if i = skipSpace(b, i); i == len(b) {
			return false
		}
		if b[i] == '}' {
			break
		}
		if b[i] != ',' {
			return false
		}
	}
	if skipSpace(b, i+1) != len(b) {
		return false
	}
	return f.fill(m)
}

// key is one of the members that a hot message may have; a set of them, too.
type key uint32

const (
	keyType key = 1 << iota
	keyMessageType
	keyPersonID
	keyLocationID
	keyPosition
	keyConfidence
	keyGender
	keyAge

	keyPerson = keyPersonID | keyLocationID
)

// fields are a message's members as they are met, its kind still unknown.
type fields struct {
	personID, locationID int64
	gender               int64
	x, y                 float64
	confidence, age      float64
	seen                 key
	typ, messageType     Kind
}

// member reads the member that begins at b[i] and returns the index after it, or
// -1 if it is not plain or was there before.
func (f *fields) member(b []byte, i int) int {
	v, k := b[i:], key(0)
	if len(v) < 2 {
		return -1
	}
	switch v[1] {
	case 'p':
		if len(v) >= 12 && string(v[:12]) == `"person_id":` {
			k = keyPersonID
			f.personID, i = scanInt(b, skipSpace(b, i+12))
		} else if len(v) >= 11 && string(v[:11]) == `"position":` {
			k = keyPosition
			i = f.position(b, skipSpace(b, i+11))
		}
	case 'l':
		if len(v) >= 14 && string(v[:14]) == `"location_id":` {
			k = keyLocationID
			f.locationID, i = scanInt(b, skipSpace(b, i+14))
		}
	case 't':
		if len(v) >= 7 && string(v[:7]) == `"type":` {
			k = keyType
			f.typ, i = scanType(b, skipSpace(b, i+7))
		}
	case 'm':
		if len(v) >= 15 && string(v[:15]) == `"message_type":` {
			k = keyMessageType
			f.messageType, i = scanType(b, skipSpace(b, i+15))
		}
	case 'c':
		if len(v) >= 13 && string(v[:13]) == `"confidence":` {
			k = keyConfidence
			f.confidence, i = scanFloat(b, skipSpace(b, i+13))
		}
	case 'g':
		if len(v) >= 9 && string(v[:9]) == `"gender":` {
			k = keyGender
			f.gender, i = scanInt(b, skipSpace(b, i+9))
		}
	case 'a':
		if len(v) >= 6 && string(v[:6]) == `"age":` {
			k = keyAge
			f.age, i = scanFloat(b, skipSpace(b, i+6))
		}
	}
	if k == 0 {
		return skipMember(b, i)
	}
	if f.seen&k != 0 {
		return -1
	}
	f.seen |= k
	return i
}

// position reads {"x":…,"y":…}, nothing else and in this order.
func (f *fields) position(b []byte, i int) int {
	if i == len(b) || b[i] != '{' {
		return -1
	}
	if i = skipSpace(b, i+1); len(b)-i < 4 || string(b[i:i+4]) != `"x":` {
		return -1
	}
	if f.x, i = scanFloat(b, skipSpace(b, i+4)); i < 0 {
		return -1
	}
	if i = skipSpace(b, i); i == len(b) || b[i] != ',' {
		return -1
	}
	if i = skipSpace(b, i+1); len(b)-i < 4 || string(b[i:i+4]) != `"y":` {
		return -1
	}
	if f.y, i = scanFloat(b, skipSpace(b, i+4)); i < 0 {
		return -1
	}
	if i = skipSpace(b, i); i == len(b) || b[i] != '}' {
		return -1
	}
	return i + 1
}

// fill makes the message of what was met, if all that it needs is there and
// within its bounds.
func (f *fields) fill(m *Message) bool {
	kind := f.typ
	if f.seen&keyType == 0 {
		kind = f.messageType
	}
	if f.seen&keyPerson != keyPerson {
		return false
	}
	m.PersonID, m.LocationID = f.personID, f.locationID
	m.X, m.Y = 0, 0
	m.Confidence, m.Age = nan32, nan32
	m.Kind, m.Gender, m.Text = kind, GenderUnknown, ""
	switch kind {
	case KindPosition:
		m.X, m.Y = f.x, f.y
		if f.seen&keyConfidence != 0 {
			m.Confidence = float32(f.confidence)
		}
		return f.seen&keyPosition != 0 && inRange(f.x, -MaxCoordinate, MaxCoordinate) &&
			inRange(f.y, -MaxCoordinate, MaxCoordinate) && inRange(f.confidence, 0, 1)
	case KindLost:
		return true
	case KindDemographics:
		m.Gender = Gender(f.gender)
		if f.seen&keyAge != 0 {
			m.Age = float32(f.age)
		}
		return (f.gender == 1 || f.gender == 2 || f.gender == 0 && f.seen&keyAge != 0) && inRange(f.age, 0, MaxAge)
	default:
		return false
	}
}

func inRange(f, low, high float64) bool { return f >= low && f <= high }
