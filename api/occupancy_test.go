package api

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/footfall/footfall/analytics"
)

const kamppiCounts = `{"location_id":21,"time":"2026-03-02T10:00:00.04Z","occupancy":12,"connected":true,"zones":[` +
	`{"zone_id":"entrance","name":"Entrance","occupancy":3,"capacity":10},{"zone_id":"be\"er","name":"be\"er","occupancy":0,"capacity":null}]}`

func TestOccupancy(t *testing.T) {
	s := start(t, nil)
	a := s.get(t, "/api/v1/locations/21/occupancy")
	a.wantStatus(t, http.StatusOK)
	if got := string(a.body); got != kamppiCounts+"\n" {
		t.Errorf("got %s", got)
	}
	for name, want := range map[string]string{"Content-Type": jsonType, "Cache-Control": "no-cache", "Etag": `"21-` + s.boot + `-1"`} {
		if got := a.Header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	var read Occupancy
	if err := json.Unmarshal(a.body, &read); err != nil || read.Zones[0].Occupancy != 3 || *read.Zones[0].Capacity != 10 || read.Zones[1].Capacity != nil {
		t.Errorf("read as %+v, %v", read, err)
	}
	head := s.do(t, http.MethodHead, "/api/v1/locations/21/occupancy")
	head.wantStatus(t, http.StatusOK)
	if head.ContentLength != int64(len(a.body)) || len(head.body) != 0 || head.Header.Get("Etag") != a.Header.Get("Etag") {
		t.Errorf("HEAD: %d bytes announced, %d sent", head.ContentLength, len(head.body))
	}
}

func TestOccupancyIsSentOnceUntilItChanges(t *testing.T) {
	s := start(t, nil)
	for _, path := range []string{"/api/v1/locations/21/occupancy", "/api/v1/occupancy"} {
		first := s.get(t, path)
		again := s.get(t, path, "If-None-Match", first.Header.Get("Etag"))
		again.wantStatus(t, http.StatusNotModified)
		if len(again.body) != 0 || again.Header.Get("Content-Length") != "" || again.Header.Get("Content-Type") != "" {
			t.Errorf("%s: 304 with a body, or headers of one: %v", path, again.Header)
		}
		if again.Header.Get("Etag") != first.Header.Get("Etag") || again.Header.Get("Cache-Control") != "no-cache" {
			t.Errorf("%s: 304 without its headers: %v", path, again.Header)
		}
		counts := *s.live.Counts(21)
		counts.Version++
		counts.Occupancy++
		s.live.set(&counts)
		changed := s.get(t, path, "If-None-Match", first.Header.Get("Etag"))
		changed.wantStatus(t, http.StatusOK)
		if changed.Header.Get("Etag") == first.Header.Get("Etag") || string(changed.body) == string(first.body) {
			t.Errorf("%s: the change is not seen", path)
		}
	}
}

// A tag of another run means nothing: versions begin anew.
func TestETagsDifferBetweenRuns(t *testing.T) {
	first, second := start(t, nil), start(t, nil)
	for _, path := range []string{"/api/v1/locations/21/occupancy", "/api/v1/occupancy"} {
		tag := first.get(t, path).Header.Get("Etag")
		second.get(t, path, "If-None-Match", tag).wantStatus(t, http.StatusOK)
	}
	zones := first.get(t, "/api/v1/locations/21/zones").Header.Get("Etag")
	second.get(t, "/api/v1/locations/21/zones", "If-None-Match", zones).wantStatus(t, http.StatusNotModified)
}

func TestAllOccupancy(t *testing.T) {
	s := start(t, nil)
	a := s.get(t, "/api/v1/occupancy")
	a.wantStatus(t, http.StatusOK)
	var read Occupancies
	if err := json.Unmarshal(a.body, &read); err != nil || len(read.Locations) != 2 || read.Locations[1].LocationID != 22 || read.Locations[1].Zones == nil {
		t.Errorf("%s read as %+v, %v", a.body, read, err)
	}
	if !strings.Contains(string(a.body), kamppiCounts) {
		t.Errorf("not the same as of one location: %s", a.body)
	}
}

func TestLocations(t *testing.T) {
	s := start(t, nil)
	a := s.get(t, "/api/v1/locations")
	a.wantStatus(t, http.StatusOK)
	want := `{"locations":[{"location_id":21,"name":"Kamppi","timezone":"Europe/Helsinki","capacity":120,"connected":true,"since":"2026-03-02T10:00:00Z"},` +
		`{"location_id":22,"name":"22","timezone":"America/New_York","capacity":null,"connected":false,"since":null}]}`
	if got := strings.TrimSpace(string(a.body)); got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
}

func TestZones(t *testing.T) {
	s := start(t, nil)
	a := s.get(t, "/api/v1/locations/21/zones")
	a.wantStatus(t, http.StatusOK)
	if string(a.body) != kamppiZones || a.Header.Get("Content-Type") != geoJSONType {
		t.Errorf("%s: %s", a.Header.Get("Content-Type"), a.body)
	}
	s.get(t, "/api/v1/locations/21/zones", "If-None-Match", a.Header.Get("Etag")).wantStatus(t, http.StatusNotModified)
}

// The hot path writes what was rendered once.
func TestOccupancyIsRenderedOnce(t *testing.T) {
	s := start(t, nil)
	counts := s.live.Counts(21)
	first := s.renderedFor(21, counts)
	if s.renderedFor(21, counts) != first {
		t.Error("the same counts are rendered again")
	}
	same := *counts
	if s.renderedFor(21, &same) == first {
		t.Error("other counts are not rendered")
	}
	s.live.set(&analytics.Counts{LocationID: 21, Version: 2})
	if got := s.get(t, "/api/v1/locations/21/occupancy"); !strings.Contains(string(got.body), `"zones":[]`) {
		t.Errorf("got %s", got.body)
	}
}
