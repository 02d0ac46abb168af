package analytics

import "encoding/binary"

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
	bad bool
}

func (r *reader) fail() {
	r.bad, r.b = true, nil
}

func (r *reader) version(want byte) {
	if r.byte() != want {
		r.fail()
	}
}

func (r *reader) byte() byte {
	if len(r.b) == 0 {
		r.fail()
		return 0
	}
	v := r.b[0]
	r.b = r.b[1:]
	return v
}

func (r *reader) varint() int64 {
	v, n := binary.Varint(r.b)
	if n <= 0 {
		r.fail()
		return 0
	}
	r.b = r.b[n:]
	return v
}

func (r *reader) uvarint() uint64 {
	v, n := binary.Uvarint(r.b)
	if n <= 0 {
		r.fail()
		return 0
	}
	r.b = r.b[n:]
	return v
}

// count is how many items follow, each of at least size bytes.
func (r *reader) count(size int) int {
	n := r.uvarint()
	if n > uint64(len(r.b)/size) {
		r.fail()
		return 0
	}
	return int(n)
}

// sparse fills numbers; ones beyond its length are from a later version.
func (r *reader) sparse(numbers []int64) {
	mask := r.uvarint()
	if mask>>len(numbers) != 0 {
		r.fail()
		return
	}
	for i := range numbers {
		if mask&(1<<i) != 0 {
			numbers[i] = r.varint()
		}
	}
}

func (r *reader) err(bad error) error {
	if r.bad || len(r.b) > 0 {
		return bad
	}
	return nil
}
