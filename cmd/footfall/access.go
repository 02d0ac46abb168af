package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/footfall/footfall/api"
	"github.com/footfall/footfall/internal/access"
	"github.com/footfall/footfall/internal/config"
	"github.com/footfall/footfall/signals"
)

// openAccess opens the registry of a server's tokens.
func openAccess(database string) (*access.Registry, error) {
	registry, err := access.Open(accessPath(database), time.Now)
	if errors.Is(err, access.ErrHeld) {
		err = fmt.Errorf("%w; is another footfall serving this database?", err)
	}
	return registry, withCode(exitDatabase, err)
}

// door is the registry as the API sees it.
type door struct{ *access.Registry }

type grant struct{ *access.Grant }

func (g grant) Describe() api.GrantText {
	return api.GrantText{Name: g.Name, Scope: string(g.Scope), Locations: g.Locations, Until: g.Until}
}

// Grant implements api.Access.
func (d door) Grant(token string) (api.Grant, error) { return granted(d.Registry.Grant(token)) }

// Session implements api.Access.
func (d door) Session(cookie string) (api.Grant, error) {
	return granted(d.Registry.Session(cookie))
}

func granted(g *access.Grant, err error) (api.Grant, error) {
	if err != nil {
		return nil, err
	}
	return grant{g}, nil
}

// StartSession implements api.Access.
func (d door) StartSession(g api.Grant) (string, time.Time, error) {
	return d.Registry.StartSession(g.(grant).Grant)
}

// authorizer lets Signals clients in as the configuration says.
func authorizer(cfg *config.Config, registry *access.Registry) signals.Authorizer {
	if !cfg.AuthRequired() {
		return signals.AllowAll
	}
	return func(_ context.Context, token string) (signals.Access, error) {
		g, err := registry.Grant(token)
		if err != nil {
			return nil, err
		}
		return g, nil
	}
}
