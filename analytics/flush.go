package analytics

import (
	"encoding/binary"
	"errors"
	"slices"

	"github.com/footfall/footfall/tracker"
)

// ErrState means that the stored state of a location cannot be read.
var ErrState = errors.New("the stored state of a location cannot be read")

// State is where a location stands as of a flush, beside its people.
type State struct {
	At       int64   // the tracker's clock
	Counted  int64   // time of the last message counted, 0 for none
	Messages int64   // counted since the location's history began
	Batch    int64   // number of the batch that wrote it
	Known    []int32 // zones of the layout
}

// Flush puts what changed since the last flush into a batch, with what Restore
// needs. Batches are numbered upwards from 1.
func (r *Recorder) Flush(b *Batch, s State) {
	r.batch = s.Batch
	for _, p := range r.pages {
		if p.dirty {
			p.batch = s.Batch
		}
		p.put(r.location, b)
	}
	for i := range r.late {
		if r.late[i].batch == 0 {
			r.late[i].batch = s.Batch
			b.late = append(b.late, r.late[i])
		}
	}
	b.Put(Locations, locationKey(r.location, partState), r.appendState(nil, s))
}

// Committed forgets what is stored for good: closed minutes that no batch after
// the given one writes.
func (r *Recorder) Committed(batch int64) {
	r.pages = slices.Delete(r.pages, 0, storedBefore(r.pages, batch))
	r.late = slices.DeleteFunc(r.late, func(l lateFlow) bool { return l.batch != 0 && l.batch <= batch })
}

const stateVersion = 1

func (r *Recorder) appendState(b []byte, s State) []byte {
	b = append(b, stateVersion)
	for _, n := range []int64{s.At, s.Counted, s.Messages, s.Batch, r.followed} {
		b = binary.AppendVarint(b, n)
	}
	b = binary.AppendUvarint(b, uint64(len(s.Known)))
	for _, number := range s.Known {
		b = binary.AppendUvarint(b, uint64(number))
	}
	b = binary.AppendUvarint(b, uint64(len(r.coverage)))
	for _, c := range r.coverage.before(s.At) {
		b = binary.AppendVarint(b, c.from)
		b = binary.AppendVarint(b, c.to)
	}
	b = binary.AppendUvarint(b, uint64(len(r.zones)))
	for i := range r.zones {
		z := &r.zones[i]
		b = binary.AppendVarint(b, z.occupancy)
		b = binary.AppendVarint(b, r.followed-z.upto)
		b = binary.AppendUvarint(b, uint64(len(z.changes)))
		for _, c := range z.changes {
			b = binary.AppendVarint(b, c.at-r.followed)
			b = binary.AppendVarint(b, c.by)
		}
	}
	return b
}

// readState reads a state and the recorder that wrote it, without its pages.
func readState(location int64, value []byte) (State, *Recorder, error) {
	rd := reader{b: value}
	rd.version(stateVersion)
	var s State
	s.At, s.Counted, s.Messages, s.Batch = rd.varint(), rd.varint(), rd.varint(), rd.varint()
	r := &Recorder{location: location, followed: rd.varint(), batch: s.Batch}
	for range rd.count(1) {
		s.Known = append(s.Known, int32(rd.uvarint()))
	}
	for range rd.count(2) {
		r.coverage = append(r.coverage, span{rd.varint(), rd.varint()})
	}
	for range rd.count(3) {
		z := timeline{occupancy: rd.varint(), upto: r.followed - rd.varint()}
		for range rd.count(2) {
			z.changes = append(z.changes, change{rd.varint() + r.followed, rd.varint()})
		}
		r.zones = append(r.zones, z)
	}
	return s, r, rd.err(ErrState)
}

// Stored is a location as a store has it.
type Stored struct {
	State
	Recorder *Recorder
	People   map[int32][]byte // by slot
}

// Tracker is what a tracker needs to go on.
func (s *Stored) Tracker() tracker.Stored {
	return tracker.Stored{At: s.At, Final: s.Recorder.followed, Known: s.Known, People: s.People}
}

// Load reads a location as of the last batch, or nil if the store does not know
// it. Time under data ends with the batch.
func Load(v View, location int64) (*Stored, error) {
	value, err := v.Get(Locations, locationKey(location, partState))
	if value == nil || err != nil {
		return nil, err
	}
	s := &Stored{People: map[int32][]byte{}}
	if s.State, s.Recorder, err = readState(location, value); err != nil {
		return nil, err
	}
	if err := s.Recorder.loadPages(v); err != nil {
		return nil, err
	}
	from := appendLocation(nil, location)
	err = v.Scan(People, from, appendLocation(nil, location+1), func(key, value []byte) error {
		if len(key) != 12 {
			return ErrState
		}
		s.People[int32(binary.BigEndian.Uint32(key[8:]))] = slices.Clone(value)
		return nil
	})
	return s, err
}

// loadPages reads back the minutes that were open.
func (r *Recorder) loadPages(v View) error {
	open := minuteOf(r.followed)
	for _, kind := range []rollupKind{kindCoverage, kindFlow, kindLine, kindZone} {
		err := scanRollups(v, Minutes, r.location, kind, open, tracker.Never, func(k rollupKey, value []byte) error {
			return r.page(k.start).load(k, value)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (p *page) load(k rollupKey, value []byte) (err error) {
	switch k.kind {
	case kindCoverage:
		p.covered, err = readNumber(value)
	case kindFlow:
		var count int64
		count, err = readNumber(value)
		p.addFlow(flowPair{k.a, k.b}, count)
	case kindLine:
		err = p.changeLine(k.a).read(value)
	case kindZone:
		err = p.changeZone(k.a).read(value)
	}
	return err
}

// PutPeople puts what a tracker drained into a batch.
func PutPeople(b *Batch, location int64, t *tracker.Tracker) {
	t.Drain(func(slot int32, record []byte) {
		b.Put(People, personKey(location, slot), slices.Clone(record))
	})
}

// scanRollups visits a location's rollups of one kind with start in [from, to).
func scanRollups(v View, t Table, location int64, kind rollupKind, from, to int64, fn func(rollupKey, []byte) error) error {
	first := rollupKey{location: location, kind: kind, start: max(from, 0)}.bytes()
	var last []byte
	if to/Minute <= maxStart {
		last = rollupKey{location: location, kind: kind, start: to}.bytes()
	} else {
		last = append(appendLocation(nil, location), byte(kind)+1)
	}
	return v.Scan(t, first, last, func(key, value []byte) error {
		k, err := parseRollupKey(key)
		if err != nil {
			return err
		}
		return fn(k, value)
	})
}

const maxStart = 1<<32 - 1

// FlushClosed puts the minutes that are closed into a batch and forgets them, for
// one that is kept until much more is in it.
func (r *Recorder) FlushClosed(b *Batch) {
	for _, p := range r.pages {
		if p.final {
			p.put(r.location, b)
		}
	}
	for _, l := range r.late {
		if l.batch == 0 {
			b.late = append(b.late, l)
		}
	}
	r.late = r.late[:0]
	r.pages = slices.DeleteFunc(r.pages, func(p *page) bool { return p.final })
}

// LoadState reads where a location stood at the last batch, the zero State where
// the store does not know.
func LoadState(v View, location int64) (State, error) {
	value, err := v.Get(Locations, locationKey(location, partState))
	if value == nil || err != nil {
		return State{}, err
	}
	s, _, err := readState(location, value)
	return s, err
}
