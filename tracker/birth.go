package tracker

import "slices"

// begin opens a track that does not count yet.
func (t *Tracker) begin(at, id int64, x, y float64) {
	slot := t.people.alloc()
	p := t.people.at(slot)
	p.id, p.first, p.last, p.x, p.y = id, at, at, x, y
	p.flags, p.prevZone = p.flags|present|unproven, -1
	t.unproven++
	t.people.bind(slot)
	t.meet(slot, p, at, id)
	t.steer(p, at, at, x, y)
	r := t.giveRing(slot, p, spot{at, x, y})
	t.keep(r, at, x, y)
	if t.mayContinue(r) {
		p.flags |= fresh
		t.fresh = append(t.fresh, slot)
	} else {
		t.prove(slot, p, r)
		t.letGo(p, r, at)
	}
	t.awaitProof(slot, p)
}

// forgetBirth takes a track out of those that look for their past.
func (t *Tracker) forgetBirth(slot int32, p *person) {
	if p.flags&fresh == 0 {
		return
	}
	p.flags &^= fresh
	if i := slices.Index(t.fresh, slot); i >= 0 {
		t.fresh = slices.Delete(t.fresh, i, i+1)
	}
}
