package tracker

import (
	"iter"
	"math/bits"
)

// slotSet is a set of slots, a bit each.
type slotSet []uint64

func (s slotSet) add(slot int32)    { s[slot>>6] |= 1 << (slot & 63) }
func (s slotSet) remove(slot int32) { s[slot>>6] &^= 1 << (slot & 63) }

// all are the slots in the set, ascending. The one at hand may be removed.
func (s slotSet) all() iter.Seq[int32] {
	return func(yield func(int32) bool) {
		for i := range s {
			for word := s[i]; word != 0; word &= word - 1 {
				if !yield(int32(i<<6 + bits.TrailingZeros64(word))) {
					return
				}
			}
		}
	}
}
