package access

import (
	"crypto/ed25519"
	"crypto/sha256"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// What our tokens say of themselves. A session's are for another audience, so that a
// cookie is no token and a token no cookie.
const (
	issuer          = "footfall"
	audience        = "footfall"
	sessionAudience = "footfall-session"
	leeway          = 30 * time.Second

	// SessionLength is for how long a session is valid, unless its token ends earlier.
	SessionLength = 12 * time.Hour

	mostToken = 4 << 10 // bytes
	mostSeen  = 4096
)

// ErrInvalid means that a token is not valid, for whatever reason: who brings it is told
// no more.
var ErrInvalid = errors.New("the token is not valid")

// seen is a token whose signature was good.
type seen struct {
	id      string
	expires time.Time // as it says itself, zero for never
}

func sign(k key, t Token) (string, error) {
	claims := jwt.RegisteredClaims{
		Issuer: issuer, Audience: jwt.ClaimStrings{audience}, Subject: t.Name, ID: t.ID, IssuedAt: jwt.NewNumericDate(t.Created),
	}
	if !t.Expires.IsZero() {
		claims.ExpiresAt = jwt.NewNumericDate(t.Expires)
	}
	return k.sign(claims)
}

func (k key) sign(claims jwt.RegisteredClaims) (string, error) {
	token := jwt.NewWithClaims(jwt.SigningMethodEdDSA, claims)
	token.Header["kid"] = k.ID
	return token.SignedString(k.Private)
}

// Grant tells what a token allows now. The error is ErrInvalid.
func (r *Registry) Grant(token string) (*Grant, error) {
	g, err := r.grant(token, audience)
	if err != nil && r.external != nil {
		return r.external.grant(token, r.now())
	}
	return g, err
}

// Session is Grant for what StartSession gave.
func (r *Registry) Session(cookie string) (*Grant, error) { return r.grant(cookie, sessionAudience) }

// StartSession gives somebody with a valid token what a browser may keep instead of it.
// It is valid no longer than the token.
func (r *Registry) StartSession(g *Grant) (cookie string, until time.Time, err error) {
	now := r.now().UTC().Truncate(time.Second)
	until = now.Add(SessionLength)
	if !g.Until.IsZero() && g.Until.Before(until) {
		until = g.Until
	}
	id := g.ID
	if g.external {
		if id, err = r.external.startSession(g), r.needKey(now); err != nil {
			return "", until, err
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.have.Keys) == 0 || g.isOver() {
		return "", until, ErrInvalid
	}
	cookie, err = r.have.Keys[0].sign(jwt.RegisteredClaims{
		Issuer: issuer, Audience: jwt.ClaimStrings{sessionAudience}, Subject: g.Name, ID: id,
		IssuedAt: jwt.NewNumericDate(now), ExpiresAt: jwt.NewNumericDate(until),
	})
	return cookie, until, err
}

// needKey makes the first key where no token has needed one.
func (r *Registry) needKey(now time.Time) error {
	r.mu.Lock()
	have := len(r.have.Keys) > 0
	r.mu.Unlock()
	if have {
		return nil
	}
	return r.change(func(c *contents) error {
		if len(c.Keys) == 0 {
			c.addKey(now)
		}
		return nil
	})
}

func (r *Registry) grant(token, forWhom string) (*Grant, error) {
	if len(token) == 0 || len(token) > mostToken {
		return nil, ErrInvalid
	}
	now := r.now()
	hash := sha256.Sum256([]byte(forWhom + "\x00" + token))
	r.mu.Lock()
	defer r.mu.Unlock()
	known, ok := r.seen[hash]
	if !ok {
		var err error
		if known, err = r.parse(token, forWhom, now); err != nil {
			return nil, ErrInvalid
		}
		if len(r.seen) >= mostSeen {
			clear(r.seen)
		}
		r.seen[hash] = known
	}
	if !known.expires.IsZero() && !now.Before(known.expires.Add(leeway)) {
		return nil, ErrInvalid
	}
	return r.granted(known, forWhom, now)
}

// granted is what the registry says of a token whose signature is good.
func (r *Registry) granted(known seen, forWhom string, now time.Time) (*Grant, error) {
	if forWhom == sessionAudience && r.external != nil && strings.HasPrefix(known.id, sessionPrefix) {
		return r.external.session(known.id)
	}
	i := slices.IndexFunc(r.have.Tokens, func(t Token) bool { return t.ID == known.id })
	if i < 0 {
		return nil, ErrInvalid
	}
	t := r.have.Tokens[i]
	switch {
	case !t.Revoked.IsZero():
		return nil, ErrInvalid
	case forWhom == audience && known.expires.IsZero() != t.Expires.IsZero():
		return nil, ErrInvalid // it says itself how long it is valid
	case !t.Expires.IsZero() && !now.Before(t.Expires):
		return nil, ErrInvalid
	}
	g := r.grants[t.ID]
	if g == nil || g.isOver() {
		g = newGrant(t, now)
		r.grants[t.ID] = g
	}
	return g, nil
}

// parse checks the signature and the claims. The algorithm is ours whatever the header
// says.
func (r *Registry) parse(token, forWhom string, now time.Time) (seen, error) {
	parser := jwt.NewParser(jwt.WithValidMethods([]string{jwt.SigningMethodEdDSA.Alg()}), jwt.WithIssuer(issuer),
		jwt.WithAudience(forWhom), jwt.WithLeeway(leeway), jwt.WithIssuedAt(), jwt.WithStrictDecoding(), jwt.WithTimeFunc(func() time.Time { return now }))
	var claims jwt.RegisteredClaims
	_, err := parser.ParseWithClaims(token, &claims, func(t *jwt.Token) (any, error) {
		i := slices.IndexFunc(r.have.Keys, func(k key) bool { return k.ID == t.Header["kid"] })
		if i < 0 {
			return nil, ErrInvalid
		}
		return r.have.Keys[i].Private.Public().(ed25519.PublicKey), nil
	})
	if err != nil || claims.ID == "" {
		return seen{}, ErrInvalid
	}
	s := seen{id: claims.ID}
	if claims.ExpiresAt != nil {
		s.expires = claims.ExpiresAt.Time
	} else if forWhom == sessionAudience {
		return seen{}, ErrInvalid
	}
	return s, nil
}
