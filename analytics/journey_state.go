package analytics

import (
	"encoding/binary"
	"maps"
	"slices"

	"github.com/footfall/footfall/tracker"
)

// putJourneys puts what loadJourneys reads, if it changed.
func (r *Recorder) putJourneys(b *Batch) {
	if !r.journeys.changed {
		return
	}
	r.journeys.changed = false
	key := locationKey(r.location, partJourneys)
	if len(r.journeys.people) == 0 {
		b.Delete(Locations, key)
		return
	}
	b.Put(Locations, key, r.journeys.append([]byte{codecVersion}))
}

func (r *Recorder) loadJourneys(v View) error {
	r.journeys = newJourneys()
	value, err := v.Get(Locations, locationKey(r.location, partJourneys))
	if value == nil || err != nil {
		return err
	}
	return r.journeys.read(value)
}

func (js *journeys) append(b []byte) []byte {
	b = binary.AppendUvarint(b, uint64(js.rules.funnel))
	b = binary.AppendUvarint(b, uint64(len(js.people)))
	for _, person := range slices.Sorted(maps.Keys(js.people)) {
		b = js.people[person].append(binary.AppendUvarint(b, uint64(person)))
	}
	return b
}

func (j *journey) append(b []byte) []byte {
	b = binary.AppendUvarint(b, uint64(j.stage))
	b = binary.AppendUvarint(b, uint64(len(j.in)))
	for _, zone := range j.in {
		b = binary.AppendUvarint(b, uint64(zone))
	}
	b = binary.AppendUvarint(b, uint64(len(j.waits)))
	for _, w := range j.waits {
		b = binary.AppendUvarint(b, uint64(w.zone))
		b = binary.AppendVarint(b, w.began)
		b = appendEnd(b, w.began, w.left)
	}
	b = binary.AppendUvarint(b, uint64(len(j.steps)))
	for _, s := range j.steps {
		b = binary.AppendUvarint(b, uint64(s.zone))
		b = binary.AppendVarint(b, s.entered)
		at := tracker.Never
		if s.leaves {
			at = s.at
		}
		b = appendEnd(b, s.entered, at)
	}
	return b
}

// appendEnd appends an end at or after a beginning, or tracker.Never.
func appendEnd(b []byte, began, end int64) []byte {
	if end == tracker.Never {
		return binary.AppendUvarint(b, 0)
	}
	return binary.AppendUvarint(b, uint64(end-began)+1)
}

func (r *reader) end(began int64) int64 {
	n := r.uvarint()
	if n == 0 {
		return tracker.Never
	}
	r.require(n <= 1<<61)
	return began + int64(n-1)
}

// read reads what append wrote into journeys that are empty.
func (js *journeys) read(value []byte) error {
	r := reader{b: value}
	r.version()
	js.rules = &journeyRules{funnel: r.number(1 << 30)}
	last := int32(-1)
	for range r.count(5) {
		person := r.number(1 << 30)
		r.require(person > last)
		last = person
		j := r.journey()
		js.people[person] = j
		if j.pending = len(j.steps) > 0 || j.aside(); j.pending {
			js.pending = append(js.pending, person)
		}
	}
	return r.err(ErrState)
}

func (r *reader) journey() *journey {
	j := &journey{stage: int(r.number(1 << 30))}
	for range r.count(1) {
		j.in = append(j.in, r.zone())
	}
	for range r.count(3) {
		w := wait{zone: r.zone(), began: r.varint()}
		w.left = r.end(w.began)
		j.waits = append(j.waits, w)
	}
	for range r.count(3) {
		s := step{zone: r.zone(), entered: r.varint()}
		at := r.end(s.entered)
		if s.leaves = at != tracker.Never; s.leaves {
			s.at = at
		} else {
			s.at = s.entered
		}
		n := len(j.steps)
		r.require(n == 0 || j.steps[n-1].at <= s.at)
		j.steps = append(j.steps, s)
	}
	return j
}

// mostZone bounds the numbers of zones: a page has a place for each up to the greatest.
const mostZone = 1 << 22

// zone is a zone's number.
func (r *reader) zone() int32 { return r.number(mostZone) }

func (r *reader) number(most uint64) int32 {
	n := r.uvarint()
	r.require(n < most)
	return int32(n)
}
