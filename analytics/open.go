package analytics

import (
	"slices"

	"github.com/footfall/footfall/tracker"
)

// Open is a copy of a location's open end, for reports: what the store does not
// have yet, with what is believed though not final.
type Open struct {
	Settled int64 // nothing reported before it will change, but for expiries
	grouped int64 // no more groups are dated before it
	counted int64 // all is in it that happened by then
	final   int64 // minutes that end by it are closed
	pages   []*page
	late    []lateRollup
}

// Open copies the recorder as of the tracker's clock. settled is
// tracker.Bounds.Settled: coverage, and occupancy under data, go that far.
func (r *Recorder) Open(t *tracker.Tracker, settled int64) *Open {
	c := r.clone(settled)
	t.Tentative(c)
	c.follow(t.Now())
	return &Open{Settled: settled, counted: t.Now(), grouped: t.Grouped(), final: r.followed, pages: c.pages, late: c.late}
}

// OpenStored is the open end of a location that nobody is counting now. now is
// the present: with nobody there everything before it is settled.
func OpenStored(s *Stored, now int64) *Open {
	if len(s.People) > 0 || !s.Recorder.AtRest() {
		now = s.Recorder.followed
	}
	grouped := now
	if len(s.Groups) > 0 {
		grouped = min(grouped, s.Recorder.followed-groupsLater)
	}
	c := s.Recorder.clone(now)
	c.follow(s.At)
	return &Open{Settled: now, counted: s.At, grouped: grouped, final: s.Recorder.followed, pages: c.pages, late: c.late}
}

// clone copies the recorder with the coverage before an instant. What no batch
// has yet will be in the next one.
func (r *Recorder) clone(settled int64) *Recorder {
	c := &Recorder{location: r.location, followed: r.followed, coverage: r.coverage.before(settled)}
	c.zones, c.gates, c.capacities = slices.Clone(r.zones), r.gates.clone(), r.capacities
	c.journeys, c.bounceUnder, c.engagedOver = r.journeys.clone(), r.bounceUnder, r.engagedOver
	for i := range c.zones {
		c.zones[i].changes = slices.Clone(c.zones[i].changes)
	}
	c.pages = make([]*page, len(r.pages))
	for i, p := range r.pages {
		c.pages[i] = p.clone()
		if p.dirty {
			c.pages[i].dirty, c.pages[i].batch = false, r.batch+1
		}
	}
	c.late = slices.Clone(r.late)
	for i := range c.late {
		if c.late[i].batch == 0 {
			c.late[i].batch = r.batch + 1
		}
	}
	return c
}

// follow is Follow, with what happened at that very instant, and the last minute
// brought up to it for every zone.
func (r *Recorder) follow(now int64) {
	r.Follow(now)
	r.passGates(now + 1)
	r.journeys.act(now+1, r)
	for i := range r.zones {
		number, z := int32(i), &r.zones[i]
		if z.occupancy == 0 && !r.hasRollup(minuteOf(r.followed), i) {
			continue
		}
		r.extend(number, r.followed)
		for _, c := range z.changes {
			z.occupancy += c.by
		}
		r.page(r.followed).changeZone(number).End = z.occupancy
	}
}

// without drops what the store has as of a batch.
func (o *Open) without(batch int64) *Open {
	rest := *o
	rest.pages = o.pages[storedBefore(o.pages, o.final, batch):]
	rest.late = slices.DeleteFunc(slices.Clone(o.late), func(l lateRollup) bool { return l.batch <= batch })
	return &rest
}

// begins is the minute from which the copy goes before the store.
func (o *Open) begins() int64 {
	if o == nil || len(o.pages) == 0 {
		return tracker.Never
	}
	return o.pages[0].start
}
