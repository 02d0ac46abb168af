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
	others []*plan // of the intervals compared with, as plans; none without

	leastCell int
	maxRows   int64
	openSpans int // of all plans
}

func newReport(q Query) (*report, error) {
	header, err := HeaderOf(q)
	if err != nil {
		return nil, err
	}
	if len(q.Locations) == 0 {
		return nil, &QueryError{Parameter: "location", Reason: "none is given"}
	}
	kind, err := kindNamed(q.Kind)
	return &report{query: q, kind: kind, header: header}, err
}

// plan makes the plan of every location and refuses what cannot be answered.
func (r *report) plan(v View, opens []*Open) error {
	for i := range r.query.Locations {
		if err := r.planLocation(v, i, opens[i]); err != nil {
			return err
		}
	}
	if err := r.checkZones(); err != nil {
		return err
	}
	return r.checkRows(func(p *plan) int64 {
		length := p.interval.to - p.interval.from
		if !p.paired {
			length = p.opened.length(p.interval) // buckets without open time have no rows
		}
		return r.query.Bucket.atLeast(length) * max(1, p.rowsPerBucket())
	})
}

// planLocation plans the part of the location at a place, and what it is compared
// with.
func (r *report) planLocation(v View, place int, open *Open) error {
	location, asked := r.query.Locations[place], r.query.interval(place).widened()
	p, err := newPlan(v, r, location, asked)
	if err != nil {
		return err
	}
	if err := p.take(open, r.query.Now); err != nil {
		return err
	}
	r.plans = append(r.plans, p)
	h := LocationHeader{Location: location, Timezone: p.calendar.Zone.String(), Interval: asked}
	if r.query.Compare != CompareNone {
		h.Previous = r.query.Compare.other(asked, r.query.compareFrom(place), p.calendar.Zone)
		o, err := newPlan(v, r, location, h.Previous)
		if err != nil {
			return err
		}
		if err := o.take(open, r.query.Now); err != nil {
			return err
		}
		r.others = append(r.others, o)
	}
	r.header.Locations = append(r.header.Locations, h)
	return nil
}

// all are the plans, those compared with among them.
func (r *report) all() []*plan { return slices.Concat(r.plans, r.others) }

// write scans and streams.
func (r *report) write(ctx context.Context, out Output) error {
	for _, p := range r.all() {
		p.cut(r.kind.cut(r.query.Bucket))
		if err := p.checkKept(); err != nil {
			return err
		}
	}
	if err := r.checkRows((*plan).rows); err != nil {
		return err
	}
	for _, p := range r.all() {
		if err := p.survey(ctx, r.leastCell); err != nil {
			return err
		}
	}
	for i, o := range r.others {
		r.plans[i].join(o)
	}
	if err := r.checkRows((*plan).rows); err != nil {
		return err
	}
	if err := out.Begin(r.header); err != nil {
		return err
	}
	for i := range r.plans {
		if err := r.writeLocation(ctx, i, out); err != nil {
			return err
		}
	}
	return nil
}

func (r *report) writeLocation(ctx context.Context, place int, out Output) error {
	if len(r.others) == 0 {
		return r.plans[place].write(ctx, out)
	}
	others := newBlocks(r.kind.columns, func(out Output) error { return r.others[place].write(ctx, out) })
	defer others.stop()
	c := &compared{out: out, columns: r.kind.columns, others: others, sparse: r.kind.sparse}
	if err := r.plans[place].write(ctx, c); err != nil {
		return err
	}
	return c.finish()
}

func (r *report) checkRows(of func(*plan) int64) error {
	rows := int64(0)
	for _, p := range r.all() {
		if rows += of(p); rows > r.maxRows {
			return &QueryError{Parameter: "bucket", TooLarge: true, Reason: fmt.Sprintf("the report would have more than %d rows; ask for a longer bucket, fewer zones or a shorter interval", r.maxRows)}
		}
	}
	return nil
}

// checkZones: a zone asked for must be one of some location's.
func (r *report) checkZones() error {
	if len(r.query.Zones) > 0 && r.kind.ofLocation() {
		return &QueryError{Parameter: "zone", Reason: r.kind.name + " is about the location as a whole; leave zone out"}
	}
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
