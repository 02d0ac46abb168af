package analytics_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/footfall/footfall/analytics"
	"github.com/footfall/footfall/analytics/storetest"
	"github.com/footfall/footfall/tracker"
)

// discard hears nothing.
type discard struct{}

func (discard) Entry(tracker.Entry)       {}
func (discard) Exit(tracker.Exit)         {}
func (discard) Flow(tracker.Flow)         {}
func (discard) Crossing(tracker.Crossing) {}
func (discard) Net(tracker.Net)           {}
func (discard) Stitch(tracker.Stitch)     {}
func (discard) Ghost(tracker.Ghost)       {}
func (discard) Heat(tracker.Heat)         {}
func (discard) Group(tracker.Group)       {}

// shop is a location with a random history: what it tells a recorder it notes in
// the truth, and what is stored it notes as of that flush.
type shop struct {
	t       *rapid.T
	store   *flaky
	profile *analytics.Profile
	first   int64

	recorder *analytics.Recorder
	clock    *tracker.Tracker // with nobody in it: tells the time
	truth    truth
	now      int64
	final    int64
	batch    int64
	waiting  *analytics.Batch
	unacked  bool

	flushed moment // as of the last flush
	stored  moment // as of the last batch in the store
	copies  []reading

	retained int64 // what is later by an hour is not deleted
}

// moment is what a flush wrote.
type moment struct {
	truth      truth
	now, final int64
}

// reading is a copy of the open end and what was known then.
type reading struct {
	open *analytics.Open
	known
}

func newShop(t *rapid.T) *shop {
	night := rapid.SampledFrom(nights[:9]).Draw(t, "night")
	s := &shop{t: t, store: &flaky{Store: storetest.NewMemory()}}
	s.first = instant(t, night.at) - rapid.Int64Range(0, 26*3600).Draw(t, "seconds before")*analytics.Second - rapid.SampledFrom([]int64{0, 1, 345_678}).Draw(t, "microseconds before")
	s.profile = &analytics.Profile{
		Location: rapid.SampledFrom([]int64{7, -3}).Draw(t, "location"), Timezone: night.zone, DayStart: drawQuarter(t), Capacity: 3,
		BounceUnder: 40 * analytics.Second, EngagedOver: 2 * analytics.Minute, QueueGrace: rapid.SampledFrom([]int64{30 * analytics.Second, 7 * analytics.Minute}).Draw(t, "grace"),
		Zones: []analytics.Subject{{Number: 2, ID: "till", Capacity: 1}, {Number: 1, ID: "door", Capacity: 2, Kind: "queue", Service: "till", WaitTarget: analytics.Minute}, {Number: 3, ID: "aisle"}},
		Lines: []analytics.Subject{{Number: 1, ID: "front"}, {Number: 2, ID: "back"}},
	}
	s.profile.Opening = drawOpening(t)
	s.profile.TakeFunnel([]string{"aisle", "door", "till"})
	s.putProfile()
	s.recorder = analytics.NewRecorder(s.profile.Location, s.first)
	s.recorder.GoBy(s.profile)
	s.now, s.final = s.first, s.first
	s.setClock()
	if rapid.IntRange(0, 3).Draw(t, "covered") > 0 {
		s.cover()
	}
	return s
}

func drawQuarter(t *rapid.T) int {
	return rapid.SampledFrom([]int{0, 0, 180, 210, 240}).Draw(t, "day start")
}

func (s *shop) putProfile() {
	b := &analytics.Batch{}
	s.must(s.profile.Put(b))
	s.must(s.store.Store.Apply(b))
}

func (s *shop) must(err error) {
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *shop) setClock() {
	s.clock = tracker.New(tracker.DefaultSettings(), tracker.Layout{Plan: noZones()}, discard{})
	s.clock.Advance(s.now)
}

// dated is an instant in [from, to], often one where things meet.
func (s *shop) dated(from, to int64, label string) int64 {
	at := rapid.SampledFrom([]string{"first", "last", "minute", "any", "any"}).Draw(s.t, label)
	switch minute := ceil(from, analytics.Minute); {
	case at == "first" || from >= to:
		return from
	case at == "last":
		return to
	case at == "minute" && minute <= to:
		return minute + rapid.Int64Range(0, (to-minute)/analytics.Minute).Draw(s.t, "minutes")*analytics.Minute
	}
	return rapid.Int64Range(from, to).Draw(s.t, "at")
}

