package tracker

import "math"

// A new track is nobody until it has lasted or moved, as in the initiation of
// tracks by evidence (Blackman and Popoli, Design and Analysis of Modern Tracking
// Systems, 6.2): a sensor's phantoms are short and still. It then counts from its
// first sample on. A sensor that says no more of somebody has not lost them: time
// alone is proof. movedNoises is by how many standard deviations of noise a still
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
	t.groups.appear(slot, p)
	if t.heat.size > 0 {
		t.heat.add(p.x, p.y, p.last, max(p.last, t.heat.swept))
	}
	t.sink.Entry(Entry{Zone: LocationZone, Person: slot, Reason: Appeared, First: true, At: p.first})
	t.feed(slot, p, r, r.heard.at)
}

func (t *Tracker) isSomebody(r *ring) bool {
	if t.now-r.born.at >= t.settings.ProveAfter {
		return true
	}
	moved := math.Hypot(r.heard.x-r.born.x, r.heard.y-r.born.y)
	return moved >= max(t.settings.ProveMoved, movedNoises*t.noise.cm)
}

// doubted is a track that may come to count by time alone.
type doubted struct {
	born int64
	slot int32
}

// doubtfuls are those, by birth. Who came to count earlier, or is gone, is among them
// until then.
type doubtfuls struct {
	all  []doubted
	head int
}

func (d *doubtfuls) next() int64 {
	if d.head == len(d.all) {
		return Never
	}
	return d.all[d.head].born
}

func (d *doubtfuls) add(one doubted) {
	if 2*d.head >= len(d.all) {
		d.all = d.all[:copy(d.all, d.all[d.head:])]
		d.head = 0
	}
	d.all = append(d.all, one)
}

// trim lets go of the room of a crowd that has come to count.
func (d *doubtfuls) trim() {
	if d.head == len(d.all) && cap(d.all) > minSpare {
		*d = doubtfuls{}
	}
}

func (t *Tracker) awaitProof(slot int32, p *person) {
	if p.flags&unproven != 0 {
		t.doubtfuls.add(doubted{p.first, slot})
	}
}

// proveByTime lets count who was not lost for long enough by now.
func (t *Tracker) proveByTime(now int64) {
	d := &t.doubtfuls
	for d.next() != Never && d.next()+t.settings.ProveAfter <= now {
		one := d.all[d.head]
		d.head++
		p := t.people.at(one.slot)
		if p.flags&(present|unproven|limbo) != present|unproven || p.first != one.born {
			continue
		}
		r := t.rings.at(p.ring)
		t.prove(one.slot, p, r)
		t.letGo(p, r, now)
	}
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
