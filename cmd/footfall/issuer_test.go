package main

import (
	"crypto/ed25519"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// issuer is somebody else who makes tokens, with its keys at a real address.
type issuer struct {
	t       *testing.T
	url     string
	private ed25519.PrivateKey
}

func startIssuer(t *testing.T) *issuer {
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	set := fmt.Sprintf(`{"keys":[{"kty":"OKP","crv":"Ed25519","kid":"one","use":"sig","alg":"EdDSA","x":%q}]}`, base64.RawURLEncoding.EncodeToString(public))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, set) }))
	t.Cleanup(server.Close)
	return &issuer{t, server.URL, private}
}

func (i *issuer) token(scope string, locations any, valid time.Duration) string {
	i.t.Helper()
	token := jwt.NewWithClaims(jwt.SigningMethodEdDSA, jwt.MapClaims{
		"iss": "https://login.example", "aud": "footfall", "sub": "anna", "exp": time.Now().Add(valid).Unix(), "scope": scope, "footfall_locations": locations,
	})
	token.Header["kid"] = "one"
	text, err := token.SignedString(i.private)
	if err != nil {
		i.t.Fatal(err)
	}
	return text
}

func TestTokensOfAnExternalIssuer(t *testing.T) {
	issuer := startIssuer(t)
	folder := t.TempDir()
	zones, database := filepath.Join(folder, "zones.geojson"), filepath.Join(folder, "shop.db")
	if err := os.WriteFile(zones, []byte(twoShops), 0o600); err != nil {
		t.Fatal(err)
	}
	c := startChild(t, "serve", "--listen", "127.0.0.1:0", "--zones", zones, "--database", database, "--auth.required=true",
		"--auth.external.issuer", "https://login.example", "--auth.external.audience", "footfall", "--auth.external.jwks_url", issuer.url)
	g := &guarded{c, t, database}
	reader, admin := issuer.token("openid footfall:read", []int{7}, time.Hour), issuer.token("footfall:admin", "all", time.Hour)
	await(t, "the keys", func() bool {
		status, _, _ := g.do(http.MethodGet, "/api/v1/locations", reader)
		return status == http.StatusOK
	})
	status := func(method, path, token string, want int) {
		t.Helper()
		if got, body, _ := g.do(method, path, token); got != want {
			t.Errorf("%s %s: %d %s, want %d", method, path, got, body, want)
		}
	}
	status(http.MethodGet, "/api/v1/locations/7/occupancy", reader, http.StatusOK)
	status(http.MethodGet, "/api/v1/locations/8/occupancy", reader, http.StatusNotFound)
	status(http.MethodPost, "/api/v1/locations/7/occupancy/reset", reader, http.StatusForbidden)
	status(http.MethodGet, "/metrics", reader, http.StatusForbidden)
	status(http.MethodGet, "/metrics", issuer.token("admin", "all", time.Hour), http.StatusUnauthorized)
	_, metrics, _ := g.do(http.MethodGet, "/metrics", admin)
	if !strings.Contains(metrics, `footfall_issuer_key_fetches_total{result="good"} 1`) {
		t.Error("the fetch of the keys is not in /metrics")
	}
	response, err := http.Post("http://"+c.address+"/api/v1/session", "application/json", strings.NewReader(`{"token":"`+reader+`"}`))
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	cookie, _, _ := strings.Cut(response.Header.Get("Set-Cookie"), ";")
	if got, body, _ := g.do(http.MethodGet, "/api/v1/locations/7/occupancy", "", "Cookie", cookie); got != http.StatusOK {
		t.Errorf("with the session of %q: %d %s", cookie, got, body)
	}
	c.terminate(t)
	if strings.Contains(c.log.String(), reader) {
		t.Error("the token is in the log")
	}
}

func TestHalfAnIssuerIsRefused(t *testing.T) {
	code, _, stderr := footfall(t, "serve", "--listen", "127.0.0.1:0", "--zones", "", "--database", filepath.Join(t.TempDir(), "shop.db"), "--auth.external.issuer", "https://login.example")
	if code != exitUsage || !strings.Contains(stderr, "auth.external: issuer, audience and jwks_url") {
		t.Errorf("code %d: %s", code, stderr)
	}
	code, _, stderr = footfall(t, "serve", "--auth.external.jwks_url", "http://login.example/keys")
	if code != exitUsage || !strings.Contains(stderr, "does not begin with https://") {
		t.Errorf("code %d: %s", code, stderr)
	}
}
