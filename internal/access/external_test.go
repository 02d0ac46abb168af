package access

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/MicahParks/jwkset"
	"github.com/golang-jwt/jwt/v5"
)

// provider is an issuer with keys at a real address.
type provider struct {
	t   testing.TB
	url string

	mu      sync.Mutex
	answer  http.HandlerFunc // instead of the keys
	public  []jwkset.JWK
	private map[string]crypto.Signer // by kid
	asked   int
}

func newProvider(t testing.TB) *provider {
	p := &provider{t: t, private: map[string]crypto.Signer{}}
	server := httptest.NewServer(p)
	t.Cleanup(server.Close)
	p.url = server.URL
	return p
}

func (p *provider) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked++
	if p.answer != nil {
		p.answer(w, r)
		return
	}
	store := jwkset.NewMemoryStorage()
	for _, key := range p.public {
		if err := store.KeyWrite(r.Context(), key); err != nil {
			p.t.Error(err)
		}
	}
	text, err := store.JSONPublic(r.Context())
	if err != nil {
		p.t.Error(err)
	}
	_, _ = w.Write(text)
}

func (p *provider) times() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.asked
}

func (p *provider) answers(with http.HandlerFunc) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.answer = with
}

func (p *provider) add(kid string, private crypto.Signer, use jwkset.USE) {
	p.t.Helper()
	key, err := jwkset.NewJWKFromKey(private, jwkset.JWKOptions{
		Marshal: jwkset.JWKMarshalOptions{Private: true}, Metadata: jwkset.JWKMetadataOptions{KID: kid, USE: use},
	})
	if err != nil {
		p.t.Fatal(err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.private[kid] = private
	p.public = append(p.public, key)
}

// drop takes all keys out of the set.
func (p *provider) drop() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.public = nil
}

func (p *provider) signed(method jwt.SigningMethod, kid string, with any, change map[string]any) string {
	p.t.Helper()
	claims := jwt.MapClaims{
		"iss": "https://login.example", "aud": []string{"other", "shop"}, "sub": "anna", "exp": start.Add(time.Hour).Unix(), "iat": start.Unix(),
		"scope": "openid footfall:read profile", "footfall_locations": []any{21, "22"},
	}
	maps.Copy(claims, change)
	for name, value := range claims {
		if value == nil {
			delete(claims, name)
		}
	}
	token := jwt.NewWithClaims(method, claims)
	if kid != "" {
		token.Header["kid"] = kid
	}
	text, err := token.SignedString(with)
	if err != nil {
		p.t.Fatal(err)
	}
	return text
}

func (p *provider) token(change map[string]any) string {
	return p.signed(jwt.SigningMethodEdDSA, "ed", p.private["ed"], change)
}

func edKey(t testing.TB) ed25519.PrivateKey {
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return private
}

// trusting is a registry that trusts a provider with one key.
func trusting(t testing.TB) (*Registry, *clock, *provider) {
	t.Helper()
	p := newProvider(t)
	p.add("ed", edKey(t), jwkset.UseSig)
	r, c := opened(t, filepath.Join(t.TempDir(), "shop.access"))
	keys := NewKeys(p.url, slog.New(slog.DiscardHandler))
	r.Trust(&External{Issuer: "https://login.example", Audience: "shop", Scopes: "scope", Locations: "footfall_locations", Keys: keys})
	if !keys.Fetch(t.Context()) {
		t.Fatal("no keys")
	}
	return r, c, p
}

func TestExternalTokens(t *testing.T) {
	r, c, p := trusting(t)
	token := p.token(nil)
	g, err := r.Grant(token)
	if err != nil {
		t.Fatal(err)
	}
	if g.Name != "anna" || g.Scope != Read || !reflect.DeepEqual(g.Locations, []int64{21, 22}) || g.Allows(23) || g.May("write") {
		t.Errorf("%+v", g)
	}
	if again, _ := r.Grant(token); again != g {
		t.Error("the same token has two grants")
	}
	own := made(t, r, "own", time.Hour)
	if g, err := r.Grant(own); err != nil || g.Name != "own" {
		t.Errorf("our own: %v", err)
	}
	c.at = start.Add(time.Hour + leeway)
	if _, err := r.Grant(token); !errors.Is(err, ErrInvalid) {
		t.Errorf("after its time: %v", err)
	}
}

func TestWhatExternalTokensAllow(t *testing.T) {
	r, _, p := trusting(t)
	for _, c := range []struct {
		scope, locations any
		want             Scope
		ids              []int64
	}{
		{"footfall:write", "21, 22", Write, []int64{21, 22}},
		{[]any{"footfall:read", "footfall:admin"}, "all", Admin, nil},
		{"footfall:admin footfall:read", 21, Admin, []int64{21}},
		{"footfall:read", []any{9007199254740993}, Read, []int64{9007199254740993}},
	} {
		g, err := r.Grant(p.token(map[string]any{"scope": c.scope, "footfall_locations": c.locations}))
		if err != nil || g.Scope != c.want || !reflect.DeepEqual(g.Locations, c.ids) {
			t.Errorf("%v, %v: %+v, %v", c.scope, c.locations, g, err)
		}
	}
	for name, change := range map[string]map[string]any{
		"no scope": {"scope": nil}, "another's scope": {"scope": "admin"}, "an unknown one": {"scope": "footfall:root"}, "a scope that is no text": {"scope": 7},
		"scopes that are none": {"scope": []any{map[string]any{}}}, "no locations": {"footfall_locations": nil}, "an empty list": {"footfall_locations": []any{}},
		"empty text": {"footfall_locations": ""}, "half a list": {"footfall_locations": []any{21, "x"}}, "a fraction": {"footfall_locations": 21.5},
		"a list of lists": {"footfall_locations": []any{21, []any{22}}}, "null": {"footfall_locations": []any{nil}}, "ALL": {"footfall_locations": "ALL"},
		"all among others": {"footfall_locations": []any{"all"}},
	} {
		if g, err := r.Grant(p.token(change)); !errors.Is(err, ErrInvalid) {
			t.Errorf("%s: granted %+v, %v", name, g, err)
		}
	}
}

func TestForgedExternalTokens(t *testing.T) {
	r, _, p := trusting(t)
	private := p.private["ed"].(ed25519.PrivateKey)
	public, err := x509.MarshalPKIXPublicKey(private.Public())
	if err != nil {
		t.Fatal(err)
	}
	text := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: public})
	p.add("enc", edKey(t), jwkset.UseEnc)
	r.external.Keys.Fetch(t.Context())
	other := edKey(t)
	for name, forgery := range map[string]string{
		"alg none":             p.signed(jwt.SigningMethodNone, "ed", jwt.UnsafeAllowNoneSignatureType, nil),
		"HS256, the key":       p.signed(jwt.SigningMethodHS256, "ed", []byte(private.Public().(ed25519.PublicKey)), nil),
		"HS256, the key's PEM": p.signed(jwt.SigningMethodHS256, "ed", text, nil),
		"another key":          p.signed(jwt.SigningMethodEdDSA, "ed", other, nil),
		"an unknown key":       p.signed(jwt.SigningMethodEdDSA, "new", other, nil),
		"no key named":         p.signed(jwt.SigningMethodEdDSA, "", private, nil),
		"a key for secrets":    p.signed(jwt.SigningMethodEdDSA, "enc", p.private["enc"], nil),
		"other issuer":         p.token(map[string]any{"iss": "https://login.example/"}),
		"our issuer":           p.token(map[string]any{"iss": "footfall", "aud": "footfall"}),
		"no issuer":            p.token(map[string]any{"iss": nil}),
		"other audience":       p.token(map[string]any{"aud": "elsewhere"}),
		"no audience":          p.token(map[string]any{"aud": nil}),
		"expired":              p.token(map[string]any{"exp": start.Add(-time.Minute).Unix()}),
		"no expiry":            p.token(map[string]any{"exp": nil}),
		"not yet":              p.token(map[string]any{"nbf": start.Add(time.Minute).Unix()}),
		"from the future":      p.token(map[string]any{"iat": start.Add(time.Minute).Unix()}),
		"nobody":               p.token(map[string]any{"sub": nil}),
		"long":                 p.token(map[string]any{"groups": strings.Repeat("a", mostExternalToken)}),
	} {
		if g, err := r.Grant(forgery); !errors.Is(err, ErrInvalid) {
			t.Errorf("%s: granted %+v, %v", name, g, err)
		}
	}
}

