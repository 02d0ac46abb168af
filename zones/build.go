package zones

import "github.com/paulmach/orb"

// newIndex builds the index of zones given by their rings. Where the budget does
// not suffice it tries again with larger cells, and in the end leaves cells
// uncut: the answers are the same, and slower.
func newIndex(zones [][]orb.Ring, budget int) *index {
	terms, edges, pairs := termsOf(zones)
	if len(pairs) == 0 {
		return &index{sets: newSetTable()}
	}
	around := reach(terms[:edges])
	side := cellSide(around, zones, terms[:edges], budget)
	for tries := 4; ; tries-- {
		g := newGrower(lay(around, side, budget), terms, side, budget)
		g.fill(g.whole(), state{pairs: pairs})
		if tries == 1 || !g.spent() {
			return g.index()
		}
		side *= 2
	}
}

// grower builds an index, cutting squares into quarters from the top down.
type grower struct {
	ix     *index
	terms  []term
	unit   float64 // a fine unit, cm
	worth  float64 // what a cell's cost must exceed to be cut, cm²
	budget int
	steps  int

	uniform map[cell]uint32   // pages of one cell
	records map[string]uint32 // by their words

	pairs []pair  // the states under way, as stacks
	base  []int32 //

	flips, set, other []int32 // scratch
	thresholds        []pair
	key               []byte
	words             []uint32
}

// state is what holds within a square: its points are in the zones of base,
// but for what the pairs toggle.
type state struct {
	pairs []pair
	base  []int32
}

func newGrower(ix *index, terms []term, side float64, budget int) *grower {
	return &grower{
		ix: ix, terms: terms, unit: 1 / ix.scale, worth: side * side, budget: budget,
		uniform: map[cell]uint32{}, records: map[string]uint32{},
	}
}

func (g *grower) index() *index {
	g.ix.edges = make([]edge, len(g.terms))
	for i := range g.terms {
		g.ix.edges[i] = g.terms[i].edge
	}
	return g.ix
}

// spent reports whether the budget is, so that nothing more is cut.
func (g *grower) spent() bool {
	ix := g.ix
	return len(ix.cells) > cellsInBudget*g.budget || len(ix.words) > wordsInBudget*g.budget ||
		len(ix.sets.members) > membersInBudget*g.budget || g.steps > stepsInBudget*g.budget
}

// square is side by side places of the top, of a page or of a block.
type square struct {
	top           bool
	from          int // where the page or block begins
	width, height int // of the top, page or block, in places
	cx, cy, side  int // places
	bits          uint
	fx, fy        int64 // the corner of least x and y from the top's, fine units
}

// whole is the least square with all of the top in it.
func (g *grower) whole() square {
	q := square{top: true, width: g.ix.width, height: len(g.ix.top) / g.ix.width, side: 1, bits: g.ix.shift}
	for q.side < max(q.width, q.height) {
		q.side *= 2
	}
	return q
}

// box has all points whose fine units are in the square.
func (g *grower) box(q square) box {
	x, y, side := g.ix.ox+q.fx, g.ix.oy+q.fy, int64(q.side)<<q.bits
	return box{float64(x) * g.unit, float64(y) * g.unit, float64(x+side) * g.unit, float64(y+side) * g.unit}
}

func (g *grower) fill(q square, s state) {
	switch {
	case q.cx >= q.width || q.cy >= q.height: // beyond the top
	case !g.worthCutting(q, s):
		g.put(q, g.leaf(s))
	case q.side > 1:
		g.quarter(q, s)
	case q.top:
		from := g.newCells(pageSide)
		g.ix.top[q.cy*q.width+q.cx] = uint32(from)
		g.fill(q.inner(from, pageSide, pageBits), s)
	default:
		from := g.newCells(blockSide)
		g.ix.cells[q.from+q.cy*q.width+q.cx] = newCell(cellBlock, uint32(from))
		g.fill(q.inner(from, blockSide, blockBits), s)
	}
}

// worthCutting weighs the edges to be tested by the area where they are.
func (g *grower) worthCutting(q square, s state) bool {
	k := countTerms(s.pairs)
	if k == 0 || (q.side == 1 && q.bits == 0) || g.spent() {
		return false
	}
	if k > maxTable {
		k *= 8
	}
	side := float64(int64(q.side)<<q.bits) * g.unit
	return float64(k)*side*side > g.worth
}

// inner is the page or block that a square of one place is cut into.
func (q square) inner(from, side int, bits uint) square {
	return square{from: from, width: side, height: side, side: side, bits: q.bits - bits, fx: q.fx, fy: q.fy}
}

func (g *grower) newCells(side int) int {
	from := len(g.ix.cells)
	g.ix.cells = append(g.ix.cells, make([]cell, side*side)...)
	return from
}

// put enters a cell at all places of a square.
func (g *grower) put(q square, c cell) {
	for y := q.cy; y < min(q.cy+q.side, q.height); y++ {
		for x := q.cx; x < min(q.cx+q.side, q.width); x++ {
			if q.top {
				g.ix.top[y*q.width+x] = g.uniformPage(c)
			} else {
				g.ix.cells[q.from+y*q.width+x] = c
			}
		}
	}
}

func (g *grower) uniformPage(c cell) uint32 {
	from, ok := g.uniform[c]
	if !ok {
		from = uint32(g.newCells(pageSide))
		for i := range uint32(pageSide * pageSide) {
			g.ix.cells[from+i] = c
		}
		g.uniform[c] = from
	}
	return from
}

func (g *grower) quarter(q square, s state) {
	half := q.side / 2
	for i := range 4 {
		part := q
		part.side = half
		if i%2 == 1 {
			part.cx += half
			part.fx += int64(half) << q.bits
		}
		if i/2 == 1 {
			part.cy += half
			part.fy += int64(half) << q.bits
		}
		pairs, base := len(g.pairs), len(g.base)
		g.fill(part, g.within(g.box(part), s))
		g.pairs, g.base = g.pairs[:pairs], g.base[:base]
	}
}

// within narrows a state to a box. The result is on top of the stacks.
func (g *grower) within(b box, s state) state {
	g.steps += len(s.pairs) + len(s.base)
	pairs, base := len(g.pairs), len(g.base)
	g.flips, g.thresholds = g.flips[:0], g.thresholds[:0]
	for rest := s.pairs; len(rest) > 0; {
		same := rest[:run(rest)]
		switch t := &g.terms[same[0].term]; b.judge(&t.edge) {
		case never:
		case itself:
			g.pairs = append(g.pairs, same...)
		case between:
			g.lower(b, t.low, t.ya, same)
			g.lower(b, t.high, t.yb, same)
		}
		rest = rest[len(same):]
	}
	g.pairs = append(g.pairs, oddPairs(g.thresholds)...)
	g.base = toggled(g.base, s.base, oddOnes(g.flips))
	return state{g.pairs[pairs:], g.base[base:]}
}

// lower adds "lower than h" to the zones of the pairs.
func (g *grower) lower(b box, threshold uint32, h float64, pairs []pair) {
	switch {
	case h <= b.y0: // never so in the box
	case h >= b.y1: // always
		for _, p := range pairs {
			g.flips = append(g.flips, p.zone)
		}
	default:
		for _, p := range pairs {
			g.thresholds = append(g.thresholds, pair{threshold, p.zone})
		}
	}
}
