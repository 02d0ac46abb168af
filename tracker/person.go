package tracker

import "github.com/footfall/footfall/zones"

// stage is what a person is to a zone. Of one zone a person has no stay (is
// outside), one that is entering or inside, or two: inside and leaving or inside
// and removed; to the latter a third, entering, where the zone came back.
type stage uint8

const (
	entering stage = iota // an entry waits for its delay
	inside                // a visit is open
	leaving               // the exit of the open visit waits for its delay
	removed               // the zone is gone; final when the person is heard of again
)

type stayFlags uint8

const (
	believed  stayFlags = 1 << iota // its delay has passed on the clock: live counts it
	appeared                        // entering: was never seen outside
	undecided                       // inside: its place in the order of visits is open
	previous                        // inside: it is the last in that order, or one of those entered together
	tied                            // inside: a tie of person.order waits for who is left first
)

// stay is one person's standing with one zone.
type stay struct {
	since int64
	zone  int32
	stage stage
	flags stayFlags
}

type personFlags uint8

const (
	present personFlags = 1 << iota // the slot is in use
	limbo                           // lost, and may yet be stitched
	pending                         // has a stay that is not inside, or a waiting crossing
	flowDue                         // decideFlows may have something to decide
	dirty                           // is in Tracker.dirty
)

const slowPath = pending | flowDue

// person is one track (or several, stitched). Its slot is its handle. What most
// samples touch comes first, within one cache line.
type person struct {
	last  int64 // last sample, or the loss while in limbo
	x, y  float64
	set   zones.SetID
	flags personFlags
	stays []stay
	id    int64

	first    int64 // first sample
	who      *estimates
	order    *order
	lines    []lineState
	prevLeft int64 // of those previous that are left, the last
	prevZone int32 // its number, or -1
	gen      uint32
}

// lineState is a waiting crossing, or (waiting false) the sum of the confirmed.
type lineState struct {
	since     int64
	line      int32
	sum       int32
	direction int8
	waiting   bool
}

func (p *person) find(zone int32, st stage) int {
	for i := range p.stays {
		if p.stays[i].zone == zone && p.stays[i].stage == st {
			return i
		}
	}
	return -1
}

// exitPending is the index of the stay that will end the visit to zone, or -1.
func (p *person) exitPending(zone int32) int {
	for i := range p.stays {
		if p.stays[i].zone == zone && p.stays[i].stage >= leaving {
			return i
		}
	}
	return -1
}

// leavingAt is when the open visit to zone will have been left if its pending
// exit holds, or Never without one.
func (p *person) leavingAt(zone int32) int64 {
	if i := p.exitPending(zone); i >= 0 {
		return p.stays[i].since
	}
	return Never
}

// isIn reports whether the last sample was inside zone.
func (p *person) isIn(zone int32) bool {
	return p.find(zone, entering) >= 0 || (p.find(zone, inside) >= 0 && p.exitPending(zone) < 0)
}

func (p *person) drop(i int) {
	last := len(p.stays) - 1
	p.stays[i] = p.stays[last]
	p.stays = p.stays[:last]
}

// earliestPending is the start of the earliest change that is not final or, with
// onClock, of those whose delay has not passed by now either; Never without one.
func (t *Tracker) earliestPending(p *person, now int64, onClock bool) int64 {
	earliest := Never
	for i := range p.stays {
		s := &p.stays[i]
		if s.stage == inside || s.since >= earliest {
			continue
		}
		if !onClock || s.since+t.delay(s) > now {
			earliest = s.since
		}
	}
	for i := range p.lines {
		l := &p.lines[i]
		if l.waiting && l.since < earliest && (!onClock || l.since+t.lines[l.line].confirmAfter > now) {
			earliest = l.since
		}
	}
	return earliest
}

// delay is how long the change that s waits for must hold.
func (t *Tracker) delay(s *stay) int64 {
	switch s.stage {
	case entering:
		return t.zones[s.zone].enterAfter
	case leaving:
		return t.zones[s.zone].exitAfter
	default:
		return 0
	}
}

// updatePending sets the pending flag from what the person has.
func (p *person) updatePending() {
	p.flags &^= pending
	for i := range p.stays {
		if p.stays[i].stage != inside {
			p.flags |= pending
			return
		}
	}
	for i := range p.lines {
		if p.lines[i].waiting {
			p.flags |= pending
			return
		}
	}
}
