package simulate

import (
	"math"
	"testing"

	"github.com/footfall/footfall/signals"
)

// TestSensorErrs measures the sensor against the people it sees.
func TestSensorErrs(t *testing.T) {
	t.Parallel()
	s := NewShop(Config{Seed: 9, FrameRate: 5, AlwaysOpen: true, VisitorsPerDay: 1500})
	where := map[int64]*person{}
	lostAt := map[int64]signals.Message{}
	seenAt := map[int64]int64{}
	estimated := map[int64]int{}
	var n, gaps, found int
	var squares float64
	from := at(2, 12, 0)
	watch(s, from, from+2*hour, func(frame []signals.Message) {
		for _, p := range s.people {
			where[p.track.id] = p
		}
		for _, m := range frame {
			switch m.Kind {
			case signals.KindLost:
				lostAt[m.PersonID] = m
			case signals.KindDemographics:
				estimated[m.PersonID]++
			case signals.KindPosition:
				p := where[m.PersonID]
				dx := m.X - p.at.x - p.sway.x
				squares, n = squares+dx*dx, n+1
				before, again := seenAt[m.PersonID]
				if again && m.Time-before > s.period {
					gaps++
				}
				if !again && p.phase != passing && p.at.y > 100 {
					found++ // nobody appears in the middle of the shop but who was lost there
				}
				seenAt[m.PersonID] = m.Time
			default:
				t.Fatalf("a message of kind %v", m.Kind)
			}
		}
	})
	if sigma := math.Sqrt(squares / float64(n)); math.Abs(sigma-jitterSize) > 0.3 {
		t.Errorf("the jitter is %.2f cm, not %v", sigma, jitterSize)
	}
	if gaps < n/2000 || gaps > n/100 {
		t.Errorf("%d gaps in %d positions", gaps, n)
	}
	if found < 5 || found > len(seenAt)/20 {
		t.Errorf("%d of %d tracks were found again", found, len(seenAt))
	}
	repeated := 0
	for _, times := range estimated {
		if times > 1 {
			repeated++
		}
	}
	if share := float64(len(estimated)) / float64(len(seenAt)); share < 0.6 || share > 0.8 || repeated < len(estimated)/20 {
		t.Errorf("estimates for %.2f of the tracks, repeated for %d of %d", share, repeated, len(estimated))
	}
	silent := 0
	for id, last := range seenAt {
		if _, told := lostAt[id]; !told && last < from+2*hour-10*second {
			silent++
		}
	}
	if share := float64(silent) / float64(len(seenAt)); share == 0 || share > 3*swallowed {
		t.Errorf("the losses of %d of %d tracks were swallowed", silent, len(seenAt))
	}
}
