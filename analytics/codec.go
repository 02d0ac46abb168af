package analytics

import (
	"encoding/binary"
	"math/bits"
)

// codecVersion is the first byte of every stored rollup and state.
const codecVersion = 1

// appendSparse writes a mask of the numbers that are not zero, then those.
func appendSparse(b []byte, numbers []int64) []byte {
	mask := uint64(0)
	for i, n := range numbers {
		if n != 0 {
			mask |= 1 << i
		}
	}
	b = binary.AppendUvarint(b, mask)
	for _, n := range numbers {
		if n != 0 {
			b = binary.AppendVarint(b, n)
		}
	}
	return b
}

// reader takes a stored value apart; once bad it stays bad and gives zeros.
type reader struct {
	b   []byte
	at  int
	bad bool
}

func (r *reader) fail() {
	r.bad, r.b, r.at = true, nil, 0
}

func (r *reader) version() {
	if r.byte() != codecVersion {
		r.fail()
	}
}

func (r *reader) byte() byte {
	if r.at >= len(r.b) {
		r.fail()
		return 0
	}
	v := r.b[r.at]
	r.at++
	return v
}

// varint is a zigzag number, as of encoding/binary.
func (r *reader) varint() int64 {
	u := r.uvarint()
	return int64(u>>1) ^ -int64(u&1)
}

func (r *reader) uvarint() uint64 {
	if r.at < len(r.b) && r.b[r.at] < 0x80 { // most are small
		v := r.b[r.at]
		r.at++
		return uint64(v)
	}
	return r.longUvarint()
}

func (r *reader) longUvarint() uint64 {
	v, n := binary.Uvarint(r.b[r.at:])
	if n <= 0 {
		r.fail()
		return 0
	}
	r.at += n
	return v
}

// count is how many items follow, each of at least size bytes.
func (r *reader) count(size int) int {
	n := r.uvarint()
	if n > uint64((len(r.b)-r.at)/size) {
		r.fail()
		return 0
	}
	return int(n)
}

// sparse fills numbers.
func (r *reader) sparse(numbers []int64) {
	mask := r.uvarint()
	if mask>>len(numbers) != 0 {
		r.fail()
		return
	}
	for ; mask != 0; mask &= mask - 1 {
		numbers[bits.TrailingZeros64(mask)] = r.varint()
	}
}

// require spoils the reader unless what was read makes sense.
func (r *reader) require(sane bool) {
	if !sane {
		r.fail()
	}
}

// err is bad unless all of the value was read and made sense.
func (r *reader) err(bad error) error {
	if r.at < len(r.b) {
		return bad
	}
	return r.errSoFar(bad)
}

func (r *reader) errSoFar(bad error) error {
	if r.bad {
		return bad
	}
	return nil
}
