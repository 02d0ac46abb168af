package tracker

import "fmt"

// audit checks what must hold of a tracker's insides between two calls.
func (t *Tracker) audit() error {
	live := make([]int32, len(t.live))
	bound, waiting := 0, 0
	for slot := range t.people.used {
		p := t.people.at(slot)
		if p.flags&present == 0 {
			if e := p.extra; p.stays != nil || e != nil && (e.who != nil || len(e.closed)+len(e.ties)+len(e.lines) > 0) {
				return fmt.Errorf("slot %d is empty and holds %+v", slot, p)
			}
			continue
		}
		if p.flags&unproven == 0 {
			live[LocationZone]++
		}
		if p.flags&limbo == 0 {
			bound++
			if found, ok := t.people.find(p.id); !ok || found != slot {
				return fmt.Errorf("id %d is found in slot %d, %v, not %d", p.id, found, ok, slot)
			}
		}
		n, err := t.auditStays(p, live)
		if err != nil {
			return fmt.Errorf("slot %d: %w: %+v", slot, err, p.stays)
		}
		waiting += n
	}
	for zone, n := range live {
		if t.live[zone] != n {
			return fmt.Errorf("live count of zone %d is %d, not %d", zone, t.live[zone], n)
		}
	}
	if bound != t.people.count {
		return fmt.Errorf("%d ids are bound, and %d counted", bound, t.people.count)
	}
	return t.auditLists(waiting)
}

// auditStays adds a person's stays to the live counts.
func (t *Tracker) auditStays(p *person, live []int32) (waiting int, err error) {
	unsettled := false
	for i, s := range p.stays {
		if p.find(s.zone(), s.stage()) != i {
			return 0, fmt.Errorf("two stays of zone %d and stage %d", s.zone(), s.stage())
		}
		unsettled = unsettled || s.stage() != inside
		is := s.has(believed)
		if held := t.now-s.since() >= t.delay(&s); s.stage() != inside && s.stage() != removed && !t.refines && is != (held && p.flags&limbo == 0) {
			return 0, fmt.Errorf("zone %d: believed %v, held %v", s.zone(), is, held)
		}
		switch {
		case s.stage() == inside:
			live[s.zone()]++
		case s.stage() == entering && is:
			live[s.zone()]++
		case s.stage() >= leaving && p.find(s.zone(), inside) < 0:
			return 0, fmt.Errorf("zone %d is left and was not entered", s.zone())
		case s.stage() >= leaving && is:
			live[s.zone()]--
		}
		if s.stage() != inside && !is {
			waiting++
		}
	}
	if unsettled && p.flags&pending == 0 {
		return 0, fmt.Errorf("stays are pending and the person is not")
	}
	return waiting, nil
}

// auditLists checks that nothing is kept for those who have gone.
func (t *Tracker) auditLists(waiting int) error {
	seen := map[int32]bool{}
	for _, slot := range t.dirty {
		if seen[slot] || t.people.at(slot).flags&dirty == 0 {
			return fmt.Errorf("slot %d is in the dirty list twice, or without the flag", slot)
		}
		seen[slot] = true
	}
	clear(seen)
	for _, slot := range t.people.free {
		if seen[slot] || t.people.at(slot).flags&present != 0 {
			return fmt.Errorf("slot %d is in the free list twice, or in use", slot)
		}
		seen[slot] = true
	}
	if most := 2*waiting + int(t.people.used)/8 + minDues; len(t.dues) > most {
		return fmt.Errorf("%d dues for %d waiting changes", len(t.dues), waiting)
	}
	return nil
}
