package analytics

import (
	"encoding/binary"
	"errors"

	"github.com/footfall/footfall/tracker"
)

// ErrNotGated means that a location is counted by its people, not by gates.
var ErrNotGated = errors.New("the location is not counted by gates")

// MaxOccupancy is the most people that a reset may set.
const MaxOccupancy = 10_000_000

// CountByGates makes the entries and exits of the location as a whole its lines'
// confirmed crossings, its count being reset to 0 where the calendar's days begin.
// A location that was counted by its people goes on from their number.
func (r *Recorder) CountByGates(calendar Calendar) {
	if r.gates == nil {
		z := r.timeline(tracker.LocationZone)
		count, since := z.occupancy, r.followed
		for _, c := range z.changes {
			count, since = count+c.by, max(since, c.at)
		}
		r.gates, r.ungated = newGates(calendar, count, since), false
	}
	r.gates.by(calendar)
}

// CountByPeople makes them the people's again, so many of whom are present. The
// difference to the gates' count is a reset.
func (r *Recorder) CountByPeople(present int64) {
	if r.gates == nil {
		return
	}
	r.gates.set(r.followed, present, r.gateChanged)
	r.gates, r.ungated = nil, true
}

// Gated reports whether the location is counted by gates.
func (r *Recorder) Gated() bool { return r.gates != nil }

// AtRest reports whether time may pass and nothing will change by it: of a location
// counted by gates, that its count is 0 and nothing waits to become final.
func (r *Recorder) AtRest() bool {
	return r.gates == nil || r.gates.count == 0 && len(r.gates.waiting) == 0
}

// ResetOccupancy sets the count of a location that is counted by gates to 0 or
// more, at an instant no earlier than Followed. It takes part in the order of time:
// what crossed before it, and is confirmed after it, has no effect on the count.
func (r *Recorder) ResetOccupancy(at, occupancy int64) error {
	if r.gates == nil {
		return ErrNotGated
	}
	r.gates.await(gateEvent{at: at, kind: gateSet, occupancy: min(max(0, occupancy), MaxOccupancy)})
	return nil
}

// Believed is the count by gates as of the tracker's clock, with the crossings
// whose delay has passed.
func (r *Recorder) Believed(t *tracker.Tracker) int64 {
	now := r.gates.clone()
	t.Tentative(gateSink{now})
	now.act(t.Now()+1, func(gateChange) {})
	return now.count
}

// GatesVersion changes whenever what gates count may be different, but for what
// Tracker.Live's version tells; 0 where there are none.
func (r *Recorder) GatesVersion(now int64) uint64 {
	if r.gates == nil {
		return 0
	}
	return r.gates.versionAt(now)
}

func (r *Recorder) leavesToGates(zone int32) bool {
	return zone == tracker.LocationZone && r.gates != nil
}

// passGates counts what is final before an instant.
func (r *Recorder) passGates(before int64) {
	if r.gates != nil {
		r.gates.act(before, r.gateChanged)
	}
}

func (r *Recorder) gateChanged(c gateChange) {
	at := r.place(c.at)
	r.page(at).changeZone(tracker.LocationZone).Sum[c.figure] += c.count
	z := r.timeline(tracker.LocationZone)
	switch c.figure {
	case EntriesCrossed, EntriesReset:
		z.insert(change{at, c.count})
	case ExitsCrossed, ExitsReset:
		z.insert(change{at, -c.count})
	}
}

// putGates puts what loadGates reads.
func (r *Recorder) putGates(b *Batch) {
	key := locationKey(r.location, partGates)
	if r.gates != nil {
		b.Put(Locations, key, r.gates.append([]byte{codecVersion}))
	} else if r.ungated {
		b.Delete(Locations, key)
		r.ungated = false
	}
}

// loadGates reads back the gates, with the calendar of the stored profile.
func (r *Recorder) loadGates(v View) error {
	value, err := v.Get(Locations, locationKey(r.location, partGates))
	if value == nil || err != nil {
		return err
	}
	profile, err := LoadProfile(v, r.location)
	if err != nil {
		return err
	}
	if profile == nil {
		return ErrState
	}
	calendar, err := profile.Calendar()
	if err != nil {
		return err
	}
	if r.gates, err = readGates(value); err != nil {
		return err
	}
	r.gates.by(calendar)
	return nil
}

func (g *gates) append(b []byte) []byte {
	for _, n := range []int64{g.count, g.since, g.days} {
		b = binary.AppendVarint(b, n)
	}
	b = binary.AppendUvarint(b, uint64(len(g.waiting)))
	for _, e := range g.waiting {
		b = binary.AppendVarint(append(b, byte(e.kind)), e.at)
		b = binary.AppendVarint(b, e.occupancy)
	}
	return b
}

func readGates(value []byte) (*gates, error) {
	r := reader{b: value}
	r.version()
	g := &gates{count: r.varint(), since: r.varint(), days: r.varint()}
	r.require(g.count >= 0)
	for range r.count(3) {
		e := gateEvent{kind: gateKind(r.byte()), at: r.varint(), occupancy: r.varint()}
		n := len(g.waiting)
		r.require(e.kind <= gateOut && e.occupancy >= 0 && (n == 0 || !e.before(g.waiting[n-1])))
		g.waiting = append(g.waiting, e)
	}
	return g, r.err(ErrState)
}
