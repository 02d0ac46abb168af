package engine

import (
	"context"
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/footfall/footfall/analytics"
	"github.com/footfall/footfall/analytics/storetest"
	"github.com/footfall/footfall/internal/config"
	"github.com/footfall/footfall/internal/recording"
	"github.com/footfall/footfall/signals"
	"github.com/footfall/footfall/zones"
)

// testingT is what both a test and a rapid check offer.
type testingT interface {
	Helper()
	Fatal(args ...any)
	Fatalf(format string, args ...any)
	Errorf(format string, args ...any)
}

func readRows(t testingT, r *analytics.Reports, q analytics.Query) []map[string]any {
	t.Helper()
	out := &table{}
	if err := r.Run(context.Background(), q, out); err != nil {
		t.Fatal(err)
	}
	return out.rows
}

// whole is a figure of a row, 0 for null.
func whole(v any) int64 {
	n, _ := v.(int64)
	return n
}

func figure(v any) float64 {
	f, _ := v.(float64)
	return f
}

// checkIdentities holds a location's reports against the identities that
// definitions.md says always hold.
func checkIdentities(t testingT, r *analytics.Reports, location, from, to int64) {
	t.Helper()
	ask := func(kind string, b analytics.Bucket) []map[string]any {
		return readRows(t, r, analytics.Query{Kind: kind, Locations: []int64{location}, From: from, To: to, Bucket: b, Now: to})
	}
	for _, b := range []analytics.Bucket{analytics.Bucket1m, analytics.Bucket5m, analytics.Bucket15m, analytics.Bucket1h} {
		checkLedger(t, ask("occupancy", b), ask("dwell", b))
	}
	checkSums(t, ask("occupancy", analytics.Bucket1m), ask("occupancy", analytics.Whole), []string{"zone_id"}, "entries", "exits")
	checkSums(t, ask("dwell", analytics.Bucket1m), ask("dwell", analytics.Whole), []string{"zone_id"}, "visits")
	checkSums(t, ask("flows", analytics.Bucket1m), ask("flows", analytics.Whole), []string{"from_zone", "to_zone"}, "count")
	checkSums(t, ask("lines", analytics.Bucket1m), ask("lines", analytics.Whole), []string{"line_id"}, "in", "out", "net_in", "net_out")
	checkSums(t, ask("demographics", analytics.Bucket1m), ask("demographics", analytics.Whole), []string{"zone_id", "gender", "age_band"}, "visits")
	checkSums(t, ask("demographics", analytics.Whole), ask("dwell", analytics.Whole), []string{"zone_id"}, "visits")
	seconds := map[any]float64{}
	for _, row := range ask("occupancy", analytics.Bucket1m) {
		seconds[row["zone_id"]] += figure(row["person_seconds"])
	}
	for _, row := range ask("occupancy", analytics.Whole) {
		if got, want := seconds[row["zone_id"]], figure(row["person_seconds"]); math.Abs(got-want) > 1e-6*(1+want) {
			t.Errorf("%s: minutes add up to %v person-seconds, the whole has %v", row["zone_id"], got, want)
		}
	}
}

// checkLedger: before(to) = before(from) + entries - exits, and nothing is
// negative.
func checkLedger(t testingT, occupancy, dwell []map[string]any) {
	t.Helper()
	before := map[any]int64{}
	for i, row := range occupancy {
		zone := row["zone_id"]
		if dwell[i]["zone_id"] != zone || dwell[i]["start"] != row["start"] {
			t.Fatalf("rows of occupancy and dwell do not pair: %v, %v", row, dwell[i])
		}
		after := before[zone] + whole(row["entries"]) - whole(row["exits"])
		if got := whole(dwell[i]["ongoing"]); got != after {
			t.Errorf("%s at %v: %d open, but before %d + %v - %v", zone, row["start"], got, before[zone], row["entries"], row["exits"])
		}
		before[zone] = after
		if whole(row["occupancy_min"]) < 0 || after < 0 || whole(row["occupancy_min"]) > whole(row["occupancy_max"]) {
			t.Errorf("%s at %v: negative or upside down: %v", zone, row["start"], row)
		}
	}
}

// checkSums: the rows of parts add up to those of the whole.
func checkSums(t testingT, parts, all []map[string]any, by []string, figures ...string) {
	t.Helper()
	key := func(row map[string]any, f string) string {
		k := f
		for _, name := range by {
			k += fmt.Sprint(" ", row[name])
		}
		return k
	}
	sums := map[string]int64{}
	for _, row := range parts {
		for _, f := range figures {
			sums[key(row, f)] += whole(row[f])
		}
	}
	for _, row := range all {
		for _, f := range figures {
			if got, want := sums[key(row, f)], whole(row[f]); got != want {
				t.Errorf("%s: parts add up to %d, the whole has %d", key(row, f), got, want)
			}
		}
	}
}

