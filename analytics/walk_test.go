package analytics_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/footfall/footfall/analytics"
	"github.com/footfall/footfall/analytics/storetest"
	"github.com/footfall/footfall/tracker"
	"github.com/footfall/footfall/zones"
)

// floor plan: a hall, a shelf in it, a till beside it that overlaps, and a line
// through the middle.
const hall = `{"type":"FeatureCollection","features":[
{"type":"Feature","id":"hall","properties":{"location_id":7},"geometry":{"type":"Polygon","coordinates":[[[0,0],[600,0],[600,600],[0,600],[0,0]]]}},
{"type":"Feature","id":"shelf","properties":{"location_id":7,"enter_after":3,"kind":"queue","service":"till","wait_target":4},"geometry":{"type":"Polygon","coordinates":[[[100,100],[300,100],[300,300],[100,300],[100,100]]]}},
{"type":"Feature","id":"till","properties":{"location_id":7},"geometry":{"type":"Polygon","coordinates":[[[500,0],[900,0],[900,600],[500,600],[500,0]]]}},
{"type":"Feature","id":"middle","properties":{"location_id":7},"geometry":{"type":"LineString","coordinates":[[300,-100],[300,700]]}}
]}`

// noting is a sink that notes in the truth what it hears, and passes it on.
type noting struct {
	to    tracker.Sink
	truth *truth
}

func (n noting) Entry(e tracker.Entry) {
	if e.Zone == tracker.LocationZone {
		if n.truth.tracks++; n.truth.track == nil {
			n.truth.track = map[int32]int{}
		}
		n.truth.track[e.Person] = n.truth.tracks
	}
	n.truth.visits = append(n.truth.visits, visit{zone: e.Zone, entered: e.At, left: tracker.Never, entry: e.Reason, first: e.First, track: n.truth.track[e.Person], person: e.Person})
	n.to.Entry(e)
}

func (n noting) Exit(e tracker.Exit) {
	for i := range n.truth.visits {
		if v := &n.truth.visits[i]; v.zone == e.Zone && v.person == e.Person && v.entered == e.Entered && v.left == tracker.Never {
			v.left, v.exit, v.who = e.Left, e.Reason, e.Who
			break
		}
	}
	n.to.Exit(e)
}

func (n noting) Flow(f tracker.Flow) {
	n.truth.flows = append(n.truth.flows, f)
	n.to.Flow(f)
}

func (n noting) Crossing(c tracker.Crossing) {
	n.truth.crossings = append(n.truth.crossings, c)
	n.to.Crossing(c)
}

func (n noting) Net(c tracker.Net) {
	n.truth.nets = append(n.truth.nets, c)
	n.to.Net(c)
}

func (n noting) Stitch(s tracker.Stitch) {
	n.truth.stitches = append(n.truth.stitches, s)
	n.to.Stitch(s)
}

func (n noting) Heat(h tracker.Heat) {
	if n.truth.heat == nil {
		n.truth.heat = map[tracker.Heat]int64{}
	}
	square := h
	square.Time = 0
	n.truth.heat[square] += h.Time
	n.to.Heat(h)
}

func (n noting) Group(g tracker.Group) {
	n.truth.groups = append(n.truth.groups, g)
	n.to.Group(g)
}

func (n noting) Ghost(g tracker.Ghost) {
	n.truth.ghosts = append(n.truth.ghosts, g)
	n.to.Ghost(g)
}

// walk is a shop whose events a real tracker makes of random walks.
type walk struct {
	shop
	settings tracker.Settings
	layout   tracker.Layout
	position map[int64][2]float64
	swept    tracker.Bounds
	people   int // in what is stored

	checkpoint *analytics.Checkpoint
}

func newWalk(t *rapid.T) *walk {
	set, err := zones.Parse([]byte(hall))
	if err != nil {
		t.Fatal(err)
	}
	s := &walk{position: map[int64][2]float64{}, settings: tracker.DefaultSettings()}
	s.settings.HeatSquare = 150
	if rapid.Bool().Draw(t, "no delays") {
		s.settings.EnterAfter, s.settings.ExitAfter = 0, 0
	}
	s.shop = shop{t: t, store: &flaky{Store: storetest.NewMemory()}, first: noon + rapid.Int64Range(0, 90).Draw(t, "first")*analytics.Second}
	s.now, s.final = s.first, s.first
	s.profile = &analytics.Profile{Location: 7, Timezone: "Europe/Helsinki", Capacity: 2, BounceUnder: 2 * analytics.Second, EngagedOver: 20 * analytics.Second, QueueGrace: 5 * analytics.Second}
	s.profile.TakeFunnel([]string{"hall", "shelf", "till"})
	s.layout = s.profile.Adopt(set.Plan(7))
	s.putProfile()
	s.recorder, s.checkpoint = analytics.NewRecorder(7, s.first), analytics.NewCheckpoint(7)
	s.recorder.GoBy(s.profile)
	s.clock = tracker.New(s.settings, s.layout, noting{s.recorder, &s.truth})
	s.cover()
	return s
}

