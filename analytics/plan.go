package analytics

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/footfall/footfall/tracker"
)

// plan is how one location's part of a report is read.
type plan struct {
	ctx      context.Context
	view     View
	kind     *reportKind
	location int64
	profile  *Profile
	calendar Calendar
	open     *Open
	progress progress
	settled  int64
	from, to int64
	buckets  []span
	covered  []int64 // microseconds, by bucket
	wanted   []string
	subjects []reportSubject
}

// reportSubject is what a row is about.
type reportSubject struct {
	subject
	from, to string // ids; only a flow has both
}

func newPlan(ctx context.Context, v View, q Query, kind *reportKind, location int64, open *Open, from, to int64) (*plan, error) {
	profile, err := LoadProfile(v, location)
	if err != nil {
		return nil, err
	}
	if profile == nil {
		return nil, &QueryError{Parameter: "location", NotFound: true, Reason: fmt.Sprintf("there is no location %d", location)}
	}
	p := &plan{ctx: ctx, view: v, kind: kind, location: location, profile: profile, from: from, to: to, wanted: q.Zones}
	if p.calendar, err = calendarFor(profile, q.Timezone); err != nil {
		return nil, err
	}
	if p.progress, err = loadProgress(v, location); err != nil {
		return nil, err
	}
	if err := p.setOpen(open, q.Now); err != nil {
		return nil, err
	}
	if !p.cut(q.Bucket) {
		return nil, &QueryError{Parameter: "bucket", TooLarge: true, Reason: fmt.Sprintf("there are more than %d buckets of %s between from and to", MaxRows, q.Bucket)}
	}
	p.covered = make([]int64, len(p.buckets))
	err = p.scan(kindCoverage, func(bucket int, _ rollupKey, t *total) error {
		p.covered[bucket] += t.number
		return nil
	})
	if err != nil {
		return nil, err
	}
	return p, p.findSubjects()
}

func calendarFor(profile *Profile, timezone string) (Calendar, error) {
	calendar, err := profile.Calendar()
	if timezone == "" || err != nil {
		return calendar, err
	}
	zone, err := time.LoadLocation(timezone)
	if err != nil || timezone == "Local" {
		return calendar, &QueryError{Parameter: "tz", Reason: fmt.Sprintf("time zone %q is not known; use an IANA name such as Europe/Helsinki", timezone)}
	}
	calendar.Zone = zone
	return calendar, nil
}

// setOpen drops from the open end what the view has.
func (p *plan) setOpen(open *Open, now int64) error {
	p.settled = now
	if open == nil {
		return nil
	}
	p.settled = open.Settled
	value, err := p.view.Get(Locations, locationKey(p.location, partState))
	if err != nil {
		return err
	}
	batch := int64(0)
	if value != nil {
		state, _, err := readState(p.location, value)
		if err != nil {
			return err
		}
		batch = state.Batch
	}
	p.open = open.without(batch)
	return nil
}

// cut makes the buckets; false means too many.
func (p *plan) cut(b Bucket) bool {
	p.calendar.Cut(b, p.from, p.to, func(start, end int64) bool {
		p.buckets = append(p.buckets, span{start, end})
		return len(p.buckets) <= MaxRows
	})
	return len(p.buckets) <= MaxRows
}

// part is a stretch of the interval that is read from one level.
type part struct {
	table    Table
	from, to int64
}

// parts reads days where the report's buckets are made of the location's days,
// quarter hours where they are made of those, and minutes for the rest.
func (p *plan) parts() []part {
	var parts []part
	add := func(t Table, from, to int64) {
		if from < to {
			parts = append(parts, part{t, from, to})
		}
	}
	quarters := func(from, to int64) {
		first, last := from+mod(-from, Quarter), min(to, p.progress.Quarters)
		last -= mod(last, Quarter)
		if !p.aligned(Quarter) || first >= last {
			add(Minutes, from, to)
			return
		}
		add(Minutes, from, first)
		add(Quarters, first, last)
		add(Minutes, last, to)
	}
	first, last := p.wholeDays()
	if first >= last {
		quarters(p.from, p.to)
		return parts
	}
	quarters(p.from, first)
	add(Days, first, last)
	quarters(last, p.to)
	return parts
}

// aligned reports whether every bucket but the clipped ends begins on a multiple.
func (p *plan) aligned(length int64) bool {
	return !slices.ContainsFunc(p.buckets[1:], func(b span) bool { return mod(b.from, length) != 0 })
}

// wholeDays is the stretch that stored days cover, if buckets are made of days.
func (p *plan) wholeDays() (first, last int64) {
	if p.progress.Calendar != p.profile.calendarKey() || p.progress.Days == 0 {
		return 0, 0
	}
	own, err := p.profile.Calendar()
	if err != nil {
		return 0, 0
	}
	for _, b := range p.buckets[1:] {
		if own.Start(Bucket1d, b.from) != b.from {
			return 0, 0
		}
	}
	first = own.Start(Bucket1d, p.from)
	if first < p.from {
		first = own.Next(Bucket1d, first)
	}
	return first, min(p.progress.Days, own.Start(Bucket1d, p.to))
}

