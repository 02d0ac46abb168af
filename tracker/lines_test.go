package tracker

import (
	"fmt"
	"slices"
	"testing"

	"github.com/footfall/footfall/zones"
)

// place is where a person is at a time in seconds; in is towards smaller x, the door at 300.
type place struct {
	at int64
	x  float64
}

// doorway is a tracker with one door, of which who is 30 cm away is clear.
func doorway(t *testing.T, sink Sink) *Tracker {
	numbers, doors := &numbering{}, []door{{"door", 300, 500, 300, -500, zones.Unset}}
	tr := New(DefaultSettings(), numbers.layout(t, nil, doors), sink)
	tr.clearance = 30
	return tr
}

// TestLinesHold: what counts of a walk through a door, told as in +1, out -1.
func TestLinesHold(t *testing.T) {
	far, near := 200., 290. // inside, clear of the line and not
	for name, c := range map[string]struct {
		walk []place
		told []int8
		net  int8
	}{
		"straight through":                {[]place{{0, 400}, {1, near}, {2, far}}, []int8{1}, 1},
		"as far as the margin":            {[]place{{0, 400}, {1, 270}, {2, near}, {3, 400}, {4, 400}}, []int8{1, -1}, 0},
		"a millimetre less":               {[]place{{0, 400}, {1, 270.1}, {3, 400}}, nil, 0},
		"in the doorway and back":         {[]place{{0, 400}, {1, near}, {4, near}, {6, 310}}, nil, 0},
		"in the doorway for long":         {[]place{{0, 400}, {1, near}, {4, near}, {7, 310}}, []int8{1, -1}, 0},
		"in the doorway and gone":         {[]place{{0, 400}, {1, near}}, []int8{1}, 1},
		"jitter on the line":              {[]place{{0, 400}, {1, near}, {3, 310}, {5, near}, {7, 310}, {9, near}, {11, far}}, []int8{1}, 1},
		"in, and looking out of the door": {[]place{{0, 400}, {1, far}, {5, near}, {6, 310}, {9, near}, {10, far}}, []int8{1}, 1},
		"clear within the delay":          {[]place{{0, 400}, {1, 260}, {1, 350}, {9, 400}}, nil, 0},
		"a turn-back at the door":         {[]place{{0, 400}, {1, far}, {5, far}, {6, 400}, {9, 400}}, []int8{1, -1}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			e := newEar()
			tr := doorway(t, e)
			for _, p := range c.walk {
				tr.Position(scenarioStart+p.at*second, 1, p.x, 0)
			}
			tr.Lost(tr.Now(), 1)
			tr.End()
			var told, net []int8
			for _, one := range e.heard {
				switch one.kind {
				case "crossing":
					told = append(told, one.direction)
				case "net":
					net = append(net, one.direction)
				}
			}
			if !slices.Equal(told, c.told) || fmt.Sprint(net) != fmt.Sprint(slices.DeleteFunc([]int8{c.net}, func(n int8) bool { return n == 0 })) {
				t.Errorf("told %v, net %v; want %v, %d", told, net, c.told, c.net)
			}
		})
	}
}

// TestLinesAreBelievedOnceTheyHold: by the clock after the delay where the person is
// clear, else 5 s later; at once where one who has waited gets clear.
func TestLinesAreBelievedOnceTheyHold(t *testing.T) {
	for name, c := range map[string]struct {
		walk  []place
		after int64 // µs from the last place
	}{
		"clear":                {[]place{{0, 400}, {1, 200}}, second},
		"not clear":            {[]place{{0, 400}, {1, 290}}, 6 * second},
		"not clear for longer": {[]place{{0, 400}, {1, 290}, {3, 290}}, 4 * second},
		"clear later":          {[]place{{0, 400}, {1, 290}, {3, 200}}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			e := newEar()
			tr := doorway(t, e)
			for _, p := range c.walk {
				tr.Position(scenarioStart+p.at*second, 1, p.x, 0)
			}
			last := tr.Now()
			tr.Advance(last + c.after - 1)
			_, before := tr.Live()
			if c.after > 0 && believedCrossings(tr, e) != 0 {
				t.Error("believed too early")
			}
			if b := tr.Sweep(tr.Now()); c.after > 0 && b.Settled != scenarioStart+second {
				t.Errorf("settled up to %d s", (b.Settled-scenarioStart)/second)
			}
			tr.Advance(last + c.after)
			if _, now := tr.Live(); c.after > 0 && now == before {
				t.Error("the version does not tell that it is believed")
			}
			if b := tr.Sweep(tr.Now()); believedCrossings(tr, e) != 1 || b.Settled != tr.Now() {
				t.Errorf("not believed in time; settled up to %d s", (b.Settled-scenarioStart)/second)
			}
		})
	}
}

func believedCrossings(tr *Tracker, told *ear) int {
	tentative := newEar()
	tr.Tentative(tentative)
	n := 0
	for _, one := range slices.Concat(tentative.heard, told.heard) {
		if one.kind == "crossing" {
			n++
		}
	}
	return n
}

// TestLinesOfCleanSensors: without a margin a crossing waits for its delay alone.
func TestLinesOfCleanSensors(t *testing.T) {
	e := newEar()
	tr := doorway(t, e)
	tr.clearance = 0
	for _, p := range []place{{0, 301}, {1, 299}, {2, 301}, {3, 299}} {
		tr.Position(scenarioStart+p.at*second, 1, p.x, 0)
	}
	if n := believedCrossings(tr, e); n != 2 {
		t.Errorf("%d crossings of 2 so far", n)
	}
}

// TestLineThatWentHoldsItsCrossings: a reload takes the line; nothing can cut back what
// waits to be clear of it.
func TestLineThatWentHoldsItsCrossings(t *testing.T) {
	e := newEar()
	tr := doorway(t, e)
	tr.Position(scenarioStart, 1, 400, 0)
	tr.Position(scenarioStart+second, 1, 290, 0)
	tr.Reload(scenarioStart+second, (&numbering{}).layout(t, nil, nil))
	tr.Position(scenarioStart+3*second, 1, 400, 0)
	if n := believedCrossings(tr, e); n != 1 {
		t.Errorf("%d crossings, not 1", n)
	}
}
