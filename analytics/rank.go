package analytics

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
)

// MaxRanked is the most rows that are sorted: a report of more needs a limit.
const MaxRanked = 100_000

// errEnough ends a report that has as many rows as were asked.
var errEnough = errors.New("as many rows as were asked")

// ranking passes on the rows with the greatest (least) of a figure, in that order;
// those without it come last, and of equal ones the earlier comes first. Without a
// figure it passes on the first ones. It holds twice limit rows, or MaxRanked.
type ranking struct {
	Output
	column  int // -1: none
	falling bool
	limit   int // 0: none
	passed  int
	rows    []rankedRow
	spare   [][]Cell
	most    int
}

type rankedRow struct {
	Row
	figure float64 // NaN where there is none
}

// ranked is what a query's rows pass through, nil where they come as they are.
func ranked(q *Query, columns []Column, out Output) (*ranking, error) {
	if q.Limit < 0 || q.Limit > MaxRows {
		return nil, &QueryError{Parameter: "limit", Reason: fmt.Sprintf("it must be from 1 to %d", MaxRows)}
	}
	if q.Sort == "" && q.Limit == 0 {
		return nil, nil
	}
	k := &ranking{Output: out, column: -1, limit: q.Limit, most: MaxRanked}
	if q.Sort == "" {
		return k, nil
	}
	if q.Limit > MaxRanked {
		return nil, &QueryError{Parameter: "limit", TooLarge: true, Reason: fmt.Sprintf("with sort it can be %d at most", MaxRanked)}
	}
	var name string
	name, k.falling = strings.CutPrefix(q.Sort, "-")
	if k.column = figureColumn(columns, name); k.column < 0 {
		return nil, &QueryError{Parameter: "sort", Reason: fmt.Sprintf("%q is no figure of %s; there are %s, each also with - before it for the greatest first",
			name, q.Kind, strings.Join(figureNames(columns), ", "))}
	}
	return k, nil
}

func figureColumn(columns []Column, name string) int {
	return slices.IndexFunc(columns, func(c Column) bool { return c.isFigure() && c.Name == name })
}

func (c Column) isFigure() bool { return !c.Label && c.Name != PreviousStart }

func figureNames(columns []Column) (names []string) {
	for _, c := range columns {
		if c.isFigure() {
			names = append(names, c.Name)
		}
	}
	return names
}

// Row implements Output.
func (k *ranking) Row(r *Row) error {
	if k.column < 0 {
		if k.passed++; k.passed > k.limit {
			return errEnough
		}
		return k.Output.Row(r)
	}
	row := rankedRow{Row: *r, figure: figureOf(r.Cells[k.column])}
	row.Cells = append(k.cells(), r.Cells...)
	k.rows = append(k.rows, row)
	switch {
	case k.limit > 0 && len(k.rows) >= 2*max(k.limit, 512):
		k.cut()
	case k.limit == 0 && len(k.rows) > k.most:
		return &QueryError{Parameter: "sort", TooLarge: true, Reason: fmt.Sprintf("the report has more than %d rows to sort; give limit, or ask for a longer bucket or fewer zones", k.most)}
	}
	return nil
}

// cells are those of a row that was dropped, emptied, or nil.
func (k *ranking) cells() []Cell {
	n := len(k.spare)
	if n == 0 {
		return nil
	}
	cells := k.spare[n-1]
	k.spare = k.spare[:n-1]
	return cells[:0]
}

// figureOf is a cell's number, NaN without.
func figureOf(c Cell) float64 {
	switch c.Type {
	case Integer, Time, Bool:
		return float64(c.Int)
	case Float:
		return c.Float
	default:
		return math.NaN()
	}
}

func (k *ranking) compare(a, b rankedRow) int {
	switch none, other := math.IsNaN(a.figure), math.IsNaN(b.figure); {
	case none && other:
		return 0
	case none:
		return 1
	case other:
		return -1
	case k.falling:
		return cmp.Compare(b.figure, a.figure)
	default:
		return cmp.Compare(a.figure, b.figure)
	}
}

// cut sorts what there is and keeps what may be asked for.
func (k *ranking) cut() {
	slices.SortStableFunc(k.rows, k.compare)
	if k.limit == 0 || len(k.rows) <= k.limit {
		return
	}
	for _, r := range k.rows[k.limit:] {
		k.spare = append(k.spare, r.Cells)
	}
	k.rows = k.rows[:k.limit]
}

// finish passes on the rows, once all are there.
func (k *ranking) finish() error {
	k.cut()
	for i := range k.rows {
		if err := k.Output.Row(&k.rows[i].Row); err != nil {
			return err
		}
	}
	return nil
}
