package main

import (
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/footfall/footfall/internal/recording"
	"github.com/footfall/footfall/internal/simulate"
	"github.com/footfall/footfall/signals"
)

// recordShop writes a stretch of a busy simulated shop's life, and its zones.
func recordShop(t *testing.T, length time.Duration) (file, zonesFile string) {
	t.Helper()
	folder := t.TempDir()
	zonesFile = filepath.Join(folder, "zones.geojson")
	if err := os.WriteFile(zonesFile, simulate.Zones(simulate.DefaultLocation), 0o600); err != nil {
		t.Fatal(err)
	}
	file = filepath.Join(folder, "shop.ndjson")
	w, err := recording.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	from := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	shop := simulate.NewShop(simulate.Config{Seed: 7, FrameRate: 4, AlwaysOpen: true})
	shop.Start(from.UnixMicro())
	messages := shop.Step(from.Add(length).UnixMicro(), []signals.Message(nil))
	for i := range messages {
		if err := w.WriteMessage(&messages[i]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return file, zonesFile
}

type rowKey struct{ start, zone, line, figure string }

// succeed runs a command that must, and returns what it prints.
func succeed(t *testing.T, args ...string) string {
	t.Helper()
	code, out, errs := footfall(t, args...)
	if code != exitOK {
		t.Fatalf("footfall %v: exit %d: %s", args, code, errs)
	}
	return out
}

func decode(t *testing.T, text string, into any) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), into); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
}

// reported are the figures of replay and report under one setting.
func reported(t *testing.T, file string, settings, asked []string) map[rowKey]any {
	t.Helper()
	database := filepath.Join(t.TempDir(), "shop.db")
	succeed(t, append([]string{"replay", file, "--database", database}, settings...)...)
	figures := map[rowKey]any{}
	for _, kind := range []string{"occupancy", "dwell", "ledger", "lines"} {
		var report struct{ Rows []map[string]any }
		decode(t, succeed(t, append([]string{"report", kind, "--database", database, "--format", "json"}, asked...)...), &report)
		for _, row := range report.Rows {
			zone, _ := row["zone_id"].(string)
			line, _ := row["line_id"].(string)
			for name, value := range row {
				figures[rowKey{row["start"].(string), zone, line, name}] = value
			}
		}
	}
	return figures
}

// Each side of the answer is what replay and report say under that setting.
func TestWhatifIsReplayAndReportTwice(t *testing.T) {
	file, zonesFile := recordShop(t, 40*time.Minute)
	asked := []string{"--from", "2026-03-02T09:00:00Z", "--to", "2026-03-02T10:00:00Z", "--bucket", "15m"}
	for name, set := range map[string][]string{
		"delays":      {"tracking.enter_after=4s", "tracking.exit_after=250ms"},
		"corrections": {"tracking.corrections=false"},
		"no zones":    {"zones="},
	} {
		t.Run(name, func(t *testing.T) {
			settings := []string{"--zones", zonesFile}
			args := append([]string{"whatif", file, "--format", "json"}, append(settings, asked...)...)
			before, changed := reported(t, file, settings, asked), settings
			for _, s := range set {
				args, changed = append(args, "--set", s), append(changed, "--"+s)
			}
			after := reported(t, file, changed, asked)
			var answer jsonAnswer
			decode(t, succeed(t, args...), &answer)
			if len(answer.Rows) < 100 || answer.Messages == 0 || len(answer.Settings) != len(set) {
				t.Fatalf("%d rows of %d messages, settings %v", len(answer.Rows), answer.Messages, answer.Settings)
			}
			differ, reasons := 0, 0
			for _, r := range answer.Rows {
				k := rowKey{r.Start.Format(time.RFC3339), r.Zone, r.Line, r.Figure}
				if r.Before != before[k] || r.After != after[k] {
					t.Errorf("%v: %v and %v, want %v and %v", k, r.Before, r.After, before[k], after[k])
				}
				if r.Before != r.After {
					differ++
					if r.Figure == "stitched" || r.Figure == "entries_crossed" {
						reasons++
					}
				}
			}
			if differ == 0 || reasons == 0 {
				t.Errorf("%d differences, %d of them reasons: the test shows nothing", differ, reasons)
			}
		})
	}
}

func TestWhatifLeavesNothingBehindWhenInterrupted(t *testing.T) {
	file, zonesFile := recordShop(t, 30*time.Minute)
	t.Setenv("TMPDIR", t.TempDir())
	ctx, cancel := context.WithCancel(context.Background())
	go func() { // Ctrl-C as soon as both databases are there
		for ctx.Err() == nil {
			if both, _ := filepath.Glob(filepath.Join(os.TempDir(), "*", "*.db")); len(both) == 2 {
				cancel()
			}
			time.Sleep(100 * time.Microsecond)
		}
	}()
	code := run(ctx, []string{"whatif", file, "--zones", zonesFile, "--set", "tracking.enter_after=2s"}, strings.NewReader(""), io.Discard, io.Discard)
	cancel()
	left, err := os.ReadDir(os.TempDir())
	if err != nil || len(left) > 0 {
		t.Errorf("exit %d, left behind: %v, %v", code, left, err)
	}
	if code == exitOK {
		t.Skip("it was done before it could be interrupted")
	}
}
