package zones

import "github.com/paulmach/orb"

// IsNearLine reports whether a point is within so many cm, along either axis, of the
// box around one of the plan's lines. A step that is no longer, from a point that is
// not, crosses none of them.
func (l *Locator) IsNearLine(x, y, within float64) bool {
	if len(l.paths.each) == 0 || !isWithin(&l.paths.near, x, y, within) {
		return false
	}
	for i := range l.paths.each {
		if isWithin(&l.paths.each[i].near, x, y, within) {
			return true
		}
	}
	return false
}

func isWithin(b *orb.Bound, x, y, within float64) bool {
	return x >= b.Min[0]-within && x <= b.Max[0]+within && y >= b.Min[1]-within && y <= b.Max[1]+within
}
