package zones

import "github.com/paulmach/orb"

// maxSearched bounds the search for where a ring meets itself, in vertices.
const maxSearched = 500

// selfMeeting finds a point where a closed ring crosses or touches itself, for
// the person who mends it.
func selfMeeting(ring orb.Ring) (orb.Point, bool) {
	points := make([]orb.Point, 0, len(ring))
	for _, v := range ring[1:] {
		if p := tamePoint(v); len(points) == 0 || p != points[len(points)-1] {
			points = append(points, p)
		}
	}
	n := len(points)
	for i := range n {
		a, b, c := points[i], points[(i+1)%n], points[(i+2)%n]
		if orientation(a, b, c) == 0 && !onSegment(b, a, c) {
			return b, true // back the way it came
		}
		for j := i + 2; j < n && (i > 0 || j < n-1); j++ {
			if at, ok := meeting(a, b, points[j], points[(j+1)%n]); ok {
				return at, true
			}
		}
	}
	return orb.Point{}, false
}

// meeting returns a point that the segments ab and cd have in common, about.
func meeting(a, b, c, d orb.Point) (orb.Point, bool) {
	sa, sb := orientation(c, d, a), orientation(c, d, b)
	sc, sd := orientation(a, b, c), orientation(a, b, d)
	switch {
	case sa*sb > 0 || sc*sd > 0:
		return orb.Point{}, false
	case sa == 0 && onSegment(a, c, d):
		return a, true
	case sb == 0 && onSegment(b, c, d):
		return b, true
	case sc == 0 && onSegment(c, a, b):
		return c, true
	case sd == 0 && onSegment(d, a, b):
		return d, true
	case sa*sb == 0 || sc*sd == 0:
		return orb.Point{}, false
	}
	dx, dy, ex, ey := b[0]-a[0], b[1]-a[1], d[0]-c[0], d[1]-c[1]
	t := ((c[0]-a[0])*ey - (c[1]-a[1])*ex) / (dx*ey - dy*ex)
	return orb.Point{a[0] + t*dx, a[1] + t*dy}, true
}

// onSegment reports whether p, on the line through a and b, is no farther than
// either of them.
func onSegment(p, a, b orb.Point) bool {
	return min(a[0], b[0]) <= p[0] && p[0] <= max(a[0], b[0]) &&
		min(a[1], b[1]) <= p[1] && p[1] <= max(a[1], b[1])
}
