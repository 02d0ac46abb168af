package api

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/footfall/footfall/analytics"
)

// doors counts location 21 by gates.
type doors struct{ set []int64 }

func (d *doors) reset(_ context.Context, location, occupancy int64) (int64, error) {
	if location != 21 {
		return 0, analytics.ErrNotGated
	}
	d.set = append(d.set, occupancy)
	return noon.UnixMicro() + 40_000, nil
}

func (s *site) post(t testing.TB, path, body string, headers ...string) answer {
	t.Helper()
	return s.send(t, http.MethodPost, path, strings.NewReader(body), headers...)
}

func TestReset(t *testing.T) {
	d := &doors{}
	s := start(t, func(c *Config) { c.Reset = d.reset })
	const path = "/api/v1/locations/21/occupancy/reset"
	a := s.post(t, path, ` {"occupancy": 12} `, "Content-Type", "application/json; charset=utf-8", "Origin", "http://localhost:3000")
	a.wantStatus(t, http.StatusOK)
	if got := strings.TrimSpace(string(a.body)); got != `{"location_id":21,"time":"2026-03-02T10:00:00.04Z","occupancy":12}` {
		t.Errorf("got %s", got)
	}
	s.post(t, path, `{"occupancy":0}`, "Content-Type", "application/json").wantStatus(t, http.StatusOK)
	if len(d.set) != 2 || d.set[0] != 12 || d.set[1] != 0 {
		t.Errorf("set %v", d.set)
	}

	for _, c := range []struct {
		path, body, media string
		status            int
		text, location    string
	}{
		{"/api/v1/locations/9/occupancy/reset", `{"occupancy":1}`, jsonType, 404, "no location 9", "path.location"},
		{"/api/v1/locations/x/occupancy/reset", `{"occupancy":1}`, jsonType, 400, "not an integer", "path.location"},
		{"/api/v1/locations/22/occupancy/reset", `{"occupancy":1}`, jsonType, 409, "occupancy: gates", ""},
		{path + "?occupancy=1", `{"occupancy":1}`, jsonType, 400, "no parameter", "query.occupancy"},
		{path, `{"occupancy":1}`, "", 415, "application/json", ""},
		{path, `{"occupancy":1}`, "text/plain", 415, "application/json", ""},
		{path, "occupancy=1", "application/x-www-form-urlencoded", 415, "application/json", ""},
		{path, ``, jsonType, 400, "cannot be read", ""},
		{path, `{"occupancy":1`, jsonType, 400, "cannot be read", ""},
		{path, `{"occupancy":1}{"occupancy":2}`, jsonType, 400, "cannot be read", ""},
		{path, `{"occupancy":1}]`, jsonType, 400, "cannot be read", ""},
		{path, `[1]`, jsonType, 400, "cannot be read", ""},
		{path, `{"occupancy":1,"force":true}`, jsonType, 400, "force", ""},
		{path, `{}`, jsonType, 422, "missing", "body.occupancy"},
		{path, `null`, jsonType, 422, "missing", "body.occupancy"},
		{path, `{"occupancy":null}`, jsonType, 422, "missing", "body.occupancy"},
		{path, `{"occupancy":-1}`, jsonType, 422, "0 to 10000000", "body.occupancy"},
		{path, `{"occupancy":10000001}`, jsonType, 422, "0 to 10000000", "body.occupancy"},
		{path, `{"occupancy":1.5}`, jsonType, 422, "whole number", "body.occupancy"},
		{path, `{"occupancy":"1"}`, jsonType, 422, "whole number", "body.occupancy"},
		{path, `{"occupancy":1` + strings.Repeat(" ", resetBody) + `}`, jsonType, 413, "1024 bytes", ""},
	} {
		s.post(t, c.path, c.body, "Content-Type", c.media).wantProblem(t, c.status, c.text, c.location)
	}
	s.post(t, path, `{"occupancy":1}`, "Content-Type", jsonType, "Origin", "https://elsewhere.example").wantProblem(t, 403, "elsewhere", "")
	s.get(t, path).wantProblem(t, 405, "GET", "")
	if len(d.set) != 2 {
		t.Errorf("what was refused was set: %v", d.set)
	}
}

func TestResetWhereNothingIsGated(t *testing.T) {
	s := start(t, nil)
	s.post(t, "/api/v1/locations/21/occupancy/reset", `{"occupancy":1}`, "Content-Type", jsonType).wantProblem(t, 409, "occupancy: gates", "")
}
