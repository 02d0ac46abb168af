package main

import (
	"errors"
	"log/slog"

	"github.com/footfall/footfall/api"
	"github.com/footfall/footfall/internal/config"
	"github.com/footfall/footfall/internal/edge"
	"github.com/footfall/footfall/internal/engine"
	"github.com/footfall/footfall/signals"
)

// edgeOf is how requests come in, by the configuration.
func edgeOf(cfg *config.Config, logger *slog.Logger) (api.Edge, error) {
	e := api.Edge{TrustedProxies: cfg.TrustedProxies, Origins: cfg.CORS.Origins, Limits: edge.NewLimits(cfg.Limits, logger)}
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

// countedElsewhere has limits tell of what the relay and the engine refused.
func countedElsewhere(l *edge.Limits, relay *signals.Server, e *engine.Engine) {
	l.Sockets.CountedBy(func() uint64 { return relay.Status().TurnedAway })
	l.Frame.CountedBy(func() uint64 { return relay.Status().TooLarge })
	l.Unwritten.CountedBy(func() uint64 { return e.Status().Flush.Stops })
	l.People.CountedBy(func() (positions uint64) {
		for _, location := range e.Status().Locations {
			positions += uint64(location.Tracker.TurnedAway)
		}
		return positions
	})
}
