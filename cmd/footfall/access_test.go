package main

import (
	"context"
	"crypto/ed25519"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/footfall/footfall/signals"
)

// guarded is a server that asks for tokens, of locations 7 and 8.
type guarded struct {
	*child
	t        *testing.T
	database string
}

func startGuarded(t *testing.T) *guarded {
	folder := t.TempDir()
	zones, database := filepath.Join(folder, "zones.geojson"), filepath.Join(folder, "shop.db")
	if err := os.WriteFile(zones, []byte(twoShops), 0o600); err != nil {
		t.Fatal(err)
	}
	return &guarded{startChild(t, "serve", "--listen", "127.0.0.1:0", "--zones", zones, "--database", database, "--auth.required=true"), t, database}
}

// token makes one while the server runs.
func (g *guarded) token(name, locations, scope string, more ...string) string {
	g.t.Helper()
	args := append([]string{"token", "create", "--database", g.database, "--name", name, "--locations", locations, "--scope", scope}, more...)
	code, out, problem := footfall(g.t, args...)
	if code != 0 {
		g.t.Fatalf("%v: %s", args, problem)
	}
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if strings.Contains(problem, lines[len(lines)-1]) {
		g.t.Error("the token is on standard error, too")
	}
	return lines[len(lines)-1]
}

func (g *guarded) do(method, path, token string, headers ...string) (status int, body string, header http.Header) {
	g.t.Helper()
	var sent io.Reader
	if method != http.MethodGet {
		sent = strings.NewReader(`{"type":"FeatureCollection","features":[]}`)
	}
	r, err := http.NewRequestWithContext(g.t.Context(), method, "http://"+g.address+path, sent)
	if err != nil {
		g.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("If-Match", "*")
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		g.t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		g.t.Fatal(err)
	}
	return response.StatusCode, string(text), response.Header
}

// forge signs what looks like a token with the server's own key, or pretends to.
func (g *guarded) forge() map[string]string {
	g.t.Helper()
	var file struct {
		Keys []struct {
			ID      string
			Private ed25519.PrivateKey
		}
		Tokens []struct{ ID string }
	}
	text, err := os.ReadFile(accessPath(g.database))
	if err == nil {
		err = json.Unmarshal(text, &file)
	}
	if err != nil {
		g.t.Fatal(err)
	}
	key := file.Keys[0]
	sign := func(method jwt.SigningMethod, with any, claims jwt.MapClaims) string {
		all := jwt.MapClaims{"iss": "footfall", "aud": "footfall", "jti": file.Tokens[0].ID, "exp": time.Now().Add(time.Hour).Unix()}
		for name, value := range claims {
			all[name] = value
		}
		token := jwt.NewWithClaims(method, all)
		token.Header["kid"] = key.ID
		signed, err := token.SignedString(with)
		if err != nil {
			g.t.Fatal(err)
		}
		return signed
	}
	return map[string]string{
		"alg none":       sign(jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, nil),
		"HS256":          sign(jwt.SigningMethodHS256, []byte(key.Private.Public().(ed25519.PublicKey)), nil),
		"other audience": sign(jwt.SigningMethodEdDSA, key.Private, jwt.MapClaims{"aud": "elsewhere"}),
		"other issuer":   sign(jwt.SigningMethodEdDSA, key.Private, jwt.MapClaims{"iss": "elsewhere"}),
		"not yet":        sign(jwt.SigningMethodEdDSA, key.Private, jwt.MapClaims{"nbf": time.Now().Add(time.Hour).Unix()}),
	}
}

// operations are those of the server's own document, with what they ask for.
func (g *guarded) operations() (all []operation) {
	_, text, _ := g.do(http.MethodGet, "/openapi.json", "")
	var doc struct {
		Paths map[string]map[string]struct{ Security []map[string][]string }
	}
	if err := json.Unmarshal([]byte(text), &doc); err != nil {
		g.t.Fatal(err)
	}
	for path, methods := range doc.Paths {
		for method, o := range methods {
			all = append(all, operation{
				method: strings.ToUpper(method), guarded: len(o.Security) > 0,
				path: strings.NewReplacer("{location}", "7", "{kind}", "occupancy").Replace(path),
			})
		}
	}
	return all
}

type operation struct {
	method, path string
	guarded      bool
}

