package tracker

import "slices"

const (
	// decideAfter is how long a birth is watched before it is decided whose it is, µs:
	// by then its speed is known.
	decideAfter = 800_000
	// unrelated is the cost (motion.unlikeness) beyond which a loss and a birth are
	// rather of two people: where within StitchWithin one unrelated birth is to be
	// expected on 27 m² of floor, with any speed up to 1.5 m/s.
	unrelated = 40
	// gate is the 99.9 % point of chi-squared with the 4 degrees of freedom of
	// place and speed.
	gate = 18.47
	// maxRivals bounds the births, and the losses, that are weighed at a time.
	maxRivals = 16
)

// decideBirths finds whom the births old enough by now continue.
func (t *Tracker) decideBirths(now int64) {
	for len(t.fresh) > 0 && t.ringOf(t.fresh[0]).born.at+decideAfter <= now {
		t.decideBirth(t.fresh[0])
	}
}

func (t *Tracker) ringOf(slot int32) *ring { return t.rings.at(t.people.at(slot).ring) }

// decideBirth finds whom a birth continues in the best assignment of all births
// and losses that compete, and returns the slot of the track that goes on.
func (t *Tracker) decideBirth(slot int32) int32 {
	i := t.rejoins(slot)
	p := t.people.at(slot)
	t.forgetBirth(slot, p)
	if i >= 0 {
		return t.rejoin(i, slot)
	}
	r := t.rings.at(p.ring)
	t.prove(slot, p, r)
	t.letGo(p, r, r.heard.at)
	return slot
}

// mayContinue reports whether a birth appeared where somebody who was lost may be.
func (t *Tracker) mayContinue(birth *ring) bool {
	for i := range t.lost {
		if _, near := t.reach(&t.lost[i], birth); near {
			return true
		}
	}
	return false
}

// reach is where a lost person would be at a birth, and whether the birth is near
// enough.
func (t *Tracker) reach(g *gap, birth *ring) (there motion, near bool) {
	since := birth.born.at - g.at
	if since < 0 || since > t.settings.StitchWithin {
		return there, false
	}
	there = g.end
	there.predict(float64(birth.born.at-g.moved) / 1e6)
	dx, dy := there.x-birth.born.x, there.y-birth.born.y
	return there, dx*dx+dy*dy <= t.settings.StitchRadius*t.settings.StitchRadius
}

// rejoins is the index of the gap that a birth closes, or -1.
func (t *Tracker) rejoins(slot int32) int {
	gaps := t.gapsFor(slot, nil)
	if len(gaps) == 0 {
		return -1
	}
	births := []int32{slot}
	for _, other := range t.fresh {
		if other == slot || len(births) >= maxRivals {
			continue
		}
		if more := t.gapsFor(other, gaps); len(more) > 0 {
			births = append(births, other)
			gaps = union(gaps, t.gapsFor(other, nil))
		}
	}
	a := &t.pairs
	a.reset(len(births), len(gaps)+len(births), unrelated)
	for row, birth := range births {
		for column, g := range gaps {
			a.set(row, column, min(t.unlikeness(g, birth), 2*unrelated))
		}
	}
	a.solve()
	if column := a.columnOf(0); column < len(gaps) {
		return gaps[column]
	}
	return -1
}

// gapsFor are those of the gaps, or of all for nil, that a birth may close.
func (t *Tracker) gapsFor(slot int32, among []int) []int {
	var found []int
	for i := range t.lost {
		if len(found) < maxRivals && (among == nil || slices.Contains(among, i)) && t.unlikeness(i, slot) < unrelated {
			found = append(found, i)
		}
	}
	return found
}

func union(a, b []int) []int {
	for _, v := range b {
		if len(a) < maxRivals && !slices.Contains(a, v) {
			a = append(a, v)
		}
	}
	return a
}

// unlikeness is the cost of taking gap i to be closed by a birth: 2*unrelated where
// it can't be.
func (t *Tracker) unlikeness(i int, birth int32) float64 {
	const impossible = 2 * unrelated
	g, r := &t.lost[i], t.ringOf(birth)
	there, near := t.reach(g, r)
	if g.slot == birth || !near {
		return impossible
	}
	cost, distance := there.unlikeness(motionBefore(r.samples, t.noise.cm))
	if distance > gate {
		return impossible
	}
	return cost
}

