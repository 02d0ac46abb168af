package analytics

import (
	"context"
	"fmt"
	"slices"
)

// report is one query on its way: planned without reading a rollup, then written
// location by location.
type report struct {
	query  Query
	kind   *reportKind
	header Header
	plans  []*plan

	leastCell int
}

func newReport(q Query) (*report, error) {
	kind, err := kindNamed(q.Kind)
	if err != nil {
		return nil, err
	}
	if err := q.check(); err != nil {
		return nil, err
	}
	h := Header{Kind: q.Kind, Bucket: q.Bucket, Columns: kind.columns}
	h.From, h.To = minuteOf(q.From), q.To+mod(-q.To, Minute)
	h.Widened = h.From != q.From || h.To != q.To
	return &report{query: q, kind: kind, header: h}, nil
}

// plan makes the plan of every location and refuses what cannot be answered.
func (r *report) plan(v View, opens []*Open) error {
	for i, location := range r.query.Locations {
		p, err := newPlan(v, r, location)
		if err != nil {
			return err
		}
		if err := p.take(opens[i], r.query.Now); err != nil {
			return err
		}
		r.plans = append(r.plans, p)
		r.header.Locations = append(r.header.Locations, LocationHeader{location, p.calendar.Zone.String()})
	}
	if err := r.checkZones(); err != nil {
		return err
	}
	atLeast := r.query.Bucket.atLeast(r.header.To - r.header.From)
	return r.checkRows(func(p *plan) int64 { return atLeast * max(1, p.rowsPerBucket()) })
}

// write scans and streams.
func (r *report) write(ctx context.Context, out Output) error {
	for _, p := range r.plans {
		p.cut(r.query.Bucket)
	}
	rows := func(p *plan) int64 { return int64(len(p.buckets)) * max(1, p.rowsPerBucket()) }
	if err := r.checkRows(rows); err != nil {
		return err
	}
	for _, p := range r.plans {
		if err := p.survey(ctx, r.leastCell); err != nil {
			return err
		}
	}
	if err := r.checkRows(rows); err != nil {
		return err
	}
	if err := out.Begin(r.header); err != nil {
		return err
	}
	for _, p := range r.plans {
		if err := p.write(ctx, out); err != nil {
			return err
		}
	}
	return nil
}

func (r *report) checkRows(of func(*plan) int64) error {
	rows := int64(0)
	for _, p := range r.plans {
		if rows += of(p); rows > MaxRows {
			return &QueryError{Parameter: "bucket", TooLarge: true, Reason: fmt.Sprintf("the report would have more than %d rows; ask for a longer bucket, fewer zones or a shorter interval", MaxRows)}
		}
	}
	return nil
}

// checkZones: a zone asked for must be one of some location's.
func (r *report) checkZones() error {
	for _, id := range r.query.Zones {
		if slices.ContainsFunc(r.plans, func(p *plan) bool { return p.knows(id) }) {
			continue
		}
		what := "zone"
		if r.kind.rollups == kindLine {
			what = "line"
		}
		return &QueryError{Parameter: "zone", NotFound: true, Reason: fmt.Sprintf("there is no %s %q at %s", what, id, locationsText(r.query.Locations))}
	}
	return nil
}

func locationsText(ids []int64) string {
	if len(ids) == 1 {
		return fmt.Sprintf("location %d", ids[0])
	}
	return "any of these locations"
}
