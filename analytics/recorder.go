package analytics

import (
	"slices"

	"github.com/footfall/footfall/tracker"
)

// Recorder is one location's open end: a tracker.Sink that adds what it hears to
// the minutes in which it happened. One goroutine owns it.
type Recorder struct {
	location   int64
	zones      []timeline // by number
	pages      []*page    // ascending by time; those not known to be stored
	coverage   coverage
	followed   int64  // occupancy and coverage are in the pages up to here
	batch      int64  // of the last flush
	gates      *gates // nil: the location is counted by its people
	ungated    bool   // the stored gates are to be deleted
	late       []lateRollup
	misplaced  int64
	capacities []int64 // by zone number; 0 is none
	journeys   *journeys
	since      int64 // journeys, groups and heat are counted from here on; 0 is from the beginning

	bounceUnder, engagedOver int64
}

// lateRollup is what came to be known of a minute that was closed already.
type lateRollup struct {
	key   rollupKey
	value []byte // as stored: to be added to what the minute has
	batch int64  // the one that wrote it, 0 before
}

// NewRecorder returns a recorder of a location with no history, nobody in it
// and no data, from an instant on.
func NewRecorder(location, from int64) *Recorder {
	return &Recorder{location: location, followed: from, journeys: newJourneys()}
}

// Misplaced counts events dated before what was followed already. It is always 0
// unless the tracker broke its word.
func (r *Recorder) Misplaced() int64 { return r.misplaced }

// Followed is the instant up to which occupancy is final.
func (r *Recorder) Followed() int64 { return r.followed }

// Connected begins a time under data. What is followed already stays as it is.
func (r *Recorder) Connected(at int64) { r.coverage.begin(max(at, r.followed)) }

// Disconnected ends it.
func (r *Recorder) Disconnected(at int64) { r.coverage.end(max(at, r.followed)) }

// Receiving reports whether data is coming.
func (r *Recorder) Receiving() bool { return r.coverage.on() }

// Entry implements tracker.Sink.
func (r *Recorder) Entry(e tracker.Entry) {
	r.journeys.entered(e)
	if r.leavesToGates(e.Zone) {
		return
	}
	at := r.place(e.At)
	r.page(at).changeZone(e.Zone).addEntry(e)
	r.timeline(e.Zone).insert(change{at, 1})
}

// Exit implements tracker.Sink.
func (r *Recorder) Exit(e tracker.Exit) {
	r.journeys.left(e, r)
	if r.leavesToGates(e.Zone) {
		return
	}
	at := r.place(e.Left)
	z := r.page(at).changeZone(e.Zone)
	z.addExit(e)
	z.judge(e.Left-e.Entered, r.bounceUnder, r.engagedOver)
	r.timeline(e.Zone).insert(change{at, -1})
}

// Crossing implements tracker.Sink.
func (r *Recorder) Crossing(c tracker.Crossing) {
	figure := LineIn
	if c.Direction < 0 {
		figure = LineOut
	}
	r.page(r.place(c.At)).changeLine(c.Line).Sum[figure]++
	if r.gates != nil {
		r.gates.cross(c)
	}
}

// Net implements tracker.Sink.
func (r *Recorder) Net(n tracker.Net) {
	figure := LineNetIn
	if n.Direction < 0 {
		figure = LineNetOut
	}
	r.page(r.place(n.At)).changeLine(n.Line).Sum[figure]++
}

// Flow implements tracker.Sink.
func (r *Recorder) Flow(f tracker.Flow) {
	r.addCount(kindFlow, f.At, subject{f.From, f.To}, 1)
}

// addCount adds to a minute, which may be closed, of a kind that is a number.
func (r *Recorder) addCount(kind rollupKind, at int64, of subject, n int64) {
	if r.isClosed(at) {
		r.addLate(kind, at, of, appendNumber(nil, n))
		return
	}
	r.page(at).addCount(countKey{kind, of}, n)
}

// isClosed reports whether the minute of an instant is.
func (r *Recorder) isClosed(at int64) bool { return minuteOf(at)+Minute <= r.followed }

// addLate takes a rollup of a minute that is closed: value as it would be stored if it
// were all.
func (r *Recorder) addLate(kind rollupKind, at int64, of subject, value []byte) {
	r.late = append(r.late, lateRollup{key: rollupKey{r.location, kind, minuteOf(at), of.a, of.b}, value: value})
}

func minuteOf(at int64) int64 { return at - mod(at, Minute) }

// mod is the remainder that is never negative.
func mod(a, b int64) int64 { return ((a % b) + b) % b }

