package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

type previewed struct {
	From, To *string
	Zones    []struct {
		ID         string `json:"zone_id"`
		Entries    *int64
		Most       *int64 `json:"occupancy_max"`
		EntriesNow *int64 `json:"entries_now"`
		MostNow    *int64 `json:"occupancy_max_now"`
	}
	Lines []struct {
		In    *int64
		InNow *int64 `json:"in_now"`
	}
}

func preview(t *testing.T, address, body string) (status int, p previewed) {
	t.Helper()
	response, err := http.Post("http://"+address+"/api/v1/locations/1/zones/preview", "application/geo+json", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	if response.StatusCode == http.StatusOK {
		if err := json.Unmarshal(answer, &p); err != nil {
			t.Fatalf("%v in %s", err, answer)
		}
	}
	return response.StatusCode, p
}

// A preview by the zones there are counts what they count; another shape counts
// otherwise; nothing is changed.
func TestZonesPreview(t *testing.T) {
	demo := startChild(t, "demo", "--listen", "127.0.0.1:0", "--days", "0")
	zones := httpBody(t, "http://"+demo.address+"/api/v1/locations/1/zones")
	await(t, "somebody in the shop", func() bool {
		_, p := preview(t, demo.address, zones)
		for _, z := range p.Zones {
			if z.ID == "shop" && z.Entries != nil && *z.Entries > 0 {
				return true
			}
		}
		return false
	})
	_, same := preview(t, demo.address, zones)
	for _, z := range same.Zones {
		if z.EntriesNow == nil || *z.Entries != *z.EntriesNow || *z.Most != *z.MostNow {
			t.Errorf("%s counts otherwise though it is the same", z.ID)
		}
	}
	if same.From == nil || len(same.Lines) != 1 || same.Lines[0].InNow == nil {
		t.Errorf("preview %+v", same)
	}
	everywhere := `{"type":"FeatureCollection","features":[{"type":"Feature","id":"shop","properties":{"location_id":1,"enter_after":0},"geometry":{"type":"Polygon","coordinates":[[[-90000,-90000],[90000,-90000],[90000,90000],[-90000,90000],[-90000,-90000]]]}}]}`
	_, other := preview(t, demo.address, everywhere)
	if z := other.Zones[0]; z.ID != "shop" || *z.Most < *z.MostNow || *z.Entries <= *z.EntriesNow {
		t.Errorf("the shop made larger has %d entries, and %d before", *z.Entries, *z.EntriesNow)
	}
	if gone := other.Zones[len(other.Zones)-1]; gone.Entries != nil || gone.EntriesNow == nil {
		t.Errorf("a zone that is not drawn: %+v", gone)
	}
	if got := httpBody(t, "http://"+demo.address+"/api/v1/locations/1/zones"); got != zones {
		t.Error("the preview has changed the zones")
	}
	if status, _ := preview(t, demo.address, `{"type":"FeatureCollection","features":[{}]}`); status != http.StatusUnprocessableEntity {
		t.Errorf("of faulty zones: %d", status)
	}
	demo.terminate(t)
}

func TestNoPreviewWhereNoPositionsAreKept(t *testing.T) {
	folder := t.TempDir()
	file := filepath.Join(folder, "zones.geojson")
	if err := os.WriteFile(file, []byte(strings.ReplaceAll(oneZone, `"location_id":7`, `"location_id":1`)), 0o600); err != nil {
		t.Fatal(err)
	}
	server := startChild(t, "serve", "--listen", "127.0.0.1:0", "--zones", file, "--database", filepath.Join(folder, "shop.db"), "--privacy.preview=false")
	if status, _ := preview(t, server.address, strings.ReplaceAll(oneZone, `"location_id":7`, `"location_id":1`)); status != http.StatusConflict {
		t.Errorf("status %d", status)
	}
	server.terminate(t)
}

func httpBody(t *testing.T, url string) string {
	t.Helper()
	response, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var b bytes.Buffer
	if _, err := b.ReadFrom(response.Body); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
