package engine

import (
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/footfall/footfall/analytics"
	"github.com/footfall/footfall/analytics/storetest"
	"github.com/footfall/footfall/internal/config"
	"github.com/footfall/footfall/internal/recording"
	"github.com/footfall/footfall/signals"
	"github.com/footfall/footfall/signals/signalstest"
	"github.com/footfall/footfall/zones"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// running is an engine connected to a sender.
type running struct {
	*Engine
	stop func()
}

func start(t *testing.T, cfg *config.Config, set *zones.Set, store analytics.Store) *running {
	t.Helper()
	e, err := New(Options{Config: cfg, Zones: set, Store: store, Logger: quiet(), Wall: time.Now, FlushEvery: 50 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- e.Run(ctx) }()
	r := &running{Engine: e}
	r.stop = func() {
		if cancel == nil {
			return
		}
		cancel()
		cancel = nil
		if err := <-ended; err != nil {
			t.Errorf("Run: %v", err)
		}
	}
	t.Cleanup(r.stop)
	return r
}

func (r *running) reports(s analytics.Store) *analytics.Reports {
	return &analytics.Reports{Store: s, Open: r.Open}
}

// today is an interval around now.
func today(q analytics.Query) analytics.Query {
	now := time.Now().UnixMicro()
	q.From, q.To, q.Now = now-3600e6, now+3600e6, now
	return q
}

func withFeed(c *config.Config, url string, location int64) *config.Config {
	c.Feeds = []config.Feed{{URL: url, Locations: []int64{location}}}
	return c
}

func send(t *testing.T, s *signalstest.Sender, messages ...signals.Message) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	for i := range messages {
		if err := s.Send(ctx, &messages[i]); err != nil {
			t.Fatal(err)
		}
	}
}

func occupancyOf(c *analytics.Counts, zone string) int64 {
	if zone == zones.LocationZone {
		return c.Occupancy
	}
	for _, z := range c.Zones {
		if z.ID == zone {
			return z.Occupancy
		}
	}
	return -1
}

func TestLiveCounts(t *testing.T) {
	sender := signalstest.NewSender(t)
	e := start(t, withFeed(plain(), sender.URL(), 7), mustParse(t, shop), storetest.NewMemory())
	send(t, sender, position(0, 1, 50, 50), position(0, 2, 150, 50), position(0, 2, 50, 20))
	eventually(t, "two in the west", func() bool { return occupancyOf(e.Counts(7), "west") == 2 })
	c := e.Counts(7)
	if c.Occupancy != 2 || !c.Connected || occupancyOf(c, "east") != 0 {
		t.Errorf("counts %+v", c)
	}
	send(t, sender, lost(0, 1))
	eventually(t, "one left", func() bool { return e.Counts(7).Occupancy == 1 })
	sender.HangUp()
	eventually(t, "disconnected", func() bool { return !e.Counts(7).Connected })
	if got := e.Counts(7).Occupancy; got != 1 {
		t.Errorf("occupancy %d after the feed broke off, want the 1 who was there", got)
	}
}

func TestLiveBelievesAfterTheDelayWithoutAMessage(t *testing.T) {
	sender := signalstest.NewSender(t)
	cfg := plain()
	cfg.Tracking.EnterAfter = 200 * time.Millisecond
	e := start(t, withFeed(cfg, sender.URL(), 7), mustParse(t, shop), storetest.NewMemory())
	send(t, sender, position(0, 1, 50, 50))
	eventually(t, "the person", func() bool { return e.Counts(7).Occupancy == 1 })
	if got := occupancyOf(e.Counts(7), "west"); got != 0 {
		t.Fatalf("west has %d at once, before the delay has passed", got)
	}
	eventually(t, "the entry", func() bool { return occupancyOf(e.Counts(7), "west") == 1 })
}

func TestRestartGoesOnWithTheSameVisit(t *testing.T) {
	sender, store := signalstest.NewSender(t), storetest.NewMemory()
	cfg := withFeed(plain(), sender.URL(), 7)
	e := start(t, cfg, mustParse(t, shop), store)
	send(t, sender, position(0, 1, 50, 50))
	eventually(t, "the person", func() bool { return e.Counts(7).Occupancy == 1 })
	e.stop()
	sender.Drop()
	e = start(t, cfg, mustParse(t, shop), store)
	if got := occupancyOf(e.Counts(7), "west"); got != 1 {
		t.Fatalf("west has %d after the restart, want the 1 who was there", got)
	}
	send(t, sender, position(0, 1, 60, 50), lost(0, 1))
	eventually(t, "nobody", func() bool { return e.Counts(7).Occupancy == 0 })
	row := zoneRow(t, runReport(t, e.reports(store), today(analytics.Query{Kind: "dwell"})), "west")
	if row["visits"] != int64(1) {
		t.Errorf("%v, want one visit over the restart", row)
	}
}

func TestReload(t *testing.T) {
	sender, store := signalstest.NewSender(t), storetest.NewMemory()
	e := start(t, withFeed(plain(), sender.URL(), 7), mustParse(t, shop), store)
	send(t, sender, position(0, 1, 50, 50), position(0, 2, 150, 50))
	eventually(t, "both", func() bool { return e.Counts(7).Occupancy == 2 })
	const other = `{"type":"FeatureCollection","features":[
	 {"type":"Feature","id":"west","properties":{"location_id":7},"geometry":{"type":"Polygon","coordinates":[[[0,0],[100,0],[100,100],[0,100],[0,0]]]}},
	 {"type":"Feature","id":"all","properties":{"location_id":7},"geometry":{"type":"Polygon","coordinates":[[[0,0],[200,0],[200,100],[0,100],[0,0]]]}}]}`
	if err := e.Reload(context.Background(), mustParse(t, other)); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the new zones", func() bool { return occupancyOf(e.Counts(7), "all") == 2 })
	if got := occupancyOf(e.Counts(7), "east"); got != -1 {
		t.Errorf("east is still served with %d", got)
	}
	send(t, sender, position(0, 1, 51, 50), position(0, 2, 151, 50), lost(0, 1), lost(0, 2))
	eventually(t, "nobody", func() bool { return e.Counts(7).Occupancy == 0 })
	rows := runReport(t, e.reports(store), today(analytics.Query{Kind: "occupancy"}))
	for zone, want := range map[string]int64{"location": 2, "west": 1, "east": 1, "all": 2} {
		row := zoneRow(t, rows, zone)
		if row["entries"] != want || row["exits"] != want {
			t.Errorf("%s: %v, want %d entries and exits", zone, row, want)
		}
	}
}

// truthOf reads the entries of each zone by the independent ground truth.
func truthOf(t *testing.T, name string) map[string]int64 {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "data", name, "truth.json"))
	if err != nil {
		t.Fatal(err)
	}
	var truth struct {
		Zones map[string]struct{ Entries int64 }
	}
	if err := json.Unmarshal(data, &truth); err != nil {
		t.Fatal(err)
	}
	entries := map[string]int64{}
	for id, z := range truth.Zones {
		entries[id] = z.Entries
	}
	return entries
}

