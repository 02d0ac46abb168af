package analytics_test

import (
	"cmp"
	"slices"

	"github.com/footfall/footfall/analytics"
	"github.com/footfall/footfall/tracker"
)

// heatRows are those of one bucket, line by line.
func (k *known) heatRows(r row) (rows []row) {
	times := map[tracker.Square]int64{}
	for h, time := range k.heat {
		if k.in(h.Minute, r.interval) {
			times[h.Square] += time
		}
	}
	for square, time := range times {
		if time == 0 {
			continue
		}
		size := int64(square.Size)
		r.cells = []analytics.Cell{integer(size * int64(square.X)), integer(size * int64(square.Y)), integer(size), seconds(float64(time))}
		rows = append(rows, r)
	}
	slices.SortFunc(rows, func(a, b row) int {
		return cmp.Or(cmp.Compare(a.cells[1].Int, b.cells[1].Int), cmp.Compare(a.cells[0].Int, b.cells[0].Int))
	})
	return rows
}

func (k *known) groupsIn(in interval) (groups, people int64) {
	for _, g := range k.groups {
		if k.in(g.At, in) {
			groups++
			people += int64(g.People)
		}
	}
	return groups, people
}
