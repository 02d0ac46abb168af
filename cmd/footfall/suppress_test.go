package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Three women of one age are not shown, nor are the seven of another from whom they
// could be told by the total; every format says the same.
func TestSuppressedCellsInEveryFormat(t *testing.T) {
	folder := t.TempDir()
	var recording strings.Builder
	person := 0
	visit := func(n, gender, age int) {
		for range n {
			person++
			for _, message := range []string{
				`{"type":"realtime_person_position","location_id":7,"person_id":%d,"position":{"x":10,"y":10}}`,
				`{"type":"realtime_demographics","location_id":7,"person_id":%d,"gender":` + fmt.Sprint(gender) + `,"age":` + fmt.Sprint(age) + `}`,
				`{"type":"realtime_person_lost","location_id":7,"person_id":%d}`,
			} {
				fmt.Fprintf(&recording, `{"time":"2026-03-02T09:%02d:00Z","message":`+message+"}\n", person, person)
			}
		}
	}
	visit(12, 1, 30)
	visit(3, 2, 40)
	visit(7, 2, 20)
	file, database := filepath.Join(folder, "day.ndjson"), filepath.Join(folder, "day.db")
	if err := os.WriteFile(file, []byte(recording.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, _, errs := footfall(t, "replay", "--database", database, "--zones", "", "--tracking.corrections=false", file); code != exitOK {
		t.Fatal(errs)
	}
	report := func(format string, more ...string) string {
		code, out, errs := footfall(t, append([]string{"report", "demographics", "--database", database, "--location", "7",
			"--from", "2026-03-02", "--to", "2026-03-03", "--tz", "UTC", "--format", format}, more...)...)
		if code != exitOK {
			t.Fatal(errs)
		}
		return out
	}
	var answer struct {
		Rows []struct {
			Gender     string `json:"gender"`
			Age        string `json:"age_band"`
			Suppressed bool   `json:"suppressed"`
			Visits     *int   `json:"visits"`
		}
	}
	if err := json.Unmarshal([]byte(report("json")), &answer); err != nil {
		t.Fatal(err)
	}
	csv, table := report("csv"), report("table")
	for _, r := range answer.Rows {
		want := 0
		hidden := r.Gender == "female" && (r.Age == "35-44" || r.Age == "18-24")
		if r.Gender == "male" && r.Age == "25-34" {
			want = 12
		}
		if r.Suppressed != hidden || (r.Visits == nil) != hidden || r.Visits != nil && *r.Visits != want {
			t.Errorf("%+v", r)
		}
		line := fmt.Sprintf(",location,%s,%s,false,%d,", r.Gender, r.Age, want)
		if hidden {
			line = fmt.Sprintf(",location,%s,%s,true,,\r\n", r.Gender, r.Age)
		}
		if !strings.Contains(csv, line) {
			t.Errorf("CSV has no %q", line)
		}
	}
	if len(answer.Rows) != 24 || strings.Count(table, "true") != 2 {
		t.Errorf("%d rows in JSON; the table is\n%s", len(answer.Rows), table)
	}
	if all := report("csv", "--privacy.min_cell", "0"); !strings.Contains(all, "female,35-44,false,3,") || strings.Contains(all, "true,,") {
		t.Errorf("with min_cell 0:\n%s", all)
	}
	if hour := report("csv", "--bucket", "15m"); strings.Contains(hour, "female,35-44,false,3,") || strings.Contains(hour, "male,25-34,false,12,") {
		t.Errorf("quarter hours of it are shown:\n%s", hour)
	}
}
