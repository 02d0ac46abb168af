package main

import (
	"io"
	"log/slog"
	"os"
	"time"

	"github.com/lmittmann/tint"
	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/footfall/footfall/internal/boltstore"
	"github.com/footfall/footfall/internal/config"
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
