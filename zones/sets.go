package zones

import "slices"

// SetID stands for a set of zones. Two ids of one Locator are equal exactly
// where the sets are. 0 is "in no zone".
type SetID uint32

// setTable interns sets of zone numbers, ascending; the empty set is 0.
type setTable struct {
	members []int32
	ends    []uint32 // set i is members[ends[i-1]:ends[i]]
	slots   []uint32 // open addressing, set + 1, or 0; a power of two
}

func newSetTable() setTable {
	return setTable{ends: []uint32{0}, slots: make([]uint32, 16)}
}

func (t *setTable) last() uint32 { return uint32(len(t.ends) - 1) }

func (t *setTable) get(id uint32) []int32 {
	if id == 0 {
		return nil
	}
	from, to := t.ends[id-1], t.ends[id]
	return t.members[from:to:to]
}

func hashOf(set []int32) uint32 {
	h := uint64(14695981039346656037)
	for _, z := range set {
		h = (h ^ uint64(z)) * 1099511628211
	}
	return uint32(h ^ h>>32)
}

// find returns the set's number and whether it is there.
func (t *setTable) find(set []int32, hash uint32) (uint32, bool) {
	if len(set) == 0 {
		return 0, true
	}
	mask := uint32(len(t.slots) - 1)
	for i := hash & mask; t.slots[i] != 0; i = (i + 1) & mask {
		if id := t.slots[i] - 1; slices.Equal(t.get(id), set) {
			return id, true
		}
	}
	return 0, false
}

// add enters a set that find did not find.
func (t *setTable) add(set []int32, hash uint32) uint32 {
	if 2*len(t.ends) > len(t.slots) {
		t.grow()
	}
	id := uint32(len(t.ends))
	t.members = append(t.members, set...)
	t.ends = append(t.ends, uint32(len(t.members)))
	t.put(id, hash)
	return id
}

func (t *setTable) put(id, hash uint32) {
	mask := uint32(len(t.slots) - 1)
	i := hash & mask
	for t.slots[i] != 0 {
		i = (i + 1) & mask
	}
	t.slots[i] = id + 1
}

func (t *setTable) grow() {
	t.slots = make([]uint32, 4*len(t.slots))
	for id := uint32(1); id < uint32(len(t.ends)); id++ {
		t.put(id, hashOf(t.get(id)))
	}
}

// toggled appends to dst the members of just one of two ascending lists.
func toggled(dst, a, b []int32) []int32 {
	for len(a) > 0 && len(b) > 0 {
		switch {
		case a[0] < b[0]:
			dst, a = append(dst, a[0]), a[1:]
		case a[0] > b[0]:
			dst, b = append(dst, b[0]), b[1:]
		default:
			a, b = a[1:], b[1:]
		}
	}
	return append(append(dst, a...), b...)
}

// oddOnes sorts a list in place and returns what is in it an odd number of times.
func oddOnes(list []int32) []int32 {
	slices.Sort(list)
	return keepOdd(list)
}

// keepOdd keeps one of each run of equals that is odd in number.
func keepOdd[T comparable](list []T) []T {
	kept := list[:0]
	for i := 0; i < len(list); {
		j := i + 1
		for j < len(list) && list[j] == list[i] {
			j++
		}
		if (j-i)%2 == 1 {
			kept = append(kept, list[i])
		}
		i = j
	}
	return kept
}
