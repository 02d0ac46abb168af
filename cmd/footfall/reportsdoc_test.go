package main

import (
	"context"
	"flag"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/schollz/progressbar/v3"

	"github.com/footfall/footfall/analytics"
	"github.com/footfall/footfall/internal/boltstore"
	"github.com/footfall/footfall/internal/engine"
	"github.com/footfall/footfall/internal/simulate"
)

var update = flag.Bool("update", false, "write the answers in docs/reports.md anew")

// documented is a request of docs/reports.md and its answer.
var documented = regexp.MustCompile("(?m)^    curl 'http://127\\.0\\.0\\.1:8080/api/v1/locations/1/reports/([a-z]+)\\?([^']*)'\n\n```json\n((?s:.*?))```")

// layDocumented counts the simulated shop's Sunday and Monday.
func layDocumented(t *testing.T, database string) {
	zone, err := time.LoadLocation(demoTimezone)
	if err != nil {
		t.Fatal(err)
	}
	zonesPath := filepath.Join(t.TempDir(), "zones.geojson")
	if err := os.WriteFile(zonesPath, simulate.Zones(simulate.DefaultLocation), 0o600); err != nil {
		t.Fatal(err)
	}
	cfg := demoConfig(zone, zonesPath, "127.0.0.1:1")
	file, err := openZones(cfg)
	if err != nil {
		t.Fatal(err)
	}
	store, err := boltstore.Open(database, boltstore.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	r := engine.NewReplayer(store, cfg, file.set)
	from := time.Date(2026, 3, 1, 0, 0, 0, 0, zone)
	shop := simulate.NewShop(simulate.Config{Seed: 1, Timezone: zone, FrameRate: historyRate})
	shop.Start(from.UnixMicro())
	messages := &shopMessages{shop: shop, bar: progressbar.DefaultSilent(48), at: from.UnixMicro(), to: from.AddDate(0, 0, 2).UnixMicro()}
	if err := r.Add(context.Background(), "two days", messages); err != nil {
		t.Fatal(err)
	}
	if err := r.Finish(); err != nil {
		t.Fatal(err)
	}
}

// docs/reports.md has a real answer of every kind: what it says is what is answered.
func TestReportsDocument(t *testing.T) {
	const path = "../../docs/reports.md"
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	database := filepath.Join(t.TempDir(), "shop.db")
	layDocumented(t, database)
	var kinds []string
	written := documented.ReplaceAllStringFunc(string(text), func(part string) string {
		m := documented.FindStringSubmatch(part)
		kinds = append(kinds, m[1])
		args := []string{"report", m[1], "--database", database, "--location", "1", "--format", "json"}
		query, err := url.ParseQuery(m[2])
		if err != nil {
			t.Fatal(err)
		}
		for name, values := range query {
			for _, value := range values {
				args = append(args, "--"+name+"="+value)
			}
		}
		code, answer, problem := footfall(t, args...)
		if code != 0 {
			t.Fatalf("%v: %s", args, problem)
		}
		return strings.Replace(part, "```json\n"+m[3], "```json\n"+answer, 1)
	})
	for _, kind := range analytics.Kinds() {
		if !slices.Contains(kinds, kind) {
			t.Errorf("no answer of %s is documented", kind)
		}
	}
	if *update {
		if err := os.WriteFile(path, []byte(written), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if written != string(text) {
		t.Error("docs/reports.md is not what is answered; run go test ./cmd/footfall -run TestReportsDocument -update")
	}
}
