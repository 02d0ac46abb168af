package engine

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"testing"

	"github.com/footfall/footfall/analytics"
	"github.com/footfall/footfall/analytics/storetest"
	"github.com/footfall/footfall/internal/config"
	"github.com/footfall/footfall/internal/recording"
	"github.com/footfall/footfall/signals"
	"github.com/footfall/footfall/tracker"
	"github.com/footfall/footfall/zones"
)

// crossings is a Sink that keeps the crossings.
type crossings struct{ all []tracker.Crossing }

func (c *crossings) Crossing(x tracker.Crossing) { c.all = append(c.all, x) }
func (*crossings) Entry(tracker.Entry)           {}
func (*crossings) Heat(tracker.Heat)             {}
func (*crossings) Group(tracker.Group)           {}
func (*crossings) Exit(tracker.Exit)             {}
func (*crossings) Flow(tracker.Flow)             {}
func (*crossings) Net(tracker.Net)               {}
func (*crossings) Stitch(tracker.Stitch)         {}
func (*crossings) Ghost(tracker.Ghost)           {}

// crossedScene is a scene two minutes earlier, so that the shop's day starts within
// it, with two lines through the middle of where people are.
func crossedScene(t *testing.T, name string) (messages []signals.Message, set *zones.Set) {
	t.Helper()
	path, _ := scene(t, name)
	reader, err := recording.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	var xs, ys []float64
	var m signals.Message
	for {
		err := reader.Next(&m)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		m.Time -= 2 * analytics.Minute
		m.LocationID = 7
		messages = append(messages, m)
		if m.Kind == signals.KindPosition {
			xs, ys = append(xs, m.X), append(ys, m.Y)
		}
	}
	x, y := middleOf(xs), middleOf(ys)
	return messages, mustParse(t, fmt.Sprintf(`{"type":"FeatureCollection","features":[
	 {"type":"Feature","id":"along","properties":{"location_id":7},"geometry":{"type":"LineString","coordinates":[[%[1]v,-9000],[%[1]v,9000]]}},
	 {"type":"Feature","id":"across","properties":{"location_id":7,"enter_after":"3s"},"geometry":{"type":"LineString","coordinates":[[-9000,%[2]v],[9000,%[2]v]]}}]}`, x, y))
}

func middleOf(values []float64) float64 {
	slices.Sort(values)
	return values[len(values)/2]
}

// crossed are a scene's confirmed crossings in order of time, of one instant those
// in first.
func crossed(cfg *config.Config, messages []signals.Message, set *zones.Set) []tracker.Crossing {
	heard := &crossings{}
	tr := tracker.New(trackerSettings(cfg), describe(nil, cfg, 7).Adopt(set.Plan(7)), heard)
	for _, m := range messages {
		switch m.Kind {
		case signals.KindPosition:
			tr.Position(m.Time, m.PersonID, m.X, m.Y)
		case signals.KindLost:
			tr.Lost(m.Time, m.PersonID)
		}
	}
	tr.End()
	slices.SortStableFunc(heard.all, func(a, b tracker.Crossing) int {
		if a.At != b.At {
			return int(a.At - b.At)
		}
		return int(b.Direction - a.Direction)
	})
	return heard.all
}

// A scene counted by gates agrees with a loop over its crossings, in every bucket,
// read at once or in pieces by one program after the other; where positions are
// filtered, at once: a program that ends forgets those that wait for the filter.
func TestGatesOfRealScenes(t *testing.T) {
	for _, name := range scenes(t) {
		t.Run(name, func(t *testing.T) {
			messages, set := crossedScene(t, name)
			for label, make := range map[string]func() *config.Config{"default": config.Default, "plain": plain, "1 s": config1s} {
				cfg := gated(make(), 7)
				cfg.Locations[0].DayStart = 9 * 60
				all := crossed(cfg, messages, set)
				pieces := []int64{1 << 62, 1777}
				if label == "default" {
					pieces = pieces[:1]
				}
				for _, piece := range pieces {
					store := storetest.NewMemory()
					r := NewReplayer(store, cfg, set)
					for rest := messages; len(rest) > 0; {
						n := min(piece, int64(len(rest)))
						r = NewReplayer(store, cfg, set)
						if err := r.Add(context.Background(), name, scriptOf(rest[:n]...)); err != nil {
							t.Fatal(err)
						}
						rest = rest[n:]
					}
					if err := r.Finish(); err != nil {
						t.Fatal(err)
					}
					checkGates(t, label, fromStoreAt(store, at(90_000)), all)
				}
			}
		})
	}
}

func checkGates(t *testing.T, label string, r *analytics.Reports, all []tracker.Crossing) {
	t.Helper()
	clamped, resets := 0, 0
	for _, b := range []analytics.Bucket{analytics.Bucket1m, analytics.Bucket5m, analytics.Bucket1h, analytics.Whole} {
		rows := runReport(t, r, analytics.Query{Kind: "ledger", From: at(-300), To: at(3600), Bucket: b, Zones: []string{"location"}})
		next, count := 0, int64(0)
		for _, row := range rows {
			if row["partial"] == true && row["occupancy_to"] == nil {
				continue // nothing is known yet
			}
			want := map[string]int64{"occupancy_from": count}
			if row["start"].(int64) <= at(0) && at(0) < row["end"].(int64) {
				want["exits_reset"] = -1 // where the day starts: what there is by then
			}
			for ; next < len(all) && all[next].At < row["end"].(int64); next++ {
				if want["exits_reset"] == -1 && all[next].At >= at(0) {
					want["exits_reset"], count = count, 0
				}
				switch {
				case all[next].Direction > 0:
					want["entries_crossed"]++
					count++
				case count == 0:
					want["clamped"]++
				default:
					want["exits_crossed"]++
					count--
				}
			}
			if want["exits_reset"] == -1 {
				want["exits_reset"], count = count, 0
			}
			want["occupancy_to"] = count
			for _, f := range []string{"occupancy_from", "entries_crossed", "entries_appeared", "entries_reset", "exits_crossed", "exits_lost", "exits_expired", "exits_zone_removed", "exits_reset", "clamped", "occupancy_to"} {
				if whole(row[f]) != want[f] {
					t.Errorf("%s, by %q: %s is %v, want %d, in %v", label, b, f, row[f], want[f], row)
				}
			}
			clamped, resets = clamped+int(want["clamped"]), resets+int(want["exits_reset"])
		}
		if next < len(all) {
			t.Errorf("%s, by %q: no row for %d of %d crossings", label, b, len(all)-next, len(all))
		}
	}
	t.Logf("%s: %d crossings; in all buckets %d clamped, %d taken by the reset", label, len(all), clamped, resets)
	dwell := runReport(t, r, analytics.Query{Kind: "dwell", From: at(-300), To: at(3600), Zones: []string{"location"}})
	if dwell[0]["visits"] != nil || dwell[0]["ongoing"] != nil {
		t.Errorf("visits of a location counted by gates: %v", dwell[0])
	}
}