func (r *Recorder) place(at int64) int64 {
	if at < r.followed {
		r.misplaced++
		return r.followed
	}
	return at
}

// timeline is a zone's; one not met before has been empty.
func (r *Recorder) timeline(number int32) *timeline {
	for int(number) >= len(r.zones) {
		r.zones = append(r.zones, timeline{upto: minuteOf(r.followed)})
	}
	return &r.zones[number]
}

// page is the minute of an instant.
func (r *Recorder) page(at int64) *page {
	start := minuteOf(at)
	i := len(r.pages)
	for i > 0 && r.pages[i-1].start > start {
		i--
	}
	if i > 0 && r.pages[i-1].start == start {
		return r.pages[i-1]
	}
	p := &page{start: start}
	r.pages = slices.Insert(r.pages, i, p)
	return p
}

// Follow takes the occupancy of every zone, and the coverage, up to final, before
// which nothing will be told any more (tracker.Bounds.Final).
func (r *Recorder) Follow(final int64) {
	r.passGates(final)
	r.journeys.act(final, r)
	for final >= minuteOf(r.followed)+Minute {
		end := minuteOf(r.followed) + Minute
		if r.followed == minuteOf(r.followed) && !r.anybody() {
			end = max(end, min(minuteOf(final), r.nextChange()))
		}
		r.closeUpTo(end)
	}
	if final > r.followed {
		for i := range r.zones {
			r.followChanges(int32(i), final)
		}
		r.cover(final)
		r.followed = final
	}
	r.coverage.forget(minuteOf(r.followed)) // zones may be behind, but within the minute
}

// anybody reports whether a zone is occupied.
func (r *Recorder) anybody() bool {
	for i := range r.zones {
		if r.zones[i].occupancy != 0 {
			return true
		}
	}
	return false
}

// nextChange is the minute of the next change of any zone, or tracker.Never.
func (r *Recorder) nextChange() int64 {
	next := tracker.Never
	for i := range r.zones {
		if c := r.zones[i].changes; len(c) > 0 {
			next = min(next, minuteOf(c[0].at))
		}
	}
	return next
}

// closeUpTo follows everything to the end of a minute and closes the pages up to
// it. Zones that are empty and had nothing happen in a minute get no rollup.
func (r *Recorder) closeUpTo(end int64) {
	last := end - Minute
	for i := range r.zones {
		r.followChanges(int32(i), end)
		z := &r.zones[i]
		if z.occupancy != 0 || r.hasRollup(last, i) {
			r.extend(int32(i), end)
		}
		z.upto = end
	}
	r.cover(end)
	r.followed = end
}

func (r *Recorder) hasRollup(start int64, number int) bool {
	for i := len(r.pages) - 1; i >= 0 && r.pages[i].start >= start; i-- {
		if r.pages[i].start == start {
			return r.pages[i].hasZone(number)
		}
	}
	return false
}

// followChanges applies a zone's changes before an instant. Changes of one
// instant act together: a state that lasts no time is never seen.
func (r *Recorder) followChanges(number int32, before int64) {
	z := &r.zones[number]
	n := 0
	for n < len(z.changes) && z.changes[n].at < before {
		c := z.changes[n]
		r.extend(number, c.at)
		z.occupancy += c.by
		r.page(c.at).changeZone(number).End = z.occupancy
		n++
	}
	z.changes = z.changes[:copy(z.changes, z.changes[n:])]
}

// extend follows a zone at its present occupancy up to an instant. An empty zone
// gets no rollup for a minute in which nothing happens.
func (r *Recorder) extend(number int32, to int64) {
	z := &r.zones[number]
	if z.occupancy == 0 && !r.hasRollup(minuteOf(z.upto), int(number)) {
		z.upto = max(z.upto, minuteOf(to))
	}
	for z.upto < to {
		until := min(to, minuteOf(z.upto)+Minute)
		rollup := r.page(z.upto).changeZone(number)
		covered := r.coverage.within(z.upto, until)
		rollup.addOccupancy(z.occupancy, until-z.upto, covered)
		rollup.addUse(z.occupancy, r.capacity(number), covered)
		rollup.End = z.occupancy
		z.upto = until
	}
}

// cover adds the coverage since followed, up to an instant, to the pages.
func (r *Recorder) cover(to int64) {
	for _, s := range r.coverage {
		for from := max(s.from, r.followed); from < min(s.to, to); {
			until := min(s.to, to, minuteOf(from)+Minute)
			p := r.page(from)
			p.covered += until - from
			p.dirty = true
			from = until
		}
	}
}
