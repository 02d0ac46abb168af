package engine

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/footfall/footfall/analytics"
	"github.com/footfall/footfall/internal/config"
	"github.com/footfall/footfall/internal/recording"
	"github.com/footfall/footfall/signals"
	"github.com/footfall/footfall/zones"
)

// shop has two zones that share an edge at x = 100 and a line along it.
const shop = `{"type":"FeatureCollection","features":[
 {"type":"Feature","id":"west","properties":{"location_id":7},"geometry":{"type":"Polygon","coordinates":[[[0,0],[100,0],[100,100],[0,100],[0,0]]]}},
 {"type":"Feature","id":"east","properties":{"location_id":7},"geometry":{"type":"Polygon","coordinates":[[[100,0],[200,0],[200,100],[100,100],[100,0]]]}},
 {"type":"Feature","id":"middle","properties":{"location_id":7},"geometry":{"type":"LineString","coordinates":[[100,0],[100,100]]}}]}`

// at is a time on the test's day, in seconds.
func at(seconds float64) int64 { return 1_772_442_000_000_000 + int64(seconds*1e6) }

func mustParse(t testing.TB, geojson string) *zones.Set {
	t.Helper()
	set, err := zones.Parse([]byte(geojson))
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// plain counts everything as it is sent.
func plain() *config.Config {
	c := config.Default()
	c.Tracking.EnterAfter, c.Tracking.ExitAfter, c.Tracking.Corrections = 0, 0, false
	return c
}

func position(seconds float64, person int64, x, y float64) signals.Message {
	nan := float32(math.NaN())
	return signals.Message{Kind: signals.KindPosition, Time: at(seconds), LocationID: 7, PersonID: person, X: x, Y: y, Confidence: nan, Age: nan}
}

func lost(seconds float64, person int64) signals.Message {
	nan := float32(math.NaN())
	return signals.Message{Kind: signals.KindLost, Time: at(seconds), LocationID: 7, PersonID: person, Confidence: nan, Age: nan}
}

// script is Messages from a slice; a nil stands for a malformed line.
type script struct {
	messages []*signals.Message
	next     int
}

func scriptOf(messages ...signals.Message) *script {
	s := &script{}
	for i := range messages {
		s.messages = append(s.messages, &messages[i])
	}
	return s
}

func (s *script) Next(m *signals.Message) error {
	if s.next == len(s.messages) {
		return io.EOF
	}
	s.next++
	if next := s.messages[s.next-1]; next != nil {
		*m = *next
		return nil
	}
	return &recording.LineError{File: "script", Line: int64(s.next), Reason: "is malformed"}
}

// table is a report's rows as maps, null as nil.
type table struct {
	columns []analytics.Column
	rows    []map[string]any
}

func (o *table) Begin(h analytics.Header) error { o.columns = h.Columns; return nil }

func (o *table) Row(r *analytics.Row) error {
	row := map[string]any{"start": r.Start, "end": r.End, "coverage": r.Coverage, "partial": r.Partial}
	for i, c := range r.Cells {
		switch c.Type {
		case analytics.Integer:
			row[o.columns[i].Name] = c.Int
		case analytics.Float:
			row[o.columns[i].Name] = c.Float
		case analytics.Text:
			row[o.columns[i].Name] = c.Text
		default:
			row[o.columns[i].Name] = nil
		}
	}
	o.rows = append(o.rows, row)
	return nil
}

// runReport reads a report of location 7.
func runReport(t testing.TB, r *analytics.Reports, q analytics.Query) []map[string]any {
	t.Helper()
	if q.Locations == nil {
		q.Locations = []int64{7}
	}
	if q.Now == 0 {
		q.Now = q.To
	}
	out := &table{}
	if err := r.Run(context.Background(), q, out); err != nil {
		t.Fatal(err)
	}
	return out.rows
}

// fromStore reads what is stored, as the command line does.
func fromStore(s analytics.Store) *analytics.Reports { return fromStoreAt(s, at(86400)) }

func fromStoreNow(s analytics.Store) *analytics.Reports {
	return fromStoreAt(s, time.Now().UnixMicro())
}

func fromStoreAt(s analytics.Store, now int64) *analytics.Reports {
	return &analytics.Reports{Store: s, Open: func(_ context.Context, id int64) (open *analytics.Open, err error) {
		err = s.View(func(v analytics.View) error {
			stored, err := analytics.Load(v, id)
			if stored != nil && err == nil {
				open = analytics.OpenStored(stored, now)
			}
			return err
		})
		return open, err
	}}
}

func zoneRow(t testing.TB, rows []map[string]any, zone string) map[string]any {
	t.Helper()
	for _, r := range rows {
		if r["zone_id"] == zone {
			return r
		}
	}
	t.Fatalf("no row of zone %s in %v", zone, rows)
	return nil
}

func quiet() *slog.Logger { return slog.New(slog.NewTextHandler(io.Discard, nil)) }

// eventually waits for a condition.
func eventually(t testing.TB, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !ok(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain: %s", what)
		}
	}
}

// scene is one of the recordings of real people, which lie beside the project.
func scene(t testing.TB, name string) (recordingPath string, set *zones.Set) {
	t.Helper()
	folder := filepath.Join("..", "..", "..", "shared", "data", name)
	data, err := os.ReadFile(filepath.Join(folder, "zones.geojson"))
	if errors.Is(err, os.ErrNotExist) {
		t.Skipf("SKIPPED: the recordings of real people are not on this machine (%s)", folder)
	}
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(folder, "recording.ndjson.gz"), mustParse(t, string(data))
}

func zoneKey(row map[string]any) string { return fmt.Sprint(row["zone_id"]) }
