package signals

import "math"

// decodeUsual decodes a position as servers write it by the thousand: these
// members in this order, no white space, ids without a sign. It is the straight
// line through decodeFast, to the same effect; false says nothing else about the
// message.
func decodeUsual(b []byte, m *Message) bool {
	i := usualHead(b)
	if i < 0 || len(b)-i < 13 || string(b[i:i+13]) != `,"person_id":` {
		return false
	}
	person, i := scanUnsigned(b, i+13)
	if i < 0 || len(b)-i < 15 || string(b[i:i+15]) != `,"location_id":` {
		return false
	}
	location, i := scanUnsigned(b, i+15)
	if i < 0 || len(b)-i < 17 || string(b[i:i+16]) != `,"position":{"x"` || b[i+16] != ':' {
		return false
	}
	x, i := scanDecimal(b, i+17)
	if i < 0 || len(b)-i < 5 || string(b[i:i+5]) != `,"y":` {
		return false
	}
	y, i := scanDecimal(b, i+5)
	if i < 0 || len(b)-i < 2 || b[i] != '}' {
		return false
	}
	confidence, i := usualConfidence(b, i+1)
	if i != len(b)-1 || b[i] != '}' {
		return false
	}
	m.PersonID, m.LocationID = int64(person), int64(location)
	m.X, m.Y = x, y
	m.Confidence, m.Age = confidence, nan32
	m.Kind, m.Gender, m.Text = KindPosition, GenderUnknown, ""
	return person <= math.MaxInt64 && location <= math.MaxInt64 &&
		inRange(x, -MaxCoordinate, MaxCoordinate) && inRange(y, -MaxCoordinate, MaxCoordinate)
}

// usualHead is the index after a position's type, under one or both of its names, or -1.
func usualHead(b []byte) int {
	const head, again = `{"type":"realtime_person_position"`, `,"message_type":"realtime_person_position"`
	if len(b) < len(head) || string(b[:len(head)]) != head {
		return -1
	}
	if len(b) >= len(head)+len(again) && string(b[len(head):len(head)+len(again)]) == again {
		return len(head) + len(again)
	}
	return len(head)
}

// usualConfidence reads the member if it is there, and is NaN if not.
func usualConfidence(b []byte, i int) (float32, int) {
	if b[i] == '}' {
		return nan32, i
	}
	if len(b)-i < 14 || string(b[i:i+14]) != `,"confidence":` {
		return 0, -1
	}
	f, i := scanDecimal(b, i+14)
	if !inRange(f, 0, 1) {
		return 0, -1
	}
	return float32(f), i
}
