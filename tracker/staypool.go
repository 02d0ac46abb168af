package tracker

import "slices"

// roomFor are the numbers of stays that a stayPool has room for.
var roomFor = [...]int{2, 4, 6, 8, 10, 12, 14, 16, 20, 24, 28, 32, 40, 48, 56, 64, 80, 96, 112, 128}

const (
	slackStays = 4  // room left in place, so that one zone more or less moves nothing
	minSpare   = 64 // room of a size that is kept in any case
)

// stayPool lends room for stays in many sizes, so that a person's grow and shrink
// without allocating in the steady state, and nobody keeps what was needed once.
type stayPool [len(roomFor)]spare

// spare is room of one size that nobody has.
type spare struct {
	free  [][]stay
	least int // of free since the last trim
}

// grown is s with room for one more.
func (sp *stayPool) grown(s []stay) []stay {
	if len(s) < cap(s) {
		return s
	}
	return sp.moved(s, len(s)+1)
}

// fit is s without more room than it needs, give or take.
func (sp *stayPool) fit(s []stay) []stay {
	if cap(s)-len(s) < slackStays {
		return s
	}
	return sp.moved(s, len(s))
}

func (sp *stayPool) moved(s []stay, n int) []stay {
	to := append(sp.take(n), s...)
	sp.put(s)
	return to
}

func (sp *stayPool) take(n int) []stay {
	if n == 0 {
		return nil
	}
	i, _ := slices.BinarySearch(roomFor[:], n)
	if i == len(roomFor) {
		return make([]stay, 0, n+n/4)
	}
	size := &sp[i]
	last := len(size.free) - 1
	if last < 0 {
		return make([]stay, 0, roomFor[i])
	}
	s := size.free[last]
	size.free[last] = nil
	size.free = size.free[:last]
	size.least = min(size.least, last)
	return s
}

func (sp *stayPool) put(s []stay) {
	if i, pooled := slices.BinarySearch(roomFor[:], cap(s)); pooled {
		sp[i].free = append(sp[i].free, s[:0])
	}
}

// trim lets go of what nobody has asked for since the last trim, but for some.
func (sp *stayPool) trim(keep int) {
	for i := range sp {
		size := &sp[i]
		if idle := size.least - max(keep, minSpare); idle > 0 {
			size.free = append([][]stay(nil), size.free[idle:]...)
		}
		size.least = len(size.free)
	}
}
