package analytics_test

import (
	"errors"

	"pgregory.net/rapid"

	"github.com/footfall/footfall/analytics"
	"github.com/footfall/footfall/tracker"
)

// flaky is a store whose Apply can be made to fail.
type flaky struct {
	analytics.Store
	fails bool
}

var errDiskFull = errors.New("no space left on device")

func (f *flaky) Apply(b *analytics.Batch) error {
	if f.fails {
		return errDiskFull
	}
	return f.Store.Apply(b)
}

func (s *shop) flush() {
	s.batch += rapid.Int64Range(1, 2).Draw(s.t, "batch")
	b := &analytics.Batch{}
	s.recorder.Flush(b, analytics.State{At: s.now, Counted: s.now, Batch: s.batch})
	s.flushed = moment{s.truth.clone(), s.now, s.final}
	if s.waiting == nil {
		s.waiting = b
		return
	}
	s.waiting.Absorb(b)
}

func (s *shop) commit() {
	if s.waiting == nil {
		return
	}
	s.store.fails = rapid.IntRange(0, 3).Draw(s.t, "fails") == 0
	err := analytics.Commit(s.store, s.waiting)
	if s.store.fails {
		s.store.fails = false
		if !errors.Is(err, errDiskFull) {
			s.t.Fatalf("a failed commit returned %v", err)
		}
		return
	}
	s.must(err)
	s.waiting, s.stored, s.unacked = nil, s.flushed, true
	if rapid.Bool().Draw(s.t, "acknowledged at once") {
		s.acknowledge()
	}
}

func (s *shop) acknowledge() {
	if s.unacked && s.waiting == nil {
		s.recorder.Committed(s.batch)
		s.unacked = false
	}
}

func (s *shop) derive() { s.must(analytics.Derive(s.store, s.profile.Location)) }

// restart goes on from what is stored: what was not is lost with the process.
func (s *shop) restart() {
	if s.stored.now == 0 {
		return
	}
	s.tell()
	stored := s.load()
	s.recorder, s.waiting, s.unacked = stored.Recorder, nil, false
	s.truth, s.now, s.final = s.stored.truth.clone(), s.stored.now, s.stored.final
	if s.receiving() {
		s.endCoverage(&s.truth)
	}
	s.setClock()
}

func (s *shop) endCoverage(h *truth) {
	if n := len(h.covered); n > 0 && h.covered[n-1].to == tracker.Never {
		h.covered[n-1].to = max(h.covered[n-1].from, s.stored.now)
	}
}

func (s *shop) load() (stored *analytics.Stored) {
	s.must(s.store.View(func(v analytics.View) (err error) {
		stored, err = analytics.Load(v, s.profile.Location)
		return err
	}))
	if stored == nil {
		s.t.Fatal("the store does not know the location")
	}
	return stored
}

// tend stores what there is step by step, while a report is read through one and
// the same copy.
func (s *shop) tend() {
	q := s.drawQuery()
	settled := s.dated(s.final, s.now, "settled")
	r := reading{s.recorder.Open(s.clock, settled), known{s.truth.clone(), s.now, settled, s.clock.Grouped()}}
	for _, step := range []func(){s.flush, s.commit, s.acknowledge, s.derive} {
		s.compare(q, r)
		step()
	}
	s.compare(q, r)
	s.compare(q, reading{s.recorder.Open(s.clock, settled), r.known})
}

// night stores some hours or days, and sums them up.
func (s *shop) night() {
	s.now += rapid.Int64Range(1, 60*60).Draw(s.t, "minutes") * analytics.Minute
	s.clock.Advance(s.now)
	s.follow()
	s.flush()
	s.commit()
	s.derive()
}

// settle stores everything.
func (s *shop) settle() {
	s.tell()
	s.final = s.now
	s.recorder.Follow(s.now)
	s.flush()
	s.must(analytics.Commit(s.store, s.waiting))
	s.waiting, s.stored, s.unacked = nil, s.flushed, true
	s.acknowledge()
}
