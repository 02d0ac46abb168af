package analytics_test

import (
	"errors"
	"testing"

	"github.com/footfall/footfall/analytics"
	"github.com/footfall/footfall/analytics/storetest"
	"github.com/footfall/footfall/tracker"
)

// day is a door in Helsinki, whose days begin at four, told of by hand.
func day(t *testing.T, at string) (r *analytics.Recorder, clock *tracker.Tracker, begins int64) {
	begins = instant(t, at)
	r = analytics.NewRecorder(7, begins)
	r.CountByGates(calendarOf(t, "Europe/Helsinki", 240))
	clock = tracker.New(tracker.DefaultSettings(), tracker.Layout{Plan: noZones()}, discard{})
	clock.Advance(begins)
	return r, clock, begins
}

func crossAt(r *analytics.Recorder, at int64, directions ...int8) {
	for _, d := range directions {
		r.Crossing(tracker.Crossing{Line: 1, Direction: d, At: at})
	}
}

// What was told late counts where it belongs in time: this out has an in before it.
func TestGatesActInOrderOfTime(t *testing.T) {
	r, clock, at := day(t, "2025-06-02T09:00:00Z")
	crossAt(r, at+20*analytics.Second, -1)
	clock.Advance(at + 30*analytics.Second)
	if n := r.Believed(clock); n != 0 {
		t.Errorf("believed %d", n)
	}
	crossAt(r, at+10*analytics.Second, 1, 1)
	if n := r.Believed(clock); n != 1 {
		t.Errorf("believed %d, want 1: two came in before the one went out", n)
	}
	r.Follow(at + 30*analytics.Second)
	crossAt(r, at+30*analytics.Second, -1, 1)
	clock.Advance(at + 40*analytics.Second)
	if n := r.Believed(clock); n != 1 {
		t.Errorf("believed %d, want 1: of one instant those in come first", n)
	}
}

// The clocks go forward at three that night: it is four an hour early.
func TestGatesAreResetWhereTheDayStarts(t *testing.T) {
	for begins, four := range map[string]string{
		"2025-03-29T20:00:00Z": "2025-03-30T01:00:00Z", "2025-10-25T20:00:00Z": "2025-10-26T02:00:00Z", "2025-06-01T20:00:00Z": "2025-06-02T01:00:00Z",
	} {
		r, clock, at := day(t, begins)
		crossAt(r, at, 1, 1, 1)
		before := r.GatesVersion(at)
		clock.Advance(instant(t, four) - 1)
		if n := r.Believed(clock); n != 3 || r.GatesVersion(clock.Now()) != before {
			t.Errorf("%s: %d right before the day's start", begins, n)
		}
		clock.Advance(instant(t, four))
		if n := r.Believed(clock); n != 0 || r.GatesVersion(clock.Now()) == before {
			t.Errorf("%s: %d when the day started", begins, n)
		}
		crossAt(r, clock.Now(), -1, 1)
		r.Follow(clock.Now() + hour)
		clock.Advance(clock.Now() + hour)
		if n := r.Believed(clock); n != 0 {
			t.Errorf("%s: %d after one who came in and one who went out right then", begins, n)
		}
		crossAt(r, clock.Now(), 1)
		if n := r.Believed(clock); n != 1 {
			t.Errorf("%s: %d an hour after the day started", begins, n)
		}
	}
}

// A calendar that is new begins no day in what is counted already.
func TestGatesByAnotherCalendar(t *testing.T) {
	r, clock, at := day(t, "2025-06-02T09:00:00Z")
	crossAt(r, at, 1)
	clock.Advance(at + 2*hour)
	r.Follow(at + 2*hour)
	r.CountByGates(calendarOf(t, "UTC", 10*60))
	if n := r.Believed(clock); n != 1 {
		t.Errorf("%d are in, want the 1 there was before the configuration changed", n)
	}
	clock.Advance(at + 25*hour)
	if n := r.Believed(clock); n != 0 || r.Misplaced() != 0 {
		t.Errorf("%d are in after the next day's start, %d misplaced", n, r.Misplaced())
	}
}

// Counting by people goes over into counting by gates and back without a gap in the
// account.
func TestGatesTakeOver(t *testing.T) {
	at := instant(t, "2025-06-02T09:00:00Z")
	r := analytics.NewRecorder(7, at)
	if err := r.ResetOccupancy(at, 1); !errors.Is(err, analytics.ErrNotGated) {
		t.Errorf("reset of a location counted by people: %v", err)
	}
	r.Entry(tracker.Entry{At: at})
	r.Entry(tracker.Entry{At: at})
	r.Follow(at + 1)
	r.Exit(tracker.Exit{Entered: at, Left: at + 5*analytics.Second})
	r.CountByGates(calendarOf(t, "UTC", 0))
	crossAt(r, at+4*analytics.Second, 1) // before: the people count
	crossAt(r, at+6*analytics.Second, 1)
	clock := tracker.New(tracker.DefaultSettings(), tracker.Layout{Plan: noZones()}, discard{})
	clock.Advance(at + 10*analytics.Second)
	if n := r.Believed(clock); n != 2 {
		t.Errorf("%d by gates, want the one who was in and the one who came in", n)
	}
	if r.AtRest() {
		t.Error("at rest with somebody in")
	}
	r.Follow(at + 10*analytics.Second)
	r.CountByPeople(5)
	if r.Gated() || !r.AtRest() {
		t.Error("counted by gates still")
	}
	r.Exit(tracker.Exit{Entered: at, Left: at + 20*analytics.Second})
	r.Follow(at + analytics.Minute)
	b := &analytics.Batch{}
	r.Flush(b, analytics.State{At: at + analytics.Minute, Batch: 1})
	store := storetest.NewMemory()
	if err := store.Apply(b); err != nil {
		t.Fatal(err)
	}
	err := store.View(func(v analytics.View) error {
		return analytics.EachZoneRollup(v, analytics.Minutes, 7, func(_ int64, _ int32, z *analytics.ZoneRollup) {
			if z.Entries()-z.Exits() != z.End || z.End != 4 || z.Sum[analytics.EntriesReset] != 3 {
				t.Errorf("entries %d, exits %d, end %d: %+v", z.Entries(), z.Exits(), z.End, z)
			}
		})
	})
	if err != nil {
		t.Fatal(err)
	}
}
