package analytics

import (
	"context"
	"slices"

	"github.com/footfall/footfall/tracker"
	"github.com/footfall/footfall/zones"
)

// subject is what a rollup is about: a zone, a line, or a pair of zones.
type subject struct{ a, b int32 }

// reportSubject is what a row is about.
type reportSubject struct {
	subject
	from, to string // ids; only a flow has both
	capacity int    // 0 is none
	hidden   bool   // a stage whose row is not wanted
}

// subjectIndex finds a subject's place among those of a report.
type subjectIndex struct {
	single []int32 // by number, of subjects that are no pairs: place + 1, or 0
	pairs  map[subject]int
}

func newSubjectIndex(subjects []reportSubject) subjectIndex {
	x := subjectIndex{pairs: map[subject]int{}}
	for i, s := range subjects {
		if s.b != 0 {
			x.pairs[s.subject] = i
			continue
		}
		for int(s.a) >= len(x.single) {
			x.single = append(x.single, 0)
		}
		x.single[s.a] = int32(i) + 1
	}
	return x
}

// find returns -1 for what is not among them.
func (x *subjectIndex) find(s subject) int {
	if s.b == 0 {
		if uint(s.a) < uint(len(x.single)) {
			return int(x.single[s.a]) - 1
		}
		return -1
	}
	if i, ok := x.pairs[s]; ok {
		return i
	}
	return -1
}

// rowsPerBucket are those of the subjects known so far.
func (p *plan) rowsPerBucket() int64 { return int64(len(p.subjects) * p.kind.perSubject) }

// present are the zones or lines that there are now, of those wanted; pairs have
// to be found.
func (p *plan) present() (subjects []reportSubject) {
	switch p.kind.rollups {
	case kindFlow:
		return nil
	case kindStage:
		return p.stages()
	case kindHeat, kindGroup:
		return []reportSubject{{}}
	}
	return p.lasting(func(s Subject) bool { return !s.Gone })
}

// isFixed reports whether what rows are about does not depend on the interval.
func (k *reportKind) isFixed() bool {
	return k.rollups == kindStage || k.ofLocation()
}

// ofLocation reports whether rows are about the location alone.
func (k *reportKind) ofLocation() bool { return k.rollups == kindHeat || k.rollups == kindGroup }

// findSubjects lists what rows are about: everything there is now, and what is
// gone but was there in the interval.
func (p *plan) findSubjects(ctx context.Context) error {
	flows := p.kind.rollups == kindFlow
	if p.kind.isFixed() || !flows && !slices.ContainsFunc(p.named(), func(s Subject) bool { return s.Gone }) {
		return nil
	}
	seen := map[subject]bool{}
	err := p.scan(ctx, p.kind.rollups, func(f *found) error {
		seen[subject{f.key.a, f.key.b}] = true
		return nil
	})
	for late := range p.late {
		seen[late] = true
	}
	if flows {
		p.subjects = p.pairs(seen)
	} else {
		p.subjects = p.lasting(func(s Subject) bool { return !s.Gone || seen[subject{s.Number, 0}] })
	}
	return err
}

// lasting are the wanted zones or lines for which a condition holds, the location
// first.
func (p *plan) lasting(holds func(Subject) bool) (subjects []reportSubject) {
	if p.kind.rollups == kindZone && p.wants(zones.LocationZone) {
		subjects = append(subjects, reportSubject{subject: subject{tracker.LocationZone, 0}, from: zones.LocationZone, capacity: p.profile.Capacity})
	}
	for _, s := range p.named() {
		if holds(s) && p.wants(s.ID) {
			subjects = append(subjects, reportSubject{subject: subject{s.Number, 0}, from: s.ID, capacity: s.Capacity})
		}
	}
	return subjects
}

// join gives two plans of a location the rows of both: a zone that is gone, or a
// pair, stands in both as soon as it is in one.
func (p *plan) join(o *plan) {
	if slices.Equal(p.subjects, o.subjects) || p.kind.isFixed() {
		return
	}
	seen := map[subject]bool{}
	for _, s := range slices.Concat(p.subjects, o.subjects) {
		seen[s.subject] = true
	}
	if p.kind.rollups == kindFlow {
		p.subjects = p.pairs(seen)
	} else {
		p.subjects = p.lasting(func(s Subject) bool { return seen[subject{s.Number, 0}] })
	}
	o.subjects = p.subjects
}

// pairs are the wanted pairs of those seen in the interval, in the order of the
// zones.
func (p *plan) pairs(seen map[subject]bool) (subjects []reportSubject) {
	place := make(map[int32]int, len(p.profile.Zones))
	for i, z := range p.profile.Zones {
		place[z.Number] = i
	}
	var places []subject
	for pair := range seen {
		from, known := place[pair.a]
		to, both := place[pair.b]
		if known && both {
			places = append(places, subject{int32(from), int32(to)})
		}
	}
	slices.SortFunc(places, subject.compare)
	for _, at := range places {
		from, to := p.profile.Zones[at.a], p.profile.Zones[at.b]
		if p.wants(from.ID) || p.wants(to.ID) {
			subjects = append(subjects, reportSubject{subject: subject{from.Number, to.Number}, from: from.ID, to: to.ID})
		}
	}
	return subjects
}

func (s subject) compare(o subject) int {
	if s.a != o.a {
		return int(s.a) - int(o.a)
	}
	return int(s.b) - int(o.b)
}

func (p *plan) wants(id string) bool { return len(p.wanted) == 0 || slices.Contains(p.wanted, id) }

// named are the zones or lines that rows may be about.
func (p *plan) named() []Subject {
	switch {
	case p.kind.rollups == kindLine:
		return p.profile.Lines
	case p.kind.queues:
		return p.profile.queues()
	}
	return p.profile.Zones
}

func (p *plan) knows(id string) bool {
	if id == zones.LocationZone && (p.kind.rollups == kindZone || p.kind.rollups == kindStage) {
		return true
	}
	among := p.profile.Zones
	if p.kind.rollups == kindLine {
		among = p.profile.Lines
	}
	return slices.ContainsFunc(among, func(s Subject) bool { return s.ID == id })
}