func (s *shop) tell() { s.copies = nil }

func (s *shop) enter() {
	s.tell()
	v := visit{zone: rapid.Int32Range(0, 3).Draw(s.t, "zone"), entered: s.dated(s.final, s.now, "entered"), left: tracker.Never}
	v.entry = rapid.SampledFrom([]tracker.Reason{tracker.Crossed, tracker.Appeared}).Draw(s.t, "reason")
	v.who = tracker.ClassAt(rapid.IntRange(0, tracker.Genders*tracker.AgeBands-1).Draw(s.t, "class"))
	v.track = s.whoMayEnter(v)
	v.person, v.first = int32(v.track), !slices.ContainsFunc(s.truth.visits, func(o visit) bool { return o.track == v.track && o.zone == v.zone })
	s.truth.visits = append(s.truth.visits, v)
	s.recorder.Entry(tracker.Entry{Zone: v.zone, Person: v.person, Reason: v.entry, First: v.first, At: v.entered})
}

// whoMayEnter is one of a few people of whom nobody is in the zone then or was later;
// visits to the location as a whole are somebody else's each.
func (s *shop) whoMayEnter(v visit) int {
	var free []int
	for track := 1; track <= 4; track++ {
		busy := slices.ContainsFunc(s.truth.visits, func(o visit) bool {
			return o.track == track && o.zone == v.zone && (o.left > v.entered || o.left == v.entered && o.entered == o.left)
		})
		if !busy {
			free = append(free, track)
		}
	}
	if v.zone == tracker.LocationZone || len(free) == 0 {
		return 1000 + len(s.truth.visits)
	}
	return rapid.SampledFrom(free).Draw(s.t, "who")
}

func (s *shop) leave() {
	var open []int
	for i, v := range s.truth.visits {
		if v.left == tracker.Never {
			open = append(open, i)
		}
	}
	if len(open) == 0 {
		return
	}
	s.tell()
	v := &s.truth.visits[rapid.SampledFrom(open).Draw(s.t, "visit")]
	v.left = s.dated(max(v.entered, s.final), s.now, "left")
	v.exit = rapid.SampledFrom([]tracker.Reason{tracker.Crossed, tracker.Lost, tracker.Expired, tracker.ZoneRemoved}).Draw(s.t, "reason")
	s.recorder.Exit(tracker.Exit{Zone: v.zone, Person: v.person, Reason: v.exit, Entered: v.entered, Left: v.left, Who: v.who})
}

// flow may be dated long ago: it is then late.
func (s *shop) flow() {
	s.tell()
	from, to := rapid.Int32Range(1, 3).Draw(s.t, "from"), rapid.Int32Range(1, 3).Draw(s.t, "to")
	f := tracker.Flow{From: from, To: to, At: s.dated(rapid.SampledFrom([]int64{s.first, s.final}).Draw(s.t, "since"), s.now, "flow")}
	s.truth.flows = append(s.truth.flows, f)
	s.recorder.Flow(f)
}

func (s *shop) cross() {
	s.tell()
	line := rapid.Int32Range(1, 2).Draw(s.t, "line")
	direction := rapid.SampledFrom([]int8{1, -1}).Draw(s.t, "direction")
	at := s.dated(s.final, s.now, "crossed")
	if rapid.Bool().Draw(s.t, "net") {
		n := tracker.Net{Line: line, Direction: direction, At: at}
		s.truth.nets = append(s.truth.nets, n)
		s.recorder.Net(n)
		return
	}
	c := tracker.Crossing{Line: line, Direction: direction, At: at}
	s.truth.crossings = append(s.truth.crossings, c)
	s.recorder.Crossing(c)
}

