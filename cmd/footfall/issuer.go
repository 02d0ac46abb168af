package main

import (
	"errors"
	"log/slog"

	"github.com/footfall/footfall/internal/access"
	"github.com/footfall/footfall/internal/config"
)

// trustIssuer makes an external issuer's tokens good, if one is configured: keys, nil
// without one, are still to be run.
func trustIssuer(cfg *config.Config, tokens *access.Registry, log *slog.Logger) (keys *access.Keys, err error) {
	e := cfg.Auth.External
	switch {
	case e.Issuer == "" && e.Audience == "" && e.JWKSURL == "":
		return nil, nil
	case e.Issuer == "" || e.Audience == "" || e.JWKSURL == "":
		return nil, withCode(exitUsage, errors.New("auth.external: issuer, audience and jwks_url are needed together"))
	}
	keys = access.NewKeys(e.JWKSURL, log)
	tokens.Trust(&access.External{Issuer: e.Issuer, Audience: e.Audience, Scopes: e.ScopeClaim, Locations: e.LocationsClaim, Keys: keys})
	return keys, nil
}
