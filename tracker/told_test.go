package tracker

import (
	"slices"
	"testing"

	"github.com/footfall/footfall/zones"
)

// TestStitchesTold: a stitch is told for the location and for the zones in which the
// visit ran on, not for those that the person is in but half.
func TestStitchesTold(t *testing.T) {
	areas := []area{{"a", 0, 0, 100, 100, 0, second}, {"b", 0, 0, 200, 100, second, second}}
	for name, c := range map[string]struct {
		born float64 // x of the first position after the gap
		want []int32
	}{
		"still in both":          {90, []int32{LocationZone, 1, 2}},
		"out of one":             {110, []int32{LocationZone, 2}},
		"out of both":            {210, []int32{LocationZone}},
		"too far to be the same": {310, nil},
	} {
		heard := newEar()
		tr := New(DefaultSettings(), (&numbering{}).layout(t, areas, nil), heard)
		tr.Position(scenarioStart, 1, 80, 50)
		tr.Position(scenarioStart+5*second, 1, 80, 50)
		tr.Lost(scenarioStart+5*second, 1)
		tr.Position(scenarioStart+7*second, 2, c.born, 50)
		var told []int32
		for _, e := range heard.stitches {
			told = append(told, e.number)
			if e.at != scenarioStart+7*second {
				t.Errorf("%s: dated %d", name, e.at-scenarioStart)
			}
		}
		if slices.Sort(told); !slices.Equal(told, c.want) {
			t.Errorf("%s: told for zones %v, want %v", name, told, c.want)
		}
	}
}

// TestStitchOfAVisitThatBeganWithIt: an entry at the gap's end is not one that ran on.
func TestStitchOfAVisitThatBeganWithIt(t *testing.T) {
	heard := newEar()
	tr := New(DefaultSettings(), (&numbering{}).layout(t, []area{{"a", 0, 0, 100, 100, 0, 0}}, nil), heard)
	tr.Position(scenarioStart, 1, 150, 50)
	tr.Lost(scenarioStart, 1)
	tr.Position(scenarioStart+second, 2, 90, 50)
	if len(heard.stitches) != 1 || heard.stitches[0].number != LocationZone {
		t.Errorf("told %+v", heard.stitches)
	}
}

// TestCrossingDue: the clock alone makes a crossing believed, and the live version
// tells so, after a restart too.
func TestCrossingDue(t *testing.T) {
	layout := (&numbering{}).layout(t, nil, []door{{"door", 100, 0, 100, 100, zones.Unset}})
	tr := New(DefaultSettings(), layout, deaf{})
	tr.Position(scenarioStart, 1, 50, 50)
	tr.Position(scenarioStart+second, 1, 150, 50)
	kept := store{}
	kept.flush(tr)
	again := New(DefaultSettings(), layout, deaf{})
	if err := again.Restore(Stored{At: tr.Now(), Final: scenarioStart, People: kept}); err != nil {
		t.Fatal(err)
	}
	for name, tr := range map[string]*Tracker{"at first": tr, "restored": again} {
		if due := tr.NextDue(); due != scenarioStart+2*second {
			t.Errorf("%s: due at %d", name, due-scenarioStart)
		}
		_, before := tr.Live()
		tr.Advance(scenarioStart + 2*second - 1)
		_, waiting := tr.Live()
		tr.Advance(scenarioStart + 2*second)
		_, after := tr.Live()
		heard := newEar()
		tr.Tentative(heard)
		if waiting != before || after == waiting || len(heard.heard) != 1 || heard.heard[0].kind != "crossing" {
			t.Errorf("%s: versions %d, %d, %d; believed %+v", name, before, waiting, after, heard.heard)
		}
	}
}
