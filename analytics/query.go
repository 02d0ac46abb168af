package analytics

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// MaxRows is the most rows that a report may have.
const MaxRows = 1_000_000

// Query asks for a report.
type Query struct {
	Kind      string
	Locations []int64  // at least one; rows come in this order
	From, To  int64    // widened to whole minutes
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
}

// Run answers one query; the error is a *QueryError, the context's, the output's
// or the store's.
func (rs *Reports) Run(ctx context.Context, q Query, out Output) error {
	kind, err := kindNamed(q.Kind)
	if err != nil {
		return err
	}
	if q.To <= q.From {
		return &QueryError{Parameter: "to", Reason: fmt.Sprintf("%s is not after from %s", formatTime(q.To), formatTime(q.From))}
	}
	opens := make([]*Open, len(q.Locations))
	for i, location := range q.Locations {
		if opens[i], err = rs.Open(ctx, location); err != nil {
			return err
		}
	}
	return rs.Store.View(func(v View) error {
		return run(ctx, v, q, kind, opens, out)
	})
}

func run(ctx context.Context, v View, q Query, kind *reportKind, opens []*Open, out Output) error {
	header := Header{Kind: q.Kind, Bucket: q.Bucket, Columns: kind.columns}
	header.From, header.To = minuteOf(q.From), q.To+mod(-q.To, Minute)
	header.Widened = header.From != q.From || header.To != q.To
	plans, rows := make([]*plan, 0, len(q.Locations)), 0
	for i, location := range q.Locations {
		p, err := newPlan(ctx, v, q, kind, location, opens[i], header.From, header.To)
		if err != nil {
			return err
		}
		if rows += p.rows(); rows > MaxRows {
			return &QueryError{Parameter: "bucket", TooLarge: true, Reason: fmt.Sprintf("the report would have more than %d rows; ask for a longer bucket, fewer zones or a shorter interval", MaxRows)}
		}
		plans = append(plans, p)
		header.Locations = append(header.Locations, LocationHeader{location, p.calendar.Zone.String()})
	}
	if err := checkZones(q, kind, plans); err != nil {
		return err
	}
	if err := out.Begin(header); err != nil {
		return err
	}
	for _, p := range plans {
		if err := p.write(out); err != nil {
			return err
		}
	}
	return nil
}

// checkZones: a zone asked for must be one of some location's.
func checkZones(q Query, kind *reportKind, plans []*plan) error {
	for _, id := range q.Zones {
		if !slices.ContainsFunc(plans, func(p *plan) bool { return p.knows(id) }) {
			what := "zone"
			if kind.rollups == kindLine {
				what = "line"
			}
			return &QueryError{Parameter: "zone", NotFound: true, Reason: fmt.Sprintf("there is no %s %q at %s", what, id, locationsText(q.Locations))}
		}
	}
	return nil
}

func locationsText(ids []int64) string {
	if len(ids) == 1 {
		return fmt.Sprintf("location %d", ids[0])
	}
	return "any of these locations"
}

func formatTime(at int64) string { return microTime(at).UTC().Format(time.RFC3339Nano) }
