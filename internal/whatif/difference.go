package whatif

import (
	"math"

	"github.com/footfall/footfall/analytics"
)

// Changed says whether the figure differs; to exist and not to exist do.
func (r *Row) Changed() bool { return r.Before != r.After }

// Difference is what was after less what was before; null where either is null.
func (r *Row) Difference() analytics.Cell {
	before, after := r.Before, r.After
	if before.Type == analytics.Integer && after.Type == analytics.Integer {
		return analytics.Cell{Type: analytics.Integer, Int: after.Int - before.Int}
	}
	b, known := number(before)
	a, both := number(after)
	if !known || !both {
		return analytics.Cell{}
	}
	return float(a - b)
}

// Percent is the difference in per cent of what was before; null where that is 0 or either
// is null.
func (r *Row) Percent() analytics.Cell {
	before, _ := number(r.Before)
	difference, known := number(r.Difference())
	if !known || before == 0 {
		return analytics.Cell{}
	}
	return float(100 * difference / before)
}

// number is a cell's; false where it has none.
func number(c analytics.Cell) (float64, bool) {
	switch c.Type {
	case analytics.Integer:
		return float64(c.Int), true
	case analytics.Float:
		return c.Float, true
	}
	return 0, false
}

// float is a number to six decimals, as exact as the figures are.
func float(f float64) analytics.Cell {
	return analytics.Cell{Type: analytics.Float, Float: math.Round(f*1e6) / 1e6}
}