func TestIdentitiesOfRealScenes(t *testing.T) {
	for _, name := range []string{"zara02", "students03", "xovis_sdu", "croma_female"} {
		t.Run(name, func(t *testing.T) {
			path, set := scene(t, name)
			for label, cfg := range map[string]*config.Config{"default": config.Default(), "plain": plain(), "1 s": config1s()} {
				store := storetest.NewMemory()
				r := NewReplayer(store, cfg, set)
				reader, err := recording.Open(path)
				if err != nil {
					t.Fatal(err)
				}
				if err := r.Add(context.Background(), label, reader); err != nil {
					t.Fatal(err)
				}
				if err := reader.Close(); err != nil {
					t.Fatal(err)
				}
				if err := r.Finish(); err != nil {
					t.Fatal(err)
				}
				checkIdentities(t, fromStore(store), set.Locations()[0], at(-600), at(3600))
			}
		})
	}
}

// tiling is a floor of 300 by 300 cm cut into cells by perturbed grid points, each
// cell into two triangles: slanted edges, all of them shared.
func tiling(t *rapid.T) (geojson string, points [][2]float64) {
	const n, side = 3, 100.0
	var grid [n + 1][n + 1][2]float64
	for i := range grid {
		for j := range grid[i] {
			x, y := float64(i)*side, float64(j)*side
			if i > 0 && i < n && j > 0 && j < n {
				x += rapid.Float64Range(-40, 40).Draw(t, "dx")
				y += rapid.Float64Range(-40, 40).Draw(t, "dy")
			}
			grid[i][j] = [2]float64{x, y}
			points = append(points, grid[i][j])
		}
	}
	features := ""
	triangle := func(a, b, c [2]float64) {
		if features != "" {
			features += ","
		}
		features += fmt.Sprintf(`{"type":"Feature","id":"t%d","properties":{"location_id":7},"geometry":{"type":"Polygon","coordinates":[[[%v,%v],[%v,%v],[%v,%v],[%v,%v]]]}}`,
			len(features), a[0], a[1], b[0], b[1], c[0], c[1], a[0], a[1])
	}
	for i := range n {
		for j := range n {
			a, b, c, d := grid[i][j], grid[i+1][j], grid[i+1][j+1], grid[i][j+1]
			triangle(a, b, c)
			triangle(a, c, d)
		}
	}
	return `{"type":"FeatureCollection","features":[` + features + `]}`, points
}

// place is a point of the floor: anywhere, on a vertex, or on an edge.
func place(t *rapid.T, points [][2]float64) (x, y float64) {
	p := rapid.SampledFrom(points).Draw(t, "vertex")
	switch rapid.IntRange(0, 2).Draw(t, "kind") {
	case 0:
		x, y = rapid.Float64Range(0, 299.9).Draw(t, "x"), rapid.Float64Range(0, 299.9).Draw(t, "y")
	case 1:
		x, y = p[0], p[1]
	default:
		q := rapid.SampledFrom(points).Draw(t, "other")
		f := rapid.SampledFrom([]float64{0.5, 0.25, 1.0 / 3}).Draw(t, "along")
		x, y = p[0]+(q[0]-p[0])*f, p[1]+(q[1]-p[1])*f
	}
	return min(max(x, 0), 299.9), min(max(y, 0), 299.9) // the outer edge belongs to the floor on two sides only
}

// Random walks over random tilings: without delays the tiles add up to the whole
// at every instant, and with or without, all identities hold.
func TestTilesAddUpToTheWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		geojson, points := tiling(t)
		set, err := zones.Parse([]byte(geojson))
		if err != nil {
			t.Skip("this perturbation folds a triangle")
		}
		cfg := plain()
		delays := rapid.Bool().Draw(t, "delays")
		if delays {
			cfg = config.Default()
		}
		store := storetest.NewMemory()
		l, err := newLocation(describe(nil, cfg, 7), cfg, set.Plan(7), nil, at(0))
		if err != nil {
			t.Fatal(err)
		}
		messages := randomWalk(t, points)
		for i := range messages {
			l.handle(&messages[i])
			if delays {
				continue
			}
			live, _ := l.tracker.Live()
			sum := int32(0)
			for _, n := range live[1:] {
				sum += n
			}
			if sum != live[0] {
				t.Fatalf("after %+v the tiles hold %d and the location %d", messages[i], sum, live[0])
			}
		}
		r := NewReplayer(store, cfg, set)
		if err := r.Add(context.Background(), "walk", scriptOf(messages...)); err != nil {
			t.Fatal(err)
		}
		if err := r.Finish(); err != nil {
			t.Fatal(err)
		}
		checkIdentities(t, fromStore(store), 7, at(-60), messages[len(messages)-1].Time+120e6)
	})
}

func randomWalk(t *rapid.T, points [][2]float64) []signals.Message {
	var messages []signals.Message
	now := 0.0
	for range rapid.IntRange(1, 120).Draw(t, "messages") {
		now += rapid.SampledFrom([]float64{0, 0, 0, 0.1, 0.1, 0.5, 0.5, 1, 1, 1, 3, 3, 70}).Draw(t, "passes")
		person := rapid.Int64Range(1, 5).Draw(t, "person")
		if rapid.IntRange(0, 9).Draw(t, "lost") == 0 {
			messages = append(messages, lost(now, person))
			continue
		}
		x, y := place(t, points)
		messages = append(messages, position(now, person, x, y))
	}
	return messages
}
