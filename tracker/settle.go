package tracker

// settle makes final what has held for its delay by now, a time at which the
// person was heard of.
func (t *Tracker) settle(slot int32, p *person, now int64) {
	if p.flags&pending == 0 {
		return
	}
	changed := t.settleExits(slot, p, now)
	for i := range p.stays {
		if s := &p.stays[i]; s.stage() == entering && now-s.since() >= t.delay(s) {
			t.confirmEntry(slot, p, s)
			changed = true
		}
	}
	changed = t.confirmCrossings(p, now) || changed
	if changed {
		t.updatePending(slot, p)
		t.markDirty(slot, p)
	}
}

func (t *Tracker) settleExits(slot int32, p *person, now int64) bool {
	changed := false
	for i := 0; i < len(p.stays); {
		s := p.stays[i]
		if s.stage() < leaving || now-s.since() < t.delay(&s) {
			i++
			continue
		}
		reason := Crossed
		if s.stage() == removed {
			reason = ZoneRemoved
		}
		t.confirmExit(slot, p, i, reason)
		changed = true
		i = 0 // two stays were dropped: look again from the start
	}
	return changed
}

func (t *Tracker) confirmEntry(slot int32, p *person, s *stay) {
	reason := Crossed
	if s.has(appeared) {
		reason = Appeared
	}
	t.believe(s)
	s.to(inside, undecided)
	p.flags |= flowDue
	t.sink.Entry(Entry{Zone: s.zone(), Person: slot, Reason: reason, First: !t.people.visits.has(p.visited, s.zone()), At: s.since()})
}

// confirmExit ends the visit whose pending exit is stay i, dated back to its
// start.
func (t *Tracker) confirmExit(slot int32, p *person, i int, reason Reason) {
	t.believe(&p.stays[i])
	exit := p.stays[i]
	p.drop(i)
	t.people.visits.add(&p.visited, exit.zone())
	t.endVisit(slot, p, p.find(exit.zone(), inside), exit.since(), reason)
}

// endVisit drops the open visit at index i; live counts are the caller's.
func (t *Tracker) endVisit(slot int32, p *person, i int, left int64, reason Reason) {
	s := p.stays[i]
	p.drop(i)
	t.closeVisit(p, s, left)
	t.sink.Exit(Exit{Zone: s.zone(), Person: slot, Reason: reason, Entered: s.since(), Left: left, Who: p.who().classify(left)})
}
