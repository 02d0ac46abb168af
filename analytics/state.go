package analytics

import (
	"encoding/binary"
	"errors"
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

// stateVersion is the first byte of a stored state. One of version 1 is from before
// journeys, groups and heat were counted.
const stateVersion = 2

func (r *Recorder) stateValue(s State) []byte {
	b := []byte{stateVersion}
	for _, n := range []int64{s.At, s.Counted, s.Messages, s.Batch, r.followed, r.since} {
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
	version := rd.byte()
	rd.require(version == 1 || version == stateVersion)
	var s State
	s.At, s.Counted, s.Messages, s.Batch = rd.varint(), rd.varint(), rd.varint(), rd.varint()
	r := &Recorder{location: location, followed: rd.varint(), batch: s.Batch, journeys: newJourneys(), since: s.At}
	if version == stateVersion {
		r.since = rd.varint()
	}
	for range rd.count(1) {
		s.Known = append(s.Known, int32(rd.uvarint()))
	}
	for range rd.count(2) {
		r.coverage = append(r.coverage, span{rd.varint(), rd.varint()})
	}
	rd.require(r.coverage.ascends())
	for range rd.count(3) {
		z := timeline{occupancy: rd.varint(), upto: r.followed - rd.varint()}
		for range rd.count(2) {
			z.changes = append(z.changes, change{rd.varint() + r.followed, rd.varint()})
		}
		rd.require(z.ascends(r.followed))
		r.zones = append(r.zones, z)
	}
	return s, r, rd.err(ErrState)
}
