package analytics_test

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/footfall/footfall/analytics"
	"github.com/footfall/footfall/analytics/storetest"
	"github.com/footfall/footfall/internal/recording"
	"github.com/footfall/footfall/internal/simulate"
	"github.com/footfall/footfall/signals"
	"github.com/footfall/footfall/tracker"
	"github.com/footfall/footfall/zones"
)

// golden is a whole history: in a store, and as plain lists. Of the visits these are what
// the tracker told, which exact.py holds against an independent truth; of the heatmap and
// the groups they are made of the positions as they were sent.
type golden struct {
	t        testing.TB
	truth    truth
	floor    positions
	store    analytics.Store
	profile  *analytics.Profile
	recorder *analytics.Recorder
	clock    *tracker.Tracker
	first    int64
	now      int64
	swept    int64
	batch    int64
	hours    analytics.HoursOf // that are asked for
}

func newGolden(t testing.TB, profile *analytics.Profile, plan *zones.Plan, first int64) *golden {
	g := &golden{t: t, store: storetest.NewMemory(), profile: profile, first: first, now: first, swept: first}
	settings := tracker.DefaultSettings()
	settings.Corrections, settings.HeatSquare = false, 50
	layout := profile.Adopt(plan)
	profile.BounceUnder, profile.EngagedOver, profile.QueueGrace = 10*analytics.Second, 60*analytics.Second, 20*analytics.Second
	g.recorder = analytics.NewRecorder(profile.Location, first)
	g.recorder.GoBy(profile)
	g.recorder.Connected(first)
	g.truth.covered = []interval{{first, tracker.Never}}
	g.clock = tracker.New(settings, layout, noting{g.recorder, &g.truth})
	b := &analytics.Batch{}
	g.must(profile.Put(b))
	g.must(g.store.Apply(b))
	return g
}

func (g *golden) must(err error) {
	if err != nil {
		g.t.Helper()
		g.t.Fatal(err)
	}
}

// hear takes a message, and time on to it.
func (g *golden) hear(m *signals.Message) {
	g.pass(m.Time)
	switch m.Kind {
	case signals.KindPosition:
		g.clock.Position(m.Time, m.PersonID, m.X, m.Y)
		g.floor.stand(m.PersonID, spot{m.Time, m.X, m.Y})
	case signals.KindLost:
		g.clock.Lost(m.Time, m.PersonID)
		g.floor.leave(m.PersonID, m.Time)
	case signals.KindDemographics:
		g.clock.Demographics(m.Time, m.PersonID, tracker.Gender(m.Gender), m.Age)
	}
}

func (g *golden) pass(to int64) {
	for g.swept+analytics.Minute <= to {
		g.swept += analytics.Minute
		g.recorder.Follow(g.clock.Sweep(g.swept).Final)
		if g.swept%(6*hour) < analytics.Minute {
			g.flush()
		}
	}
	g.now = max(g.now, to)
}

func (g *golden) flush() {
	g.batch++
	b := &analytics.Batch{}
	g.recorder.Flush(b, analytics.State{At: g.clock.Now(), Counted: g.clock.Now(), Batch: g.batch})
	g.must(analytics.Commit(g.store, b))
	g.recorder.Committed(g.batch)
	g.must(analytics.Derive(g.store, g.profile.Location))
}

// end is the end of the recording.
func (g *golden) end() {
	g.clock.Sweep(g.now)
	g.clock.End()
	g.clock.Warm()
	g.recorder.Disconnected(g.now)
	g.recorder.Follow(g.now)
	g.truth.covered[0].to = g.now
	g.flush()
	g.truth.heat, g.truth.groups = g.floor.heat(), g.floor.groups()
}

// within is what matters to an interval: all of whoever was there then.
func (k *known) within(in interval) *known {
	there := map[int]bool{}
	for _, v := range k.visits {
		if v.zone == tracker.LocationZone && v.entered < in.to && v.left >= in.from {
			there[v.track] = true
		}
	}
	part := *k
	part.visits = nil
	for _, v := range k.visits {
		if there[v.track] {
			part.visits = append(part.visits, v)
		}
	}
	return &part
}

