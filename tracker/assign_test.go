package tracker

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// cheapest tries every matching of the rows from row on.
func cheapest(a *assignment, row int, taken uint) float64 {
	if row == a.rows {
		return 0
	}
	best := math.Inf(1)
	for column := range a.columns {
		if taken>>column&1 == 0 {
			best = min(best, a.at(row, column)+cheapest(a, row+1, taken|1<<column))
		}
	}
	return best
}

func TestAssignmentIsTheCheapestOfAll(t *testing.T) {
	var a assignment // one for all problems: what was before must not matter
	rapid.Check(t, func(t *rapid.T) {
		rows := rapid.IntRange(1, 5).Draw(t, "rows")
		columns := rapid.IntRange(rows, 6).Draw(t, "columns")
		a.reset(rows, columns, 0)
		for i := range rows {
			for j := range columns {
				a.set(i, j, float64(rapid.IntRange(-5, 20).Draw(t, "cost")))
			}
		}
		a.solve()
		total, seen := 0.0, map[int]bool{}
		for i := range rows {
			j := a.columnOf(i)
			if j < 0 || seen[j] {
				t.Fatalf("row %d has column %d, which is none or taken", i, j)
			}
			seen[j] = true
			total += a.at(i, j)
		}
		if want := cheapest(&a, 0, 0); total != want {
			t.Fatalf("costs %g, the cheapest %g", total, want)
		}
	})
}
