package access

import (
	"fmt"
	"slices"
	"sync"
	"time"
)

// Scope is what a token may do; each one may do what those before it may.
type Scope string

// Scopes.
const (
	Read  Scope = "read"  // see counts, reports and positions of its locations
	Write Scope = "write" // also add recordings, reset counts and change zones there
	Admin Scope = "admin" // also see how the server is
)

var scopes = []Scope{Read, Write, Admin}

// ParseScope reads a scope.
func ParseScope(s string) (Scope, error) {
	if slices.Contains(scopes, Scope(s)) {
		return Scope(s), nil
	}
	return "", fmt.Errorf("scope %q is not known; use read, write or admin", s)
}

// May reports whether a scope may do what another one may.
func (s Scope) May(needed Scope) bool {
	return slices.Index(scopes, s) >= slices.Index(scopes, needed)
}

// Grant is what a token allows while it is valid.
type Grant struct {
	ID        string
	Name      string
	Scope     Scope
	Locations []int64   // nil is all
	Until     time.Time // from then on it is not valid; zero is for ever

	external bool // of somebody else's token
	ended    chan struct{}
	once     sync.Once
}

func newGrant(t Token, now time.Time) *Grant {
	g := &Grant{ID: t.ID, Name: t.Name, Scope: t.Scope, Locations: t.Locations, Until: t.Expires, ended: make(chan struct{})}
	if !g.Until.IsZero() {
		time.AfterFunc(g.Until.Sub(now), g.end)
	}
	return g
}

// Allows reports whether the grant is for a location, too.
func (g *Grant) Allows(location int64) bool {
	return g.Locations == nil || slices.Contains(g.Locations, location)
}

// May reports whether the grant has a scope.
func (g *Grant) May(needed string) bool { return g.Scope.May(Scope(needed)) }

// Ended is closed when the token is revoked or expires.
func (g *Grant) Ended() <-chan struct{} { return g.ended }

// Holder names who asks, to be told from others.
func (g *Grant) Holder() string { return g.ID }

func (g *Grant) end() { g.once.Do(func() { close(g.ended) }) }

func (g *Grant) isOver() bool {
	select {
	case <-g.ended:
		return true
	default:
		return false
	}
}
