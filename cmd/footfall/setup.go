package main

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"

	"github.com/lmittmann/tint"
	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/footfall/footfall/internal/boltstore"
	"github.com/footfall/footfall/internal/config"
	"github.com/footfall/footfall/zones"
)

// addConfigFlags gives a command --config and a flag for every key outside a list.
func addConfigFlags(c *cobra.Command) {
	c.Flags().String("config", "", "configuration file (YAML)")
	config.Flags(c.Flags())
}

// loadConfig reads the configuration of a command with addConfigFlags; overrides
// ("KEY=VALUE") win over it.
func loadConfig(c *cobra.Command, overrides ...string) (*config.Config, error) {
	path, err := c.Flags().GetString("config")
	if err != nil {
		return nil, err
	}
	cfg, err := config.Load(config.File(path, os.Environ()), c.Flags(), os.Environ(), overrides...)
	return cfg, withCode(exitUsage, err)
}

// loadZones reads the zones file; without one there are no zones but the
// locations themselves.
func loadZones(path string) (*zones.Set, error) {
	if path == "" {
		return zones.Empty(), nil
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, withCode(exitUsage, fmt.Errorf("zones: %w", err))
	}
	set, err := zones.Parse(data)
	if err != nil {
		return nil, withCode(exitUsage, fmt.Errorf("zones: %s: %w", path, err))
	}
	return set, nil
}

// configuredZones are those of the configuration. The default path is one that
// need not exist.
func configuredZones(cfg *config.Config) (*zones.Set, error) {
	if _, err := os.Stat(cfg.Zones); errors.Is(err, os.ErrNotExist) && cfg.Source("zones") == "default" {
		return zones.Empty(), nil
	}
	return loadZones(cfg.Zones)
}

func openStore(path string, options boltstore.Options) (*boltstore.Store, error) {
	store, err := boltstore.Open(path, options)
	return store, withCode(exitDatabase, err)
}

// newLogger writes for people on a terminal, else one logfmt line an event.
func newLogger(w io.Writer) *slog.Logger {
	if isTerminal(w) {
		return slog.New(tint.NewTextHandler(w, &tint.Options{TimeFormat: time.TimeOnly}))
	}
	return slog.New(slog.NewTextHandler(w, nil))
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