// check compares every row of a kind with the definitions.
func (g *golden) check(kind string, b analytics.Bucket, in interval, timezone string) {
	q := analytics.Query{Kind: kind, Locations: []int64{g.profile.Location}, From: in.from, To: in.to, Bucket: b, Timezone: timezone, Hours: g.hours, Now: g.now + 24*hour}
	k := &known{g.truth, g.now, q.Now, q.Now}
	zone, err := time.LoadLocation(g.profile.Timezone)
	if timezone != "" {
		zone, err = time.LoadLocation(timezone)
	}
	g.must(err)
	calendar := analytics.Calendar{Zone: zone, DayStart: g.profile.DayStart}
	whole := interval{floor60(in.from), ceil(in.to, analytics.Minute)}
	if g.hours == analytics.HoursOpen {
		own, err := time.LoadLocation(g.profile.Timezone)
		g.must(err)
		k.hours = newNaiveHours(g.profile.Opening, own, whole)
	}
	var want []row
	switch buckets := k.hours.some(naiveCut(calendar, b, whole.from, whole.to)); kind {
	case "peaks":
		q.Bucket = analytics.Whole
		want = k.within(whole).typicalWeek(q, g.profile, k.hours.some(naiveCut(calendar, analytics.Bucket1h, whole.from, whole.to)), whole, zone)
	case "flows":
		want = k.expect(q, g.profile, buckets)
	default:
		for _, bucket := range buckets {
			want = append(want, k.within(bucket).expect(q, g.profile, []interval{bucket})...)
		}
	}
	var stored *analytics.Stored
	g.must(g.store.View(func(v analytics.View) error {
		stored, err = analytics.Load(v, g.profile.Location)
		return err
	}))
	out, err := run(g.store, q, analytics.OpenStored(stored, q.Now))
	g.must(err)
	if d := differences(kind, out.rows, want); d != "" {
		g.t.Errorf("%s by %q over %s hours in %s:\n%s", kind, b, g.hours, zone, d)
	}
	if len(out.rows) == 0 && b != analytics.Bucket1m {
		g.t.Errorf("%s by %q: no rows", kind, b)
	}
}

func floor60(at int64) int64 { return floor(at, analytics.Minute) }

// The recordings of real people.
func TestGoldenScenes(t *testing.T) {
	folder := filepath.Join("..", "..", "shared", "data")
	if _, err := os.Stat(folder); err != nil {
		t.Skipf("SKIPPED: the recordings of real people are not on this machine: %v", err)
	}
	for _, scene := range []string{"zara02", "students03", "xovis_sdu", "bi_corr_400", "croma_female"} {
		t.Run(scene, func(t *testing.T) {
			g := goldenScene(t, filepath.Join(folder, scene))
			whole := interval{g.first, g.now}
			for _, kind := range analytics.Kinds() {
				if kind == "lines" && len(g.profile.Lines) == 0 {
					continue
				}
				for _, b := range []analytics.Bucket{analytics.Whole, analytics.Bucket1m, analytics.Bucket5m, analytics.Bucket15m, analytics.Bucket30m, analytics.Bucket1h, analytics.Bucket1d, analytics.Bucket1w, analytics.Bucket1mo} {
					g.check(kind, b, whole, "")
				}
				g.check(kind, analytics.Bucket1h, whole, "Asia/Kathmandu")
			}
			if n := g.checkSums(whole, buckets[1:]...); n < 100 {
				t.Errorf("only %d figures", n)
			}
		})
	}
}

