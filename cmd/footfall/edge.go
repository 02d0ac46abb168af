package main

import (
	"errors"
	"log/slog"

	"github.com/footfall/footfall/api"
	"github.com/footfall/footfall/internal/config"
	"github.com/footfall/footfall/internal/edge"
)

// edgeOf is how requests come in, by the configuration.
func edgeOf(cfg *config.Config, logger *slog.Logger) (api.Edge, error) {
	e := api.Edge{TrustedProxies: cfg.TrustedProxies, Origins: cfg.CORS.Origins}
	if cfg.TLS == (config.TLS{}) {
		return e, nil
	}
	if cfg.TLS.Cert == "" || cfg.TLS.Key == "" {
		return e, withCode(exitUsage, errors.New("tls.cert and tls.key: one is given without the other"))
	}
	var err error
	e.Certificate, err = edge.OpenCertificate(cfg.TLS.Cert, cfg.TLS.Key, logger)
	return e, withCode(exitUsage, err)
}
