package tracker

import (
	"math"
	"slices"

	"github.com/footfall/footfall/zones"
)

// rawSample is a position as it was sent, and how to judge it by what was known of
// the sensor then: when it is judged must not matter. Of times it has the low 32
// bits.
type rawSample struct {
	x, y  float32
	at    uint32
	since uint32 // from when on all samples up to it lie in set
	set   zones.SetID
	usual uint16 // between samples, in units of usualUnit
	noise uint8  // in units of noiseUnit
	wait  uint8  // the filter's window, in units of waitUnit
}

const (
	usualUnit = 100    // µs
	waitUnit  = 20_000 // µs
	noiseUnit = 0.25   // cm
)

func (s *rawSample) window() int64      { return int64(s.wait) * waitUnit }
func (s *rawSample) usualStep() int64   { return int64(s.usual) * usualUnit }
func (s *rawSample) deviation() float64 { return float64(s.noise) * noiseUnit }

// later is by how much o was sent after s, µs; negative before it.
func (s *rawSample) later(o *rawSample) int64 { return int64(int32(o.at - s.at)) }

// spot is a place at an instant.
type spot struct {
	at   int64
	x, y float64
}

// ring is what a person's positions wait in before they count: for the samples after
// them, which the filter needs, and of a new track for the evidence that somebody is
// there. Some have one only for the noise to be judged by them.
type ring struct {
	samples []rawSample // the latest, those already counted by among them
	fed     int         // how many of samples are
	kept    int64       // when the last of samples was sent
	heard   spot        // last position, kept or not
	born    spot
	slot    int32 // whose it is, or -1
	crowded int   // at how many samples to trim
	checked int64 // when the noise was last judged by it
	probes  int64 // until when it is kept for that
	looked  int64 // when it was last seen to, whether the person stands
	still   bool
	stood   rawSample // when it was found to stand
}

const (
	// minStep is the least time between samples kept, µs: who is heard of more often
	// has moved no farther than the noise.
	minStep = 30_000
	// leastCrowd is how many samples are never too many to keep.
	leastCrowd = 16
	// tooLong is a silence that nothing spans, µs: what came before it does not matter.
	tooLong = 10_000_000
)

// holds reports whether samples wait to count.
func (r *ring) holds() bool { return r.fed < len(r.samples) }

func (r *ring) last() *rawSample { return &r.samples[len(r.samples)-1] }

// time is when sample i was sent.
func (r *ring) time(i int) int64 { return r.kept - r.samples[i].later(r.last()) }

func (r *ring) add(at int64, s rawSample) {
	if n := len(r.samples); n > 0 && s.set == r.samples[n-1].set {
		s.since = r.samples[n-1].since
	}
	r.kept = at
	r.samples = append(r.samples, s)
}

// trim forgets samples older than keep that nothing needs any more, now and then:
// its cost is a constant a sample.
func (r *ring) trim(keep int64) {
	if len(r.samples) < r.crowded {
		return
	}
	old, newest := 0, r.last()
	for old < r.fed && r.samples[old].later(newest) > keep {
		old++
	}
	r.samples = slices.Delete(r.samples, 0, old)
	r.fed -= old
	r.crowded = max(leastCrowd, 2*len(r.samples))
}

// isDeepIn reports whether sample i and all that the filter has around it lie in
// the zones of set, and no silence follows. Samples beyond those do not matter.
func (r *ring) isDeepIn(i int, set zones.SetID) bool {
	s, window := &r.samples[i], r.samples[i].window()
	if s.set != set || i+1 >= len(r.samples) || s.later(&r.samples[i+1]) > min(window, 3*s.usualStep()/2) {
		return false
	}
	last := len(r.samples) - 1
	for s.later(&r.samples[last]) > window {
		last--
	}
	until := &r.samples[last]
	return until.set == set && int64(int32(s.at-until.since)) >= window
}

// noSet is no set of any plan's: that of samples near a line, and of those from before a
// reload.
const noSet = ^zones.SetID(0)

// forgetZones is for a reload: nobody knows where samples lie in the new zones.
func (r *ring) forgetZones() {
	for i := range r.samples {
		r.samples[i].set = noSet
	}
}

// look sees now and then whether a person has stayed within a distance, cm, for a
// while, and always whether one who did has left.
func (r *ring) look(at int64, s *rawSample, within float64) {
	if r.still {
		r.still = s.near(&r.stood, within)
	}
	if at-r.looked < lookEvery {
		return
	}
	r.looked, r.still = at, false
	for i := len(r.samples) - 1; i >= 0; i-- {
		if o := &r.samples[i]; o.later(s) >= stillFor {
			r.still, r.stood = s.near(o, within), *o
			return
		}
	}
}

func (s *rawSample) near(o *rawSample, within float64) bool {
	return math.Hypot(float64(s.x-o.x), float64(s.y-o.y)) < within
}

// rings lends rings to people.
type rings struct {
	all   []*ring
	free  []int32
	least int // of free since the last trim
}

// at is the ring of a person who has one.
func (rs *rings) at(number int32) *ring { return rs.all[number-1] }

// lend hands out a ring for the track in a slot, and its number.
func (rs *rings) lend(slot int32, first spot) (int32, *ring) {
	n := len(rs.free) - 1
	if n < 0 {
		rs.all = append(rs.all, nil)
		rs.free, n = append(rs.free, int32(len(rs.all))), 0
	}
	number := rs.free[n]
	rs.free = rs.free[:n]
	rs.least = min(rs.least, n)
	if rs.all[number-1] == nil {
		rs.all[number-1] = &ring{}
	}
	r := rs.at(number)
	*r = ring{
		samples: r.samples[:0], heard: first, born: first, slot: slot, crowded: leastCrowd,
		checked: first.at, looked: first.at,
	}
	return number, r
}

func (rs *rings) giveBack(number int32) {
	rs.at(number).slot = -1
	rs.free = append(rs.free, number)
}

// trim lets go of the rings that nobody has asked for since the last trim, but
// for some.
func (rs *rings) trim() {
	idle := min(rs.least-minSpare, len(rs.free))
	for _, number := range rs.free[:max(0, idle)] {
		rs.all[number-1] = nil
	}
	if n := rs.used(); idle > 0 && 2*n < len(rs.all) {
		rs.all = slices.Clone(rs.all[:n])
		rs.free = slices.Clone(slices.DeleteFunc(rs.free, func(number int32) bool { return int(number) > n }))
	}
	rs.least = len(rs.free)
}

// used is the number of the last ring there is.
func (rs *rings) used() int {
	n := len(rs.all)
	for n > 0 && rs.all[n-1] == nil {
		n--
	}
	return n
}
