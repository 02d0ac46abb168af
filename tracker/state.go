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
// each person who did, nil for one who is gone. A slot is a person's key while
// the track lasts. The record is valid until put returns.
func (t *Tracker) Drain(put func(slot int32, record []byte)) {
	var record []byte
	for _, slot := range t.dirty {
		p := t.people.at(slot)
		if p.flags&dirty == 0 {
			continue
		}
		p.flags &^= dirty
		if p.flags&present == 0 {
			put(slot, nil)
			continue
		}
		record = appendPerson(record[:0], p)
		put(slot, record)
	}
	t.dirty = t.dirty[:0]
}

// Refresh has Drain hand over one part of the people, of the given number of
// parts, whether they changed or not, so that stored positions do not grow old.
func (t *Tracker) Refresh(part, parts int) {
	used := int(t.people.used)
	for slot := used * part / parts; slot < used*(part+1)/parts; slot++ {
		if p := t.people.at(int32(slot)); p.flags&present != 0 {
			t.markDirty(int32(slot), p)
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
}

// Restore puts stored people back into a tracker that has met nothing yet, and
// judges them by its zones as Reload does. It changes nothing on an error.
func (t *Tracker) Restore(stored Stored) error {
	restored, err := readPeople(stored.People)
	if err != nil {
		return err
	}
	t.now = max(t.now, min(stored.At, maxTime))
	for slot := range restored {
		t.putBack(slot, restored[slot], stored.Final)
	}
	slices.SortFunc(t.lost, func(a, b gap) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.id, b.id)) })
	for slot := range t.people.used {
		if t.people.at(slot).flags&present == 0 {
			t.people.free = append(t.people.free, slot)
		}
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

func readPeople(records map[int32][]byte) (map[int32]person, error) {
	all := make(map[int32]person, len(records))
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

func (t *Tracker) putBack(slot int32, restored person, final int64) {
	t.people.claim(slot)
	p := t.people.at(slot)
	*p = restored
	p.last = max(p.last, final)
	p.flags |= present | flowDue
	if p.flags&limbo != 0 {
		t.lost = append(t.lost, gap{x: p.x, y: p.y, at: p.last, id: p.id, slot: slot})
	} else {
		t.people.bind(p.id, slot)
	}
	t.growFor(p)
	t.live[LocationZone]++
	for i := range p.stays {
		switch s := &p.stays[i]; s.stage {
		case inside:
			t.live[s.zone]++
		case removed:
			t.believe(s)
		}
	}
}

// growFor makes room for every zone and line that a person has to do with.
func (t *Tracker) growFor(p *person) {
	t.growZones(int(p.prevZone))
	for _, s := range p.stays {
		t.growZones(int(s.zone))
	}
	for _, l := range p.lines {
		t.growLines(int(l.line))
	}
	if p.order == nil {
		return
	}
	for _, v := range p.order.closed {
		t.growZones(int(v.zone))
	}
	for _, one := range p.order.ties {
		t.growZones(int(one.first))
	}
}
