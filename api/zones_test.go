package api

import (
	"net/http"
	"strings"
	"testing"
)

// drawing takes zones for location 21.
type drawing struct {
	live  *shops
	taken []string
	fails error
}

func (d *drawing) replace(location int64, match func([]byte) bool, collection []byte) error {
	if !match(d.live.Zones(location)) {
		return ErrChanged
	}
	if d.fails != nil {
		return d.fails
	}
	d.taken = append(d.taken, string(collection))
	return nil
}

func (s *site) put(t testing.TB, path, body string, headers ...string) answer {
	t.Helper()
	return s.send(t, http.MethodPut, path, strings.NewReader(body), headers...)
}

func TestPutZones(t *testing.T) {
	d := &drawing{}
	s := start(t, func(c *Config) { d.live, c.ReplaceZones = c.Live.(*shops), d.replace })
	const path = "/api/v1/locations/21/zones"
	tag := s.get(t, path).Header.Get("ETag")
	a := s.put(t, path, kamppiZones, "Content-Type", geoJSONType, "If-Match", `"x", `+tag)
	a.wantStatus(t, http.StatusOK)
	if a.Header.Get("ETag") != tag || string(a.body) != kamppiZones {
		t.Errorf("answered %s with %s", a.body, a.Header)
	}
	s.put(t, path, kamppiZones, "Content-Type", "application/json", "If-Match", "*").wantStatus(t, http.StatusOK)
	if len(d.taken) != 2 || d.taken[0] != kamppiZones {
		t.Fatalf("taken %q", d.taken)
	}

	s.put(t, path, kamppiZones, "Content-Type", geoJSONType).wantProblem(t, 428, "If-Match is missing", "")
	s.put(t, path, kamppiZones, "Content-Type", geoJSONType, "If-Match", "W/"+tag).wantProblem(t, 412, "somebody else", "")
	s.put(t, path, kamppiZones, "Content-Type", "text/plain", "If-Match", tag).wantProblem(t, 415, "geo+json", "")
	s.put(t, "/api/v1/locations/9/zones", kamppiZones, "Content-Type", geoJSONType, "If-Match", "*").wantProblem(t, 404, "no location 9", "path.location")
	s.put(t, path, kamppiZones, "Content-Type", geoJSONType, "If-Match", tag, "Origin", "https://elsewhere.example").wantProblem(t, 403, "elsewhere", "")
	s.put(t, path, strings.Repeat(" ", 16<<20+1), "Content-Type", geoJSONType, "If-Match", tag).wantProblem(t, 413, "16777217 bytes", "")
	d.fails = ZonesFaults{{Feature: 1, ID: "promo", Reason: "the ring is open"}, {Feature: -1, Reason: "too many"}}
	s.put(t, path, kamppiZones, "Content-Type", geoJSONType, "If-Match", tag).wantProblem(t, 422, "2 faults", "body.features[1]")
	d.fails = &Conflict{Reason: "the file was changed"}
	s.put(t, path, kamppiZones, "Content-Type", geoJSONType, "If-Match", tag).wantProblem(t, 409, "the file was changed", "")
	if len(d.taken) != 2 {
		t.Errorf("what was refused was taken: %q", d.taken)
	}
}

func TestPutZonesWhereNoneAreTaken(t *testing.T) {
	s := start(t, nil)
	s.put(t, "/api/v1/locations/21/zones", kamppiZones, "Content-Type", geoJSONType, "If-Match", "*").wantProblem(t, 409, "cannot be changed", "")
}