// judge tells of a stitch or a ghost.
func (s *shop) judge() {
	s.tell()
	zone, at := rapid.Int32Range(0, 3).Draw(s.t, "zone"), s.dated(s.final, s.now, "judged")
	if rapid.Bool().Draw(s.t, "ghost") {
		s.truth.ghosts = append(s.truth.ghosts, tracker.Ghost{Zone: zone, At: at})
		s.recorder.Ghost(tracker.Ghost{Zone: zone, At: at})
		return
	}
	s.truth.stitches = append(s.truth.stitches, tracker.Stitch{Zone: zone, At: at})
	s.recorder.Stitch(tracker.Stitch{Zone: zone, At: at})
}

// cover begins or ends a time under data, dated back a little at times: what is
// followed already stays as it is.
func (s *shop) cover() {
	s.tell()
	at := rapid.SampledFrom([]int64{s.now, s.now, s.final, s.final - analytics.Second}).Draw(s.t, "at")
	last := len(s.truth.covered) - 1
	if s.receiving() {
		s.recorder.Disconnected(at)
		s.truth.covered[last].to = max(at, s.final, s.truth.covered[last].from)
		return
	}
	s.recorder.Connected(at)
	at = max(at, s.final)
	if last >= 0 {
		at = max(at, s.truth.covered[last].to)
	}
	s.truth.covered = append(s.truth.covered, interval{at, tracker.Never})
}

func (s *shop) receiving() bool {
	n := len(s.truth.covered)
	return n > 0 && s.truth.covered[n-1].to == tracker.Never
}

func (s *shop) advance() {
	day := 24 * 60 * analytics.Minute
	switch rapid.SampledFrom([]string{"little", "seconds", "seconds", "minute", "quarter", "hours", "long"}).Draw(s.t, "step") {
	case "little":
		s.now += rapid.Int64Range(0, analytics.Second).Draw(s.t, "microseconds")
	case "seconds":
		s.now += rapid.Int64Range(1, 100).Draw(s.t, "seconds") * analytics.Second
	case "minute":
		s.now = ceil(s.now+1, analytics.Minute)
	case "quarter":
		s.now = ceil(s.now+1, analytics.Quarter)
	case "hours":
		s.now += rapid.Int64Range(analytics.Minute, 3*60*analytics.Minute).Draw(s.t, "microseconds")
	case "long":
		s.now += rapid.Int64Range(day/8, day).Draw(s.t, "microseconds")
	}
	s.clock.Advance(s.now)
}

func (s *shop) follow() {
	s.final = s.dated(s.final, s.now, "final")
	s.recorder.Follow(s.final)
	kept := s.copies[:0]
	for _, c := range s.copies {
		if s.final <= c.settled { // else the store may come to know more
			kept = append(kept, c)
		}
	}
	s.copies = kept
}

// moves gives the location another calendar.
func (s *shop) moves() {
	s.profile.Timezone = rapid.SampledFrom([]string{"UTC", "Europe/Helsinki", "Australia/Lord_Howe"}).Draw(s.t, "timezone")
	s.profile.DayStart = drawQuarter(s.t)
	s.putProfile()
}

// live gives the shop a random history.
func (s *shop) live() {
	actions := []struct {
		name   string
		weight int
		do     func()
	}{
		{"enter", 5, s.enter}, {"leave", 4, s.leave}, {"flow", 2, s.flow}, {"cross", 2, s.cross}, {"judge", 1, s.judge}, {"cover", 2, s.cover},
		{"advance", 7, s.advance}, {"follow", 5, s.follow}, {"flush", 3, s.flush}, {"commit", 3, s.commit},
		{"acknowledge", 1, s.acknowledge}, {"derive", 2, s.derive}, {"restart", 1, s.restart}, {"move", 1, s.moves},
		{"ask", 4, s.ask}, {"tend", 2, s.tend}, {"night", 1, s.night}, {"retain", 2, s.retain},
	}
	var names []string
	do := map[string]func(){}
	for _, a := range actions {
		do[a.name] = a.do
		for range a.weight {
			names = append(names, a.name)
		}
	}
	for _, name := range rapid.SliceOfN(rapid.SampledFrom(names), 10, 120).Draw(s.t, "actions") {
		do[name]()
	}
}

func TestReportsAgreeWithTheTruth(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := newShop(t)
		s.live()
		s.settle()
		s.ask()
		s.derive()
		s.askEverything()
		s.checkLevels()
	})
}