func goldenScene(t *testing.T, folder string) *golden {
	text, err := os.ReadFile(filepath.Join(folder, "zones.geojson"))
	if err != nil {
		t.Fatal(err)
	}
	set, err := zones.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	location := set.Locations()[0]
	profile := &analytics.Profile{Location: location, Timezone: "Europe/Helsinki", Capacity: 12}
	plan := set.Plan(location)
	var stages []string
	for _, z := range plan.Zones()[:3] {
		stages = append(stages, z.ID)
	}
	profile.TakeFunnel(stages)
	reader, err := recording.Open(filepath.Join(folder, "recording.ndjson.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	var g *golden
	for m := (signals.Message{}); ; {
		err := reader.Next(&m)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if g == nil {
			g = newGolden(t, profile, plan, m.Time)
			// The scenes have no queues: the first two zones are made one.
			profile.Zones[0].Kind, profile.Zones[0].Service, profile.Zones[0].WaitTarget = "queue", profile.Zones[1].ID, 5*analytics.Second
			g.recorder.GoBy(profile)
			b := &analytics.Batch{}
			g.must(profile.Put(b))
			g.must(g.store.Apply(b))
		}
		g.hear(&m)
	}
	g.end()
	return g
}

// A simulated month with the clock change at its end.
func TestGoldenMonth(t *testing.T) {
	days := 31
	if testing.Short() {
		days = 4
	}
	zone, err := time.LoadLocation("Europe/Helsinki")
	if err != nil {
		t.Fatal(err)
	}
	end := time.Date(2026, 4, 1, 0, 0, 0, 0, zone)
	first := end.AddDate(0, 0, -days).UnixMicro()
	set, err := zones.Parse(simulate.Zones(simulate.DefaultLocation))
	if err != nil {
		t.Fatal(err)
	}
	profile := &analytics.Profile{Location: simulate.DefaultLocation, Timezone: "Europe/Helsinki", DayStart: 240, Capacity: 5}
	profile.TakeFunnel([]string{"passage", "entrance", "promo", "till"})
	profile.Opening = goldenHours()
	g := newGolden(t, profile, set.Plan(simulate.DefaultLocation), first)
	shop := simulate.NewShop(simulate.Config{Seed: 7, Timezone: zone, FrameRate: 1, VisitorsPerDay: 20})
	shop.Start(first)
	var batch []signals.Message
	for at := first; at < end.UnixMicro(); {
		at = min(at+hour, end.UnixMicro())
		batch = shop.Step(at, batch[:0])
		for i := range batch {
			g.hear(&batch[i])
		}
		g.pass(at)
	}
	g.end()
	month := interval{first, end.UnixMicro()}
	clockChange := time.Date(2026, 3, 29, 0, 0, 0, 0, zone).UnixMicro()
	for _, kind := range analytics.Kinds() {
		for _, b := range []analytics.Bucket{analytics.Bucket1mo, analytics.Bucket1w, analytics.Bucket1d} {
			if kind != "peaks" {
				g.check(kind, b, month, "")
			}
		}
		g.check(kind, analytics.Bucket1h, interval{clockChange, clockChange + 24*hour}, "")
		g.check(kind, analytics.Bucket1d, interval{clockChange - 24*hour, clockChange + 60*hour}, "America/New_York")
		g.check(kind, analytics.Bucket15m, interval{clockChange + 12*hour, clockChange + 15*hour}, "")
		g.check(kind, analytics.Bucket1m, interval{clockChange + 14*hour, clockChange + 14*hour + 20*analytics.Minute}, "")
	}
	g.checkOpen(month, clockChange)
	if n := g.checkSums(month, analytics.Bucket30m, analytics.Bucket1h, analytics.Bucket1d, analytics.Bucket1w, analytics.Bucket1mo); n < 500 {
		t.Errorf("only %d figures", n)
	}
	g.checkSums(interval{clockChange + 12*hour, clockChange + 16*hour}, buckets[1:]...)
	if n := len(g.truth.visits); n < 400*days || len(g.truth.groups) == 0 {
		t.Errorf("%d visits and %d groups in %d days: the month is empty", n, len(g.truth.groups), days)
	}
	if !slices.ContainsFunc(profile.Zones, func(z analytics.Subject) bool { return z.Kind == "queue" }) {
		t.Error("the shop has no queue")
	}
}
