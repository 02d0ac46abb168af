package tracker

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
)

// ErrRecord means that a stored person cannot be read.
var ErrRecord = errors.New("a stored person cannot be read")

// Drain hands over what changed since the last call, for a store: the record of
// each person whose standing did, nil for one who is gone. A slot is a person's key
// while the track lasts. A record is valid until put returns.
func (t *Tracker) Drain(put func(slot int32, record []byte)) {
	record := make([]byte, 0, recordRoom)
	for i, slot := range t.dirty {
		if i%touchedAhead == 0 {
			t.touch(t.dirty[i:min(i+touchedAhead, len(t.dirty))])
		}
		p := t.people.at(slot)
		if p.flags&dirty == 0 {
			continue
		}
		p.flags &^= dirty
		if p.flags&(present|unproven) != present {
			put(slot, nil)
			continue
		}
		record = appendPerson(record[:0], p, t.leftZones(p))
		put(slot, record)
	}
	if n := len(t.dirty); cap(t.dirty) > 8*n+1024 { // a crowd's
		t.dirty = make([]int32, 0, 2*n)
	}
	t.dirty = t.dirty[:0]
}

// touchedAhead is how many people Drain has the memory fetch at once. They lie
// anywhere: of a million, one costs 80 ns so, and 220 ns one after the other.
const touchedAhead = 16

// touch reads a little of all that a record is made of.
//
//go:noinline
func (t *Tracker) touch(slots []int32) (sum int64) {
	for _, slot := range slots {
		p := t.people.at(slot)
		sum += p.last + p.first
		if len(p.stays) > 0 {
			sum += p.stays[0].since()
		}
	}
	return sum
}

// Slots is how many slots were ever in use: all of them are below it.
func (t *Tracker) Slots() int32 { return t.people.used }

// Records hands over the record of each person in the slots [from, to), changed or
// not, in order. A record is valid until put returns.
func (t *Tracker) Records(from, to int32, put func(slot int32, record []byte)) {
	record := make([]byte, 0, recordRoom)
	for slot := max(from, 0); slot < min(to, t.people.used); slot++ {
		if p := t.people.at(slot); p.flags&(present|unproven) == present {
			record = appendPerson(record[:0], p, t.leftZones(p))
			put(slot, record)
		}
	}
}

// KnownZones are the numbers of the zones in the current layout, for Restore.
func (t *Tracker) KnownZones() []int32 {
	var known []int32
	for number := range t.zones {
		if t.zones[number].present {
			known = append(known, int32(number))
		}
	}
	return known
}

// Stored is what a store kept of a tracker.
type Stored struct {
	At     int64            // as of; people were last heard of no later
	Final  int64            // Sweep's Final then: nobody present was last heard of before it
	Known  []int32          // zones of the layout then
	People map[int32][]byte // by slot
	Groups []byte           // of AppendGroups
}

// Restore puts stored people back into a tracker that has met nothing yet, and
// judges them by its zones as Reload does. It changes nothing on an error.
func (t *Tracker) Restore(stored Stored) error {
	restored, err := readPeople(stored.People)
	if err != nil {
		return err
	}
	groups, err := readGroups(stored.Groups)
	if err != nil {
		return err
	}
	for slot := range groups.present {
		if _, there := restored[slot]; !there {
			return fmt.Errorf("%w: slot %d is young, and nobody is in it", ErrRecord, slot)
		}
	}
	t.groups = groups
	t.now = max(t.now, min(stored.At, maxTime))
	t.heat.swept = t.now
	for slot := range restored {
		t.putBack(slot, restored[slot], stored.Final)
	}
	slices.SortFunc(t.lost, func(a, b gap) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.id, b.id)) })
	for slot := range t.people.used {
		if t.people.at(slot).flags&present == 0 {
			t.people.free = append(t.people.free, slot)
		}
	}
	for slot := range t.groups.present {
		t.people.at(slot).flags |= young
	}
	known := make([]bool, len(t.zones))
	for _, number := range stored.Known {
		if int(number) < len(known) {
			known[number] = true
		}
	}
	t.judgeAll(t.now, known)
	t.version++
	return nil
}

// leftZones are those that a person has left, ascending. The slice is the tracker's own
// scratch.
func (t *Tracker) leftZones(p *person) []int32 {
	t.left = t.left[:0]
	for id := p.visited; id != 0; id = t.people.visits.at(id).next {
		t.left = t.people.visits.at(id).append(t.left)
	}
	slices.Sort(t.left)
	return t.left
}

func readPeople(records map[int32][]byte) (map[int32]storedPerson, error) {
	all := make(map[int32]storedPerson, len(records))
	bound := make(map[int64]int32, len(records))
	for slot, record := range records {
		p, err := readPerson(record)
		if err != nil || slot < 0 || slot >= maxSlots {
			return nil, fmt.Errorf("%w: slot %d", ErrRecord, slot)
		}
		if p.flags&limbo == 0 {
			if other, taken := bound[p.id]; taken {
				return nil, fmt.Errorf("%w: slots %d and %d have the same id", ErrRecord, min(slot, other), max(slot, other))
			}
			bound[p.id] = slot
		}
		all[slot] = p
	}
	return all, nil
}

func (t *Tracker) putBack(slot int32, restored storedPerson, final int64) {
	t.people.claim(slot)
	p := t.people.at(slot)
	*p = restored.person
	for _, zone := range restored.left {
		t.people.visits.add(&p.visited, zone)
	}
	p.stays = append(t.people.stays.take(len(restored.stays)), restored.stays...)
	p.last = max(p.last, final)
	p.flags |= present | flowDue | started
	t.steer(p, p.last, p.last, p.x, p.y)
	if p.flags&limbo != 0 {
		t.lost = append(t.lost, gap{
			x: p.x, y: p.y, at: p.last, id: p.id, slot: slot, end: t.courses.motion(&p.course), moved: p.last, heard: p.last,
		})
	} else {
		t.people.bind(slot)
	}
	t.growFor(p)
	t.live[LocationZone]++
	for i := range p.stays {
		switch s := &p.stays[i]; s.stage() {
		case inside:
			t.live[s.zone()]++
		case removed:
			t.believe(s)
		}
	}
}

// growFor makes room for every zone and line that a person has to do with.
func (t *Tracker) growFor(p *person) {
	t.growZones(int(p.prevZone))
	for _, s := range p.stays {
		t.growZones(int(s.zone()))
	}
	for _, l := range p.lines() {
		t.growLines(int(l.line))
	}
	if p.extra == nil {
		return
	}
	for _, v := range p.extra.closed {
		t.growZones(int(v.zone))
	}
	for _, one := range p.extra.ties {
		t.growZones(int(one.first))
	}
}
