package tracker

import "math"

// due is when a waiting change will be believed.
type due struct {
	at    int64
	slot  int32
	gen   uint32
	zone  int32
	stage stage
}

// minDues is how many dues there may be before the stale ones are looked for.
const minDues = 256

// schedule notes when the change that s waits for will be believed. Changes that
// do not come to that leave their dues behind, so now and then all are gathered
// anew: there are never more than twice the waiting changes and a few a slot.
func (t *Tracker) schedule(slot int32, p *person, s *stay) {
	t.dues.push(due{at: s.since + t.delay(s), slot: slot, gen: p.gen, zone: s.zone, stage: s.stage})
	if len(t.dues) >= t.maxDues {
		t.reschedule()
	}
}

// reschedule gathers the dues of all waiting changes.
func (t *Tracker) reschedule() {
	t.dues, t.maxDues = t.dues[:0], math.MaxInt
	for slot := range t.people.used {
		p := t.people.at(slot)
		if p.flags&pending == 0 {
			continue
		}
		for i := range p.stays {
			if s := &p.stays[i]; s.stage != inside && s.flags&believed == 0 {
				t.schedule(slot, p, s)
			}
		}
	}
	t.maxDues = 2*len(t.dues) + int(t.people.used) + minDues
}

// believeDue takes into the live counts what has held for its delay by now. Of a
// person who is lost nothing is believed until the track goes on.
func (t *Tracker) believeDue(now int64) {
	for len(t.dues) > 0 && t.dues[0].at <= now {
		d := t.dues.pop()
		p := t.people.at(d.slot)
		if p.gen != d.gen || p.flags&(present|limbo) != present {
			continue
		}
		i := p.find(d.zone, d.stage)
		if i < 0 || p.stays[i].since+t.delay(&p.stays[i]) != d.at {
			continue
		}
		t.believe(&p.stays[i])
	}
}

func (t *Tracker) believe(s *stay) {
	if s.flags&believed != 0 {
		return
	}
	s.flags |= believed
	t.changeLive(s.zone, s.step())
}

// doubt takes back what is believed of a change.
func (t *Tracker) doubt(s *stay) {
	if s.flags&believed == 0 {
		return
	}
	s.flags &^= believed
	t.changeLive(s.zone, -s.step())
}

// step is what a change does to its zone's live count.
func (s *stay) step() int32 {
	if s.stage == entering {
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
