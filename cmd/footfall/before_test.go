package main

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const beforeFolder = "testdata/databases/"

// databaseOf unpacks a database as an older program left it.
func databaseOf(t *testing.T, packed string) string {
	t.Helper()
	f, err := os.Open(packed)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	content, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "footfall.db")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func replayed(t *testing.T, database, recording string) {
	t.Helper()
	code, _, stderr := footfall(t, "replay", beforeFolder+recording, "--database", database,
		"--zones", beforeFolder+"zones.geojson", "--tracking.stitch.within", "0")
	if code != 0 {
		t.Fatalf("replay %s: %s", recording, stderr)
	}
}

// quarters are the rows of a report by the quarter hour, the head first.
func quarters(t *testing.T, database, kind string) [][]string {
	t.Helper()
	code, stdout, stderr := footfall(t, "report", kind, "--database", database, "--zones", beforeFolder+"zones.geojson", "--location", "21",
		"--from", "2026-03-02T09:00:00Z", "--to", "2026-03-02T10:00:00Z", "--bucket", "15m", "--format", "csv")
	if code != 0 {
		t.Fatalf("report %s: %s", kind, stderr)
	}
	rows, err := csv.NewReader(strings.NewReader(stdout)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// kindsOfBefore are counted since the first database; of the others the quarter hours
// before the upgrade are not known.
var kindsOfBefore = []string{"occupancy", "dwell", "demographics", "flows", "lines"}

func TestDatabasesOfBefore(t *testing.T) {
	fresh := filepath.Join(t.TempDir(), "fresh.db")
	replayed(t, fresh, "first.ndjson.gz")
	replayed(t, fresh, "rest.ndjson.gz")
	all, err := filepath.Glob(beforeFolder + "*.db.gz")
	if err != nil || len(all) == 0 {
		t.Fatalf("no databases: %v", err)
	}
	for _, packed := range all {
		t.Run(filepath.Base(packed), func(t *testing.T) { goesOn(t, databaseOf(t, packed), fresh) })
	}
}

// goesOn reads an old database without changing it, then counts on in it.
func goesOn(t *testing.T, old, fresh string) {
	before, err := os.ReadFile(old)
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range kindsOfBefore {
		quarters(t, old, kind)
	}
	if rows := quarters(t, old, "visits"); known(rows, "09:00") {
		t.Errorf("visits of before they were counted are shown: %q", rows)
	}
	if code, stdout, stderr := footfall(t, "db", "check", "--database", old); code != 0 {
		t.Errorf("check: %s%s", stdout, stderr)
	}
	if after, _ := os.ReadFile(old); !bytes.Equal(before, after) {
		t.Error("what only reads has changed the database")
	}
	replayed(t, old, "rest.ndjson.gz")
	for _, kind := range kindsOfBefore {
		if got, want := quarters(t, old, kind), quarters(t, fresh, kind); !slices.EqualFunc(got, want, slices.Equal) {
			t.Errorf("%s:\n%q\nof a database that was always of today:\n%q", kind, got, want)
		}
	}
	for _, kind := range []string{"visits", "queue", "funnel", "groups", "heatmap"} {
		got, want := quarters(t, old, kind), quarters(t, fresh, kind)
		if known(got, "09:00") || known(got, "09:15") {
			t.Errorf("%s before the upgrade is shown: %q", kind, got)
		}
		if !slices.EqualFunc(of(got, "09:30"), of(want, "09:30"), slices.Equal) || kind != "funnel" && !known(want, "09:30") {
			t.Errorf("%s after it:\n%q\nof a database that was always of today:\n%q", kind, of(got, "09:30"), of(want, "09:30"))
		}
	}
}

// of are the rows of one quarter hour.
func of(rows [][]string, quarter string) (some [][]string) {
	for _, row := range rows {
		if strings.Contains(row[0], "T"+quarter) {
			some = append(some, row)
		}
	}
	return some
}

// known reports whether a quarter hour has figures behind its labels.
func known(rows [][]string, quarter string) bool {
	for _, row := range of(rows, quarter) {
		if row[len(row)-1] != "" {
			return true
		}
	}
	return false
}
