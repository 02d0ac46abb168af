package tracker

import (
	"math/bits"
	"math/rand/v2"
)

// people keeps persons in slots that stay where they are, and finds them by id:
// open addressing with linear probing and backward-shift deletion (Knuth, TAOCP
// vol. 3, 6.4, algorithm R). The table has 32 bits of an id's hash beside the
// slot, eight entries a cache line; the id itself is read where the person is,
// which is needed next anyway.
type people struct {
	chunks  []*[chunkSize]person
	free    []int32
	used    int32 // slots ever handed out
	stays   stayPool
	visits  visitedPool
	pending slotSet // those with the flag, and some that had it

	table []entry
	count int
	shift uint
	seed  uint64 // ids come from outside: nobody shall know which of them collide
}

// entry is a place in the table of ids.
type entry struct {
	hash uint32
	slot int32 // 0 is empty, else slot+1
}

const (
	chunkBits = 8
	chunkSize = 1 << chunkBits
	tableBits = 6 // at first
)

func newPeople() people {
	return people{table: make([]entry, 1<<tableBits), shift: 32 - tableBits, seed: rand.Uint64()}
}

func (ps *people) at(slot int32) *person {
	return &ps.chunks[slot>>chunkBits][slot&(chunkSize-1)]
}

// hash mixes an id with the seed: the high and the low half of their product of
// 128 bits, as in wyhash.
func (ps *people) hash(id int64) uint32 {
	high, low := bits.Mul64(uint64(id)^ps.seed, 0x9E3779B97F4A7C15)
	return uint32((high ^ low) >> 32)
}

func (ps *people) home(hash uint32) int { return int(hash >> ps.shift) }

func (ps *people) find(id int64) (int32, bool) {
	i := ps.place(id)
	return ps.table[i].slot - 1, ps.table[i].slot != 0
}

// place is where an id is in the table, or the empty place that ends the search.
func (ps *people) place(id int64) int {
	hash, mask := ps.hash(id), len(ps.table)-1
	for i := ps.home(hash); ; i++ {
		e := ps.table[i&mask]
		if e.slot == 0 || e.hash == hash && ps.at(e.slot-1).id == id {
			return i & mask
		}
	}
}

// likely is the slot of an id with that hash, as far as the table alone tells, or
// -1.
func (ps *people) likely(hash uint32) int32 {
	mask := len(ps.table) - 1
	for i := ps.home(hash); ; i++ {
		if e := ps.table[i&mask]; e.slot == 0 || e.hash == hash {
			return e.slot - 1
		}
	}
}

// maxSlots bounds the slots that a stored record may name.
const maxSlots = 1 << 24

// alloc hands out an empty slot.
func (ps *people) alloc() int32 {
	if n := len(ps.free); n > 0 {
		slot := ps.free[n-1]
		ps.free = ps.free[:n-1]
		return slot
	}
	slot := ps.used
	ps.claim(slot)
	return slot
}

// claim makes slots up to slot exist; Restore uses it to put people back.
func (ps *people) claim(slot int32) {
	for int(slot)>>chunkBits >= len(ps.chunks) {
		ps.chunks = append(ps.chunks, new([chunkSize]person))
		ps.pending = append(ps.pending, make(slotSet, chunkSize/64)...)
	}
	if slot >= ps.used {
		ps.used = slot + 1
	}
}

// release empties a slot for reuse. The id must be unbound by then.
func (ps *people) release(slot int32) {
	p := ps.at(slot)
	ps.stays.put(p.stays)
	ps.visits.drop(p.visited)
	*p = person{extra: p.extra.cleared(), flags: p.flags & dirty}
	ps.free = append(ps.free, slot)
}

// bind makes find of the id of the person in slot give slot. The id must not be
// bound.
func (ps *people) bind(slot int32) {
	if (ps.count+1)*8 > len(ps.table)*7 {
		ps.grow()
	}
	ps.insert(entry{ps.hash(ps.at(slot).id), slot + 1})
	ps.count++
}

func (ps *people) insert(e entry) {
	mask := len(ps.table) - 1
	i := ps.home(e.hash)
	for ps.table[i].slot != 0 {
		i = (i + 1) & mask
	}
	ps.table[i] = e
}

func (ps *people) grow() {
	old := ps.table
	ps.table = make([]entry, 2*len(old))
	ps.shift--
	for _, e := range old {
		if e.slot != 0 {
			ps.insert(e)
		}
	}
}

// unbind forgets an id, moving later ones of its run back over the gap.
func (ps *people) unbind(id int64) {
	mask := len(ps.table) - 1
	i := ps.place(id)
	if ps.table[i].slot == 0 {
		return
	}
	ps.count--
	for j := i; ; {
		j = (j + 1) & mask
		e := ps.table[j]
		if e.slot == 0 {
			break
		}
		if (j-ps.home(e.hash))&mask >= (j-i)&mask {
			ps.table[i] = e
			i = j
		}
	}
	ps.table[i].slot = 0
}
