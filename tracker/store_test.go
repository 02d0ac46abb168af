package tracker

import (
	"bytes"
	"slices"
)

// store keeps what a tracker drains, as a database would.
type store map[int32][]byte

func (s store) flush(t *Tracker) {
	t.Drain(func(slot int32, record []byte) {
		if record == nil {
			delete(s, slot)
			return
		}
		s[slot] = slices.Clone(record)
	})
}

// refresh takes everybody, changed or not.
func (s store) refresh(t *Tracker) {
	s.flush(t)
	t.Records(0, t.Slots(), func(slot int32, record []byte) { s[slot] = slices.Clone(record) })
}

// stale is the first slot of which more than the position has changed since it was
// kept, or -1.
func (s store) stale(t *Tracker) int32 {
	for slot := range t.people.used {
		now := t.people.at(slot)
		old, err := readPerson(s[slot])
		if now.flags&present == 0 {
			if s[slot] != nil {
				return slot
			}
			continue
		}
		old.last, old.x, old.y = now.last, now.x, now.y
		if err != nil || !bytes.Equal(appendPerson(nil, &old.person, old.left), appendPerson(nil, now, t.leftZones(now))) {
			return slot
		}
	}
	return -1
}

// restarted is a tracker that goes on from all that another one can store.
func restarted(t tb, old *Tracker, kept store, settings Settings, layout Layout, sink Sink) *Tracker {
	t.Helper()
	bounds := old.Sweep(old.Now())
	kept.refresh(old)
	fresh := New(settings, layout, sink)
	fresh.clearance = old.clearance
	stored := Stored{At: old.Now(), Final: bounds.Final, Known: old.KnownZones(), People: kept}
	if err := fresh.Restore(stored); err != nil {
		t.Fatal(err)
	}
	return fresh
}
