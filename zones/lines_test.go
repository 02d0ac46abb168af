package zones

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

// exactInside is the tie rule without rounding.
func exactInside(ring orb.Ring, p orb.Point) bool {
	odd := false
	for i, a := range ring[1:] {
		b := ring[i]
		if a[1] > b[1] {
			a, b = b, a
		}
		if (a[1] > p[1]) != (b[1] > p[1]) && exactSide(a, b, p) > 0 {
			odd = !odd
		}
	}
	return odd
}

func drawPoint(t *rapid.T) orb.Point {
	if rapid.Bool().Draw(t, "on grid") {
		return orb.Point{float64(rapid.IntRange(-5, 5).Draw(t, "x")), float64(rapid.IntRange(-5, 5).Draw(t, "y"))}
	}
	return tamePoint(orb.Point{rapid.Float64Range(-6, 6).Draw(t, "x"), rapid.Float64Range(-6, 6).Draw(t, "y")})
}

func drawPoints(t *rapid.T, least, most int) []orb.Point {
	points := make([]orb.Point, rapid.IntRange(least, most).Draw(t, "points"))
	for i := range points {
		for {
			points[i] = drawPoint(t)
			if i == 0 || points[i] != points[i-1] {
				break
			}
		}
	}
	return points
}

// A line around an area is crossed when a step leads in or out, and only then,
// however the path touches edges and vertices.
func TestClosedLineIsCrossedAsTheAreaChanges(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		points := drawPoints(t, 3, 7)
		if points[0] == points[len(points)-1] {
			points = points[1:]
		}
		ring := closed(points...)
		l := linesOf(orb.LineString(ring)).NewLocator()
		walk := append(drawPoints(t, 2, 8), points...)
		for i, q := range walk[1:] {
			p := walk[i]
			got := len(l.Crossings(nil, p[0], p[1], q[0], q[1])) == 1
			if want := exactInside(ring, p) != exactInside(ring, q); got != want {
				t.Fatalf("step %v to %v: crossed %v, want %v", p, q, got, want)
			}
		}
	})
}

// A line right across the floor has a left and a right side.
func TestDirections(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		// Upwards, so that its left side is that of smaller x.
		middle := drawPoints(t, 1, 6)
		slices.SortFunc(middle, func(a, b orb.Point) int { return cmp.Or(cmp.Compare(a[1], b[1]), cmp.Compare(a[0], b[0])) })
		line := append(orb.LineString{{0, -100}}, slices.Compact(middle)...)
		line = append(line, orb.Point{0, 100})
		left := closed(append([]orb.Point{{-100, 100}, {-100, -100}}, line...)...)
		l := linesOf(line).NewLocator()
		walk := drawPoints(t, 2, 8)
		for i, q := range walk[1:] {
			p := walk[i]
			got := l.Crossings(nil, p[0], p[1], q[0], q[1])
			from, to := exactInside(left, p), exactInside(left, q)
			crossed := len(got) == 1
			if crossed != (from != to) {
				t.Fatalf("step %v to %v: crossings %v, left %v then %v", p, q, got, from, to)
			}
			if crossed && (got[0].Direction == 1) != from {
				t.Fatalf("step %v to %v: direction %d, left %v then %v", p, q, got[0].Direction, from, to)
			}
		}
	})
}

func TestCrossingsTurnWithLineAndStep(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		line := orb.LineString(drawPoints(t, 2, 6))
		back := slices.Clone(line)
		slices.Reverse(back)
		plan := newPlan(nil, []course{{shape: line}, {shape: back}, {shape: line, line: Line{RightToLeft: true}}}, 0)
		l := plan.NewLocator()
		p, q := drawPoint(t), drawPoint(t)
		there := l.Crossings(nil, p[0], p[1], q[0], q[1])
		home := l.Crossings(nil, q[0], q[1], p[0], p[1])
		if len(there) == 0 && len(home) == 0 {
			return
		}
		d := there[0].Direction
		if want := []Crossing{{0, d}, {1, -d}, {2, -d}}; !slices.Equal(there, want) {
			t.Fatalf("there: %v, want %v", there, want)
		}
		if want := []Crossing{{0, -d}, {1, d}, {2, d}}; !slices.Equal(home, want) {
			t.Fatalf("home: %v, want %v", home, want)
		}
	})
}

