package analytics

import (
	"context"
	"fmt"
	"time"
)

// plan is how one location's part of a report is read.
type plan struct {
	view     View
	kind     *reportKind
	location int64
	profile  *Profile
	own      Calendar // the location's
	calendar Calendar // the report's
	open     *Open
	progress progress
	settled  int64
	counted  int64 // the open end goes up to it
	interval span
	opened   openTime
	paired   bool   // with the buckets of another plan, by their order
	buckets  []span // ascending; no more than the open time lies in them
	parts    []part
	covered  []int64 // microseconds, by bucket
	damaged  map[int]bool
	late     map[subject][]lateRollup
	wanted   []string
	subjects []reportSubject
	veil     veil
	queueing queueing
	squares  int64 // rows of a heatmap
	since    int64 // before it the kind was not counted
}

func newPlan(v View, r *report, location int64, asked Interval) (*plan, error) {
	profile, err := LoadProfile(v, location)
	if err != nil {
		return nil, err
	}
	if profile == nil {
		return nil, &QueryError{Parameter: "location", NotFound: true, Reason: fmt.Sprintf("there is no location %d", location)}
	}
	p := &plan{
		view: v, kind: r.kind, location: location, profile: profile, wanted: r.query.Zones,
		interval: span{asked.From, asked.To},
	}
	if p.own, err = profile.Calendar(); err != nil {
		return nil, err
	}
	if p.calendar, err = p.own.in(r.query.Timezone); err != nil {
		return nil, err
	}
	if err := p.restrict(r); err != nil {
		return nil, err
	}
	p.paired = r.query.Compare != CompareNone
	p.subjects = p.present()
	if p.progress, err = loadProgress(v, location); err != nil {
		return nil, err
	}
	if r.kind.younger {
		p.since, err = loadSince(v, location)
	}
	return p, err
}

// in is the calendar by the clock of another time zone, "" for its own.
func (c Calendar) in(timezone string) (Calendar, error) {
	if timezone == "" {
		return c, nil
	}
	zone, err := time.LoadLocation(timezone)
	if err != nil || timezone == "Local" {
		return c, &QueryError{Parameter: "tz", Reason: fmt.Sprintf("time zone %q is not known; use an IANA name such as Europe/Helsinki", timezone)}
	}
	c.Zone = zone
	return c, nil
}

// take takes the open end, but for what the view has.
func (p *plan) take(open *Open, now int64) error {
	p.settled, p.counted = now, now
	if open == nil {
		return nil
	}
	p.settled, p.counted = open.Settled, open.counted
	state, err := LoadState(p.view, p.location)
	if err != nil {
		return err
	}
	p.open = open.without(state.Batch)
	return nil
}

// rowsSettled is the instant before which no row of the kind will change.
func (p *plan) rowsSettled() int64 {
	switch {
	case p.kind.queues:
		return p.settled - p.profile.QueueGrace
	case p.kind.rollups == kindGroup && p.open != nil:
		return min(p.settled, p.open.grouped)
	}
	return p.settled
}

// survey reads what must be known before the first row: the coverage, and what
// rows are about.
func (p *plan) survey(ctx context.Context, leastCell int) error {
	p.late = p.lateRollups()
	p.covered, p.damaged = make([]int64, len(p.buckets)), map[int]bool{}
	if err := p.loseStored(); err != nil {
		return err
	}
	err := p.scan(ctx, kindCoverage, func(f *found) error {
		n, err := f.count()
		p.covered[f.bucket] += n
		return err
	})
	if err != nil {
		return err
	}
	if err := p.findSubjects(ctx); err != nil {
		return err
	}
	if err := p.countQueueing(ctx); err != nil {
		return err
	}
	if err := p.countSquares(ctx); err != nil {
		return err
	}
	return p.drawVeil(ctx, leastCell)
}

// lateRollups are those of the open end of closed minutes of the interval, by
// subject.
func (p *plan) lateRollups() map[subject][]lateRollup {
	late := map[subject][]lateRollup{}
	if p.open == nil {
		return late
	}
	for _, l := range p.open.late {
		in := l.key.start >= p.interval.from && l.key.start < p.interval.to && p.opened.has(l.key.start)
		if l.key.kind == p.kind.rollups && in {
			of := subject{l.key.a, l.key.b}
			late[of] = append(late[of], l)
		}
	}
	return late
}