// scan visits the rollups of one kind in order of time, with the bucket that each
// lies in. The total holds that rollup alone and is reused.
func (p *plan) scan(kind rollupKind, fn func(bucket int, k rollupKey, t *total) error) error {
	var scratch ZoneRollup
	t := &total{}
	bucket, seen := 0, 0
	visit := func(k rollupKey) error {
		for k.start >= p.buckets[bucket].to {
			bucket++
		}
		if seen++; seen%1024 == 0 && p.ctx.Err() != nil {
			return p.ctx.Err()
		}
		return fn(bucket, k, t)
	}
	for _, part := range p.parts() {
		stored := part.to
		if part.table == Minutes {
			stored = min(stored, p.open.begins())
		}
		err := scanRollups(p.view, part.table, p.location, kind, part.from, stored, func(k rollupKey, value []byte) error {
			t.zone.reset()
			t.line, t.number = LineRollup{}, 0
			if err := t.add(kind, value, p.endOf(part.table, k.start), &scratch); err != nil {
				return err
			}
			return visit(k)
		})
		if err != nil {
			return err
		}
		if part.table == Minutes && p.open != nil {
			if err := p.scanOpen(kind, part, t, visit); err != nil {
				return err
			}
		}
	}
	return nil
}

func (p *plan) endOf(t Table, start int64) int64 {
	switch t {
	case Minutes:
		return start + Minute
	case Quarters:
		return start + Quarter
	default:
		own, _ := p.profile.Calendar()
		return own.Next(Bucket1d, start)
	}
}

// scanOpen visits the open end's rollups as scan does.
func (p *plan) scanOpen(kind rollupKind, part part, t *total, visit func(rollupKey) error) error {
	for _, page := range p.open.pages {
		if page.start < part.from || page.start >= part.to {
			continue
		}
		t.end = min(page.end(), max(p.open.now, page.start))
		key := rollupKey{location: p.location, kind: kind, start: page.start}
		if err := page.visit(key, t, visit); err != nil {
			return err
		}
	}
	return nil
}

func (p *page) visit(key rollupKey, t *total, visit func(rollupKey) error) error {
	switch key.kind {
	case kindCoverage:
		t.number = p.covered
		return visit(key)
	case kindZone:
		for number, z := range p.zones {
			if z == nil {
				continue
			}
			t.zone.reset()
			t.zone.merge(&z.ZoneRollup)
			key.a = int32(number)
			if err := visit(key); err != nil {
				return err
			}
		}
	case kindLine:
		for number, l := range p.lines {
			if l == nil {
				continue
			}
			t.line, key.a = l.LineRollup, int32(number)
			if err := visit(key); err != nil {
				return err
			}
		}
	case kindFlow:
		for pair, f := range p.flows {
			t.number, key.a, key.b = f.count, pair.from, pair.to
			if err := visit(key); err != nil {
				return err
			}
		}
	}
	return nil
}

// findSubjects lists what rows are about: everything there is now, and what is
// gone but was there in the interval.
func (p *plan) findSubjects() error {
	seen := map[subject]bool{}
	if p.kind.rollups == kindFlow || p.hasGone() {
		err := p.scan(p.kind.rollups, func(_ int, k rollupKey, _ *total) error {
			seen[subject{k.a, k.b}] = true
			return nil
		})
		if err != nil {
			return err
		}
	}
	if p.kind.rollups == kindFlow {
		p.flowSubjects(seen)
		return nil
	}
	if p.kind.rollups == kindZone {
		p.addSubject(reportSubject{subject{tracker.LocationZone, 0}, locationZone, ""})
	}
	for _, s := range p.named() {
		if !s.Gone || seen[subject{s.Number, 0}] {
			p.addSubject(reportSubject{subject{s.Number, 0}, s.ID, ""})
		}
	}
	return nil
}

func (p *plan) addSubject(s reportSubject) {
	if len(p.wanted) == 0 || slices.Contains(p.wanted, s.from) || (s.to != "" && slices.Contains(p.wanted, s.to)) {
		p.subjects = append(p.subjects, s)
	}
}

// flowSubjects are the pairs seen in the interval, in the order of the zones.
func (p *plan) flowSubjects(seen map[subject]bool) {
	for s := range p.late() {
		seen[s] = true
	}
	for _, from := range p.profile.Zones {
		for _, to := range p.profile.Zones {
			if pair := (subject{from.Number, to.Number}); seen[pair] {
				p.addSubject(reportSubject{pair, from.ID, to.ID})
			}
		}
	}
}

// late is the flows of the open end into closed minutes of the interval.
func (p *plan) late() map[subject][]int64 {
	late := map[subject][]int64{}
	if p.open == nil || p.kind.rollups != kindFlow {
		return late
	}
	for _, l := range p.open.late {
		if l.key.start >= p.from && l.key.start < p.to {
			s := subject{l.key.a, l.key.b}
			late[s] = append(late[s], l.key.start)
		}
	}
	return late
}

func (p *plan) named() []Subject {
	if p.kind.rollups == kindLine {
		return p.profile.Lines
	}
	return p.profile.Zones
}

func (p *plan) hasGone() bool {
	return slices.ContainsFunc(p.named(), func(s Subject) bool { return s.Gone })
}

func (p *plan) knows(id string) bool {
	if p.kind.rollups == kindZone && id == locationZone {
		return true
	}
	return slices.ContainsFunc(p.named(), func(s Subject) bool { return s.ID == id })
}

func (p *plan) rows() int { return len(p.buckets) * len(p.subjects) * p.kind.perSubject }
