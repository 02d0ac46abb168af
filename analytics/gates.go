package analytics

import (
	"slices"

	"github.com/footfall/footfall/tracker"
)

// gates count a location by the confirmed crossings of its lines: the last reset,
// plus those in, minus those out, and never below 0. What is clamped depends on the
// order in time, and crossings are told in the order of their confirmation, so
// they wait until everything before them is final.
type gates struct {
	calendar Calendar
	count    int64
	since    int64       // crossings before it count for the tracks that went before
	waiting  []gateEvent // in order
	days     int64       // day starts up to here, included, are over
	next     int64       // the first day start after days
	version  uint64      // changes whenever what is believed may
	believed int64       // the day start at which the version changes next
}

// gateEvent is a crossing or a reset that is not acted on yet.
type gateEvent struct {
	at        int64
	kind      gateKind
	occupancy int64 // that a reset sets
}

// gateKind orders the events of one instant, which a day start precedes: who came
// in at the very instant may go out.
type gateKind uint8

const (
	gateSet gateKind = iota
	gateIn
	gateOut
)

// gateChange is what acting on an event comes to: so much more of a figure.
type gateChange struct {
	at     int64
	figure Figure
	count  int64
}

func newGates(calendar Calendar, count, since int64) *gates {
	return &gates{calendar: calendar, count: count, since: since, days: since - 1, next: tracker.Never, believed: since}
}

// by sets the calendar whose days begin with a reset to 0.
func (g *gates) by(calendar Calendar) {
	g.calendar = calendar
	g.next = g.dayAfter(g.days)
}

func (g *gates) dayAfter(at int64) int64 {
	return g.calendar.Next(Bucket1d, g.calendar.Start(Bucket1d, at))
}

func (g *gates) clone() *gates {
	if g == nil {
		return nil
	}
	c := *g
	c.waiting = slices.Clone(g.waiting)
	return &c
}

func (g *gates) cross(c tracker.Crossing) {
	if c.At < g.since {
		return
	}
	e := gateEvent{at: c.At, kind: gateIn}
	if c.Direction < 0 {
		e.kind = gateOut
	}
	g.await(e)
}

// await puts an event behind those that come before it or are its equal.
func (g *gates) await(e gateEvent) {
	i := len(g.waiting)
	for i > 0 && e.before(g.waiting[i-1]) {
		i--
	}
	g.waiting = slices.Insert(g.waiting, i, e)
	g.version++
}

func (e gateEvent) before(o gateEvent) bool {
	return e.at < o.at || e.at == o.at && e.kind < o.kind
}

// act takes the day starts and events before an instant in order, and tells what
// they come to. Nothing before it may be awaited any more.
func (g *gates) act(until int64, tell func(gateChange)) {
	n := 0
	for {
		at := until
		if n < len(g.waiting) {
			at = min(at, g.waiting[n].at)
		}
		if g.count > 0 && g.nextDay() < until && g.next <= at {
			g.days = g.next
			g.set(g.next, 0, tell)
			continue
		}
		if at >= until {
			break
		}
		g.days = max(g.days, at)
		g.take(g.waiting[n], tell)
		n++
	}
	g.waiting = g.waiting[:copy(g.waiting, g.waiting[n:])]
	g.days = max(g.days, until-1)
}

// nextDay is the first day start that is not over.
func (g *gates) nextDay() int64 {
	if g.next <= g.days {
		g.next = g.dayAfter(g.days)
	}
	return g.next
}

func (g *gates) take(e gateEvent, tell func(gateChange)) {
	switch {
	case e.kind == gateSet:
		g.set(e.at, e.occupancy, tell)
	case e.kind == gateIn:
		g.count++
		tell(gateChange{e.at, EntriesCrossed, 1})
	case g.count == 0:
		tell(gateChange{e.at, Clamped, 1})
	default:
		g.count--
		tell(gateChange{e.at, ExitsCrossed, 1})
	}
}

func (g *gates) set(at, occupancy int64, tell func(gateChange)) {
	switch more := occupancy - g.count; {
	case more > 0:
		tell(gateChange{at, EntriesReset, more})
	case more < 0:
		tell(gateChange{at, ExitsReset, -more})
	}
	g.count = occupancy
}

// versionAt is the version as of an instant, which a day start changes too.
func (g *gates) versionAt(now int64) uint64 {
	if now >= g.believed {
		g.believed = g.dayAfter(now)
		g.version++
	}
	return g.version
}

// gateSink passes on to gates what is believed.
type gateSink struct{ *gates }

func (s gateSink) Crossing(c tracker.Crossing) { s.cross(c) }
func (gateSink) Entry(tracker.Entry)           {}
func (gateSink) Exit(tracker.Exit)             {}
func (gateSink) Flow(tracker.Flow)             {}
func (gateSink) Net(tracker.Net)               {}
func (gateSink) Stitch(tracker.Stitch)         {}
func (gateSink) Ghost(tracker.Ghost)           {}
func (gateSink) Heat(tracker.Heat)             {}
func (gateSink) Group(tracker.Group)           {}
