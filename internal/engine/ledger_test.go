package engine

import (
	"context"
	"path/filepath"
	"testing"

	"pgregory.net/rapid"

	"github.com/footfall/footfall/analytics"
	"github.com/footfall/footfall/analytics/storetest"
	"github.com/footfall/footfall/internal/config"
	"github.com/footfall/footfall/internal/recording"
	"github.com/footfall/footfall/zones"
)

// scenes are all recordings of real people that lie beside the project.
func scenes(t *testing.T) (names []string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", "..", "..", "shared", "data", "*", "recording.ndjson.gz"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		names = append(names, filepath.Base(filepath.Dir(f)))
	}
	if len(names) == 0 {
		t.Skip("SKIPPED: the recordings of real people are not on this machine")
	}
	return names
}

// gated is a configuration by which a location is counted by gates.
func gated(c *config.Config, location int64) *config.Config {
	l := c.Location(location)
	l.Occupancy = config.Gates
	c.Locations = append(c.Locations, l)
	return c
}

// replayed is a store with a recording in it, read in pieces of so many messages by
// one program after the other.
func replayed(t testing.TB, path string, cfg *config.Config, set *zones.Set, piece int64) *storetest.Memory {
	t.Helper()
	store := storetest.NewMemory()
	reader, err := recording.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	r := NewReplayer(store, cfg, set)
	for part := newParts(reader, piece); part.more(); {
		r = NewReplayer(store, cfg, set)
		if err := r.Add(context.Background(), path, part); err != nil {
			t.Fatal(err)
		}
	}
	if err := r.Finish(); err != nil {
		t.Fatal(err)
	}
	return store
}

// checkAccount holds the ledger of a location against the identity of the
// definitions, row by row, from row to row, and between reports that begin elsewhere.
func checkAccount(t testingT, r *analytics.Reports, location, from, to int64) {
	t.Helper()
	ask := func(kind string, b analytics.Bucket, from int64) []map[string]any {
		return readRows(t, r, analytics.Query{Kind: kind, Locations: []int64{location}, From: from, To: to, Bucket: b, Now: to})
	}
	for _, b := range []analytics.Bucket{analytics.Bucket1m, analytics.Bucket5m, analytics.Bucket15m, analytics.Bucket1h, analytics.Whole} {
		rows, occupancy := ask("ledger", b, from), ask("occupancy", b, from)
		checkBalance(t, rows, map[any]int64{})
		for i, row := range rows {
			entries := sumOf(row, "entries_crossed", "entries_appeared", "entries_reset")
			exits := sumOf(row, "exits_crossed", "exits_lost", "exits_expired", "exits_zone_removed", "exits_reset")
			if entries != whole(occupancy[i]["entries"]) || exits != whole(occupancy[i]["exits"]) {
				t.Errorf("reasons add up to %d entries and %d exits in %v, but there are %v", entries, exits, row, occupancy[i])
			}
		}
	}
	minutes := ask("ledger", analytics.Bucket1m, from)
	checkSums(t, minutes, ask("ledger", analytics.Whole, from), []string{"zone_id"}, "entries_crossed", "entries_appeared", "entries_reset",
		"exits_crossed", "exits_lost", "exits_expired", "exits_zone_removed", "exits_reset", "clamped", "stitched", "ghosts")
	span := to - from
	for _, later := range []int64{from + span/7, from + span/3, from + span/2} {
		later -= later % analytics.Minute
		before := map[any]int64{}
		for _, row := range minutes {
			if row["end"].(int64) == later {
				before[row["zone_id"]] = whole(row["occupancy_to"])
			}
		}
		checkBalance(t, ask("ledger", analytics.Bucket15m, later), before)
	}
}

// checkBalance follows the rows of a ledger from how many were in before them, as
// far as anything is known.
func checkBalance(t testingT, rows []map[string]any, before map[any]int64) {
	t.Helper()
	for _, row := range rows {
		zone := row["zone_id"]
		if row["partial"] == true && row["occupancy_to"] == nil {
			continue
		}
		to := before[zone] + sumOf(row, "entries_crossed", "entries_appeared", "entries_reset") -
			sumOf(row, "exits_crossed", "exits_lost", "exits_expired", "exits_zone_removed", "exits_reset")
		if whole(row["occupancy_from"]) != before[zone] || whole(row["occupancy_to"]) != to || to < 0 {
			t.Errorf("%s at %v: %d before and %d after, the row says %v", zone, row["start"], before[zone], to, row)
		}
		before[zone] = to
	}
}

func sumOf(row map[string]any, figures ...string) (sum int64) {
	for _, f := range figures {
		sum += whole(row[f])
	}
	return sum
}

func TestLedgerOfRealScenes(t *testing.T) {
	for _, name := range scenes(t) {
		t.Run(name, func(t *testing.T) {
			path, set := scene(t, name)
			for label, cfg := range map[string]*config.Config{"default": config.Default(), "plain": plain(), "1 s": config1s()} {
				store := replayed(t, path, cfg, set, 1<<62)
				r := fromStoreAt(store, at(90_000))
				rows := readRows(t, r, analytics.Query{Kind: "ledger", Locations: set.Locations(), From: at(-600), To: at(3600), Now: at(3600)})
				if n := whole(zoneRow(t, rows, "location")["entries_appeared"]); n == 0 {
					t.Fatalf("%s: nobody in %v", label, rows)
				}
				checkAccount(t, r, set.Locations()[0], at(-600), at(3600))
			}
		})
	}
}

