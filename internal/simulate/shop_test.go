package simulate

import (
	"bytes"
	"math"
	"testing"

	"github.com/footfall/footfall/signals"
)

// wire is a shop's life as bytes, stepped through in pieces of the given length.
func wire(s *Shop, from, to, piece int64) []byte {
	s.Start(from)
	var batch []signals.Message
	var out []byte
	for t := from; t < to; {
		t = min(to, t+piece)
		batch = s.Step(t, batch[:0])
		for i := range batch {
			out = signals.Append(out, &batch[i])
		}
	}
	return out
}

func TestSameSeedSameBytes(t *testing.T) {
	t.Parallel()
	life := func(seed uint64, piece int64) []byte {
		s := NewShop(Config{Seed: seed, FrameRate: 2})
		return wire(s, at(2, 8, 0), at(2, 11, 0), piece)
	}
	one := life(7, 5*minute)
	if len(one) < 500_000 {
		t.Fatalf("only %d bytes in three hours", len(one))
	}
	if !bytes.Equal(one, life(7, 5*minute)) {
		t.Error("the same seed gave another life")
	}
	if !bytes.Equal(one, life(7, 770_001)) {
		t.Error("stepping in other pieces gave another life")
	}
	if bytes.Equal(one, life(8, 5*minute)) {
		t.Error("another seed gave the same life")
	}
}

// TestMessages holds a day's messages against what the protocol and Step promise.
func TestMessages(t *testing.T) {
	t.Parallel()
	s := NewShop(Config{Seed: 3, FrameRate: 2, Location: 21, FirstID: 1000})
	const unseen, present, lost = 0, 1, 2
	state := map[int64]int{}
	var estimates int
	var last, lastID int64
	lastID = 999
	from := at(3, 0, 0)
	s.Start(from)
	for end := from; end < at(4, 0, 0); {
		begin := end
		end += 7 * minute
		for _, m := range s.Step(end, nil) {
			if m.Time <= begin || m.Time > end || m.Time < last || m.Time%(second/2) != 0 {
				t.Fatalf("a message at %d, in (%d, %d], after one at %d", m.Time, begin, end, last)
			}
			last = m.Time
			var back signals.Message
			if err := signals.Decode(signals.Append(nil, &m), &back); err != nil || m.LocationID != 21 {
				t.Fatalf("%+v: %v", m, err)
			}
			was := state[m.PersonID]
			switch m.Kind {
			case signals.KindPosition:
				if was == unseen && m.PersonID <= lastID || was == lost || !(m.Confidence > 0 && m.Confidence <= 1) {
					t.Fatalf("%+v of one in state %d, the last id was %d", m, was, lastID)
				}
				if was == unseen {
					lastID = m.PersonID
				}
				state[m.PersonID] = present
			case signals.KindLost:
				if was != present {
					t.Fatalf("person %d is lost in state %d", m.PersonID, was)
				}
				state[m.PersonID] = lost
			case signals.KindDemographics:
				if was != present {
					t.Fatalf("an estimate of person %d in state %d", m.PersonID, was)
				}
				estimates++
			default:
				t.Fatalf("a message of kind %v", m.Kind)
			}
		}
	}
	var losses int
	for _, is := range state {
		if is == lost {
			losses++
		}
	}
	if n := len(state); n < 3000 || losses == n || losses < n*97/100 || estimates < n/2 {
		t.Errorf("%d tracks, %d lost, %d estimates", n, losses, estimates)
	}
}

func TestNobodyWalksThroughWalls(t *testing.T) {
	t.Parallel()
	for _, rate := range []float64{1, 10} {
		s := NewShop(Config{Seed: 5, FrameRate: rate, AlwaysOpen: true, VisitorsPerDay: 2000})
		from := at(2, 12, 0)
		watch(s, from, from+45*minute, func(frame []signals.Message) {
			for _, p := range s.people {
				checkPlace(t, s.floor, p.at.plus(p.sway), 0)
			}
			for _, m := range frame {
				if m.Kind == signals.KindPosition {
					checkPlace(t, s.floor, point{m.X, m.Y}, 7*jitterSize)
				}
			}
		})
	}
}