// rejoin lets the track of gap i go on as the birth, and returns its slot.
func (t *Tracker) rejoin(i int, birth int32) int32 {
	g := t.lost[i]
	t.lost = slices.Delete(t.lost, i, i+1)
	p, b := t.people.at(g.slot), t.people.at(birth)
	if p.flags&unproven == 0 {
		t.warmUntil(p, max(g.heard, t.heat.swept))
	}
	p.flags &^= limbo
	p.id, p.last, p.course = b.id, g.heard, b.course
	t.stats.Stitched++
	born := t.joinRings(g.slot, p, b)
	if who := b.who(); who != nil {
		p.extras().who = who.after(p.who())
		b.extra.who = nil
	}
	bound := b.flags&limbo == 0
	if bound {
		t.people.unbind(b.id)
	}
	t.unproven--
	t.forget(birth, b)
	if bound {
		t.people.bind(g.slot)
	}
	t.markDirty(g.slot, p)
	r := t.rings.at(p.ring)
	if p.flags&unproven != 0 {
		t.prove(g.slot, p, r)
	} else {
		t.tellStitchAt(p, born)
		t.feed(g.slot, p, r, r.heard.at)
	}
	t.letGo(p, r, r.heard.at)
	return g.slot
}

// joinRings lets what a birth has follow what is there of a person, and tells where it
// began.
func (t *Tracker) joinRings(slot int32, p, b *person) spot {
	s := t.rings.at(b.ring)
	born := s.born
	if p.ring == 0 {
		p.ring, b.ring, s.slot = b.ring, 0, slot
		return born
	}
	r := t.rings.at(p.ring)
	r.samples = append(r.samples, s.samples...)
	r.kept, r.heard, r.checked, r.looked, r.still = s.kept, s.heard, s.checked, s.looked, false
	t.takeRing(b)
	return born
}

// tellStitchAt is tellStitch where the first sample after the gap does not count yet.
func (t *Tracker) tellStitchAt(p *person, first spot) {
	t.sink.Stitch(Stitch{Zone: LocationZone, At: first.at})
	members := t.locator.Members(t.locator.Locate(first.x, first.y))
	for i := range p.stays {
		if s := &p.stays[i]; s.stage() == inside && s.since() < first.at && t.contains(members, s.zone()) {
			t.sink.Stitch(Stitch{Zone: s.zone(), At: first.at})
		}
	}
}

// lose takes the loss of a track whose id is bound.
func (t *Tracker) lose(slot int32, at int64) {
	if t.people.at(slot).flags&fresh != 0 {
		slot = t.decideBirth(slot)
	}
	p := t.people.at(slot)
	heard := t.heard(p)
	if p.ring != 0 {
		t.drain(slot, p, t.rings.at(p.ring))
	}
	t.people.unbind(p.id)
	if !t.settings.stitches() {
		t.leave(slot, at)
		return
	}
	g := gap{x: p.x, y: p.y, at: at, id: p.id, slot: slot, heard: p.last}
	g.end, g.moved = t.courses.motion(&p.course), heard-p.course.age(heard)
	if p.flags&unproven == 0 {
		t.warmUntil(p, at)
	}
	p.flags |= limbo
	p.last = at
	t.lost = append(t.lost, g)
	t.markDirty(slot, p)
}

// heard is when a person was last heard of.
func (t *Tracker) heard(p *person) int64 {
	if p.ring != 0 && p.flags&limbo == 0 {
		return t.rings.at(p.ring).heard.at
	}
	return p.last
}

// leave ends a track that nobody continued, at its loss.
func (t *Tracker) leave(slot int32, at int64) {
	p := t.people.at(slot)
	if p.flags&unproven != 0 {
		t.reject(slot)
		return
	}
	if t.refines {
		t.settle(slot, p, at)
	}
	t.end(slot, at, Lost)
}
