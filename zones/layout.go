package zones

import (
	"math"

	"github.com/paulmach/orb"
)

const (
	edgeShare    = 0.05     // of a floor's area where cells have edges, at best
	minCell      = 1. / 256 // cm
	maxFineUnits = 1 << 31  // in a row or column
	finestUnit   = 1. / (1 << 20)
)

// reach returns a box outside which no zone has a point.
func reach(edges []term) box {
	b := box{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}
	for i := range edges {
		e := &edges[i].edge
		end := e.at(e.yb) // which rounding may carry beyond xb
		b.x0, b.x1 = min(b.x0, e.xa, end), max(b.x1, e.xa, end)
		b.y0, b.y1 = min(b.y0, e.ya), max(b.y1, e.yb)
	}
	return b
}

// cellSide returns the side that cells should have: so small that few of them
// have an edge, and no smaller than the budget allows. An edge runs through pages
// of at most about 12 cells for each cell's side of its length. The floor is
// where zones are, which may be little of the box around them. No cell is wider
// than a sixteenth of the box, so that lay finds fine units below 1 cm.
func cellSide(b box, zones [][]orb.Ring, edges []term, budget int) float64 {
	length, floor := 0.0, 0.0
	for i := range edges {
		e := &edges[i].edge
		length += math.Hypot(e.xb-e.xa, e.yb-e.ya)
	}
	for _, rings := range zones {
		for _, ring := range rings {
			bound := ring.Bound()
			floor += (bound.Max[0] - bound.Min[0]) * (bound.Max[1] - bound.Min[1])
		}
	}
	floor = min(floor, (b.x1-b.x0)*(b.y1-b.y0))
	wanted := max(edgeShare*floor/length, 12*length/float64(max(budget, 1)))
	return powerOfTwo(max(min(wanted, max(b.x1-b.x0, b.y1-b.y0)/32), minCell))
}

// powerOfTwo returns the least power of two above v.
func powerOfTwo(v float64) float64 {
	_, exp := math.Frexp(v)
	return math.Ldexp(1, exp)
}

// lay sets out an empty index over b with pages of cells as wide as wanted, or
// wider where the top would have too many squares for the budget. Cells can be
// cut until they are one fine unit wide.
func lay(b box, side float64, budget int) *index {
	width, height := b.x1-b.x0, b.y1-b.y0
	for (width/(side*pageSide)+1)*(height/(side*pageSide)+1) > float64(budget)/8+16 {
		side *= 2
	}
	ix := &index{box: b, scale: 1 / side, shift: pageBits, sets: newSetTable()}
	most := max(width, height) + 2*side*pageSide // of a row or column
	for ix.scale < 1/finestUnit && most*ix.scale*blockSide <= maxFineUnits {
		ix.scale *= blockSide
		ix.shift += blockBits
	}
	square := func(v float64) int64 { return ix.units(v) >> ix.shift }
	x, y := square(b.x0), square(b.y0)
	ix.ox, ix.oy = x<<ix.shift, y<<ix.shift
	ix.width = int(square(b.x1) - x + 1)
	ix.top = make([]uint32, int64(ix.width)*(square(b.y1)-y+1))
	return ix
}
