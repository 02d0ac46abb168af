package tracker

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func drawRefined(t *rapid.T) Settings {
	s := drawSettings(t)
	s.Corrections = true
	s.MaxWindow = rapid.SampledFrom([]int64{0, second / 2, second}).Draw(t, "filter")
	s.MaxMargin = rapid.SampledFrom([]float64{0, 50}).Draw(t, "margin")
	s.ProveAfter = rapid.SampledFrom([]int64{0, 1_300_000}).Draw(t, "ghosts")
	s.ProveMoved = 50
	return s
}

// TestWalksRefined: whatever the corrections make of a walk, counts are never
// negative, nobody leaves who did not enter, and what was final stays so.
func TestWalksRefined(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := newWalk(t, drawRefined(t), drawAreas(t))
		w.reloads = rapid.Bool().Draw(t, "reloads")
		for range rapid.IntRange(1, 120).Draw(t, "steps") {
			w.step()
			if err := w.tracker.audit(); err != nil {
				t.Fatal(err)
			}
			if counts, _ := w.tracker.Live(); slices.Min(counts) < 0 {
				t.Fatalf("live counts are %v", counts)
			}
		}
		w.tracker.End()
		for _, e := range w.ear.late {
			if e.kind != "flow" {
				t.Fatalf("told after a sweep had called it final: %+v", e)
			}
		}
		w.checkSums()
		w.checkEmpty()
	})
}

// said is one message to a tracker.
type said struct {
	at, id int64
	x, y   float64
	lost   bool
}

// drawSaid draws people who walk about at 10 Hz and are lost now and then.
func drawSaid(t *rapid.T) []said {
	var all []said
	now, places := scenarioStart, map[int64][2]float64{}
	for range rapid.IntRange(1, 300).Draw(t, "messages") {
		now += rapid.SampledFrom([]int64{0, second / 10, second / 10, second / 2, 2 * second}).Draw(t, "later")
		id := rapid.Int64Range(1, 4).Draw(t, "person")
		if rapid.IntRange(0, 19).Draw(t, "what") == 0 {
			all = append(all, said{at: now, id: id, lost: true})
			continue
		}
		at := places[id]
		at[0] += float64(rapid.IntRange(-30, 40).Draw(t, "dx"))
		at[1] += float64(rapid.IntRange(-30, 40).Draw(t, "dy"))
		places[id] = at
		all = append(all, said{at: now, id: id, x: at[0], y: at[1]})
	}
	return all
}

// TestRefinedBySweeps: looking does not change what is counted.
func TestRefinedBySweeps(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		settings, areas, all := drawRefined(t), drawAreas(t), drawSaid(t)
		settings.ExpireAfter = 60 * second
		var heard [2][]event
		for i := range heard {
			ear := newEar()
			tracker := New(settings, (&numbering{}).layout(t, areas, nil), ear)
			for _, one := range all {
				if i == 1 && rapid.Bool().Draw(t, "sweep") {
					tracker.Sweep(one.at)
				}
				if one.lost {
					tracker.Lost(one.at, one.id)
				} else {
					tracker.Position(one.at, one.id, one.x, one.y)
				}
			}
			tracker.End()
			heard[i] = ear.heard
		}
		if lines := difference(heard[1], heard[0]); lines != nil {
			t.Fatalf("with sweeps it is not as without:\n%s", strings.Join(lines, "\n"))
		}
	})
}
