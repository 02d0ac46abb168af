package tracker

// MaxExpected is how many people Expect takes at once.
const MaxExpected = 256

// Crowd is how many people there must be for Expect to pay: fewer stay in the
// cache by themselves.
const Crowd = 4096

// expected are the slots of the people whom the next calls are about.
type expected struct {
	slots   [MaxExpected]int32
	n, next int
	crowd   int
	touched int64 // so that the loads of Expect are not optimised away
}

// Expect tells of the people whom the next calls of Position, Lost and
// Demographics are about: one id a call, in the order of the calls. It changes
// nothing but the speed, whatever the ids are: the memory of all those people is
// waited for at once, not of one after the other. Ids beyond MaxExpected are not
// looked at, and with fewer people than Crowd none are.
func (t *Tracker) Expect(ids []int64) {
	e := &t.expected
	e.n, e.next = 0, 0
	if t.people.count < e.crowd {
		return
	}
	ids = ids[:min(len(ids), MaxExpected)]
	ps, touched := &t.people, int64(0)
	for i, id := range ids { // each loop is small, for a processor to be far ahead in it
		hash := ps.hash(id)
		e.slots[i] = int32(hash)
		touched += int64(ps.table[ps.home(hash)].slot)
	}
	slots := e.slots[:len(ids)]
	for i := range slots {
		slots[i] = ps.likely(uint32(slots[i]))
	}
	for _, slot := range slots {
		if slot >= 0 {
			p := ps.at(slot)
			touched += p.last + p.first
		}
	}
	for _, slot := range slots {
		if slot >= 0 {
			touched += t.touchRest(ps.at(slot))
		}
	}
	e.touched = touched
	e.n = len(ids)
}

// touchRest reads what a position of somebody for whom something waits is compared
// with.
func (t *Tracker) touchRest(p *person) (touched int64) {
	if p.flags&slowPath != 0 && len(p.stays) > 0 {
		touched = int64(p.stays[0].what)
	}
	if p.ring != 0 {
		touched += t.rings.at(p.ring).kept
	}
	return touched
}

// find is people.find, by what Expect found where that still holds.
func (t *Tracker) find(id int64) (slot int32, found bool) {
	e := &t.expected
	if e.next < e.n {
		slot = e.slots[e.next]
		e.next++
		if slot >= 0 {
			if p := t.people.at(slot); p.id == id && p.flags&(present|limbo) == present {
				return slot, true
			}
		}
	}
	return t.people.find(id)
}
