package zones

import (
	"math"

	"github.com/paulmach/orb"
)

// Crossing is one line that a step cuts.
type Crossing struct {
	Line      int32 // the line's number in its plan
	Direction int8  // +1 for "in", -1 for "out"
}

// paths are the lines of a plan as Crossings wants them.
type paths struct {
	bound orb.Bound // of all of them
	each  []path
}

type path struct {
	bound  orb.Bound
	points []orb.Point
	in     int8 // the direction of a step from left to right
}

func newPaths(courses []course) paths {
	var ps paths
	for i, c := range courses {
		p := path{in: 1}
		for _, v := range c.shape {
			p.points = append(p.points, tamePoint(v[0], v[1]))
		}
		p.bound = orb.LineString(p.points).Bound()
		if c.line.RightToLeft {
			p.in = -1
		}
		if i == 0 {
			ps.bound = p.bound
		}
		ps.bound = ps.bound.Union(p.bound)
		ps.each = append(ps.each, p)
	}
	return ps
}

// Crossings appends to dst the lines that the step from (x0, y0) to (x1, y1)
// cuts an odd number of times, in line order. Positions on a line follow the tie
// rule, so that a path crosses at the same step however it is cut into steps,
// and through a line's vertex once. A step without length or with a NaN or an
// infinity cuts nothing.
func (l *Locator) Crossings(dst []Crossing, x0, y0, x1, y1 float64) []Crossing {
	if len(l.paths.each) == 0 || !finite(x0, y0) || !finite(x1, y1) {
		return dst
	}
	p, q := tamePoint(x0, y0), tamePoint(x1, y1)
	if p == q || apart(&l.paths.bound, p, q) {
		return dst
	}
	for i := range l.paths.each {
		line := &l.paths.each[i]
		if apart(&line.bound, p, q) {
			continue
		}
		if direction := line.crossing(p, q); direction != 0 {
			dst = append(dst, Crossing{int32(i), direction})
		}
	}
	return dst
}

func finite(x, y float64) bool {
	return math.Abs(x) <= math.MaxFloat64 && math.Abs(y) <= math.MaxFloat64
}

// apart reports whether the step lies wholly on one side of the bound.
func apart(b *orb.Bound, p, q orb.Point) bool {
	return p[0] < b.Min[0] && q[0] < b.Min[0] || p[0] > b.Max[0] && q[0] > b.Max[0] ||
		p[1] < b.Min[1] && q[1] < b.Min[1] || p[1] > b.Max[1] && q[1] > b.Max[1]
}

// crossing returns the direction of the step, or 0 where it cuts the line an
// even number of times.
func (line *path) crossing(p, q orb.Point) int8 {
	odd, sum := false, 0
	a := line.points[0]
	sideA := sideOfStep(p, q, a)
	for _, b := range line.points[1:] {
		sideB := sideOfStep(p, q, b)
		if sideA != sideB {
			if from := sideOfSegment(a, b, p); from != sideOfSegment(a, b, q) {
				odd = !odd
				sum += from
			}
		}
		a, sideA = b, sideB
	}
	switch {
	case !odd:
		return 0
	case sum > 0:
		return line.in
	}
	return -line.in
}

// sideOfSegment returns on which side of the segment from a to b a position
// lies: +1 left, -1 right. Positions count as shifted by (ε, ε²), so that none
// is on it.
func sideOfSegment(a, b, p orb.Point) int {
	if s := orientation(a, b, p); s != 0 {
		return s
	}
	if s := sign(a[1] - b[1]); s != 0 {
		return s
	}
	return sign(b[0] - a[0])
}

// sideOfStep returns on which side of the step from p to q, shifted likewise, a
// vertex lies.
func sideOfStep(p, q, v orb.Point) int {
	if s := orientation(p, q, v); s != 0 {
		return s
	}
	if s := sign(q[1] - p[1]); s != 0 {
		return s
	}
	return sign(p[0] - q[0])
}
