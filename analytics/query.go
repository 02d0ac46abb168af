package analytics

import (
	"cmp"
	"context"
	"errors"
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

	Hours HoursOf // HoursOpen restricts each location to its opening hours

	Intervals   []Interval  // by location, where they are not all From and To; these then span them
	Compare     CompareWith // the other interval whose figures stand beside
	CompareFrom []int64     // of CompareFrom: where it begins, by location; the last counts for the rest
	Sort        string      // a figure, with - before it for the greatest first; those without come last; "" leaves the order
	Limit       int         // rows of the answer, 0 for all
}

// QueryError says what is wrong with a query; its text is for whoever asked.
type QueryError struct {
	Parameter string
	Reason    string
	NotFound  bool // it names something that is not there
	TooLarge  bool // it asks for more than MaxRows
	Gone      bool // it asks for what retention has deleted
}

func (e *QueryError) Error() string { return e.Parameter + ": " + e.Reason }

// Header describes a report.
type Header struct {
	Kind      string
	Locations []LocationHeader
	From, To  int64 // whole minutes; they span those of all locations
	Widened   bool  // From or To was no whole minute
	Bucket    Bucket
	Hours     HoursOf
	Averages  bool // some columns are averages over time: over Hours
	Columns   []Column
}

// LocationHeader is one location of a report and the time zone that cut it.
type LocationHeader struct {
	Location int64
	Timezone string
	Interval          // of whole minutes
	Previous Interval // that it is compared with, zero without
}

// Column is one of the row's own fields.
type Column struct {
	Name  string
	Label bool // it says what the row is about, and is no figure
}

// Row is one row of a report. It is reused: it is valid until Output.Row returns.
type Row struct {
	Location   int64
	Start, End int64
	Coverage   float64 // share of the interval, 0 to 1
	Partial    bool
	Damaged    bool   // what is stored of it cannot be read any more: there are no figures, and no coverage
	Cells      []Cell // as Header.Columns

	// In reports that are compared, what keeps the place of a bucket:
	closed bool // there is no open time in it
	blank  bool // it is no row, there may be others of the bucket
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
	// MaxRows is the most rows of one report; 0 is the most that there may be.
	MaxRows int64
}

// Run answers one query; the error is a *QueryError, the context's, the output's
// or the store's.
func (rs *Reports) Run(ctx context.Context, q Query, out Output) error {
	r, err := newReport(q)
	if err != nil {
		return err
	}
	rank, err := ranked(&q, r.header.Columns, out)
	if err != nil {
		return err
	}
	if rank != nil {
		out = rank
	}
	r.leastCell, r.maxRows = rs.MinCell, min(cmp.Or(rs.MaxRows, MaxRows), MaxRows)
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
		if err := r.write(ctx, out); rank == nil || err != nil && !errors.Is(err, errEnough) {
			return err
		}
		return rank.finish()
	})
}

// HeaderOf is the header of a query's report but for its locations. The error is a
// *QueryError.
func HeaderOf(q Query) (Header, error) {
	kind, err := kindNamed(q.Kind)
	if err != nil {
		return Header{}, err
	}
	if err := q.check(); err != nil {
		return Header{}, err
	}
	if err := q.checkHours(kind); err != nil {
		return Header{}, err
	}
	h := Header{Kind: q.Kind, Bucket: q.Bucket, Hours: q.Hours, Averages: kind.averages, Columns: kind.columns}
	asked := Interval{q.From, q.To}
	whole := asked.widened()
	h.From, h.To, h.Widened = whole.From, whole.To, whole != asked
	for _, i := range q.Intervals {
		h.Widened = h.Widened || i != i.widened()
	}
	if q.Compare != CompareNone {
		h.Columns = comparedColumns(kind.columns)
	}
	_, err = ranked(&q, h.Columns, nil)
	return h, err
}

var (
	earliest = time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC).UnixMicro()
	latest   = time.Date(10_000, 1, 1, 0, 0, 0, 0, time.UTC).UnixMicro()
)

// check finds what is wrong with a query by itself.
func (q *Query) check() error {
	if !q.Bucket.known() {
		return &QueryError{Parameter: "bucket", Reason: q.Bucket.String() + " is not known"}
	}
	for _, i := range append([]Interval{{q.From, q.To}}, q.Intervals...) {
		if err := i.check(); err != nil {
			return err
		}
	}
	if err := q.checkTypical(); err != nil {
		return err
	}
	return q.checkCompare()
}

func (i Interval) check() error {
	switch {
	case i.From < earliest || i.From >= latest:
		return outOfRange("from")
	case i.To < earliest || i.To >= latest:
		return outOfRange("to")
	case i.To <= i.From:
		return &QueryError{Parameter: "to", Reason: fmt.Sprintf("%s is not after from, which is %s", formatTime(i.To), formatTime(i.From))}
	}
	return nil
}

func outOfRange(parameter string) error {
	return &QueryError{Parameter: parameter, Reason: "it must lie in the years 1 to 9999"}
}

func formatTime(at int64) string { return microTime(at).UTC().Format(time.RFC3339Nano) }
