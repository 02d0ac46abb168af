package tracker

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestExpect: whatever is expected, what is counted stays the same.
func TestExpect(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		settings, areas := drawSettings(t), drawAreas(t)
		heard, plain := newEar(), newEar()
		layout := (&numbering{}).layout(t, areas, nil)
		expecting, other := New(settings, layout, heard), New(settings, layout, plain)
		expecting.expected.crowd = 0
		ids := rapid.SliceOfN(rapid.Int64Range(0, 12), 0, 300)
		now := scenarioStart
		for range rapid.IntRange(1, 20).Draw(t, "batches") {
			batch := ids.Draw(t, "batch")
			if rapid.Bool().Draw(t, "rightly") {
				expecting.Expect(batch)
			} else {
				expecting.Expect(ids.Draw(t, "expected"))
			}
			for _, id := range batch {
				now += rapid.Int64Range(0, second/4).Draw(t, "later")
				x, y := rapid.Float64Range(0, floorSize).Draw(t, "x"), rapid.Float64Range(0, floorSize).Draw(t, "y")
				lost := rapid.IntRange(0, 9).Draw(t, "lost") == 0
				for _, tr := range []*Tracker{expecting, other} {
					if lost {
						tr.Lost(now, id)
					} else {
						tr.Position(now, id, x, y)
					}
				}
			}
			a, b := expecting.Sweep(now), other.Sweep(now)
			if a != b {
				t.Fatalf("bounds are %+v, not %+v", a, b)
			}
			if err := expecting.audit(); err != nil {
				t.Fatal(err)
			}
		}
		expecting.End()
		other.End()
		if !slices.Equal(heard.heard, plain.heard) {
			t.Fatal(difference(heard.heard, plain.heard))
		}
	})
}
