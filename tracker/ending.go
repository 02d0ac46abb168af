package tracker

// Lost takes the sensor's word that a person is gone. With stitching on the
// track stays for a while in case it appears again nearby.
func (t *Tracker) Lost(at, id int64) {
	at = t.Advance(at)
	slot, found := t.called(at, id)
	if !found {
		t.stats.Unmatched++
		return
	}
	if t.refines {
		t.lose(slot, at)
		return
	}
	p := t.people.at(slot)
	t.settle(slot, p, at)
	if p.flags&flowDue != 0 {
		t.decideFlows(p, at)
	}
	t.people.unbind(id)
	if !t.settings.stitches() {
		t.end(slot, at, Lost)
		return
	}
	t.warmUntil(p, at)
	p.flags |= limbo
	p.last = at
	t.lost = append(t.lost, gap{x: p.x, y: p.y, at: at, id: id, slot: slot})
	t.markDirty(slot, p)
}

// called is the track that goes by an id now. One silent for too long has
// expired, swept or not.
func (t *Tracker) called(at, id int64) (slot int32, found bool) {
	slot, found = t.find(id)
	if found && at-t.heard(t.people.at(slot)) >= t.settings.ExpireAfter {
		t.expire(slot)
		return 0, false
	}
	return slot, found
}

// End expires everybody, as at the end of a recording: people leave when last
// heard of, or when they were lost.
func (t *Tracker) End() {
	t.decideBirths(Never)
	for _, g := range t.lost {
		t.leave(g.slot, g.at)
	}
	t.lost = t.lost[:0]
	for slot := range t.people.used {
		if t.people.at(slot).flags&present != 0 {
			t.expire(slot)
		}
	}
	t.groups.decide(Never, t.sink)
	t.early.clear()
}

func (t *Tracker) expire(slot int32) {
	p := t.people.at(slot)
	if p.ring != 0 {
		t.forgetBirth(slot, p)
		t.drain(slot, p, t.rings.at(p.ring))
	}
	t.people.unbind(p.id)
	if p.flags&unproven != 0 {
		t.reject(slot)
		return
	}
	t.stats.Expired++
	t.end(slot, p.last, Expired)
}

// end judges a track as over at an instant and forgets the person. What was
// not held by then never happened, save that an exit pending is where a visit
// ended and a crossing not cut back stands.
func (t *Tracker) end(slot int32, at int64, reason Reason) {
	p := t.people.at(slot)
	t.warmUntil(p, at)
	if p.flags&young != 0 {
		t.groups.end(slot, p, at)
	}
	p.dropEntering(t)
	for len(p.stays) > 0 {
		t.endStay(slot, p, p.stays[0].zone(), at, reason)
	}
	t.endLines(p, at)
	t.decideFlows(p, Never)
	t.changeLive(LocationZone, -1)
	t.sink.Exit(Exit{Zone: LocationZone, Person: slot, Reason: reason, Entered: p.first, Left: at, Who: p.who().classify(at)})
	t.forget(slot, p)
}

// endStay ends the open visit to zone at the end of its track.
func (t *Tracker) endStay(slot int32, p *person, zone int32, at int64, reason Reason) {
	left, counted := at, true
	if j := p.exitPending(zone); j >= 0 {
		exit := p.stays[j]
		counted = !exit.has(believed)
		left = min(left, exit.since())
		if exit.stage() == removed && exit.since() <= at {
			reason = ZoneRemoved
		}
		p.drop(j)
	}
	if counted {
		t.changeLive(zone, -1)
	}
	t.endVisit(slot, p, p.find(zone, inside), left, reason)
}

func (p *person) dropEntering(t *Tracker) {
	for i := 0; i < len(p.stays); {
		s := &p.stays[i]
		if s.stage() != entering {
			i++
			continue
		}
		t.doubt(s)
		p.drop(i)
	}
}

func (t *Tracker) forget(slot int32, p *person) {
	t.markDirty(slot, p) // so that the stored record goes
	t.takeRing(p)
	t.people.release(slot)
}
