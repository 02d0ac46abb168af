package whatif

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/footfall/footfall/analytics"
)

// Comparison is the figures of two stores side by side.
type Comparison struct {
	From, To int64 // Unix µs, whole minutes
	Bucket   analytics.Bucket
	Clocks   map[int64]*time.Location // that cut the buckets, by location
	Rows     []Row                    // by location, interval, subject and figure
}

// Subject is a zone or a line.
type Subject struct {
	Line bool
	ID   string
}

// Row is one figure in one interval under both settings. A cell is null where a figure does
// not exist: without data or visits, or for a zone that only the other setting has.
type Row struct {
	Location      int64
	Start, End    int64 // Unix µs
	Coverage      float64
	Subject       Subject
	Figure        *Figure
	Before, After analytics.Cell
}

// Compare answers a query from two stores that hold the same locations. The query's kind does
// not matter, and its zones may be lines too and need be in one of the stores alone. Intervals
// without data are left out, figures that a zone or line does not have, and reasons for
// which nothing happened under either setting. The error is a *analytics.QueryError, the
// context's or a store's.
func Compare(ctx context.Context, before, after *analytics.Reports, q analytics.Query) (*Comparison, error) {
	wanted := q.Zones
	q.Zones = nil
	c := &collection{wanted: wanted, found: map[key]*both{}, ranks: map[Subject]int{}}
	for _, kind := range reports {
		q.Kind = kind
		for side, rs := range []*analytics.Reports{before, after} {
			if err := rs.Run(ctx, q, &collector{collection: c, side: side}); err != nil {
				return nil, err
			}
		}
	}
	for _, id := range wanted {
		if !slices.ContainsFunc(c.subjects, func(s Subject) bool { return s.ID == id }) {
			return nil, &analytics.QueryError{Parameter: "zone", NotFound: true, Reason: fmt.Sprintf("there is no zone or line %q under either setting", id)}
		}
	}
	return c.comparison(q)
}

// key is what two rows of a report must have alike to stand side by side.
type key struct {
	location int // its place in the query
	start    int64
	lines    int // 1 for a line, 0 for a zone
	subject  int // its place among the subjects
}

func (k key) compare(o key) int {
	return cmp.Or(k.location-o.location, cmp.Compare(k.start, o.start), k.lines-o.lines, k.subject-o.subject)
}

// both are a subject's figures in one interval.
type both struct {
	key
	end      int64
	coverage float64
	values   [2]values
}

// collection is what the reports say, by key.
type collection struct {
	wanted   []string
	header   analytics.Header
	found    map[key]*both
	subjects []Subject
	ranks    map[Subject]int // places in subjects
}

func (c *collection) rank(s Subject) int {
	rank, known := c.ranks[s]
	if !known {
		rank = len(c.subjects)
		c.ranks[s] = rank
		c.subjects = append(c.subjects, s)
	}
	return rank
}

// collector takes one report of one side.
type collector struct {
	*collection
	side    int
	lines   int
	columns map[int]int // the figure of a column
}

// Begin implements analytics.Output.
func (c *collector) Begin(h analytics.Header) error {
	c.header, c.columns = h, columnsOf(h)
	if h.Kind == "lines" {
		c.lines = 1
	}
	return nil
}

// Row implements analytics.Output.
func (c *collector) Row(r *analytics.Row) error {
	id := r.Cells[0].Text
	if len(c.wanted) > 0 && !slices.Contains(c.wanted, id) {
		return nil
	}
	location := slices.IndexFunc(c.header.Locations, func(l analytics.LocationHeader) bool { return l.Location == r.Location })
	k := key{location, r.Start, c.lines, c.rank(Subject{c.lines == 1, id})}
	b := c.found[k]
	if b == nil {
		b = &both{key: k, end: r.End, coverage: r.Coverage}
		c.found[k] = b
	}
	for column, figure := range c.columns {
		b.values[c.side][figure] = r.Cells[column]
	}
	return nil
}

func (c *collection) comparison(q analytics.Query) (*Comparison, error) {
	made := &Comparison{From: c.header.From, To: c.header.To, Bucket: q.Bucket, Clocks: map[int64]*time.Location{}}
	for _, l := range c.header.Locations {
		clock, err := time.LoadLocation(l.Timezone)
		if err != nil {
			return nil, err
		}
		made.Clocks[l.Location] = clock
	}
	for _, b := range c.sorted() {
		made.Rows = append(made.Rows, c.rows(b)...)
	}
	return made, nil
}

// sorted leaves out what has no figure on either side.
func (c *collection) sorted() []*both {
	all := make([]*both, 0, len(c.found))
	for _, b := range c.found {
		if b.values != ([2]values{}) {
			all = append(all, b)
		}
	}
	slices.SortFunc(all, func(a, b *both) int { return a.compare(b.key) })
	return all
}

func (c *collection) rows(b *both) []Row {
	var rows []Row
	subject := c.subjects[b.subject]
	for f := range figures {
		before, after := b.values[0][f], b.values[1][f]
		if (figures[f].report == "lines") != subject.Line || figures[f].isReason() && nothing(before) && nothing(after) {
			continue
		}
		rows = append(rows, Row{
			Location: c.header.Locations[b.location].Location, Start: b.start, End: b.end, Coverage: b.coverage,
			Subject: subject, Figure: &figures[f], Before: before, After: after,
		})
	}
	return rows
}