// Every route of the document with every kind of token: 401, or 403 or 404, and never
// what is behind it.
func TestEveryRouteAsksForAToken(t *testing.T) {
	g := startGuarded(t)
	good := g.token("good", "7", "admin")
	bad := map[string]string{"no token": "", "garbage": "garbage"}
	for name, forgery := range g.forge() {
		bad[name] = forgery
	}
	bad["revoked"] = g.token("revoked", "7", "admin")
	if code, _, problem := footfall(t, "token", "revoke", "--database", g.database, "revoked"); code != 0 {
		t.Fatal(problem)
	}
	bad["expired"] = g.token("expired", "7", "admin", "--expires", "1s")
	elsewhere, reader := g.token("elsewhere", "8", "admin"), g.token("reader", "7", "read")
	time.Sleep(1100 * time.Millisecond)
	guardedRoutes := 0
	for _, o := range g.operations() {
		if !o.guarded {
			if status, _, _ := g.do(o.method, o.path, ""); status == http.StatusForbidden || status == http.StatusUnauthorized && !strings.Contains(o.path, "session") {
				t.Errorf("%s %s asks for a token: %d", o.method, o.path, status)
			}
			continue
		}
		guardedRoutes++
		for name, token := range bad {
			status, body, header := g.do(o.method, o.path, token)
			if status != http.StatusUnauthorized || header.Get("WWW-Authenticate") == "" || strings.Contains(body, "zone") || strings.Contains(body, "footfall_") {
				t.Errorf("%s %s with %s: %d %s", o.method, o.path, name, status, body)
			}
		}
		if strings.Contains(o.path, "/7/") {
			if status, body, _ := g.do(o.method, o.path, elsewhere); status != http.StatusNotFound {
				t.Errorf("%s %s with a token of another location: %d %s", o.method, o.path, status, body)
			}
		}
		writes := o.method == http.MethodPut || o.method == http.MethodDelete || strings.HasSuffix(o.path, "/messages") || strings.HasSuffix(o.path, "/reset") || o.path == "/metrics"
		if status, body, _ := g.do(o.method, o.path, reader); writes != (status == http.StatusForbidden) {
			t.Errorf("%s %s with scope read: %d %s", o.method, o.path, status, body)
		}
		if status, body, _ := g.do(o.method, o.path, good); status == http.StatusUnauthorized || status == http.StatusForbidden || status >= 500 {
			t.Errorf("%s %s with a good token: %d %s", o.method, o.path, status, body)
		}
	}
	if guardedRoutes < 10 {
		t.Errorf("only %d routes ask for a token", guardedRoutes)
	}
	g.terminate(t)
	for name, token := range bad {
		if token != "" && token != "garbage" && strings.Contains(g.log.String(), token) {
			t.Errorf("the token %q is in the log", name)
		}
	}
}

// Answers for many locations have those of the token alone.
func TestATokenSeesItsLocations(t *testing.T) {
	g := startGuarded(t)
	seven, all := g.token("seven", "7", "read"), g.token("all", "all", "read")
	for _, path := range []string{"/api/v1/occupancy", "/api/v1/locations", "/api/v1/reports/occupancy"} {
		for range 2 { // what is kept for one is not given to the other
			if _, body, _ := g.do(http.MethodGet, path, all); !strings.Contains(body, `"location_id":8`) || !strings.Contains(body, `"location_id":7`) {
				t.Errorf("%s with a token of all: %s", path, body)
			}
			if _, body, _ := g.do(http.MethodGet, path, seven); strings.Contains(body, `"location_id":8`) || strings.Contains(body, "hall") || !strings.Contains(body, `"location_id":7`) {
				t.Errorf("%s with a token of 7: %s", path, body)
			}
		}
	}
	if status, body, _ := g.do(http.MethodGet, "/api/v1/reports/occupancy?location=7&location=8", seven); status != http.StatusNotFound || strings.Contains(body, "hall") {
		t.Errorf("a report of another location: %d %s", status, body)
	}
	_, _, header := g.do(http.MethodGet, "/api/v1/occupancy", all)
	if status, _, _ := g.do(http.MethodGet, "/api/v1/occupancy", seven, "If-None-Match", header.Get("ETag")); status != http.StatusOK {
		t.Errorf("the ETag of another token's answer: %d", status)
	}
	g.terminate(t)
}

func TestBrowserSessions(t *testing.T) {
	g := startGuarded(t)
	token := g.token("page", "7", "read")
	post := func(body string, headers ...string) *http.Response {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+g.address+"/api/v1/session", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/json")
		for i := 0; i < len(headers); i += 2 {
			r.Header.Set(headers[i], headers[i+1])
		}
		response, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		return response
	}
	if r := post(`{"token":"nonsense"}`); r.StatusCode != http.StatusUnauthorized || len(r.Cookies()) > 0 {
		t.Errorf("with nonsense: %s, %v", r.Status, r.Cookies())
	}
	if r := post(`{"token":"`+token+`"}`, "Content-Type", "text/plain"); r.StatusCode != http.StatusUnsupportedMediaType {
		t.Errorf("as a form of another site would: %s", r.Status)
	}
	r := post(`{"token":"` + token + `"}`)
	if len(r.Cookies()) != 1 {
		t.Fatalf("%s, %v", r.Status, r.Cookies())
	}
	cookie := r.Cookies()[0]
	if !cookie.HttpOnly || cookie.SameSite != http.SameSiteStrictMode || cookie.Path != "/" || time.Until(cookie.Expires) > 12*time.Hour || cookie.Value == token {
		t.Errorf("cookie %+v", cookie)
	}
	with := []string{"Cookie", cookie.Name + "=" + cookie.Value}
	if status, body, _ := g.do(http.MethodGet, "/api/v1/locations/7/occupancy", "", with...); status != http.StatusOK {
		t.Errorf("with the session: %d %s", status, body)
	}
	if status, body, _ := g.do(http.MethodGet, "/api/v1/session", "", with...); status != http.StatusOK || !strings.Contains(body, `"signed_in":true`) || !strings.Contains(body, `"name":"page"`) {
		t.Errorf("who is signed in: %d %s", status, body)
	}
	if status, body, _ := g.do(http.MethodGet, "/api/v1/locations/7/occupancy", "", append(with, "Origin", "https://elsewhere.example")...); status != http.StatusForbidden {
		t.Errorf("of another site's page: %d %s", status, body)
	}
	if status, body, _ := g.do(http.MethodGet, "/api/v1/locations/7/occupancy", cookie.Value); status != http.StatusUnauthorized {
		t.Errorf("the cookie as a token: %d %s", status, body)
	}
	if code, _, problem := footfall(t, "token", "revoke", "--database", g.database, "page"); code != 0 {
		t.Fatal(problem)
	}
	if status, _, _ := g.do(http.MethodGet, "/api/v1/locations/7/occupancy", "", with...); status != http.StatusUnauthorized {
		t.Errorf("after the token was revoked: %d", status)
	}
	g.terminate(t)
}