// A scene comes over a real WebSocket at 50 times the speed, and the connection is
// cut ten times: the totals are exact.
func TestSceneOverACutConnection(t *testing.T) {
	const name, speed, cuts = "students03", 50, 10
	path, set := scene(t, name)
	reader, err := recording.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	location := set.Locations()[0]
	sender, store := signalstest.NewSender(t), storetest.NewMemory()
	e := start(t, withFeed(plain(), sender.URL(), location), set, store)
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	var m signals.Message
	var began, waited, first int64
	for sent := 0; ; sent++ {
		if err := reader.Next(&m); err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		if sent == 0 {
			began, first = time.Now().UnixMicro(), m.Time
		}
		if sent%2000 == 1999 && sent/2000 < cuts {
			sender.HangUp()
			paused := time.Now()
			if err := sender.Wait(ctx); err != nil {
				t.Fatal(err)
			}
			waited += time.Since(paused).Microseconds()
		}
		if early := (m.Time-first)/speed - (time.Now().UnixMicro() - began - waited); early > 1000 {
			time.Sleep(time.Duration(early) * time.Microsecond)
		}
		if err := sender.Send(ctx, &m); err != nil {
			t.Fatal(err)
		}
	}
	eventually(t, "everybody to leave", func() bool { return e.Counts(location).Occupancy == 0 && e.Status().Locations[0].Messages == 22274 })
	if got := e.Status().Feeds[0].Connects; got != cuts+1 {
		t.Errorf("%d connections, want %d", got, cuts+1)
	}
	q := today(analytics.Query{Kind: "occupancy", Locations: []int64{location}})
	got := totals(t, runReport(t, e.reports(store), q))
	for zone, want := range truthOf(t, name) {
		if got[zone] != [2]int64{want, want} {
			t.Errorf("%s: entries and exits %v, the truth has %d", zone, got[zone], want)
		}
	}
}
