package tracker

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/footfall/footfall/zones"
)

const tenth = second / 10

func corrected(t testing.TB) (*Tracker, *ear) {
	settings := correctedSettings()
	settings.EnterAfter, settings.ExitAfter = 0, 0
	e := newEar()
	room := []area{{"room", -1000, -1000, 1000, 1000, zones.Unset, zones.Unset}}
	return New(settings, (&numbering{}).layout(t, room, nil), e), e
}

// walkOn tells of a person ten times a second, steps apart, and returns where the
// next step would be.
func walkOn(tr *Tracker, at, id int64, x, dx float64, steps int) (int64, float64) {
	for range steps {
		tr.Position(at, id, x, 0)
		at, x = at+tenth, x+dx
	}
	return at, x
}

func liveOf(tr *Tracker) [2]int32 {
	counts, _ := tr.Live()
	return [2]int32{counts[LocationZone], counts[1]}
}

// A person who is lost and found again under another id is in the live counts all the
// time, once.
func TestLiveDoesNotFlickerOverAStitch(t *testing.T) {
	tr, _ := corrected(t)
	at, x := walkOn(tr, scenarioStart, 1, -300, 10, 30)
	if liveOf(tr) != [2]int32{1, 1} {
		t.Fatalf("before the loss %v are live", liveOf(tr))
	}
	tr.Lost(at, 1)
	at, x = at+second, x+100
	for range 40 {
		tr.Position(at, 2, x, 0)
		tr.Sweep(at)
		if liveOf(tr) != [2]int32{1, 1} {
			t.Fatalf("%v ms from the beginning %v are live", (at-scenarioStart)/1000, liveOf(tr))
		}
		at, x = at+tenth, x+10
	}
	if tr.Stats().Stitched != 1 {
		t.Errorf("%d stitches", tr.Stats().Stitched)
	}
}

// Who is not found again leaves the live counts when StitchWithin is over.
func TestLiveLosesWhoIsNotFoundAgain(t *testing.T) {
	tr, _ := corrected(t)
	at, _ := walkOn(tr, scenarioStart, 1, -300, 10, 30)
	tr.Lost(at, 1)
	tr.Advance(at + 3*second)
	if liveOf(tr) != [2]int32{1, 1} || tr.NextDue() != at+3*second+1 {
		t.Errorf("live %v, due in %v µs", liveOf(tr), tr.NextDue()-at)
	}
	tr.Advance(at + 3*second + 1)
	if liveOf(tr) != [2]int32{0, 0} {
		t.Errorf("%v are live", liveOf(tr))
	}
}

// Two who cross while nobody sees them keep to their ways; the nearest of those who
// were lost would be the other.
func TestThoseWhoCrossUnseenKeepTheirWays(t *testing.T) {
	tr, _ := corrected(t)
	for i := range int64(30) {
		at := scenarioStart + i*tenth
		tr.Position(at, 1, -290+10*float64(i), 0)
		tr.Position(at, 2, 430-10*float64(i), 30)
	}
	right, _ := tr.people.find(1)
	left, _ := tr.people.find(2)
	lost := scenarioStart + 3*second
	tr.Lost(lost, 1)
	tr.Lost(lost, 2)
	for i := range int64(20) {
		at := lost + second + i*tenth
		tr.Position(at, 3, 110+10*float64(i), 0)
		tr.Position(at, 4, 30-10*float64(i), 30)
	}
	if slot, _ := tr.people.find(3); slot != right {
		t.Errorf("who went right goes on in slot %d, not %d", slot, right)
	}
	if slot, _ := tr.people.find(4); slot != left {
		t.Errorf("who went left goes on in slot %d, not %d", slot, left)
	}
}

// A short, still track is nobody: told as a ghost, of the location and of the zone.
func TestGhostsAreToldAndNotCounted(t *testing.T) {
	tr, e := corrected(t)
	at, _ := walkOn(tr, scenarioStart, 1, 50, 1, 10)
	tr.Lost(at, 1)
	if liveOf(tr) != [2]int32{0, 0} {
		t.Errorf("%v are live", liveOf(tr))
	}
	tr.End()
	if len(e.ghosts) != 2 || len(e.heard) != 0 || tr.Stats().Ghosts != 1 || tr.People() != 0 {
		t.Errorf("heard %v, ghosts %v of %d, people %d", e.heard, e.ghosts, tr.Stats().Ghosts, tr.People())
	}
}

// Who moves counts at once, and who is not lost by time alone, dated back either way.
func TestProof(t *testing.T) {
	for name, c := range map[string]struct {
		dx    float64
		steps int
		after int64 // µs from the first position
	}{"moving": {30, 3, 2 * tenth}, "one position": {0, 1, 1_300_000}} {
		t.Run(name, func(t *testing.T) {
			tr, e := corrected(t)
			walkOn(tr, scenarioStart, 1, 0, c.dx, c.steps)
			tr.Advance(scenarioStart + c.after - 1)
			if name == "one position" && (liveOf(tr) != [2]int32{0, 0} || tr.NextDue() != scenarioStart+c.after) {
				t.Errorf("counted too early: %v; due at %d", liveOf(tr), tr.NextDue())
			}
			tr.Advance(scenarioStart + c.after)
			if liveOf(tr) != [2]int32{1, 1} || e.heard[0].at != scenarioStart {
				t.Errorf("live %v, first event %+v", liveOf(tr), e.heard[0])
			}
		})
	}
}

// The noise is measured from the stream: Ornstein and Uhlenbeck's, of a time constant
// of half a second, on people who walk about.
func TestNoiseIsMeasured(t *testing.T) {
	for _, noise := range []float64{0, 5, 12} {
		tr, _ := corrected(t)
		r := rand.New(rand.NewPCG(1, 2))
		keep := math.Exp(-0.1 / noiseTime)
		fresh := noise * math.Sqrt(1-keep*keep)
		type walker struct{ x, y, heading, ex, ey float64 }
		people := make([]walker, 20)
		for step := range int64(600) {
			for i := range people {
				w := &people[i]
				w.heading += 0.1 * r.NormFloat64()
				w.x, w.y = w.x+12*math.Cos(w.heading), w.y+12*math.Sin(w.heading)
				w.ex, w.ey = keep*w.ex+fresh*r.NormFloat64(), keep*w.ey+fresh*r.NormFloat64()
				tr.Position(scenarioStart+step*tenth, int64(i), w.x+w.ex, w.y+w.ey)
			}
		}
		if got := tr.noise.cm; math.Abs(got-noise) > 0.15*noise+1.5 {
			t.Errorf("noise of %v cm is measured as %.1f", noise, got)
		}
		if smoothed := tr.window > 0; smoothed != (noise > faintNoise) {
			t.Errorf("at %v cm the filter's window is %d µs", noise, tr.window)
		}
	}
}
