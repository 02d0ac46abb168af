package api

import (
	"strings"
	"testing"
)

func TestDashboard(t *testing.T) {
	s := start(t, nil)
	for _, view := range dashboardViews {
		a := s.get(t, view)
		a.wantStatus(t, 200)
		body := string(a.body)
		if !strings.Contains(body, `src="/app/index.js"`) || strings.Contains(body, "https://") || strings.Contains(body, "style=") || strings.Contains(body, "<script>") {
			t.Errorf("%s: %s", view, body)
		}
		policy := a.Header.Get("Content-Security-Policy")
		if !strings.Contains(policy, "script-src 'self';") || strings.Contains(policy, "unsafe") {
			t.Errorf("%s has the policy %q", view, policy)
		}
		s.get(t, view, "If-None-Match", a.Header.Get("Etag")).wantStatus(t, 304)
	}
	plain := s.get(t, "/app/index.js")
	zipped := s.get(t, "/app/index.js", "Accept-Encoding", "br, gzip")
	plain.wantStatus(t, 200)
	if zipped.Header.Get("Content-Encoding") != "gzip" || len(plain.body) < 2*len(zipped.body) || len(zipped.body) > 250_000 {
		t.Errorf("%d bytes zipped, %d plain", len(zipped.body), len(plain.body))
	}
	if plain.Header.Get("Vary") != "Accept-Encoding" || plain.Header.Get("Etag") == zipped.Header.Get("Etag") {
		t.Error("a cache could take the one for the other")
	}
}