// Every algorithm that needs no secret.
func TestExternalAlgorithms(t *testing.T) {
	r, _, p := trusting(t)
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	p.add("rsa", rsaKey, "")
	for _, curve := range []elliptic.Curve{elliptic.P256(), elliptic.P384(), elliptic.P521()} {
		key, err := ecdsa.GenerateKey(curve, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		p.add(curve.Params().Name, key, jwkset.UseSig)
	}
	if !r.external.Keys.Fetch(t.Context()) {
		t.Fatal("no keys")
	}
	kids := map[string]string{"EdDSA": "ed", "ES256": "P-256", "ES384": "P-384", "ES512": "P-521"}
	for _, alg := range externalMethods {
		kid := kids[alg]
		if kid == "" {
			kid = "rsa"
		}
		token := p.signed(jwt.GetSigningMethod(alg), kid, p.private[kid], nil)
		if _, err := r.Grant(token); err != nil {
			t.Errorf("%s: %v", alg, err)
		}
	}
}

func TestExternalKeysRotate(t *testing.T) {
	r, _, p := trusting(t)
	keys := r.external.Keys
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { defer close(ended); keys.run(ctx, 10*time.Millisecond, time.Hour) }()
	defer func() { cancel(); <-ended }()
	old := p.token(nil)
	if _, err := r.Grant(old); err != nil {
		t.Fatal(err)
	}
	p.drop()
	p.add("next", edKey(t), jwkset.UseSig)
	token := p.signed(jwt.SigningMethodEdDSA, "next", p.private["next"], nil)
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(time.Millisecond) {
		if _, err := r.Grant(token); err == nil {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("the new key is never known")
		}
	}
	if _, err := r.Grant(old); err == nil {
		t.Error("a token of a key that was taken out is good")
	}
}

// Whoever sends tokens of unknown keys does not have the issuer asked each time.
func TestExternalKeysAreAskedForSeldom(t *testing.T) {
	r, _, p := trusting(t)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { defer close(ended); r.external.Keys.run(ctx, 100*time.Millisecond, time.Hour) }()
	began := time.Now()
	token := p.signed(jwt.SigningMethodEdDSA, "unknown", edKey(t), nil)
	for time.Since(began) < 350*time.Millisecond {
		if _, err := r.Grant(token); err == nil {
			t.Fatal("granted")
		}
	}
	cancel()
	<-ended
	if most := int(time.Since(began)/(100*time.Millisecond)) + 2; p.times() > most || p.times() < 3 {
		t.Errorf("asked %d times, want 3 to %d", p.times(), most)
	}
}

func TestBadKeySetsLeaveTheOneBefore(t *testing.T) {
	r, _, p := trusting(t)
	token := p.token(nil)
	text := func(s string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(s)) }
	}
	secret, err := json.Marshal(map[string]any{"keys": []any{map[string]string{"kty": "oct", "kid": "ed", "k": "c2VjcmV0"}}})
	if err != nil {
		t.Fatal(err)
	}
	for name, answer := range map[string]http.HandlerFunc{
		"no JSON": text("<html>"), "no keys": text(`{"keys":[]}`), "too long": text(strings.Repeat(" ", mostKeySet+1)),
		"an error":      func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) },
		"elsewhere":     func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/other", http.StatusFound) },
		"the line dead": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
	} {
		p.answers(answer)
		if r.external.Keys.Fetch(t.Context()) {
			t.Errorf("%s: taken for keys", name)
		}
		if _, err := r.Grant(token); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	p.answers(text(string(secret)))
	r.external.Keys.Fetch(t.Context())
	forged := p.signed(jwt.SigningMethodHS256, "ed", []byte("secret"), nil)
	if _, err := r.Grant(forged); err == nil {
		t.Error("a secret in a set of public keys signs tokens")
	}
	if good, failed := r.external.Keys.Fetches(); good < 1 || failed < 6 {
		t.Errorf("%d fetches good, %d failed", good, failed)
	}
}

func TestExternalSessions(t *testing.T) {
	r, c, p := trusting(t)
	g, err := r.Grant(p.token(nil))
	if err != nil {
		t.Fatal(err)
	}
	cookie, until, err := r.StartSession(g)
	if err != nil || until.After(g.Until) {
		t.Fatalf("until %v of %v, %v", until, g.Until, err)
	}
	if s, err := r.Session(cookie); err != nil || s != g {
		t.Errorf("%+v, %v", s, err)
	}
	if _, err := r.Grant(cookie); err == nil {
		t.Error("a cookie is good as a token")
	}
	if _, err := r.Session(p.token(nil)); err == nil {
		t.Error("a token is good as a cookie")
	}
	g.end()
	if _, err := r.Session(cookie); err == nil {
		t.Error("the session goes on after the grant's end")
	}
	c.at = start.Add(2 * time.Hour)
	if _, _, err := r.StartSession(g); err == nil {
		t.Error("a session of a grant that has ended")
	}
}
