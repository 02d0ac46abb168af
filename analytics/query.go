package analytics

import (
	"context"
	"fmt"
	"time"
)

// MaxRows is the most rows that a report may have.
const MaxRows = 1_000_000

// Query asks for a report.
type Query struct {
	Kind      string
	Locations []int64  // at least one; rows come in this order
	From, To  int64    // widened to whole minutes; in the years 1 to 9999
	Bucket    Bucket   //
	Timezone  string   // IANA name; "" is each location's own
	Zones     []string // ids of zones (of lines, for lines); none is all
	Now       int64    // the present: what ends later is partial
}

// QueryError says what is wrong with a query; its text is for whoever asked.
type QueryError struct {
	Parameter string
	Reason    string
	NotFound  bool // it names something that is not there
	TooLarge  bool // it asks for more than MaxRows
}

func (e *QueryError) Error() string { return e.Parameter + ": " + e.Reason }

// Header describes a report.
type Header struct {
	Kind      string
	Locations []LocationHeader
	From, To  int64
	Widened   bool // From or To was no whole minute
	Bucket    Bucket
	Columns   []Column
}

// LocationHeader is one location of a report and the time zone that cut it.
type LocationHeader struct {
	Location int64
	Timezone string
}

// Column is one of the row's own fields.
type Column struct{ Name string }

// Row is one row of a report. It is reused: it is valid until Output.Row returns.
type Row struct {
	Location   int64
	Start, End int64
	Coverage   float64 // share of the interval, 0 to 1
	Partial    bool
	Cells      []Cell // as Header.Columns
}

// Output takes a report as it is made. Begin comes once, before the first row;
// nothing is wrong with the query then.
type Output interface {
	Begin(Header) error
	Row(*Row) error
}

// Reports answers queries. It is safe for concurrent use.
type Reports struct {
	Store Store
	// Open gives the copy of a location's open end, nil where there is none. It is
	// called before the store is read.
	Open func(ctx context.Context, location int64) (*Open, error)
	// MinCell is the fewest visits that a demographic cell may show, but for none
	// at all: privacy.min_cell. 0 shows all.
	MinCell int
}

// Run answers one query; the error is a *QueryError, the context's, the output's
// or the store's.
func (rs *Reports) Run(ctx context.Context, q Query, out Output) error {
	r, err := newReport(q)
	if err != nil {
		return err
	}
	r.leastCell = rs.MinCell
	opens := make([]*Open, len(q.Locations))
	for i, location := range q.Locations {
		if opens[i], err = rs.Open(ctx, location); err != nil {
			return err
		}
	}
	return rs.Store.View(func(v View) error {
		if err := r.plan(v, opens); err != nil {
			return err
		}
		return r.write(ctx, out)
	})
}

var (
	earliest = time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC).UnixMicro()
	latest   = time.Date(10_000, 1, 1, 0, 0, 0, 0, time.UTC).UnixMicro()
)

// check finds what is wrong with a query by itself.
func (q *Query) check() error {
	switch {
	case len(q.Locations) == 0:
		return &QueryError{Parameter: "location", Reason: "none is given"}
	case !q.Bucket.known():
		return &QueryError{Parameter: "bucket", Reason: q.Bucket.String() + " is not known"}
	case q.From < earliest || q.From >= latest:
		return outOfRange("from")
	case q.To < earliest || q.To >= latest:
		return outOfRange("to")
	case q.To <= q.From:
		return &QueryError{Parameter: "to", Reason: fmt.Sprintf("%s is not after from, which is %s", formatTime(q.To), formatTime(q.From))}
	}
	return nil
}

func outOfRange(parameter string) error {
	return &QueryError{Parameter: parameter, Reason: "it must lie in the years 1 to 9999"}
}

func formatTime(at int64) string { return microTime(at).UTC().Format(time.RFC3339Nano) }
