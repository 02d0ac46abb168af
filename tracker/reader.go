package tracker

import "encoding/binary"

const (
	maxNumber = 1 << 20 // of a zone or line in a stored record
	maxTally  = 1 << 48 // of estimates in a stored record
)

// reader takes a record apart; once bad it stays bad and gives zeros.
type reader struct {
	b   []byte
	bad bool
}

func (r *reader) must(ok bool) {
	if !ok {
		r.bad, r.b = true, nil
	}
}

func (r *reader) take(n int) []byte {
	if len(r.b) < n {
		r.must(false)
		return make([]byte, n)
	}
	part := r.b[:n]
	r.b = r.b[n:]
	return part
}

func (r *reader) byte() byte     { return r.take(1)[0] }
func (r *reader) uint32() uint32 { return binary.LittleEndian.Uint32(r.take(4)) }
func (r *reader) uint64() uint64 { return binary.LittleEndian.Uint64(r.take(8)) }

func (r *reader) varint() int64 {
	v, n := binary.Varint(r.b)
	r.must(n > 0)
	r.b = r.b[max(0, min(n, len(r.b))):]
	return v
}

func (r *reader) uvarint() uint64 {
	v, n := binary.Uvarint(r.b)
	r.must(n > 0)
	r.b = r.b[max(0, min(n, len(r.b))):]
	return v
}

// signed is a number from least to most.
func (r *reader) signed(least, most int64) int32 {
	v := r.varint()
	r.must(v >= least && v <= most)
	return int32(v)
}

// time is an instant that is stored as its distance from another.
func (r *reader) time(base int64) int64 {
	at := base + r.varint()
	r.must(at >= -maxTime && at <= maxTime)
	return at
}

// count is how many items follow, each of at least size bytes.
func (r *reader) count(size int) int {
	n := r.uvarint()
	r.must(n <= uint64(len(r.b)/size))
	if r.bad {
		return 0
	}
	return int(n)
}

func (r *reader) tally() int64 {
	n := r.uvarint()
	r.must(n <= maxTally)
	return int64(n)
}

func (r *reader) number() int32 {
	n := r.uvarint()
	r.must(n <= maxNumber)
	return int32(n)
}

// zone is the number of a zone that has an edge.
func (r *reader) zone() int32 {
	n := r.number()
	r.must(n != LocationZone)
	return n
}
