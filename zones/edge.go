package zones

import (
	"iter"

	"github.com/paulmach/orb"
)

// edge is a polygon's edge with its lower end first (by y, then by x), so that
// two zones that share it compute the same.
type edge struct{ xa, ya, xb, yb float64 }

func newEdge(a, b orb.Point) edge {
	if a[1] > b[1] || (a[1] == b[1] && a[0] > b[0]) {
		a, b = b, a
	}
	return edge{a[0], a[1], b[0], b[1]}
}

// at returns the x at which the edge crosses the horizontal through y, for
// ya <= y <= yb and ya < yb. As y rises it never falls, or never rises, because
// each of its roundings is monotone. The conversions forbid fusing a product and
// a sum, which some architectures do and which would round otherwise.
func (e *edge) at(y float64) float64 {
	return float64(float64(float64(e.xb-e.xa)*float64(y-e.ya))/float64(e.yb-e.ya)) + e.xa
}

// crosses reports whether the ray from (x, y) to the right crosses the edge: a
// point is inside where it crosses an odd number of edges.
func (e *edge) crosses(x, y float64) bool {
	return (e.ya > y) != (e.yb > y) && x < e.at(y)
}

// edgesOf yields every edge of the rings, closed or not.
func edgesOf(rings []orb.Ring) iter.Seq[edge] {
	return func(yield func(edge) bool) {
		for _, ring := range rings {
			for i, a := range ring {
				b := ring[(i+1)%len(ring)]
				if a != b && !yield(newEdge(a, b)) {
					return
				}
			}
		}
	}
}
