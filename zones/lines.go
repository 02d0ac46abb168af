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
	near orb.Bound // of all of them
	each []path
}

type path struct {
	near   orb.Bound // what is beyond it crosses nothing
	points []orb.Point
	in     int8 // the direction of a step from left to right
}

func newPaths(courses []course) paths {
	var ps paths
	for i, c := range courses {
		p := path{in: 1}
		for _, v := range c.shape {
			p.points = append(p.points, tamePoint(v))
		}
		// The margin lets a step be judged before it is tamed.
		p.near = c.shape.Bound().Pad(1)
		if c.line.RightToLeft {
			p.in = -1
		}
		if i == 0 {
			ps.near = p.near
		}
		ps.near = ps.near.Union(p.near)
		ps.each = append(ps.each, p)
	}
	return ps
}

// Crossings appends to dst the lines that the step from (x0, y0) to (x1, y1)
// cuts an odd number of times, in line order. Positions on a line follow the tie
// rule, exactly: a path crosses a line at one step even where it rests on it, and
// through its vertex once. A step without length or with a NaN or an infinity
// cuts nothing.
func (l *Locator) Crossings(dst []Crossing, x0, y0, x1, y1 float64) []Crossing {
	p, q := orb.Point{x0, y0}, orb.Point{x1, y1}
	if len(l.paths.each) == 0 || apart(&l.paths.near, p, q) || !finite(p) || !finite(q) {
		return dst
	}
	tamedP, tamedQ := tamePoint(p), tamePoint(q)
	if tamedP == tamedQ {
		return dst
	}
	for i := range l.paths.each {
		line := &l.paths.each[i]
		if apart(&line.near, p, q) {
			continue
		}
		if direction := line.crossing(tamedP, tamedQ); direction != 0 {
			dst = append(dst, Crossing{int32(i), direction})
		}
	}
	return dst
}

func finite(p orb.Point) bool {
	return math.Abs(p[0]) <= math.MaxFloat64 && math.Abs(p[1]) <= math.MaxFloat64
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
