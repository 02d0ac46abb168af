package api

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/danielgtaylor/huma/v2"
)

// Access tells what a token allows. Every error means that it is not valid, and the
// client is told no more.
type Access interface {
	// Grant is what a token allows, Session what a session does.
	Grant(token string) (Grant, error)
	Session(cookie string) (Grant, error)
	// StartSession gives what a browser may keep instead of the token of a grant, valid
	// until an instant at the latest.
	StartSession(g Grant) (cookie string, until time.Time, err error)
}

// Grant is what a valid token allows.
type Grant interface {
	Allows(location int64) bool
	May(scope string) bool
	Ended() <-chan struct{} // closed when it is valid no more
	Holder() string         // tells who asks from others
	Describe() GrantText
}

// GrantText describes a grant.
type GrantText struct {
	Name      string
	Scope     string
	Locations []int64   // nil is all
	Until     time.Time // zero is for ever
}

// need is what a route asks of whoever comes; a scope, or nothing.
type need string

const (
	needNothing need = ""
	needRead    need = "read"
	needWrite   need = "write"
	needAdmin   need = "admin"
)

// needs says what each operation asks for. One that is not in it is not served: see note.
var needs = map[string]need{
	"list-locations":    needRead,
	"get-occupancy":     needRead,
	"get-all-occupancy": needRead,
	"get-zones":         needRead,
	"get-report":        needRead,
	"get-reports":       needRead,
	"preview-zones":     needRead, // tells counts of the last hour, and changes nothing
	"put-zones":         needWrite,
	"get-plan":          needRead,
	"put-plan":          needWrite,
	"delete-plan":       needWrite,
	"reset-occupancy":   needWrite,
	"upload-messages":   needWrite,
	"metrics":           needAdmin,
	"signals":           needNothing, // the registration brings the token
	"get-session":       needNothing,
	"start-session":     needNothing,
	"end-session":       needNothing,
	"livez":             needNothing, // for whatever watches the process: no counts in them
	"readyz":            needNothing,
	"openapi":           needNothing, // what every Footfall has
}

const sessionCookie = "footfall_session"

type grantKey struct{}

// grantIn is who asks; nil where no token is required.
func grantIn(ctx context.Context) Grant {
	g, _ := ctx.Value(grantKey{}).(Grant)
	return g
}

// allows reports whether whoever asks may know of a location.
func allows(ctx context.Context, location int64) bool {
	g := grantIn(ctx)
	return g == nil || g.Allows(location)
}

// who is the grant of a request, nil for none, and the problem of a token that is not
// valid.
func (s *Server) who(r *http.Request) (Grant, *huma.ErrorModel) {
	if !s.cfg.Required || s.cfg.Access == nil {
		return nil, nil
	}
	if header := r.Header.Values("Authorization"); len(header) > 0 {
		scheme, token, _ := strings.Cut(header[0], " ")
		if len(header) > 1 || !strings.EqualFold(scheme, "Bearer") {
			return nil, s.unauthorized("Authorization must be a Bearer token, given once")
		}
		g, err := s.cfg.Access.Grant(strings.TrimSpace(token))
		if err != nil {
			return nil, s.unauthorized("the token is not valid: it is unknown, has expired or was revoked")
		}
		return g, nil
	}
	if cookie, err := r.Cookie(sessionCookie); err == nil {
		g, err := s.cfg.Access.Session(cookie.Value)
		if err != nil {
			return nil, s.unauthorized("the session has ended; sign in again")
		}
		return g, nil
	}
	return nil, nil
}

func (s *Server) unauthorized(reason string) *huma.ErrorModel {
	s.unauthorizedTotal.Inc()
	return problem(http.StatusUnauthorized, reason)
}

// admit says why whoever asks must not have what a route gives, nil if they may.
func (s *Server) admit(c echo.Context, to *route, g Grant, invalid *huma.ErrorModel) error {
	if !s.cfg.Required || to.need == needNothing {
		return nil
	}
	switch {
	case invalid != nil:
		return invalid
	case g == nil:
		return s.unauthorized("a token is required: Authorization: Bearer …, made by footfall token create")
	case !g.May(string(to.need)):
		return problem(http.StatusForbidden, "the token's scope is not enough; this takes "+string(to.need))
	}
	if c.Param("location") == "" {
		return nil
	}
	location, err := pathLocation(c)
	if err == nil && !g.Allows(location) {
		return noLocation(location) // whether there is one is not for this token to know
	}
	return nil
}

// holderOf is whom a request's rate counts for, "" for its address.
func holderOf(g Grant) string {
	if g == nil {
		return ""
	}
	return g.Holder()
}

// withGrant lets the handler know who asks, and ends what goes on for long with the
// grant.
func withGrant(c echo.Context, to *route, g Grant) (done func()) {
	if g == nil {
		return func() {}
	}
	r := c.Request()
	ctx := context.WithValue(r.Context(), grantKey{}, g)
	if to.polled {
		c.SetRequest(r.WithContext(ctx))
		return func() {}
	}
	ctx, cancel := context.WithCancel(ctx)
	c.SetRequest(r.WithContext(ctx))
	go func() {
		select {
		case <-g.Ended():
			cancel()
		case <-ctx.Done():
		}
	}()
	return cancel
}
