package tracker

import "math"

// A new track is nobody until it has lasted or moved, as in the initiation of
// tracks by evidence (Blackman and Popoli, Design and Analysis of Modern Tracking
// Systems, 6.2): a sensor's phantoms are short and still. It then counts from its
// first sample on. movedNoises is by how many standard deviations of noise a still
// track's samples do not part.
const movedNoises = 4

// prove lets a track count if it has earned it.
func (t *Tracker) prove(slot int32, p *person, r *ring) {
	if p.flags&fresh != 0 || !t.isSomebody(r) {
		return
	}
	p.flags &^= unproven
	t.unproven--
	t.stats.Tracks++
	t.changeLive(LocationZone, 1)
	t.markDirty(slot, p)
	t.sink.Entry(Entry{Zone: LocationZone, Reason: Appeared, At: p.first})
	t.feed(slot, p, r, r.heard.at)
}

func (t *Tracker) isSomebody(r *ring) bool {
	if r.heard.at-r.born.at >= t.settings.ProveAfter {
		return true
	}
	moved := math.Hypot(r.heard.x-r.born.x, r.heard.y-r.born.y)
	return moved >= max(t.settings.ProveMoved, movedNoises*t.noise.cm)
}

// reject forgets a track that never earned to count. Its id must be unbound.
func (t *Tracker) reject(slot int32) {
	p := t.people.at(slot)
	t.forgetBirth(slot, p)
	t.stats.Ghosts++
	born := t.rings.at(p.ring).born
	t.sink.Ghost(Ghost{Zone: LocationZone, At: born.at})
	for _, member := range t.locator.Members(t.locator.Locate(born.x, born.y)) {
		t.sink.Ghost(Ghost{Zone: t.layout.Zones[member], At: born.at})
	}
	t.unproven--
	t.forget(slot, p)
}
