package access

import (
	"crypto/ed25519"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

var start = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// clock is a time that tests set.
type clock struct{ at time.Time }

func (c *clock) now() time.Time { return c.at }

func opened(t testing.TB, path string) (*Registry, *clock) {
	t.Helper()
	c := &clock{start}
	r, err := Open(path, c.now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	return r, c
}

func made(t testing.TB, r *Registry, name string, expires time.Duration) string {
	t.Helper()
	token, _, err := r.Create(name, Read, []int64{21}, expires)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func TestTokensAreGoodUntilTheyAreNot(t *testing.T) {
	r, c := opened(t, filepath.Join(t.TempDir(), "shop.access"))
	day, forever := made(t, r, "day", 24*time.Hour), made(t, r, "forever", 0)
	g, err := r.Grant(day)
	if err != nil || g.Name != "day" || !g.Allows(21) || g.Allows(22) || !g.May("read") || g.May("write") {
		t.Fatalf("%+v, %v", g, err)
	}
	c.at = start.Add(24 * time.Hour)
	if _, err := r.Grant(day); !errors.Is(err, ErrInvalid) {
		t.Errorf("after its time: %v", err)
	}
	if _, err := r.Grant(forever); err != nil {
		t.Errorf("a persistent one: %v", err)
	}
	g, _ = r.Grant(forever)
	if err := r.Revoke("forever"); err != nil {
		t.Fatal(err)
	}
	select {
	case <-g.Ended():
	default:
		t.Error("what was granted goes on after the token was revoked")
	}
	if _, err := r.Grant(forever); !errors.Is(err, ErrInvalid) {
		t.Errorf("revoked: %v", err)
	}
	if err := r.Revoke("forever"); !errors.Is(err, ErrUnknown) {
		t.Errorf("revoked twice: %v", err)
	}
	again := made(t, r, "forever", 0)
	if _, err := r.Grant(again); err != nil {
		t.Errorf("another of the same name: %v", err)
	}
	if _, err := r.Grant(forever); err == nil {
		t.Error("the revoked one is good again")
	}
}

func TestGrantsEndWithTheirTokens(t *testing.T) {
	r, err := Open(filepath.Join(t.TempDir(), "shop.access"), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	g, err := r.Grant(made(t, r, "soon", time.Second))
	if err != nil {
		t.Fatal(err)
	}
	select {
	case <-g.Ended():
	case <-time.After(5 * time.Second):
		t.Error("the grant goes on after its token has expired")
	}
}

func TestKeysRotate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "shop.access")
	r, _ := opened(t, path)
	first := made(t, r, "first", 0)
	if err := r.Rotate(); err != nil {
		t.Fatal(err)
	}
	second := made(t, r, "second", 0)
	for _, token := range []string{first, second} {
		if _, err := r.Grant(token); err != nil {
			t.Errorf("after one rotation: %v", err)
		}
	}
	if err := r.Rotate(); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Grant(first); err == nil {
		t.Error("a token of the key before the last is good")
	}
	r.Close()
	again, _ := opened(t, path)
	if _, err := again.Grant(second); err != nil {
		t.Errorf("after a restart: %v", err)
	}
}

func TestSessions(t *testing.T) {
	r, c := opened(t, filepath.Join(t.TempDir(), "shop.access"))
	token := made(t, r, "page", 20*time.Hour)
	g, _ := r.Grant(token)
	cookie, until, err := r.StartSession(g)
	if err != nil || until != start.Add(SessionLength) {
		t.Fatalf("until %v, %v", until, err)
	}
	if s, err := r.Session(cookie); err != nil || s.Name != "page" {
		t.Errorf("%+v, %v", s, err)
	}
	if _, err := r.Grant(cookie); err == nil {
		t.Error("a cookie is good as a token")
	}
	if _, err := r.Session(token); err == nil {
		t.Error("a token is good as a cookie")
	}
	c.at = start.Add(SessionLength + leeway)
	if _, err := r.Session(cookie); err == nil {
		t.Error("the session goes on after its time")
	}
	g, _ = r.Grant(token)
	if _, until, _ = r.StartSession(g); until != start.Add(20*time.Hour) {
		t.Errorf("a session until %v, longer than its token", until)
	}
	cookie, _, _ = r.StartSession(g)
	if err := r.Revoke("page"); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Session(cookie); err == nil {
		t.Error("the session of a revoked token goes on")
	}
}

// forged are tokens that look good.
func forged(t testing.TB, r *Registry) map[string]string {
	t.Helper()
	k := r.have.Keys[0]
	id := r.have.Tokens[0].ID
	good := func() jwt.RegisteredClaims {
		return jwt.RegisteredClaims{Issuer: issuer, Audience: jwt.ClaimStrings{audience}, ID: id, IssuedAt: jwt.NewNumericDate(start), ExpiresAt: jwt.NewNumericDate(start.Add(time.Hour))}
	}
	signed := func(method jwt.SigningMethod, with any, change func(*jwt.RegisteredClaims)) string {
		claims := good()
		if change != nil {
			change(&claims)
		}
		token := jwt.NewWithClaims(method, claims)
		token.Header["kid"] = k.ID
		text, err := token.SignedString(with)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	_, other, _ := ed25519.GenerateKey(nil)
	ours := func(change func(*jwt.RegisteredClaims)) string {
		return signed(jwt.SigningMethodEdDSA, k.Private, change)
	}
	all := map[string]string{
		"alg none":        signed(jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, nil),
		"HS256":           signed(jwt.SigningMethodHS256, []byte(k.Private.Public().(ed25519.PublicKey)), nil),
		"another key":     signed(jwt.SigningMethodEdDSA, other, nil),
		"other audience":  ours(func(c *jwt.RegisteredClaims) { c.Audience = jwt.ClaimStrings{"elsewhere"} }),
		"no audience":     ours(func(c *jwt.RegisteredClaims) { c.Audience = nil }),
		"other issuer":    ours(func(c *jwt.RegisteredClaims) { c.Issuer = "elsewhere" }),
		"not yet":         ours(func(c *jwt.RegisteredClaims) { c.NotBefore = jwt.NewNumericDate(start.Add(time.Minute)) }),
		"from the future": ours(func(c *jwt.RegisteredClaims) { c.IssuedAt = jwt.NewNumericDate(start.Add(time.Minute)) }),
		"expired":         ours(func(c *jwt.RegisteredClaims) { c.ExpiresAt = jwt.NewNumericDate(start.Add(-time.Minute)) }),
		"no expiry":       ours(func(c *jwt.RegisteredClaims) { c.ExpiresAt = nil }),
		"unknown id":      ours(func(c *jwt.RegisteredClaims) { c.ID = "nobody" }),
		"no id":           ours(func(c *jwt.RegisteredClaims) { c.ID = "" }),
		"nothing":         "", "garbage": "a.b.c", "long": strings.Repeat("a", mostToken+1),
	}
	return all
}

func TestForgedTokens(t *testing.T) {
	r, _ := opened(t, filepath.Join(t.TempDir(), "shop.access"))
	token := made(t, r, "good", time.Hour)
	for name, forgery := range forged(t, r) {
		if g, err := r.Grant(forgery); !errors.Is(err, ErrInvalid) {
			t.Errorf("%s: granted %+v, %v", name, g, err)
		}
	}
	if _, err := r.Grant(token); err != nil {
		t.Errorf("the good one: %v", err)
	}
	parts := strings.Split(token, ".")
	for i := range parts[2] {
		changed := []byte(parts[2])
		if changed[i]++; string(changed) == parts[2] {
			continue
		}
		if _, err := r.Grant(parts[0] + "." + parts[1] + "." + string(changed)); err == nil {
			t.Fatalf("with character %d of the signature changed it is good", i)
		}
	}
}

func TestTheAccessFile(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "shop.access")
	r, _ := opened(t, path)
	token := made(t, r, "one", 0)
	text, err := os.ReadFile(path)
	if err != nil || strings.Contains(string(text), token) {
		t.Errorf("the file has the token itself, or %v", err)
	}
	if info, _ := os.Stat(path); info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v", info.Mode())
	}
	if _, err := Open(path, time.Now); !errors.Is(err, ErrHeld) {
		t.Errorf("opened twice: %v", err)
	}
	r.Close()
	for text, want := range map[string]string{
		"{": "no access file", `{"version":2}`: "version 2", `{"version":1,"keys":[{"id":"a","private":"YQ=="}]}`: "a key that is none",
		`{"version":1,"tokens":[{"id":"a","name":"n","scope":"root"}]}`: "a token",
	} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(path, time.Now); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
		if after, _ := os.ReadFile(path); string(after) != text {
			t.Errorf("%s was changed", text)
		}
	}
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(path, time.Now); err == nil || !strings.Contains(err.Error(), "chmod 600") {
		t.Errorf("readable by others: %v", err)
	}
}

