package api

import (
	"bytes"
	"encoding/json"
	"image"
	"image/png"
	"strings"
	"sync"
	"testing"
)

// drawer keeps plans in memory.
type drawer struct {
	mu    sync.Mutex
	plans map[int64]*Plan
}

func (d *drawer) Plan(location int64) *Plan {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.plans[location]
}

func (d *drawer) Put(location int64, match func(*Plan) bool, p *Plan) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !match(d.plans[location]) {
		return ErrChanged
	}
	d.plans[location] = p
	return nil
}

func pngOf(t testing.TB, width, height int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, width, height))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const scripted = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20"><script>alert(1)</script></svg>`

const (
	planPath = "/api/v1/locations/21/plan"
	placed   = planPath + "?scale=2.5&x=-10&y=5"
)

func TestPlan(t *testing.T) {
	s := start(t, func(c *Config) { c.Plans = &drawer{plans: map[int64]*Plan{}} })
	put := func(path, body, media string, headers ...string) answer {
		return s.send(t, "PUT", path, strings.NewReader(body), append(headers, "Content-Type", media)...)
	}
	s.get(t, planPath).wantProblem(t, 404, "no floor plan", "")
	first := put(placed, string(pngOf(t, 40, 20)), "image/png")
	first.wantStatus(t, 200)
	tag := first.Header.Get("Etag")

	got := s.get(t, planPath)
	if got.Header.Get("Content-Type") != "image/png" || got.Header.Get("Etag") != tag || !bytes.Equal(got.body, pngOf(t, 40, 20)) {
		t.Errorf("%v, %d bytes", got.Header, len(got.body))
	}
	s.get(t, planPath, "If-None-Match", tag).wantStatus(t, 304)
	var all Locations
	if err := json.Unmarshal(s.get(t, "/api/v1/locations").body, &all); err != nil {
		t.Fatal(err)
	}
	if want := (PlanPlace{tag, 2.5, -10, 5, 100, 50}); all.Locations[0].Plan == nil || *all.Locations[0].Plan != want || all.Locations[1].Plan != nil {
		t.Errorf("the locations' plans are %v and %v, want %v and none", all.Locations[0].Plan, all.Locations[1].Plan, want)
	}

	put(placed, scripted, "image/svg+xml").wantProblem(t, 428, "If-Match", "")
	put(placed, scripted, "image/svg+xml", "If-Match", `"other"`).wantProblem(t, 412, "somebody else", "")
	second := put(placed, scripted, "image/png", "If-Match", tag) // its content says what it is
	second.wantStatus(t, 200)
	svg := s.get(t, planPath)
	if svg.Header.Get("Content-Type") != "image/svg+xml" || svg.Header.Get("X-Content-Type-Options") != "nosniff" ||
		svg.Header.Get("Content-Security-Policy") != "sandbox; default-src 'none'; style-src 'unsafe-inline'" {
		t.Errorf("the SVG is served with %v", svg.Header)
	}
	s.do(t, "DELETE", planPath).wantProblem(t, 428, "If-Match", "")
	s.do(t, "DELETE", planPath, "If-Match", tag).wantProblem(t, 412, "somebody else", "")
	s.do(t, "DELETE", planPath, "If-Match", second.Header.Get("Etag")).wantStatus(t, 204)
	s.get(t, planPath).wantStatus(t, 404)
	put(placed, scripted, "image/svg+xml", "If-Match", tag).wantProblem(t, 412, "somebody else", "")
}

func TestPlanRefused(t *testing.T) {
	s := start(t, func(c *Config) { c.Plans = &drawer{plans: map[int64]*Plan{}} })
	whole := string(pngOf(t, 4, 4))
	for _, c := range []struct {
		path, body, media string
		status            int
		text              string
	}{
		{placed, "GIF89a", "image/png", 422, "neither"},
		{placed, whole[:len(whole)-3], "image/png", 422, "does not end"},
		{placed, whole + "<svg/>", "image/png", 422, "does not end"},
		{placed, string(pngOf(t, 16_385, 1)), "image/png", 422, "pixels"},
		{placed, `<html xmlns="http://www.w3.org/1999/xhtml"/>`, "image/svg+xml", 422, "no SVG"},
		{placed, `<!DOCTYPE svg [<!ENTITY a "b">]>` + scripted, "image/svg+xml", 422, "entities"},
		{placed, `<svg xmlns="http://www.w3.org/2000/svg"/>`, "image/svg+xml", 422, "no size"},
		{placed, scripted + scripted, "image/svg+xml", 422, "one root"},
		{placed, strings.TrimSuffix(scripted, "</svg>"), "image/svg+xml", 422, "cannot be read"},
		{placed, whole, "text/plain", 415, "image/png"},
		{planPath + "?scale=0&x=0&y=0", whole, "image/png", 400, "scale"},
		{planPath + "?scale=NaN&x=0&y=0", whole, "image/png", 400, "scale"},
		{planPath + "?scale=1&x=0", whole, "image/png", 400, "y must be a number"},
		{"/api/v1/locations/9/plan?scale=1&x=0&y=0", whole, "image/png", 404, "no location 9"},
	} {
		s.send(t, "PUT", c.path, strings.NewReader(c.body), "Content-Type", c.media).wantProblem(t, c.status, c.text, "")
	}
	s.get(t, planPath).wantStatus(t, 404)
}

func TestPictureSizes(t *testing.T) {
	for _, c := range []struct {
		attributes    string
		width, height float64
	}{
		{`width="40" height="20px"`, 40, 20},
		{`viewBox="0,0, 40 20"`, 40, 20},
		{`width="100%" height="100%" viewBox="-5 -5 40 20"`, 40, 20},
	} {
		p, err := ReadPicture([]byte(`<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" ` + c.attributes + `/>`))
		if err != nil || p.Width != c.width || p.Height != c.height {
			t.Errorf("%s: %g by %g, %v", c.attributes, p.Width, p.Height, err)
		}
	}
}

// Drawing programs write a document type, which declares nothing.
func TestPicturesWithADocumentType(t *testing.T) {
	const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10"/>`
	for head, good := range map[string]bool{
		`<?xml version="1.0" encoding="utf-8"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">`: true,
		`<!DOCTYPE svg>`:                   true,
		`<!DOCTYPE svg [<!ENTITY a "b">]>`: false,
		`<!DOCTYPE svg SYSTEM "x" [ ]>`:    false,
	} {
		p, err := ReadPicture([]byte(head + svg))
		if (err == nil) != good || good && (p.Width != 20 || p.Height != 10) {
			t.Errorf("%s: %v, %v", head, p.Width, err)
		}
	}
}