// plans are two floors, the second without one zone of the first and with another
// instead, and with a line elsewhere.
var plans = [2]string{shop, `{"type":"FeatureCollection","features":[
 {"type":"Feature","id":"west","properties":{"location_id":7},"geometry":{"type":"Polygon","coordinates":[[[0,0],[120,0],[120,100],[0,100],[0,0]]]}},
 {"type":"Feature","id":"all","properties":{"location_id":7},"geometry":{"type":"Polygon","coordinates":[[[0,0],[200,0],[200,100],[0,100],[0,0]]]}},
 {"type":"Feature","id":"door","properties":{"location_id":7},"geometry":{"type":"LineString","coordinates":[[50,0],[50,100]]}}]}`}

// stream is a location to which anything happens.
type stream struct {
	t     *rapid.T
	cfg   [2]*config.Config // by people, by gates
	by    int
	plan  int
	store *storetest.Memory
	batch int64
	now   float64
	*location
}

func newStream(t *rapid.T) *stream {
	s := &stream{t: t, store: storetest.NewMemory(), by: rapid.IntRange(0, 1).Draw(t, "by")}
	settings := rapid.SampledFrom([]func() *config.Config{config.Default, plain, config1s}).Draw(t, "settings")
	s.cfg = [2]*config.Config{settings(), gated(settings(), 7)}
	s.start(nil)
	return s
}

func (s *stream) start(stored *analytics.Stored) {
	cfg, set := s.cfg[s.by], parsed(s.t, plans[s.plan])
	l, err := newLocation(describe(s.profile(), cfg, 7), cfg, set.Plan(7), stored, at(0))
	if err != nil {
		s.t.Fatal(err)
	}
	s.location = l
	s.connected(at(s.now))
}

func (s *stream) profile() *analytics.Profile {
	if s.location == nil {
		return nil
	}
	return s.location.profile
}

func parsed(t *rapid.T, geojson string) *zones.Set {
	set, err := zones.Parse([]byte(geojson))
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func (s *stream) save() {
	s.batch++
	b := &analytics.Batch{}
	s.sweep(at(s.now))
	if err := s.flush(b, s.batch); err != nil {
		s.t.Fatal(err)
	}
	if err := analytics.Commit(s.store, b); err != nil {
		s.t.Fatal(err)
	}
	s.recorder.Committed(s.batch)
}

func (s *stream) restart() {
	s.save()
	var stored *analytics.Stored
	err := s.store.View(func(v analytics.View) (err error) {
		stored, err = analytics.Load(v, 7)
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	s.by = rapid.IntRange(0, 1).Draw(s.t, "by")
	s.start(stored)
}

func (s *stream) do(action string) {
	person := rapid.Int64Range(1, 6).Draw(s.t, "person")
	switch action {
	case "step":
		m := position(s.now, person, rapid.Float64Range(-20, 220).Draw(s.t, "x"), rapid.Float64Range(10, 90).Draw(s.t, "y"))
		s.handle(&m)
	case "lost":
		m := lost(s.now, person)
		s.handle(&m)
	case "pass":
		s.now += rapid.SampledFrom([]float64{0.1, 0.5, 1, 1, 2, 4, 61, 600}).Draw(s.t, "passes")
	case "sweep":
		s.sweep(at(s.now))
	case "save":
		s.save()
	case "restart":
		s.restart()
	case "reload":
		s.plan = 1 - s.plan
		s.reload(at(s.now), parsed(s.t, plans[s.plan]).Plan(7))
	case "reset":
		err := s.resetOccupancy(at(s.now), rapid.Int64Range(0, 3).Draw(s.t, "occupancy"))
		if (err == nil) != (s.by == 1) {
			s.t.Fatalf("reset: %v", err)
		}
	case "ask":
		s.check()
	}
}

// check holds the open end against the identities.
func (s *stream) check() {
	s.save()
	r := &analytics.Reports{Store: s.store, Open: func(context.Context, int64) (*analytics.Open, error) { return s.open(at(s.now)), nil }}
	checkAccount(s.t, r, 7, at(-120), at(s.now)-at(s.now)%analytics.Minute+2*analytics.Minute)
	if live := s.live()[0]; live < 0 {
		s.t.Fatalf("%d are in", live)
	}
}

// Whatever happens, the account balances: with jumps over the lines, losses,
// stitches, expiries, reloads, resets, restarts, and restarts that change how the
// location is counted.
func TestLedgerOfRandomStreams(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := newStream(t)
		for _, action := range rapid.SliceOfN(rapid.SampledFrom([]string{
			"step", "step", "step", "step", "step", "step", "pass", "pass", "pass", "pass", "lost",
			"sweep", "save", "restart", "reload", "reset", "ask",
		}), 10, 120).Draw(t, "actions") {
			s.do(action)
		}
		s.check()
		s.tracker.End()
		s.check()
		if n := s.recorder.Misplaced(); n != 0 {
			t.Fatalf("%d events misplaced", n)
		}
	})
}
