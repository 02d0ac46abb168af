package api

import (
	"crypto/tls"
	"crypto/x509"
	"log/slog"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/footfall/footfall/internal/edge"
	"github.com/footfall/footfall/internal/edge/edgetest"
)

func readHeaders(t *testing.T, s *site, headers ...string) http.Header {
	t.Helper()
	a := s.get(t, "/api/v1/occupancy", headers...)
	a.wantStatus(t, http.StatusOK)
	return a.Header
}

// The whole rule of origins: who is refused, by what lets a request in.
func TestPagesOfOtherSites(t *testing.T) {
	const page, path = "https://evil.example", "/api/v1/locations/21/zones"
	for _, c := range []struct {
		name     string
		required bool
		headers  []string
		status   int
	}{
		{"open, a program", false, nil, 200},
		{"open, this machine's page", false, []string{"Origin", "http://localhost:5173"}, 200},
		{"open, another site's", false, []string{"Origin", page}, 403},
		{"open, another site's, unread", false, []string{"Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "no-cors"}, 403},
		{"open, a sandboxed page", false, []string{"Origin", "null"}, 403},
		{"open, a token that nobody asked for", false, []string{"Origin", page, "Authorization", "Bearer x"}, 403},
		{"open, listed", false, []string{"Origin", "https://board.example"}, 200},
		{"required, another site's, with a token", true, []string{"Origin", page, "Authorization", "Bearer x"}, 200},
		{"required, another site's, with a cookie", true, []string{"Origin", page, "Cookie", "a=b"}, 403},
		{"required, another site's, with both", true, []string{"Origin", page, "Cookie", "a=b", "Authorization", "Bearer x"}, 200},
		{"required, its own page, with a cookie", true, []string{"Cookie", "a=b"}, 200},
		{"required, a sandboxed page, with a cookie", true, []string{"Origin", "null", "Cookie", "a=b"}, 403},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := start(t, func(cfg *Config) { cfg.Required, cfg.Edge.Origins = c.required, []string{"https://board.example"} })
			if got := s.get(t, path, c.headers...); got.StatusCode != c.status && (c.status != 200 || got.StatusCode != http.StatusUnauthorized) {
				t.Errorf("status %d, want %d: %s", got.StatusCode, c.status, got.body)
			}
		})
	}
}

func TestCORS(t *testing.T) {
	const board = "https://board.example"
	s := start(t, func(c *Config) { c.Edge.Origins = []string{board} })
	h := readHeaders(t, s, "Origin", board)
	if h.Get("Access-Control-Allow-Origin") != board || h.Get("Access-Control-Allow-Credentials") != "" || h.Get("Vary") != "Origin" || !strings.Contains(h.Get("Access-Control-Expose-Headers"), "ETag") {
		t.Errorf("for a listed origin: %v", h)
	}
	for _, headers := range [][]string{{}, {"Origin", "http://localhost:1"}} {
		if h := readHeaders(t, s, headers...); h.Get("Access-Control-Allow-Origin") != "" || h.Get("Vary") != "Origin" {
			t.Errorf("for %v: %v", headers, h)
		}
	}
	ask := []string{"Access-Control-Request-Method", "POST", "Access-Control-Request-Headers", "authorization"}
	a := s.do(t, http.MethodOptions, "/api/v1/locations/21/messages", append(ask, "Origin", board)...)
	if a.StatusCode != http.StatusNoContent || a.Header.Get("Access-Control-Allow-Origin") != board || !strings.Contains(a.Header.Get("Access-Control-Allow-Headers"), "Authorization") {
		t.Errorf("preflight: %d %v", a.StatusCode, a.Header)
	}
	s.do(t, http.MethodOptions, "/api/v1/locations/21/messages", append(ask, "Origin", "https://evil.example")...).wantStatus(t, http.StatusForbidden)

	off := start(t, nil)
	if h := readHeaders(t, off); h.Get("Vary") != "" {
		t.Errorf("without origins: %v", h)
	}
	a = off.do(t, http.MethodOptions, "/api/v1/locations/21/messages", append(ask, "Origin", board)...)
	if a.StatusCode != http.StatusForbidden || a.Header.Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("preflight without origins: %d %v", a.StatusCode, a.Header)
	}
}

func TestProxiesAreBelievedOnlyWhereTrusted(t *testing.T) {
	forwarded := []string{"X-Forwarded-Host", "localhost", "X-Forwarded-Proto", "https", "X-Forwarded-For", "198.51.100.7", "Host", "shop.example"}
	strange := start(t, nil)
	strange.get(t, "/api/v1/occupancy", forwarded...).wantProblem(t, http.StatusMisdirectedRequest, "shop.example", "")
	trusted := start(t, func(c *Config) { c.Edge.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")} })
	trusted.get(t, "/api/v1/occupancy", forwarded...).wantStatus(t, http.StatusOK)
	trusted.get(t, "/debug/pprof/", forwarded...).wantStatus(t, http.StatusNotFound)
	trusted.get(t, "/debug/pprof/").wantStatus(t, http.StatusOK)

	open := start(t, func(c *Config) {
		c.Required, c.Edge.TrustedProxies = true, []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}
	})
	secure := open.get(t, "/livez", "X-Forwarded-Proto", "https", "X-Forwarded-Host", "shop.example")
	if got := secure.Header.Get("Strict-Transport-Security"); got != "max-age=31536000" {
		t.Errorf("behind TLS: %q", got)
	}
	if got := open.get(t, "/livez", "X-Forwarded-Host", "shop.example").Header.Get("Strict-Transport-Security"); got != "" {
		t.Errorf("without TLS: %q", got)
	}
}

func TestTLS(t *testing.T) {
	files := edgetest.NewFiles(t)
	cert, key := edgetest.Pair(t, "shop.example", time.Now().Add(time.Hour))
	files.Write(t, cert, key)
	certificate, err := edge.OpenCertificate(files.Cert, files.Key, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	s := start(t, func(c *Config) { c.Edge.Certificate = certificate })
	s.url = strings.Replace(s.url, "http://", "https://", 1)
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(cert)
	for _, c := range []struct {
		protocol string
		http2    bool
		least    uint16
		most     uint16
	}{{"HTTP/2.0", true, 0, 0}, {"HTTP/1.1", false, 0, tls.VersionTLS12}, {"", false, tls.VersionTLS10, tls.VersionTLS11}} {
		transport := &http.Transport{ForceAttemptHTTP2: c.http2, TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: c.least, MaxVersion: c.most}}
		resp, err := (&http.Client{Transport: transport}).Get(s.url + "/livez")
		if c.protocol == "" {
			if err == nil {
				t.Error("TLS 1.1 is spoken")
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		transport.CloseIdleConnections()
		if resp.Proto != c.protocol || resp.Header.Get("Strict-Transport-Security") != "" { // it is a loopback host
			t.Errorf("%s, want %s; %v", resp.Proto, c.protocol, resp.Header)
		}
	}
}
