package tracker

import (
	"github.com/footfall/footfall/zones"
)

// Stats count what the tracker has met since it was made.
type Stats struct {
	Tracks     int64 // tracks begun, a stitched one not anew
	Stitched   int64
	Expired    int64
	Reused     int64   // ids that came back as somebody else
	Unmatched  int64   // losses of people who were not there
	TurnedAway int64   // positions of people beyond MaxPeople
	Ghosts     int64   // tracks that never earned to count
	Noise      float64 // cm: standard deviation of the sensor's errors along an axis, as measured; 0 until it is
}

// Tracker is one location's people. See the package documentation.
type Tracker struct {
	settings Settings
	sink     Sink
	locator  *zones.Locator
	layout   Layout
	zones    []zoneRule // by number
	lines    []lineRule // by number

	now      int64
	people   people
	lost     []gap // tracks in limbo, by time of loss
	expected expected
	dues     dueHeap
	mostDues int // since the last Sweep
	maxDues  int
	early    announcements
	dirty    []int32
	live     []int32 // by zone number
	version  uint64
	stats    Stats

	queue     []orderedVisit
	left      []int32
	crossings []zones.Crossing

	refines   bool  // positions are corrected
	judging   bool  // zones are being changed
	rings     rings // of those whose positions wait
	heat      heatMeter
	groups    groups
	probes    int     // rings kept for the noise alone
	fresh     []int32 // births undecided, by time
	doubtfuls doubtfuls
	unproven  int // tracks that do not count yet
	noise     noiseMeter
	courses   courses
	window    int64   // µs: how far around a position the filter looks
	interval  int64   // µs: usual time between a person's samples
	edge      float64 // cm: the margin of the position that is counted by,
	clearance float64 // and of lines
	pairs     assignment
}

// New returns a tracker with nobody in it. Sink must not be nil.
func New(settings Settings, layout Layout, sink Sink) *Tracker {
	t := &Tracker{
		settings: settings, sink: sink, people: newPeople(), now: -maxTime,
		maxDues: minDues, expected: expected{crowd: Crowd}, zones: make([]zoneRule, 1), live: make([]int32, 1),
	}
	t.refines = settings.refines()
	t.heat, t.groups = newHeatMeter(settings.HeatSquare, sink), newGroups()
	t.courses.fit(0, 0)
	t.setLayout(layout)
	return t
}

// Now is the latest time seen.
func (t *Tracker) Now() int64 { return t.now }

// Stats counts since New.
func (t *Tracker) Stats() Stats {
	stats := t.stats
	stats.Noise = t.noise.cm
	return stats
}

// People is how many tracks are present that count, those waiting for a stitch
// included.
func (t *Tracker) People() int { return t.people.count + len(t.lost) - t.unproven }

// Live gives the counts believed now, by zone number, and a version that
// changes whenever one of them does, or the clock has a crossing believed. The
// slice is the tracker's own: read it before the next call.
func (t *Tracker) Live() (counts []int32, version uint64) { return t.live, t.version }

// Position takes a sample: a person's place in centimetres at an instant. An id
// not seen before is a birth.
func (t *Tracker) Position(at, id int64, x, y float64) {
	at = t.Advance(at)
	slot, found := t.find(id)
	if !found {
		t.birth(at, id, x, y)
		return
	}
	p := t.people.at(slot)
	if p.ring != 0 {
		r := t.rings.at(p.ring)
		if !t.isSomebodyElse(at-r.heard.at, x-r.heard.x, y-r.heard.y) {
			t.observe(slot, p, r, at, x, y)
			return
		}
	} else if !t.isSomebodyElse(at-p.last, x-p.x, y-p.y) {
		if !t.refines || !t.glide(slot, p, at, x, y) {
			t.sample(slot, p, at, x, y)
		}
		return
	}
	t.expire(slot)
	t.birth(at, id, x, y)
}

// isSomebodyElse reports whether an id that comes back after a silence, so far away,
// is another person's.
func (t *Tracker) isSomebodyElse(silence int64, dx, dy float64) bool {
	if silence >= t.settings.ExpireAfter {
		return true
	}
	if !t.settings.Corrections {
		return false
	}
	reach := t.settings.StitchRadius + ReuseSpeed*float64(silence)/1e6
	if dx*dx+dy*dy <= reach*reach {
		return false
	}
	t.stats.Reused++
	return true
}

