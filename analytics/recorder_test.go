package analytics

import (
	"slices"
	"testing"

	"github.com/footfall/footfall/tracker"
)

// at is an instant of a day of 2025, by seconds.
func at(seconds int64) int64 { return 1_743_292_800*Second + seconds*Second }

func enter(r *Recorder, zone int32, seconds int64) {
	r.Entry(tracker.Entry{Zone: zone, At: at(seconds)})
}

func leave(r *Recorder, zone int32, entered, left int64) {
	r.Exit(tracker.Exit{Zone: zone, Entered: at(entered), Left: at(left)})
}

// minutes are the rollups of one zone, by seconds.
func minutes(r *Recorder, zone int) map[int64]*ZoneRollup {
	all := map[int64]*ZoneRollup{}
	for _, p := range r.pages {
		if p.hasZone(zone) {
			all[(p.start-at(0))/Second] = &p.zones[zone].ZoneRollup
		}
	}
	return all
}

func TestMinutesOfOneVisit(t *testing.T) {
	r := NewRecorder(21, at(0))
	r.Connected(at(0))
	enter(r, 1, 60) // exactly on a minute
	leave(r, 1, 60, 180)
	r.Follow(at(400))
	got := minutes(r, 1)
	if len(got) != 3 {
		t.Fatalf("the visit is in %d minutes, want that of the entry, one whole and that of the exit", len(got))
	}
	for start, want := range map[int64]struct{ entries, exits, time, least, most, end int64 }{
		60:  {1, 0, Minute, 1, 1, 1},
		120: {0, 0, Minute, 1, 1, 1},
		180: {0, 1, 0, 0, 0, 0},
	} {
		z := got[start]
		if z == nil {
			t.Fatalf("no minute at %d s", start)
		}
		if z.Entries() != want.entries || z.Exits() != want.exits || z.Sum[PersonTime] != want.time || z.Min != want.least || z.Max != want.most || z.End != want.end {
			t.Errorf("minute at %d s: %+v, want %+v", start, z, want)
		}
	}
}

func TestEmptyTimeIsSkipped(t *testing.T) {
	r := NewRecorder(21, at(10))
	enter(r, 3, 20)
	leave(r, 3, 20, 30)
	r.Follow(at(365 * 24 * 3600))
	if n := len(r.pages); n != 1 {
		t.Errorf("a year with nobody there and no data takes %d minutes, want 1", n)
	}
	enter(r, 9, 365*24*3600+61) // a zone first seen now
	r.Follow(at(365*24*3600 + 180))
	if z := minutes(r, 9)[365*24*3600+120]; z == nil || z.Sum[PersonTime] != Minute {
		t.Errorf("a zone first seen late: %+v", z)
	}
}

func TestStatesThatLastNoTimeAreNotSeen(t *testing.T) {
	r := NewRecorder(21, at(0))
	r.Connected(at(0))
	enter(r, 1, 10)
	leave(r, 1, 10, 30)
	enter(r, 1, 30) // somebody else comes in as the first one leaves
	leave(r, 1, 30, 40)
	enter(r, 1, 50) // and one who does not stay
	leave(r, 1, 50, 50)
	r.Follow(at(60))
	z := minutes(r, 1)[0]
	if z.Min != 0 || z.Max != 1 || z.Entries() != 3 || z.Exits() != 3 || z.Sum[PersonTime] != 30*Second {
		t.Errorf("the minute is %+v", z)
	}
}

func TestCoverageThatEndedInTheMinute(t *testing.T) {
	r := NewRecorder(21, at(0))
	r.Connected(at(0))
	enter(r, 1, 0)
	r.Disconnected(at(5))
	r.Follow(at(10)) // the zone is not brought up to here, the end of the coverage is passed
	r.Follow(at(60))
	z := minutes(r, 1)[0]
	if z.Sum[Covered] != 5*Second || z.Sum[CoveredPersonTime] != 5*Second || z.Min != 1 || r.pages[0].covered != 5*Second {
		t.Errorf("the minute is %+v, covered %d", z, r.pages[0].covered)
	}
	if len(r.coverage) != 0 {
		t.Errorf("coverage that is over is kept: %v", r.coverage)
	}
}

