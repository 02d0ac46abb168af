package analytics_test

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/footfall/footfall/analytics"
)

// collected is a report's output, kept.
type collected struct {
	header analytics.Header
	begun  int
	rows   []row
	byLoc  []int64 // location of each row
}

func (c *collected) Begin(h analytics.Header) error {
	c.header = h
	c.begun++
	return nil
}

func (c *collected) Row(r *analytics.Row) error {
	c.rows = append(c.rows, row{interval{r.Start, r.End}, r.Coverage, r.Partial, slices.Clone(r.Cells)})
	c.byLoc = append(c.byLoc, r.Location)
	return nil
}

func run(store analytics.Store, q analytics.Query, open *analytics.Open) (*collected, error) {
	rs := &analytics.Reports{Store: store, Open: func(context.Context, int64) (*analytics.Open, error) { return open, nil }}
	out := &collected{}
	return out, rs.Run(context.Background(), q, out)
}

// differences compares rows as people read them: counts and sums exactly,
// quantiles within 1 %.
func differences(kind string, got, want []row) string {
	var b strings.Builder
	columns := analytics.KindColumns(kind)
	for i := range max(len(got), len(want)) {
		if i >= len(got) || i >= len(want) {
			fmt.Fprintf(&b, "%d rows, want %d", len(got), len(want))
			break
		}
		g, w := got[i], want[i]
		if g.interval != w.interval || g.partial != w.partial || !near(g.coverage, w.coverage, 1e-12) {
			fmt.Fprintf(&b, "row %d: %s coverage %g partial %t, want %s coverage %g partial %t\n",
				i, show([]interval{g.interval}), g.coverage, g.partial, show([]interval{w.interval}), w.coverage, w.partial)
		}
		for j, column := range columns {
			if !sameCell(column.Name, g.cells[j], w.cells[j]) {
				fmt.Fprintf(&b, "row %d, %s %s: %s is %s, want %s\n", i, show([]interval{w.interval}), cellText(w.cells[0]), column.Name, cellText(g.cells[j]), cellText(w.cells[j]))
			}
		}
		if b.Len() > 2000 {
			break
		}
	}
	return b.String()
}

func sameCell(column string, got, want analytics.Cell) bool {
	if got.Type != want.Type {
		return false
	}
	if got.Type != analytics.Float {
		return got == want
	}
	slack := 1e-12
	if strings.HasSuffix(column, "_median") || strings.HasSuffix(column, "_p90") {
		slack = 0.01
	}
	return near(got.Float, want.Float, slack*want.Float+1e-6)
}

func near(a, b, slack float64) bool { return math.Abs(a-b) <= slack }

func cellText(c analytics.Cell) string {
	switch c.Type {
	case analytics.Integer:
		return fmt.Sprint(c.Int)
	case analytics.Float:
		return fmt.Sprint(c.Float)
	case analytics.Text:
		return c.Text
	default:
		return "null"
	}
}