func (s *walk) step() {
	id := rapid.Int64Range(1, 4).Draw(s.t, "person")
	switch p, there := s.position[id]; rapid.SampledFrom([]string{"walk", "walk", "walk", "walk", "jump", "estimate", "lost"}).Draw(s.t, "message") {
	case "lost":
		s.clock.Lost(s.now, id)
	case "estimate":
		s.clock.Demographics(s.now, id, tracker.Gender(rapid.IntRange(0, 2).Draw(s.t, "gender")), rapid.Float32Range(10, 80).Draw(s.t, "age"))
	case "walk":
		if there {
			s.move(id, p[0]+rapid.Float64Range(-80, 80).Draw(s.t, "dx"), p[1]+rapid.Float64Range(-80, 80).Draw(s.t, "dy"))
			return
		}
		fallthrough
	default:
		s.move(id, rapid.Float64Range(-50, 950).Draw(s.t, "x"), rapid.Float64Range(-50, 650).Draw(s.t, "y"))
	}
}

func (s *walk) move(id int64, x, y float64) {
	s.position[id] = [2]float64{x, y}
	s.clock.Position(s.now, id, x, y)
}

func (s *walk) pass() {
	s.now += rapid.SampledFrom([]int64{0, 200_000, analytics.Second, 1_300_000, 4 * analytics.Second, 25 * analytics.Second, 70 * analytics.Second}).Draw(s.t, "passes")
	s.clock.Advance(s.now)
}

func (s *walk) sweep() {
	s.swept = s.clock.Sweep(s.now)
	s.final = max(s.final, s.swept.Final)
	s.recorder.Follow(s.swept.Final)
}

// believed is the truth with what is not final, but believed.
func (s *walk) believed() truth {
	h := s.truth.clone()
	s.clock.Tentative(noting{discard{}, &h})
	return h
}

func (s *walk) ask() {
	bounds := s.clock.Sweep(s.now)
	q := s.drawQuery()
	q.Zones = nil
	s.compare(q, reading{s.recorder.Open(s.clock, bounds.Settled), known{s.believed(), s.now, bounds.Settled, s.clock.Grouped()}})
	if s.stored.now != 0 {
		s.compare(q, s.fromStore(q))
	}
}

// fromStore knows that people are still in: nothing after what was followed is
// settled.
func (s *walk) fromStore(q analytics.Query) reading {
	r := s.shop.fromStore(q)
	if s.people > 0 {
		r.settled = s.stored.final
	}
	if r.grouped = r.settled; len(s.load().Groups) > 0 {
		r.grouped = min(r.settled, s.stored.final-90*analytics.Second)
	}
	return r
}

func (s *walk) save() {
	s.sweep()
	s.batch++
	b := &analytics.Batch{}
	for s.checkpoint.PutBlocks(b, s.clock) {
	}
	s.checkpoint.PutChanges(b, s.batch, s.clock)
	s.recorder.Flush(b, analytics.State{At: s.clock.Now(), Batch: s.batch, Known: s.clock.KnownZones()})
	s.must(analytics.Commit(s.store, b))
	s.recorder.Committed(s.batch)
	s.stored, s.people = moment{s.truth.clone(), s.now, s.recorder.Followed()}, s.clock.People()
}

func (s *walk) restart() {
	if s.stored.now == 0 {
		return
	}
	stored := s.load()
	s.recorder, s.checkpoint = stored.Recorder, stored.Checkpoint
	s.truth, s.now, s.final = s.stored.truth.clone(), s.stored.now, s.stored.final
	s.endCoverage(&s.truth)
	s.clock = tracker.New(s.settings, s.layout, noting{s.recorder, &s.truth})
	s.must(s.clock.Restore(stored.Tracker()))
	if rapid.Bool().Draw(s.t, "connected") {
		s.cover()
	}
}

func TestReportsOfWalks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := newWalk(t)
		for _, action := range rapid.SliceOfN(rapid.SampledFrom([]string{
			"step", "step", "step", "step", "step", "pass", "pass", "pass", "sweep", "cover", "ask", "ask", "save", "derive", "restart",
		}), 10, 150).Draw(t, "actions") {
			map[string]func(){
				"step": s.step, "pass": s.pass, "sweep": s.sweep, "cover": s.cover, "ask": s.ask, "save": s.save, "derive": s.derive, "restart": s.restart,
			}[action]()
		}
		s.clock.End()
		s.save()
		s.ask()
		s.derive()
		s.ask()
		s.checkLevels()
		if n := s.recorder.Misplaced(); n != 0 {
			t.Fatalf("%d events misplaced", n)
		}
		for _, v := range s.truth.visits {
			if v.left == tracker.Never {
				t.Fatalf("a visit to zone %d is still open", v.zone)
			}
		}
	})
}
