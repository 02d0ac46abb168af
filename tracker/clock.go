package tracker

// Advance moves the tracker's clock: losses that nobody continued become final,
// and changes whose delay has passed are believed. It returns the time taken,
// which is at or the latest time seen. It does not look for people who have
// fallen silent: Sweep does.
func (t *Tracker) Advance(at int64) int64 {
	if at <= t.now {
		return t.now
	}
	at = min(at, maxTime)
	t.now = at
	if len(t.dues) > 0 && t.dues[0].at <= at {
		t.believeDue(at)
	}
	if len(t.fresh) > 0 {
		t.decideBirths(at)
	}
	if next := t.doubtfuls.next(); next != Never && next+t.settings.ProveAfter <= at {
		t.proveByTime(at)
	}
	if len(t.lost) > 0 && at-t.lost[0].at > t.settings.StitchWithin {
		t.endLimbo(at)
	}
	return at
}

// NextDue is when Advance has something to do if no message comes, or Never.
func (t *Tracker) NextDue() int64 {
	next := Never
	if len(t.dues) > 0 {
		next = t.dues[0].at
	}
	if len(t.lost) > 0 {
		next = min(next, t.nextLoss())
	}
	if len(t.fresh) > 0 {
		next = min(next, t.ringOf(t.fresh[0]).born.at+decideAfter)
	}
	if born := t.doubtfuls.next(); born != Never {
		next = min(next, born+t.settings.ProveAfter)
	}
	return next
}

// nextLoss is when the first of those who are lost, and whom no birth may be, is
// gone.
func (t *Tracker) nextLoss() int64 {
	for i := range t.lost {
		if at := t.lost[i].at + t.settings.StitchWithin + 1; at > t.now {
			return at
		}
	}
	return Never
}

// endLimbo lets go of those lost for longer than StitchWithin, but for whom a birth
// that is still looked at may be.
func (t *Tracker) endLimbo(now int64) {
	n := 0
	for i := range t.lost {
		g := t.lost[i]
		if now-g.at <= t.settings.StitchWithin || t.isAwaited(&g) {
			t.lost[n] = g
			n++
			continue
		}
		t.leave(g.slot, g.at)
	}
	t.lost = t.lost[:n]
}

// isAwaited reports whether a birth that is not decided may be that of a lost person.
func (t *Tracker) isAwaited(g *gap) bool {
	for _, slot := range t.fresh {
		if _, near := t.reach(g, t.ringOf(slot)); near {
			return true
		}
	}
	return false
}

// Bounds are two instants up to which nothing more will happen.
type Bounds struct {
	Final   int64 // no event will be told that is dated before it
	Settled int64 // nothing believed will change before it, but for expiries and reloads
}

// Sweep expires those who have been silent for ExpireAfter and returns the
// bounds as of now. It visits everybody: call it about once a second.
func (t *Tracker) Sweep(now int64) Bounds {
	now = t.Advance(now)
	heldBack := t.feedHeldBack(now)
	b := Bounds{Final: min(heldBack, t.expireSilent(now)), Settled: heldBack}
	for i := range t.lost {
		since := t.lost[i].at
		if t.refines {
			since = t.lost[i].heard
		}
		b.Final, b.Settled = min(b.Final, since), min(b.Settled, since)
	}
	t.Warm()
	t.early.expire(now - t.settings.ExpireAfter)
	t.trim()
	for slot := range t.people.pending.all() {
		p := t.people.at(slot)
		if p.flags&pending == 0 {
			t.people.pending.remove(slot)
			continue
		}
		b.Final = min(b.Final, t.earliestPending(p, now, false))
		b.Settled = min(b.Settled, t.earliestPending(p, now, p.flags&limbo == 0 && p.ring == 0))
	}
	t.groups.decide(b.Final, t.sink)
	return b
}

// trim gives back the memory that a crowd needed and the people of today do not.
func (t *Tracker) trim() {
	t.people.stays.trim(int(t.people.used) / 64)
	t.rings.trim()
	t.doubtfuls.trim()
	if cap(t.dues) > 4*max(t.mostDues, minDues) {
		t.dues = append(make(dueHeap, 0, 2*max(t.mostDues, minDues)), t.dues...)
	}
	t.mostDues = len(t.dues)
}

// expireSilent ends the tracks that have been silent for ExpireAfter and returns
// when the one silent for longest of the others was last heard of, or now. Those
// who are lost are not among them.
func (t *Tracker) expireSilent(now int64) int64 {
	oldest := now
	for c, chunk := range t.people.chunks {
		for i := range chunk {
			p := &chunk[i]
			if p.last >= oldest || p.flags&(present|limbo) != present {
				continue
			}
			if now-t.heard(p) < t.settings.ExpireAfter {
				oldest = p.last
				continue
			}
			t.expire(int32(c<<chunkBits | i))
		}
	}
	return oldest
}

// Tentative tells sink what is believed as of Now and not final: the entries,
// exits and crossings whose delays have passed on the clock alone, and that those who
// were lost and may yet go on are where they were.
func (t *Tracker) Tentative(sink Sink) {
	t.tellWaiting(sink)
	for slot := range t.people.pending.all() {
		p := t.people.at(slot)
		if p.flags&pending == 0 {
			continue
		}
		for i := range p.stays {
			if s := &p.stays[i]; s.has(believed) {
				t.tellTentative(sink, slot, p, s)
			}
		}
		for _, l := range p.lines() {
			if l.waiting && t.heldAt(l) <= t.now {
				sink.Crossing(Crossing{Line: l.line, Direction: l.direction, At: l.since})
			}
		}
	}
}

func (t *Tracker) tellTentative(sink Sink, slot int32, p *person, s *stay) {
	if s.stage() == entering {
		reason := Crossed
		if s.has(appeared) {
			reason = Appeared
		}
		first := !t.people.visits.has(p.visited, s.zone()) && p.find(s.zone(), inside) < 0
		sink.Entry(Entry{Zone: s.zone(), Person: slot, Reason: reason, First: first, At: s.since()})
		return
	}
	reason := Crossed
	if s.stage() == removed {
		reason = ZoneRemoved
	}
	visit := p.stays[p.find(s.zone(), inside)]
	sink.Exit(Exit{Zone: s.zone(), Person: slot, Reason: reason, Entered: visit.since(), Left: s.since(), Who: p.who().classify(s.since())})
}