// idle is a Sink that wants nothing.
type idle struct{}

func (idle) Connected(int64)            {}
func (idle) Messages([]signals.Message) {}
func (idle) Disconnected(int64, error)  {}

// A Signals client is in with a token, and out within a second of its end.
func TestRevokingClosesSignalsConnections(t *testing.T) {
	g := startGuarded(t)
	token := g.token("reader", "7", "read")
	soon := g.token("soon", "7", "read", "--expires", "3s")
	connect := func(token string, location int64) *signals.Client {
		ctx, cancel := context.WithCancel(context.Background())
		client := signals.NewClient(signals.ClientConfig{
			URL: "ws://" + g.address + "/websocket_realtime", Token: func() (string, error) { return token, nil },
			Locations: []int64{location}, Sink: idle{}, Now: func() int64 { return time.Now().UnixMicro() },
		})
		ended := make(chan struct{})
		go func() { _ = client.Run(ctx); close(ended) }()
		t.Cleanup(func() { cancel(); <-ended })
		return client
	}
	reading, expiring := connect(token, 7), connect(soon, 7)
	nobody, elsewhere := connect("nonsense", 7), connect(token, 8)
	await(t, "the reader", func() bool { return reading.Status().State == signals.StateConnected })
	await(t, "the refusals", func() bool {
		return nobody.Status().State == signals.StateRefusedToken && elsewhere.Status().State == signals.StateRefusedLocation
	})
	await(t, "the end of one that expires", func() bool { return expiring.Status().State == signals.StateRefusedToken })
	if code, _, problem := footfall(t, "token", "revoke", "--database", g.database, "reader"); code != 0 {
		t.Fatal(problem)
	}
	revoked := time.Now()
	for reading.Status().State == signals.StateConnected {
		if time.Since(revoked) > time.Second {
			t.Fatal("still connected a second after the token was revoked")
		}
		time.Sleep(5 * time.Millisecond)
	}
	g.terminate(t)
}

// Tokens can be made before there is a server, and its socket is its owner's alone.
func TestTokensWithoutAServer(t *testing.T) {
	database := filepath.Join(t.TempDir(), "shop.db")
	code, out, problem := footfall(t, "token", "create", "--database", database, "--name", "early", "--locations", "7,8", "--scope", "write")
	if code != 0 || strings.Count(out, "\n") != 1 || !strings.Contains(problem, "persistent") {
		t.Fatalf("%d: %q, %q", code, out, problem)
	}
	server := startChild(t, "serve", "--listen", "127.0.0.1:0", "--database", database, "--zones", "", "--auth.required=true")
	await(t, "the socket", func() bool { _, err := os.Stat(controlPath(database)); return err == nil })
	if info, err := os.Stat(controlPath(database)); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the socket: %v, %v", info.Mode(), err)
	}
	g := &guarded{server, t, database}
	if status, body, _ := g.do(http.MethodGet, "/api/v1/locations", strings.TrimSpace(out)); status != http.StatusOK {
		t.Errorf("with the early token: %d %s", status, body)
	}
	code, list, problem := footfall(t, "token", "list", "--database", database)
	if code != 0 || !strings.Contains(list, "early") || !strings.Contains(list, "7,8") || strings.Contains(list, strings.TrimSpace(out)) {
		t.Errorf("%s%s", list, problem)
	}
	for args, want := range map[string]string{
		"create --name early --locations 7 --scope read":           "a token of that name",
		"create --name x --locations seven --scope read":           "--locations",
		"create --name x --locations 7 --scope root":               "scope",
		"create --name x --locations 7 --scope read --expires 1ms": "--expires",
		"create --name two_words\t --locations 7 --scope read":     "printable",
		"revoke nobody": "no token of that name",
	} {
		if code, _, problem := footfall(t, append(append([]string{"token"}, strings.Split(args, " ")...), "--database", database)...); code == 0 || !strings.Contains(problem, want) {
			t.Errorf("%s: %d %s, want %q", args, code, problem, want)
		}
	}
	server.terminate(t)
	if _, err := os.Stat(controlPath(database)); err == nil {
		t.Error("the socket is left behind")
	}
}
