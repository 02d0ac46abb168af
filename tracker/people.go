package tracker

import (
	"math/bits"
	"math/rand/v2"
)

// people keeps persons in slots that stay where they are, and finds them by id:
// open addressing with linear probing and backward-shift deletion (Knuth, TAOCP
// vol. 3, 6.4, algorithm R), so that a lookup touches one or two cache lines and
// nothing is allocated in the steady state.
type people struct {
	chunks [][]person
	free   []int32
	used   int32 // slots ever handed out
	ids    []int64
	slots  []int32 // of ids[i]; 0 is empty, else slot+1
	count  int
	shift  uint
	seed   uint64 // ids come from outside: nobody shall know which of them collide
}

const (
	chunkBits = 8
	chunkSize = 1 << chunkBits
	tableBits = 6 // at first
)

func newPeople() people {
	return people{ids: make([]int64, 1<<tableBits), slots: make([]int32, 1<<tableBits), shift: 64 - tableBits, seed: rand.Uint64()}
}

func (ps *people) at(slot int32) *person {
	return &ps.chunks[slot>>chunkBits][slot&(chunkSize-1)]
}

// home mixes an id with the seed: the high and the low half of their product of
// 128 bits, as in wyhash.
func (ps *people) home(id int64) int {
	high, low := bits.Mul64(uint64(id)^ps.seed, 0x9E3779B97F4A7C15)
	return int((high ^ low) >> ps.shift)
}

func (ps *people) find(id int64) (int32, bool) {
	mask := len(ps.slots) - 1
	for i := ps.home(id) & mask; ; i = (i + 1) & mask {
		s := ps.slots[i]
		if s == 0 {
			return 0, false
		}
		if ps.ids[i] == id {
			return s - 1, true
		}
	}
}

// maxSlots bounds the slots that a stored record may name.
const maxSlots = 1 << 24

// alloc hands out an empty slot; its slices keep their capacity.
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
		ps.chunks = append(ps.chunks, make([]person, chunkSize))
	}
	if slot >= ps.used {
		ps.used = slot + 1
	}
}

// release empties a slot for reuse. The id must be unbound by then.
func (ps *people) release(slot int32) {
	p := ps.at(slot)
	*p = person{gen: p.gen + 1, stays: p.stays[:0], lines: p.lines[:0], order: p.order.cleared(), flags: p.flags & dirty}
	ps.free = append(ps.free, slot)
}

// bind makes find(id) give slot. The id must not be bound.
func (ps *people) bind(id int64, slot int32) {
	if (ps.count+1)*4 > len(ps.slots)*3 {
		ps.grow()
	}
	ps.insert(id, slot+1)
	ps.count++
}

func (ps *people) insert(id int64, slot int32) {
	mask := len(ps.slots) - 1
	i := ps.home(id)
	for ps.slots[i] != 0 {
		i = (i + 1) & mask
	}
	ps.ids[i], ps.slots[i] = id, slot
}

func (ps *people) grow() {
	ids, slots := ps.ids, ps.slots
	ps.ids, ps.slots = make([]int64, 2*len(ids)), make([]int32, 2*len(ids))
	ps.shift--
	for i, s := range slots {
		if s != 0 {
			ps.insert(ids[i], s)
		}
	}
}

// unbind forgets an id, moving later ones of its run back over the gap.
func (ps *people) unbind(id int64) {
	mask := len(ps.slots) - 1
	i := ps.home(id)
	for ps.slots[i] == 0 || ps.ids[i] != id {
		if ps.slots[i] == 0 {
			return
		}
		i = (i + 1) & mask
	}
	ps.count--
	for j := i; ; {
		j = (j + 1) & mask
		if ps.slots[j] == 0 {
			break
		}
		if home := ps.home(ps.ids[j]); (j-home)&mask >= (j-i)&mask {
			ps.ids[i], ps.slots[i] = ps.ids[j], ps.slots[j]
			i = j
		}
	}
	ps.slots[i] = 0
}