// checkPlace fails where p is deeper in something than slack, or that far out of sight.
func checkPlace(t *testing.T, f *floor, p point, slack float64) {
	t.Helper()
	out := slack + mostSway + apart + 1
	if p.x < viewLeft-out || p.x > viewRight+out || p.y < viewBottom-out || p.y > shopTop+slack {
		t.Fatalf("%v is out of sight", p)
	}
	for _, o := range f.obstacles {
		if o.grown(-slack).has(p) {
			t.Fatalf("%v is inside %v", p, o)
		}
	}
}

func TestStepBackAndRepeated(t *testing.T) {
	s := NewShop(Config{AlwaysOpen: true})
	from := at(2, 12, 0)
	s.Start(from)
	if n := len(s.Step(from, nil)); n != 0 {
		t.Errorf("%d messages in an empty interval", n)
	}
	if n := len(s.Step(from+second, nil)); n == 0 {
		t.Error("no messages in a second at noon")
	}
	if n := len(s.Step(from, nil)); n != 0 {
		t.Errorf("%d messages for a step back", n)
	}
}

func TestFirstStepStarts(t *testing.T) {
	s := NewShop(Config{AlwaysOpen: true})
	if n := len(s.Step(at(2, 12, 0), nil)); n != 0 {
		t.Errorf("%d messages from before the start", n)
	}
	if len(s.people) == 0 {
		t.Error("the shop is empty")
	}
}

func TestFrameRate(t *testing.T) {
	s := NewShop(Config{AlwaysOpen: true, FrameRate: 2})
	from := at(2, 12, 0)
	count := func(to int64) int {
		times := map[int64]bool{}
		for _, m := range s.Step(to, nil) {
			times[m.Time] = true
		}
		return len(times)
	}
	s.Start(from)
	if n := count(from + 10*second); n != 20 {
		t.Errorf("%d frames in 10 s at 2 Hz", n)
	}
	s.SetFrameRate(10)
	if n := count(from + 20*second); n != 100 {
		t.Errorf("%d frames in 10 s at 10 Hz", n)
	}
	s.SetFrameRate(math.Inf(1))
	if n := count(from + 21*second); n != 60 {
		t.Errorf("%d frames in 1 s at the highest rate", n)
	}
}

func TestStepDoesNotAllocate(t *testing.T) {
	s := NewShop(Config{AlwaysOpen: true, Seed: 2})
	now := at(2, 12, 0)
	s.Start(now)
	batch := make([]signals.Message, 0, 10_000)
	step := func() {
		now += second
		batch = s.Step(now, batch[:0])
	}
	for range 3600 { // until the pool has everybody it needs
		step()
	}
	if allocs := testing.AllocsPerRun(600, step); allocs > 0.1 {
		t.Errorf("%v allocations a second of ten frames", allocs)
	}
}

// BenchmarkWeek is seven days of history at 2 Hz.
func BenchmarkWeek(b *testing.B) {
	b.ReportAllocs()
	var n int
	for range b.N {
		s := NewShop(Config{Seed: 1, FrameRate: 2})
		run(s, at(2, 0, 0), at(9, 0, 0), func(batch []signals.Message) { n += len(batch) })
	}
	b.ReportMetric(float64(n)/float64(b.N), "messages/op")
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(n), "ns/message")
}

// BenchmarkFrame is one live frame of the busiest hour.
func BenchmarkFrame(b *testing.B) {
	s := NewShop(Config{AlwaysOpen: true})
	now := at(2, 12, 0)
	s.Start(now)
	batch := make([]signals.Message, 0, 1000)
	b.ReportAllocs()
	b.ResetTimer()
	for range b.N {
		now += second / 10
		batch = s.Step(now, batch[:0])
	}
}
