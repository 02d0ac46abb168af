package tracker

import "math"

// due is when something that a person waits for will be believed.
type due struct {
	at   int64
	slot int32
}

// minDues is how many dues there may be before the stale ones are looked for.
const minDues = 256

// schedule has a person looked at when a change that waits will be believed. One
// due is enough for all changes of a person: the earliest, from which it goes on
// to the next. A due that another one comes before goes stale, so now and then
// all are gathered anew.
func (t *Tracker) schedule(slot int32, p *person, at int64) {
	if p.flags&scheduled != 0 && p.due <= at {
		return
	}
	p.flags |= scheduled
	p.due = at
	t.dues.push(due{at: at, slot: slot})
	t.mostDues = max(t.mostDues, len(t.dues))
	if len(t.dues) >= t.maxDues {
		t.reschedule()
	}
}

// reschedule gathers the dues of all waiting changes.
func (t *Tracker) reschedule() {
	for _, d := range t.dues {
		t.people.at(d.slot).flags &^= scheduled
	}
	t.dues, t.maxDues = t.dues[:0], math.MaxInt
	for slot := range t.people.pending.all() {
		p := t.people.at(slot)
		if next := t.nextDue(p, -maxTime); p.flags&pending != 0 && next != Never {
			t.schedule(slot, p, next)
		}
	}
	t.maxDues = 2*len(t.dues) + int(t.people.used)/8 + minDues
}

// nextDue is when the next change of a person will be believed, of those due
// later than an instant; Never without one.
func (t *Tracker) nextDue(p *person, after int64) int64 {
	next, hold := Never, t.hold(p)
	for i := range p.stays {
		s := &p.stays[i]
		if s.stage() == inside || s.has(believed) {
			continue
		}
		if at := s.since() + t.delay(s) + hold; at > after {
			next = min(next, at)
		}
	}
	for _, l := range p.lines() {
		if at := t.heldAt(l) + hold; l.waiting && at > after {
			next = min(next, at)
		}
	}
	return next
}

// believeDue takes into the live counts what has held for its delay by now.
func (t *Tracker) believeDue(now int64) {
	for len(t.dues) > 0 && t.dues[0].at <= now {
		d := t.dues.pop()
		p := t.people.at(d.slot)
		if p.flags&scheduled == 0 || p.due != d.at {
			continue
		}
		p.flags &^= scheduled
		if p.flags&pending == 0 {
			continue
		}
		t.believeHeld(p, now)
		if next := t.nextDue(p, now); next != Never {
			t.schedule(d.slot, p, next)
		}
	}
}

// believeHeld takes a person's changes into the live counts. Of one who is lost
// nothing is believed until the track goes on.
func (t *Tracker) believeHeld(p *person, now int64) {
	if p.flags&limbo != 0 {
		return
	}
	now -= t.hold(p)
	for i := range p.stays {
		if s := &p.stays[i]; s.stage() != inside && s.since()+t.delay(s) <= now {
			t.believe(s)
		}
	}
	for _, l := range p.lines() {
		if l.waiting && t.heldAt(l) <= now {
			t.version++ // Tentative tells it from now on
		}
	}
}

// hold is for how long the filter holds back what it is told of a person, µs.
func (t *Tracker) hold(p *person) int64 {
	if p.ring == 0 {
		return 0
	}
	return t.window
}

func (t *Tracker) believe(s *stay) {
	if s.has(believed) {
		return
	}
	s.set(believed)
	t.changeLive(s.zone(), s.step())
}

// doubt takes back what is believed of a change.
func (t *Tracker) doubt(s *stay) {
	if !s.has(believed) {
		return
	}
	s.clear(believed)
	t.changeLive(s.zone(), -s.step())
}

// step is what a change does to its zone's live count.
func (s *stay) step() int32 {
	if s.stage() == entering {
		return 1
	}
	return -1
}

// dueHeap is a binary heap by time; written out so that nothing is boxed.
type dueHeap []due

func (h *dueHeap) push(d due) {
	*h = append(*h, d)
	s := *h
	for i := len(s) - 1; i > 0; {
		parent := (i - 1) / 2
		if s[parent].at <= s[i].at {
			break
		}
		s[parent], s[i] = s[i], s[parent]
		i = parent
	}
}

func (h *dueHeap) pop() due {
	s := *h
	top, last := s[0], len(s)-1
	s[0] = s[last]
	s = s[:last]
	*h = s
	for i := 0; ; {
		child := 2*i + 1
		if child >= last {
			return top
		}
		if child+1 < last && s[child+1].at < s[child].at {
			child++
		}
		if s[i].at <= s[child].at {
			return top
		}
		s[i], s[child] = s[child], s[i]
		i = child
	}
}
