package zones

import "math"

// index is an adaptive grid over the zones of a plan, two levels everywhere and
// deeper where it pays: the top names for each of its squares a page of 8 by 8
// cells (one page for all squares alike), and a cell may be cut into a block of
// 2 by 2, and so on. All sides are powers of two, in centimetres, so that it is
// exact in which cell a point is. A cell says which zones have all of its
// points, or names a record of the edges that decide.
type index struct {
	box    box     // beyond it there is no zone
	scale  float64 // fine units per centimetre
	ox, oy int64   // the top's corner of least x and y, in fine units
	shift  uint    // a top square's side is 1<<shift fine units
	width  int     // top squares in a row

	top   []uint32 // the first cell of each square's page
	cells []cell   // pages and blocks, row by row
	words []uint32 // records
	edges []edge
	sets  setTable
}

const (
	pageBits  = 3
	pageSide  = 1 << pageBits
	blockBits = 1
	blockSide = 1 << blockBits
)

// cell is a kind in its low bits and a number above them.
type cell uint32

const (
	// cellSet has a set's number.
	cellSet cell = 0

	// Kinds 1 to maxTable have the first word of a record of so many edges, the
	// table of the sets for each combination of those that are crossed following
	// them; the first edge is the combination's lowest bit.
	maxTable = 4

	// cellBlock has the first cell of its block.
	cellBlock cell = 5

	// cellLong has the first word of a record of any number of edges: the set to
	// begin with, the number of edges, and for each one which it is, how many
	// zones it toggles, and those.
	cellLong cell = 6

	kindBits = 3
)

func newCell(kind cell, number uint32) cell { return cell(number)<<kindBits | kind }

func (c cell) kind() cell     { return c & (1<<kindBits - 1) }
func (c cell) number() uint32 { return uint32(c >> kindBits) }

// units returns the fine unit in which a coordinate is. Being a power of two and
// no less than 1, the scale makes no rounding.
func (ix *index) units(v float64) int64 { return int64(math.Floor(v * ix.scale)) }

// cellAt returns the page's cell that has a point of the index's box, and the
// point's fine units from the top's corner.
func (ix *index) cellAt(x, y float64) (c cell, cx, cy uint32) {
	cx, cy = uint32(ix.units(x)-ix.ox), uint32(ix.units(y)-ix.oy)
	page := ix.top[int(cy>>ix.shift)*ix.width+int(cx>>ix.shift)]
	shift := ix.shift - pageBits
	return ix.cells[page+(cy>>shift%pageSide)<<pageBits+cx>>shift%pageSide], cx, cy
}

// cut follows a block down to the cell where the point is.
func (ix *index) cut(c cell, cx, cy uint32) cell {
	for shift := ix.shift - pageBits; c.kind() == cellBlock; {
		shift -= blockBits
		c = ix.cells[c.number()+(cy>>shift%blockSide)<<blockBits+cx>>shift%blockSide]
	}
	return c
}
