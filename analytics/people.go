package analytics

import (
	"encoding/binary"
	"slices"
)

// peopleReader puts the blocks and the log of a location together.
type peopleReader struct {
	people map[int32][]byte // by slot
	end    int32            // number after the last block
	stale  [][]byte         // keys of what is no block
	groups []byte
}

// maxBlock is beyond the slots that a tracker takes.
const maxBlock = 1 << 20

// loadPeople reads who is present, and the checkpoint that goes on with it.
func loadPeople(v View, location int64) (*Checkpoint, map[int32][]byte, []byte, error) {
	r := peopleReader{people: map[int32][]byte{}}
	err := v.Scan(People, appendLocation(nil, location), appendLocation(nil, location+1), func(key, value []byte) error {
		return r.read(key, slices.Clone(value))
	})
	if err != nil {
		return nil, nil, nil, err
	}
	c := NewCheckpoint(location)
	c.stale, c.stored = r.stale, make([]uint64, r.end)
	return c, r.people, r.groups, nil
}

// read takes one key; blocks come before the log, which is in order of batches.
// At first a person was a key of its own, the slot, which came before both.
func (r *peopleReader) read(key, value []byte) error {
	what := key[8:]
	switch {
	case len(what) == 4:
		r.stale = append(r.stale, slices.Clone(key))
		r.people[int32(binary.BigEndian.Uint32(what))] = value
		return nil
	case len(what) == 1 && what[0] == peopleGroup:
		r.groups = value
		return nil
	case len(what) == 5 && what[0] == peopleBlock:
		return r.readBlock(binary.BigEndian.Uint32(what[1:]), value)
	case len(what) == 13 && what[0] == peopleLog:
		r.stale = append(r.stale, slices.Clone(key))
		return r.readLog(value)
	}
	return ErrState
}

func (r *peopleReader) readBlock(number uint32, value []byte) error {
	rd := reader{b: value}
	rd.version()
	rd.require(number < maxBlock)
	if rd.bad {
		return ErrState
	}
	block := int32(number)
	r.end = max(r.end, block+1)
	for rd.at < len(rd.b) {
		slot, record := rd.person(blockSlots)
		r.people[block*blockSlots+slot] = record
	}
	return rd.err(ErrState)
}

func (r *peopleReader) readLog(value []byte) error {
	rd := reader{b: value}
	rd.version()
	for rd.at < len(rd.b) {
		slot, record := rd.person(maxBlock * blockSlots)
		switch {
		case rd.bad:
		case len(record) == 0:
			delete(r.people, slot)
		default:
			r.people[slot] = record
		}
	}
	return rd.err(ErrState)
}

// person is what appendRecord wrote, with a slot below the given one.
func (r *reader) person(slots uint64) (slot int32, record []byte) {
	number := r.uvarint()
	n := r.count(1)
	r.require(number < slots)
	if r.bad {
		return 0, nil
	}
	record = r.b[r.at : r.at+n : r.at+n]
	r.at += n
	return int32(number), record
}
