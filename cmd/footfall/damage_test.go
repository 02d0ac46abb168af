package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/footfall/footfall/internal/boltstore"
)

const (
	damagedFrom = "2026-03-02T09:00:00Z"
	damagedTo   = "2026-03-02T11:00:00Z"
)

var damages = flag.Int("damages", 12, "how many bytes TestReportsOfADamagedDatabase damages")

// countedShop is a database of an hour of a shop, closed.
func countedShop(t *testing.T) (database, zones string) {
	t.Helper()
	folder := t.TempDir()
	database, zones = filepath.Join(folder, "shop.db"), filepath.Join(folder, "zones.geojson")
	var features []string
	for i := range 6 {
		x := i * 100
		features = append(features, fmt.Sprintf(`{"type":"Feature","id":"z%d","properties":{"location_id":7},"geometry":{"type":"Polygon","coordinates":[[[%d,0],[%d,0],[%d,100],[%d,100],[%d,0]]]}}`, i, x, x+100, x+100, x, x))
	}
	text := `{"type":"FeatureCollection","features":[` + strings.Join(features, ",") + `]}`
	if err := os.WriteFile(zones, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	var lines bytes.Buffer
	random, begin := rand.New(rand.NewPCG(5, 6)), time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	for second := range 4000 {
		for person := range 8 {
			fmt.Fprintf(&lines, `{"time":%q,"message":{"type":"realtime_person_position","person_id":%d,"location_id":7,"position":{"x":%d,"y":50}}}`+"\n",
				begin.Add(time.Duration(second)*time.Second+time.Duration(person)*time.Millisecond).Format(time.RFC3339Nano), person, 50+100*random.IntN(6))
		}
	}
	recording := filepath.Join(folder, "hour.ndjson")
	if err := os.WriteFile(recording, lines.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, _, errs := footfall(t, "replay", "--database", database, "--zones", zones, "--tracking.corrections=false", recording); code != exitOK {
		t.Fatal(errs)
	}
	return database, zones
}

// rowsOf are a report's rows by what they are about, damaged ones as such alone.
func rowsOf(t *testing.T, text []byte) map[string]string {
	t.Helper()
	var report struct{ Rows []map[string]any }
	if err := json.Unmarshal(text, &report); err != nil {
		t.Fatalf("%v in %.300s", err, text)
	}
	rows := map[string]string{}
	for _, row := range report.Rows {
		key := fmt.Sprint(row["start"], row["zone_id"], row["from_zone"], row["to_zone"], row["weekday"], row["hour"], row["x"], row["y"], row["gender"], row["age_band"])
		value := fmt.Sprint(row)
		if row["damaged"] == true {
			value = "damaged"
			if row["coverage"] != 0. {
				t.Errorf("a damaged row has coverage: %v", row)
			}
		}
		rows[key] = value
	}
	return rows
}

var damageKinds = []string{"occupancy", "dwell", "ledger", "flows", "visits", "heatmap", "groups", "demographics", "utilization"}

func reportArgs(database, kind string) []string {
	return []string{"report", kind, "--database", database, "--location", "7", "--from", damagedFrom, "--to", damagedTo, "--bucket", "1m", "--format", "json"}
}

// Whichever byte of the database is damaged, a report's row is the true one, or marked,
// or the command ends with one sentence and exit code 3.
func TestReportsOfADamagedDatabase(t *testing.T) {
	database, _ := countedShop(t)
	truth := map[string]map[string]string{}
	for _, kind := range damageKinds {
		code, out, errs := footfall(t, reportArgs(database, kind)...)
		if code != exitOK {
			t.Fatal(errs)
		}
		truth[kind] = rowsOf(t, []byte(out))
	}
	whole, err := os.ReadFile(database)
	if err != nil {
		t.Fatal(err)
	}
	used := len(bytes.TrimRight(whole, "\x00"))
	random := rand.New(rand.NewPCG(7, 8))
	outcomes := map[string]int{}
	for range *damages {
		damaged := bytes.Clone(whole)
		at := random.IntN(used)
		damaged[at] ^= byte(1 + random.IntN(255))
		if err := os.WriteFile(database, damaged, 0o600); err != nil {
			t.Fatal(err)
		}
		for _, kind := range damageKinds {
			outcomes[compareDamaged(t, fmt.Sprintf("byte %d, %s", at, kind), reportArgs(database, kind), truth[kind])]++
		}
	}
	t.Logf("%d bytes, of %d reports: %v", used, *damages*len(damageKinds), outcomes)
	for _, outcome := range []string{"whole", "marked", "refused"} {
		if outcomes[outcome] == 0 && *damages >= 12 {
			t.Errorf("no report was %s", outcome)
		}
	}
}

func compareDamaged(t *testing.T, what string, args []string, want map[string]string) (outcome string) {
	t.Helper()
	code, out, errs := footfall(t, args...)
	if code == exitDatabase {
		if lines := strings.Count(strings.TrimSpace(errs), "\n"); strings.Contains(errs, "panic") || lines > 3 {
			t.Errorf("%s: %s", what, errs)
		}
		return "refused"
	}
	if code != exitOK {
		t.Errorf("%s: exit %d: %s", what, code, errs)
		return "failed"
	}
	outcome = "whole"
	got := rowsOf(t, []byte(out))
	for key, value := range want {
		switch got[key] {
		case value:
		case "damaged":
			outcome = "marked"
		case "": // rows that are there only for what there was
			if outcome = "marked"; !strings.Contains(errs, "damaged") {
				t.Errorf("%s: no row %s, and nothing is said", what, key)
			}
		default:
			t.Errorf("%s: %s, want %s", what, got[key], value)
		}
	}
	return outcome
}

// A server goes on with a database of which a minute is damaged: that minute is marked,
// the others are served, and the log, /readyz and the metrics say so before anybody asks.
func TestServingADamagedDatabase(t *testing.T) {
	database, zones := countedShop(t)
	_, out, _ := footfall(t, reportArgs(database, "occupancy")...)
	want := rowsOf(t, []byte(out))
	damageARecord(t, database)
	server := startChild(t, "serve", "--listen", "127.0.0.1:0", "--database", database, "--zones", zones)
	defer server.terminate(t)
	await(t, "the check of the database", func() bool { return metric(t, server.address, "footfall_database_checked_timestamp_seconds") > 0 })
	if n := metric(t, server.address, "footfall_database_damaged"); n != 1 {
		t.Errorf("%v places damaged, want 1", n)
	}
	var ready struct{ Damaged int }
	if code := get(t, server.address, "/readyz", &ready); code != http.StatusOK || ready.Damaged != 1 {
		t.Errorf("/readyz: %d, %+v", code, ready)
	}
	if log := server.log.String(); strings.Count(log, "the database is damaged") != 1 || !strings.Contains(log, "table=minutes") {
		t.Errorf("the log:\n%s", log)
	}
	var report json.RawMessage
	get(t, server.address, "/api/v1/locations/7/reports/occupancy?bucket=1m&from="+damagedFrom+"&to="+damagedTo, &report)
	marked := 0
	for key, value := range rowsOf(t, report) {
		if value == "damaged" {
			marked++
		} else if value != want[key] {
			t.Errorf("%s, want %s", value, want[key])
		}
	}
	if marked == 0 || marked > 21 {
		t.Errorf("%d of %d rows are marked, want those of a minute or its neighbours", marked, len(want))
	}
}

// damageARecord flips bits until one record of a minute is what db check names.
func damageARecord(t *testing.T, database string) {
	t.Helper()
	whole, err := os.ReadFile(database)
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(9, 10))
	for range 500 {
		damaged := bytes.Clone(whole)
		damaged[random.IntN(len(bytes.TrimRight(whole, "\x00")))] ^= 0x10
		if err := os.WriteFile(database, damaged, 0o600); err != nil {
			t.Fatal(err)
		}
		store, err := boltstore.Open(database, boltstore.Options{ReadOnly: true})
		if err != nil {
			continue
		}
		found, err := store.Verify(t.Context())
		store.Close()
		if err == nil && len(found.Damage) == 1 && found.Damage[0].Table == "minutes" && len(found.Damage[0].Key) > 8 && found.Damage[0].Key[8] == 'z' {
			return
		}
	}
	t.Fatal("no flip damages a record of a minute")
}
