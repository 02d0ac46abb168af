package access

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// External is somebody else whose tokens are good, too: an issuer of JWTs, such as an
// OpenID provider. What such a token allows is in it: a scope footfall:read, :write or
// :admin, and the locations. It must expire, and cannot be revoked here before.
type External struct {
	Issuer    string // iss, as it is in the tokens
	Audience  string // one of aud
	Scopes    string // claim: text with spaces between, or a list
	Locations string // claim: ids, a list or text with commas between, or "all"
	Keys      *Keys

	mu       sync.Mutex
	grants   map[[32]byte]externalGrant // by the token's hash
	sessions map[string]*Grant          // by the session's id
}

// externalGrant is a token whose signature was good under a set of keys.
type externalGrant struct {
	*Grant
	under *keySet
}

// externalMethods need a public key alone to check: a secret would be ours to leak.
var externalMethods = []string{"EdDSA", "ES256", "ES384", "ES512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512"}

const (
	mostExternalToken = 16 << 10 // bytes
	scopePrefix       = "footfall:"
	sessionPrefix     = "external-"
)

// grant tells what a token allows. The error is ErrInvalid.
func (e *External) grant(token string, now time.Time) (*Grant, error) {
	if len(token) > mostExternalToken {
		return nil, ErrInvalid
	}
	hash := sha256.Sum256([]byte(token))
	under := e.Keys.set.Load()
	e.mu.Lock()
	known := e.grants[hash]
	e.mu.Unlock()
	if known.Grant != nil && known.under == under && now.Before(known.Until) && !known.isOver() {
		return known.Grant, nil
	}
	t, err := e.parse(token, now)
	if err != nil {
		return nil, ErrInvalid
	}
	g := newGrant(t, now)
	g.external = true
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.grants == nil || len(e.grants) >= mostSeen {
		e.grants = map[[32]byte]externalGrant{}
	}
	e.grants[hash] = externalGrant{g, under}
	return g, nil
}

// parse checks the signature and the claims.
func (e *External) parse(token string, now time.Time) (t Token, err error) {
	parser := jwt.NewParser(jwt.WithValidMethods(externalMethods), jwt.WithIssuer(e.Issuer), jwt.WithAudience(e.Audience),
		jwt.WithExpirationRequired(), jwt.WithLeeway(leeway), jwt.WithIssuedAt(), jwt.WithJSONNumber(), jwt.WithTimeFunc(func() time.Time { return now }))
	claims := jwt.MapClaims{}
	if _, err := parser.ParseWithClaims(token, claims, e.Keys.key); err != nil {
		return t, err
	}
	subject, err := claims.GetSubject()
	if err != nil || subject == "" {
		return t, ErrInvalid
	}
	expires, err := claims.GetExpirationTime()
	if err != nil {
		return t, err
	}
	t = Token{ID: "external " + subject, Name: subject, Expires: expires.Add(leeway)}
	var ok bool
	if t.Scope, ok = claimedScope(claims[e.Scopes]); !ok {
		return t, ErrInvalid
	}
	if t.Locations, ok = claimedLocations(claims[e.Locations]); !ok {
		return t, ErrInvalid
	}
	return t, nil
}

// claimedScope is the greatest scope of a claim; others' scopes mean nothing here.
func claimedScope(claim any) (greatest Scope, found bool) {
	for _, text := range texts(claim, " ") {
		name, ours := strings.CutPrefix(text, scopePrefix)
		if s, err := ParseScope(name); ours && err == nil && (!found || s.May(greatest)) {
			greatest, found = s, true
		}
	}
	return greatest, found
}

// claimedLocations are those of a claim, nil for all. One that cannot be read is none.
func claimedLocations(claim any) (ids []int64, ok bool) {
	if claim == "all" {
		return nil, true
	}
	for _, text := range texts(claim, ",") {
		id, err := strconv.ParseInt(strings.TrimSpace(text), 10, 64)
		if err != nil {
			return nil, false
		}
		ids = append(ids, id)
	}
	return ids, len(ids) > 0
}

// texts are the items of a claim: of text with something between, of a list of texts and
// numbers, or a number.
func texts(claim any, between string) (items []string) {
	switch c := claim.(type) {
	case string:
		return strings.Split(c, between)
	case json.Number:
		return []string{c.String()}
	case []any:
		for _, item := range c {
			switch i := item.(type) {
			case string:
				items = append(items, i)
			case json.Number:
				items = append(items, i.String())
			default:
				return nil
			}
		}
	}
	return items
}

// startSession keeps a grant for a browser, in memory alone: after a restart one signs in
// again.
func (e *External) startSession(g *Grant) (id string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(e.sessions) >= mostSeen {
		for id, g := range e.sessions {
			if g.isOver() {
				delete(e.sessions, id)
			}
		}
	}
	if e.sessions == nil || len(e.sessions) >= mostSeen {
		e.sessions = map[string]*Grant{}
	}
	id = sessionPrefix + rand.Text()
	e.sessions[id] = g
	return id
}

// session is the grant of a session; the error is ErrInvalid.
func (e *External) session(id string) (*Grant, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	g := e.sessions[id]
	if g == nil || g.isOver() {
		return nil, ErrInvalid
	}
	return g, nil
}