// A change that cannot be written has not happened.
func TestWhatIsNotWrittenIsNotGranted(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "gone")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	r, _ := opened(t, filepath.Join(folder, "shop.access"))
	token := made(t, r, "one", 0)
	if err := os.RemoveAll(folder); err != nil {
		t.Fatal(err)
	}
	if _, _, err := r.Create("two", Read, nil, 0); err == nil {
		t.Error("a token that is in no file")
	}
	if err := r.Revoke("one"); err == nil {
		t.Error("revoked, and not written")
	}
	if _, err := r.Grant(token); err != nil {
		t.Errorf("what was not revoked: %v", err)
	}
	if len(r.List()) != 1 {
		t.Errorf("tokens %v", r.List())
	}
}

func TestNames(t *testing.T) {
	r, _ := opened(t, filepath.Join(t.TempDir(), "shop.access"))
	for _, name := range []string{"", "two words", "ä", strings.Repeat("a", 65), "a\n"} {
		if _, _, err := r.Create(name, Read, nil, 0); err == nil {
			t.Errorf("%q is taken for a name", name)
		}
	}
	for name, create := range map[string]func() error{
		"an unknown scope":   func() error { _, _, err := r.Create("n", "root", nil, 0); return err },
		"no location":        func() error { _, _, err := r.Create("n", Read, []int64{}, 0); return err },
		"a time in the past": func() error { _, _, err := r.Create("n", Read, nil, -time.Hour); return err },
	} {
		if create() == nil {
			t.Errorf("a token is made with %s", name)
		}
	}
	made(t, r, "one", 0)
	if _, _, err := r.Create("one", Read, nil, 0); !errors.Is(err, ErrExists) {
		t.Errorf("a name twice: %v", err)
	}
}

