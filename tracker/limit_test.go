package tracker

import "testing"

// Beyond MaxPeople nobody is counted who comes; whoever is there goes on, and a place that
// gets free is taken.
func TestMaxPeople(t *testing.T) {
	for _, corrections := range []bool{false, true} {
		settings := DefaultSettings()
		settings.MaxPeople, settings.Corrections, settings.StitchWithin = 3, corrections, 0
		settings.ProveAfter = 0
		tr := New(settings, (&numbering{}).layout(t, nil, nil), deaf{})
		at := scenarioStart
		for id := range int64(1000) {
			tr.Position(at, id, float64(id), 0)
		}
		if tr.People() != 3 || tr.Stats().TurnedAway != 997 {
			t.Errorf("corrections %v: %d people, %d positions turned away", corrections, tr.People(), tr.Stats().TurnedAway)
		}
		tr.Lost(at+second, 1)
		tr.Position(at+second, 0, 1, 0)
		tr.Position(at+second, 500, 500, 0)
		tr.Position(at+second, 501, 501, 0)
		if tr.People() != 3 || tr.Stats().TurnedAway != 998 || tr.Stats().Tracks != 4 {
			t.Errorf("corrections %v: then %d people, %d turned away, %d tracks", corrections, tr.People(), tr.Stats().TurnedAway, tr.Stats().Tracks)
		}
	}
}