func TestCoverageStaysAsFollowed(t *testing.T) {
	r := NewRecorder(21, at(0))
	enter(r, 1, 0)
	r.Connected(at(0))
	r.Connected(at(3)) // it is on already
	r.Follow(at(30))
	r.Disconnected(at(20))
	r.Disconnected(at(40)) // it is off already
	r.Connected(at(25))
	r.Disconnected(at(45))
	r.Follow(at(120))
	if got := r.pages[0].covered; got != 45*Second {
		t.Errorf("%d µs are covered, want the 30 s followed and 15 s more", got)
	}
	if got := minutes(r, 1)[0].Sum[Covered]; got != 45*Second {
		t.Errorf("%d µs are covered by the zone, want the same", got)
	}
}

func TestEventsBeforeWhatIsFollowed(t *testing.T) {
	r := NewRecorder(21, at(0))
	enter(r, 1, 10)
	r.Follow(at(90))
	leave(r, 1, 10, 80)
	if r.Misplaced() != 1 {
		t.Errorf("%d events are misplaced", r.Misplaced())
	}
	r.Follow(at(180))
	z := minutes(r, 1)[60]
	if z.Sum[PersonTime] != 30*Second || z.End != 0 {
		t.Errorf("the visit ended %+v, want where it was followed to", z)
	}
	r.Follow(at(100))
	if r.Followed() != at(180) {
		t.Errorf("followed back to %d", r.Followed())
	}
}

func TestFlowsIntoClosedMinutesAreLate(t *testing.T) {
	r := NewRecorder(21, at(0))
	r.Follow(at(90))
	for seconds, late := range map[int64]bool{0: true, 59: true, 60: false, 89: false, 91: false} {
		r.late, r.pages = nil, nil
		r.Flow(tracker.Flow{From: 1, To: 2, At: at(seconds)})
		if got := len(r.late) == 1; got != late {
			t.Errorf("a flow at %d s is late: %t, followed 90 s", seconds, got)
		}
	}
	r.Follow(at(120))
	r.late, r.pages = nil, nil
	r.Flow(tracker.Flow{From: 1, To: 2, At: at(119)})
	if len(r.late) != 1 {
		t.Errorf("a flow in the minute just closed is not late")
	}
}

func TestTimelineKeepsOrder(t *testing.T) {
	var z timeline
	for _, c := range []change{{30, 1}, {10, 1}, {20, -1}, {30, 1}, {10, -1}, {40, 1}, {5, 1}, {20, 3}} {
		z.insert(c)
	}
	want := []change{{5, 1}, {10, 0}, {20, 2}, {30, 2}, {40, 1}}
	if !slices.Equal(z.changes, want) {
		t.Errorf("changes are %v, want %v", z.changes, want)
	}
}

// A minute that is stored already must not be forgotten while an earlier one is
// not: what is read from memory has no holes.
func TestStoredMinutesBehindOthersStay(t *testing.T) {
	r := NewRecorder(21, at(0))
	enter(r, 1, 10)
	r.Crossing(tracker.Crossing{Line: 1, Direction: 1, At: at(70)})
	r.Flush(&Batch{}, State{At: at(80), Batch: 1})
	leave(r, 1, 10, 20)
	r.Follow(at(130))
	r.Committed(1)
	var starts []int64
	for _, p := range r.pages {
		starts = append(starts, (p.start-at(0))/Second)
	}
	if !slices.Equal(starts, []int64{0, 60}) {
		t.Errorf("memory has the minutes %v, want 0 and 60", starts)
	}
	r.Flush(&Batch{}, State{At: at(130), Batch: 2})
	r.Committed(2)
	if len(r.pages) != 0 {
		t.Errorf("%d minutes stay though all are stored", len(r.pages))
	}
}