// sample moves a person who is known. Its first lines are the hot path.
func (t *Tracker) sample(slot int32, p *person, at int64, x, y float64) {
	if t.layout.Plan.HasLines() {
		t.stepOverLines(slot, p, at, x, y)
	}
	set := t.locator.Locate(x, y)
	if t.heat.size > 0 {
		t.warm(p, at, x, y)
	}
	if p.flags&young != 0 {
		t.groups.grow(slot, p, at)
	}
	p.last, p.x, p.y = at, x, y
	if set == p.set && p.flags&slowPath == 0 {
		return
	}
	t.settle(slot, p, at)
	if set != p.set {
		t.moveTo(slot, p, at, set, 0)
		t.deepen(slot, p)
		t.settle(slot, p, at)
	} else {
		t.deepen(slot, p)
	}
	if p.flags&flowDue != 0 {
		t.decideFlows(p, at)
		t.markDirty(slot, p)
	}
}

// birth begins a track, or continues one that was lost nearby.
func (t *Tracker) birth(at, id int64, x, y float64) {
	if most := t.settings.MaxPeople; most > 0 && t.people.count+len(t.lost) >= most {
		t.stats.TurnedAway++
		return
	}
	if t.refines {
		t.begin(at, id, x, y)
		return
	}
	if slot, ok := t.stitch(x, y); ok {
		p := t.people.at(slot)
		p.id = id
		t.people.bind(slot)
		t.markDirty(slot, p)
		t.meet(slot, p, at, id)
		t.sample(slot, p, at, x, y)
		t.tellStitch(p, at)
		return
	}
	slot := t.people.alloc()
	p := t.people.at(slot)
	p.id, p.first, p.last, p.x, p.y = id, at, at, x, y
	p.flags, p.prevZone = p.flags|present, -1
	t.people.bind(slot)
	t.markDirty(slot, p)
	t.meet(slot, p, at, id)
	t.stats.Tracks++
	t.changeLive(LocationZone, 1)
	t.groups.appear(slot, p)
	t.sink.Entry(Entry{Zone: LocationZone, Person: slot, Reason: Appeared, First: true, At: at})
	if set := t.locator.Locate(x, y); set != 0 {
		t.moveTo(slot, p, at, set, appeared)
		t.settle(slot, p, at)
	}
}

// moveTo takes the person's zones to those of set as of at, without confirming
// anything.
func (t *Tracker) moveTo(slot int32, p *person, at int64, set zones.SetID, flags stayFlags) {
	before, after := t.locator.Members(p.set), t.locator.Members(set)
	for len(before) > 0 || len(after) > 0 {
		switch {
		case len(after) == 0 || len(before) > 0 && before[0] < after[0]:
			t.stepOut(slot, p, at, t.layout.Zones[before[0]])
			before = before[1:]
		case len(before) == 0 || after[0] < before[0]:
			t.stepIn(slot, p, at, t.layout.Zones[after[0]], flags)
			after = after[1:]
		default:
			before, after = before[1:], after[1:]
		}
	}
	p.set = set
	t.updatePending(slot, p)
	t.markDirty(slot, p)
}

// stepIn: a pending exit never happened, or an entry begins to wait.
func (t *Tracker) stepIn(slot int32, p *person, at int64, zone int32, flags stayFlags) {
	if i := p.find(zone, leaving); i >= 0 && !t.confirmHeld(slot, p, i) {
		t.undo(p, i)
		return
	}
	t.wait(slot, p, newStay(at, zone, entering, flags))
}

// stepOut: a pending entry never happened, or an exit begins to wait.
func (t *Tracker) stepOut(slot int32, p *person, at int64, zone int32) {
	if i := p.find(zone, entering); i >= 0 && !t.confirmHeld(slot, p, i) {
		t.undo(p, i)
		return
	}
	t.wait(slot, p, newStay(at, zone, leaving, 0))
}

// undo takes the pending stay i as if it had not begun.
func (t *Tracker) undo(p *person, i int) {
	t.doubt(&p.stays[i])
	p.drop(i)
	p.flags |= flowDue
}

func (t *Tracker) wait(slot int32, p *person, s stay) {
	if t.edge > 0 {
		s.set(shallow)
	}
	p.stays = append(t.people.stays.grown(p.stays), s)
	t.setPending(slot, p)
	if delay := t.delay(&s); delay > 0 {
		t.schedule(slot, p, s.since()+delay+t.hold(p))
	}
}

func (t *Tracker) changeLive(zone, by int32) {
	t.live[zone] += by
	t.version++
}

func (t *Tracker) markDirty(slot int32, p *person) {
	if p.flags&dirty == 0 {
		p.flags |= dirty
		t.dirty = append(t.dirty, slot)
	}
}
