package tracker

import "github.com/footfall/footfall/zones"

type personFlags uint16

const (
	present   personFlags = 1 << iota // the slot is in use
	limbo                             // lost, and may yet be stitched
	pending                           // has a stay that is not inside, or a waiting crossing
	flowDue                           // decideFlows may have something to decide
	dirty                             // is in Tracker.dirty
	scheduled                         // has a due at person.due
	unproven                          // has not earned to count
	fresh                             // is in Tracker.fresh
	started                           // a position of its was counted by
	young                             // is in Tracker.groups.present
)

const slowPath = pending | flowDue

// person is one track (or several, stitched). Its slot is its handle. It takes two
// cache lines: what every sample touches is in the first.
type person struct {
	last   int64 // last sample that counts or, without corrections, the loss while in limbo
	x, y   float64
	id     int64
	course course
	set    zones.SetID
	ring   int32 // 1 + its place in Tracker.rings, 0 for none
	flags  personFlags

	stays    []stay // of Tracker.people.stays
	first    int64  // first sample
	prevLeft int64  // of those previous that are left, the last
	due      int64  // where scheduled
	extra    *extra
	prevZone int32 // its number, or -1
	visited  visitedID
}

// extra is what few people have, nil until one has.
type extra struct {
	who    *estimates
	closed []orderedVisit // left, and not in order yet
	ties   []tie
	lines  []lineState
}

// extras is for writing.
func (p *person) extras() *extra {
	if p.extra == nil {
		p.extra = &extra{}
	}
	return p.extra
}

// cleared is for the next person in the slot.
func (e *extra) cleared() *extra {
	if e != nil {
		e.who = nil
		e.closed, e.ties, e.lines = e.closed[:0], e.ties[:0], e.lines[:0]
	}
	return e
}

// lineState is a waiting crossing, or (waiting false) the sum of the confirmed.
type lineState struct {
	since     int64
	line      int32
	sum       int32
	direction int8
	waiting   bool
	clear     bool // the person was clear of the line since
}

// who is what is known of the person, nil for nothing.
func (p *person) who() *estimates {
	if p.extra == nil {
		return nil
	}
	return p.extra.who
}

// lines are the states of the lines that the person has to do with.
func (p *person) lines() []lineState {
	if p.extra == nil {
		return nil
	}
	return p.extra.lines
}

func (p *person) find(zone int32, st stage) int {
	for i := range p.stays {
		if p.stays[i].is(zone, st) {
			return i
		}
	}
	return -1
}

// exitPending is the index of the stay that will end the visit to zone, or -1.
func (p *person) exitPending(zone int32) int {
	for i := range p.stays {
		if s := p.stays[i]; s.zone() == zone && s.stage() >= leaving {
			return i
		}
	}
	return -1
}

// leavingAt is when the open visit to zone will have been left if its pending
// exit holds, or Never without one.
func (p *person) leavingAt(zone int32) int64 {
	if i := p.exitPending(zone); i >= 0 {
		return p.stays[i].since()
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
		if s.stage() == inside || s.since() >= earliest {
			continue
		}
		if !onClock || s.since()+t.delay(s) > now {
			earliest = s.since()
		}
	}
	for _, l := range p.lines() {
		if l.waiting && l.since < earliest && (!onClock || t.heldAt(l) > now) {
			earliest = l.since
		}
	}
	return earliest
}

// delay is how long the change that s waits for must hold.
func (t *Tracker) delay(s *stay) int64 {
	var extra int64
	if s.has(shallow) {
		extra = patience
	}
	switch s.stage() {
	case entering:
		return t.zones[s.zone()].enterAfter + extra
	case leaving:
		return t.zones[s.zone()].exitAfter + extra
	default:
		return 0
	}
}

// updatePending sets the pending flag from what the person has. Room that it no
// longer needs goes back.
func (t *Tracker) updatePending(slot int32, p *person) {
	if p.waits() {
		t.setPending(slot, p)
		return
	}
	p.flags &^= pending
	p.stays = t.people.stays.fit(p.stays)
}

func (t *Tracker) setPending(slot int32, p *person) {
	p.flags |= pending
	t.people.pending.add(slot)
}

func (p *person) waits() bool {
	for i := range p.stays {
		if p.stays[i].stage() != inside {
			return true
		}
	}
	for i, lines := 0, p.lines(); i < len(lines); i++ {
		if lines[i].waiting {
			return true
		}
	}
	return false
}