// FuzzClaims: a token with our own signature is granted for what the registry says of its
// id alone, and only if it is for us, by us and in time; with another's it is not.
func FuzzClaims(f *testing.F) {
	r, _ := opened(f, filepath.Join(f.TempDir(), "shop.access"))
	made(f, r, "good", time.Hour)
	good, ours := r.have.Tokens[0], r.have.Keys[0]
	_, strange, err := ed25519.GenerateKey(nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Add("footfall", "footfall", good.ID, good.Expires.Unix(), int64(0), true)
	f.Add("footfall", "footfall", good.ID, good.Expires.Unix(), int64(0), false)
	f.Add("footfall", "footfall-session", good.ID, good.Expires.Unix(), int64(0), true)
	f.Add("footfall", "other", good.ID, good.Expires.Unix(), int64(0), true)
	f.Add("other", "footfall", good.ID, good.Expires.Unix(), int64(0), true)
	f.Add("footfall", "footfall", "", start.Unix()-60, int64(0), true)
	f.Add("footfall", "footfall", good.ID, int64(1<<62), start.Unix()+3600, true)
	f.Add("footfall", "footfall", good.ID, start.Unix()-29, int64(-1), true)
	f.Fuzz(func(t *testing.T, by, forWhom, id string, expires, notBefore int64, signed bool) {
		claims := jwt.MapClaims{"iss": by, "aud": forWhom, "jti": id, "exp": expires, "nbf": notBefore, "scope": "admin", "locations": nil}
		token := jwt.NewWithClaims(jwt.SigningMethodEdDSA, claims)
		token.Header["kid"] = ours.ID
		key := ours.Private
		if !signed {
			key = strange
		}
		text, err := token.SignedString(key)
		if err != nil {
			t.Skip("no JWT")
		}
		g, err := r.Grant(text)
		mayBe := signed && by == issuer && forWhom == audience && id == good.ID && expires > start.Add(-leeway).Unix() && notBefore <= start.Add(leeway).Unix()
		if err == nil && (!mayBe || g.Name != "good" || g.Scope != Read || g.Allows(22)) {
			t.Fatalf("%s is granted: %+v", text, g)
		}
		if s, err := r.Session(text); err == nil && (!signed || by != issuer || forWhom != sessionAudience || id != good.ID || s.Scope != Read) {
			t.Fatalf("%s is a session: %+v", text, s)
		}
	})
}

func FuzzGrant(f *testing.F) {
	r, _ := opened(f, filepath.Join(f.TempDir(), "shop.access"))
	token := made(f, r, "good", time.Hour)
	f.Add(token)
	for _, forgery := range forged(f, r) {
		f.Add(forgery)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if _, err := r.Grant(text); err == nil && text != token {
			t.Fatalf("%q is granted", text)
		}
		if _, err := r.Session(text); err == nil {
			t.Fatalf("%q is a session", text)
		}
	})
}
