package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/footfall/footfall/internal/boltstore"
	"github.com/footfall/footfall/internal/config"
)

func newServe() *cobra.Command {
	c := &cobra.Command{
		Use:   "serve",
		Short: "Run the engine: feeds in, counts and reports out",
		Long: `Connects to the configured feeds, counts, stores, and serves the API and /docs.
Prints "listening on HOST:PORT" once it is ready.

SIGHUP reads the zones file again: zones that stay keep their visits, and a file
with a fault changes nothing. SIGTERM and SIGINT store everything and end it.`,
		Example: "  footfall serve --config footfall.yaml",
		Args:    arguments(cobra.NoArgs),
		RunE:    func(c *cobra.Command, _ []string) error { return serve(c) },
	}
	addConfigFlags(c)
	return c
}

func serve(c *cobra.Command) error {
	cfg, err := loadConfig(c)
	if err != nil {
		return err
	}
	set, err := configuredZones(cfg)
	if err != nil {
		return err
	}
	listener, err := listen(cfg.Listen)
	if err != nil {
		return err
	}
	defer listener.Close()
	store, err := openStore(cfg.Database, boltstore.Options{})
	if err != nil {
		return err
	}
	defer store.Close()
	s, err := newService(cfg, set, store, newLogger(c.ErrOrStderr()))
	if err != nil {
		return err
	}
	stop := s.reloadOnHangup(c.Context(), cfg)
	defer stop()
	return s.run(c.Context(), listener, func() {
		fmt.Fprintf(c.OutOrStdout(), "listening on %s\n", listener.Addr())
	})
}

// reloadOnHangup reads the zones file again at each SIGHUP. stop ends it and waits.
func (s *service) reloadOnHangup(ctx context.Context, cfg *config.Config) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	hangup := make(chan os.Signal, 1)
	signal.Notify(hangup, syscall.SIGHUP)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for {
			select {
			case <-hangup:
				s.reload(ctx, cfg)
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

func (s *service) reload(ctx context.Context, cfg *config.Config) {
	set, err := configuredZones(cfg)
	if err == nil {
		err = s.engine.Reload(ctx, set)
	}
	if err != nil {
		s.logger.Error("zones not reloaded; the old ones stay", "file", cfg.Zones, "error", err)
		return
	}
	s.logger.Info("zones reloaded", "file", cfg.Zones, "locations", len(set.Locations()))
}