func TestCrossings(t *testing.T) {
	up := orb.LineString{{0, 0}, {0, 10}} // left is that of smaller x
	bent := orb.LineString{{0, 0}, {0, 5}, {0, 10}}
	level := orb.LineString{{10, 0}, {0, 0}} // left is that of smaller y
	slanted := orb.LineString{{0, 0}, {3, 3}, {10, 10}}
	notch := orb.LineString{{0, 0}, {5, 5}, {0, 10}} // points to the right
	inf := math.Inf(1)
	for _, test := range []struct {
		name string
		line orb.LineString
		path []orb.Point
		want []int8 // of the steps that cross
	}{
		{"left to right is in", up, []orb.Point{{-1, 5}, {1, 5}}, []int8{1}},
		{"right to left is out", up, []orb.Point{{1, 5}, {-1, 5}}, []int8{-1}},
		{"past the end", up, []orb.Point{{-1, 11}, {1, 11}}, nil},
		{"beside it", up, []orb.Point{{1, 1}, {1, 9}}, nil},
		{"onto it is across, as on it is right", up, []orb.Point{{-1, 5}, {0, 5}, {1, 5}}, []int8{1}},
		{"onto it and back", up, []orb.Point{{1, 5}, {0, 5}, {1, 5}}, nil},
		{"along it", up, []orb.Point{{0, 2}, {0, 8}}, nil},
		{"along it from left and on to the right", up, []orb.Point{{-1, 1}, {0, 2}, {0, 8}, {1, 9}}, []int8{1}},
		{"through a vertex once", bent, []orb.Point{{-1, 5}, {1, 5}}, []int8{1}},
		{"through a vertex, resting there", bent, []orb.Point{{-1, 5}, {0, 5}, {1, 5}}, []int8{1}},
		{"slantwise through a vertex", bent, []orb.Point{{-1, 4}, {1, 6}}, []int8{1}},
		{"through its lower end, which is on it", up, []orb.Point{{-1, 0}, {1, 0}}, []int8{1}},
		{"through its upper end, which is not", up, []orb.Point{{-1, 10}, {1, 10}}, nil},
		{"a level line from below", level, []orb.Point{{5, -1}, {5, 1}}, []int8{1}},
		{"onto a level line is across, as on it is above", level, []orb.Point{{5, -1}, {5, 0}, {5, 1}}, []int8{1}},
		{"along a level line", level, []orb.Point{{1, 0}, {9, 0}}, nil},
		{"a slanted line", slanted, []orb.Point{{1, 2}, {2, 1}}, []int8{1}},
		{"a slanted line, resting on it", slanted, []orb.Point{{1, 2}, {1.5, 1.5}, {2, 1}}, []int8{1}},
		{"along a slanted line", slanted, []orb.Point{{1, 1}, {7, 7}}, nil},
		{"through both arms of a notch", notch, []orb.Point{{1, -1}, {1, 11}}, nil},
		{"touching a notch's tip", notch, []orb.Point{{5, 0}, {5, 10}}, nil},
		{"into a notch", notch, []orb.Point{{6, 5}, {1, 5}}, []int8{-1}},
		{"no step", up, []orb.Point{{0, 5}, {0, 5}}, nil},
		{"from nowhere", up, []orb.Point{{math.NaN(), 5}, {1, 5}}, nil},
		{"to infinity", up, []orb.Point{{-1, 5}, {inf, 5}}, nil},
		{"a step beyond all bounds", up, []orb.Point{{-1e308, 5}, {1e308, 5}}, []int8{1}},
		{"a step below all resolution", up, []orb.Point{{-5e-324, 5}, {5e-324, 5}}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			l := linesOf(test.line).NewLocator()
			var got []int8
			for i, q := range test.path[1:] {
				for _, c := range l.Crossings(nil, test.path[i][0], test.path[i][1], q[0], q[1]) {
					got = append(got, c.Direction)
				}
			}
			if fmt.Sprint(got) != fmt.Sprint(test.want) {
				t.Errorf("crossings %v, want %v", got, test.want)
			}
		})
	}
}

func TestCrossingsAppendsInLineOrder(t *testing.T) {
	p := linesOf(orb.LineString{{3, 0}, {3, 9}}, orb.LineString{{50, 0}, {50, 9}}, orb.LineString{{1, 9}, {1, 0}})
	got := p.NewLocator().Crossings([]Crossing{{7, 1}}, 0, 5, 10, 5)
	if want := []Crossing{{7, 1}, {0, 1}, {2, -1}}; !slices.Equal(got, want) {
		t.Errorf("crossings %v, want %v", got, want)
	}
	if !p.HasLines() || planOf(nil).HasLines() {
		t.Error("HasLines is wrong")
	}
}
