package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/footfall/footfall/internal/boltstore"
	"github.com/footfall/footfall/internal/engine"
	"github.com/footfall/footfall/internal/systemd"
)

func newServe() *cobra.Command {
	c := &cobra.Command{
		Use:   "serve",
		Short: "Run the engine: feeds in, counts and reports out",
		Long: `Connects to the configured feeds, counts, stores, and serves the API and /docs.
Prints "listening on HOST:PORT" once it is ready.

SIGHUP reads the zones file and the certificate again: zones that stay keep their
visits, and a file with a fault changes nothing. SIGTERM and SIGINT store everything and end it.
Under systemd it tells that it is ready, alive and stopping (Type=notify).`,
		Example: "  footfall serve --config footfall.yaml",
		Args:    arguments(cobra.NoArgs),
		RunE:    func(c *cobra.Command, _ []string) error { return serve(c) },
	}
	addConfigFlags(c)
	return c
}

func serve(c *cobra.Command) error {
	manager := systemd.New()
	cfg, err := loadConfig(c)
	if err != nil {
		return err
	}
	file, err := openZones(cfg)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", cfg.Listen)
	if err != nil {
		return err
	}
	defer listener.Close()
	logger := newLogger(c.ErrOrStderr())
	if err := probeDatabase(c.Context(), cfg.Database, logger); err != nil {
		return err
	}
	store, err := openStore(cfg.Database, boltstore.Options{Logger: logger})
	if err != nil {
		return err
	}
	defer store.Close()
	tokens, err := openAccess(cfg.Database)
	if err != nil {
		return err
	}
	defer tokens.Close()
	s, err := newService(cfg, file, store, tokens, logger)
	if err != nil {
		return asUsage(err)
	}
	stop := s.reloadOnHangup(c.Context())
	defer stop()
	var told func()
	defer func() { told() }()
	return s.run(c.Context(), listener, func() {
		fmt.Fprintf(c.OutOrStdout(), "listening on %s\n", listener.Addr())
		told = s.tell(c.Context(), manager, listener.Addr().String())
	})
}

// reloadOnHangup reads the zones file again at each SIGHUP. stop ends it and waits.
func (s *service) reloadOnHangup(ctx context.Context) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	hangup := make(chan os.Signal, 1)
	signal.Notify(hangup, syscall.SIGHUP)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for {
			select {
			case <-hangup:
				s.reload(ctx)
			case <-ctx.Done():
				return
			}
		}
	}()
	return func() {
		signal.Stop(hangup)
		cancel()
		<-ended
	}
}

func (s *service) reload(ctx context.Context) {
	if s.edge.Certificate != nil {
		_ = s.edge.Certificate.Reload() // it logs how that went
	}
	switch err := s.zones.reload(ctx, s.engine); {
	case errors.Is(err, engine.ErrZonesNotStored):
		s.logger.Warn("zones reloaded", "file", s.zones.path, "error", err)
	case err != nil:
		s.logger.Error("zones not reloaded; the old ones stay", "file", s.zones.path, "error", err)
	default:
		s.logger.Info("zones reloaded", "file", s.zones.path, "locations", len(s.zones.set.Locations()))
	}
}
