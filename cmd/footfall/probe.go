package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"time"

	"github.com/spf13/cobra"

	"github.com/footfall/footfall/internal/boltstore"
)

// probeTime is how long a probe may take: it reads a few pages.
const probeTime = 30 * time.Second

// newDBProbe is what a server runs before it opens its database.
func newDBProbe() *cobra.Command {
	c := &cobra.Command{
		Use: "probe", Short: "Open the database and change nothing", Hidden: true, Args: arguments(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error {
			cfg, err := loadConfig(c)
			if err != nil {
				return err
			}
			return withCode(exitDatabase, boltstore.Probe(cfg.Database, boltstore.Options{}))
		},
	}
	addConfigFlags(c)
	return c
}

// probeDatabase opens a database in a process of its own first: damage that would end the
// one that opens it ends that one, and here is one sentence. What the probe says itself,
// opening says, too.
func probeDatabase(ctx context.Context, path string, log *slog.Logger) error {
	if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() {
		return nil
	}
	program, err := os.Executable()
	if err != nil {
		return nil
	}
	limited, cancel := context.WithTimeout(ctx, probeTime)
	defer cancel()
	probe := exec.CommandContext(limited, program, "db", "probe", "--database", path) //nolint:gosec // this program itself
	probe.Env = append(os.Environ(), "FOOTFALL_CONFIG=")
	var said bytes.Buffer
	probe.Stderr = &said
	err = probe.Run()
	var ended *exec.ExitError
	switch {
	case ctx.Err() != nil: // asked to end meanwhile
		return ctx.Err()
	case err == nil || errors.As(err, &ended) && ended.ExitCode() == exitDatabase:
		return nil
	case ended == nil || limited.Err() != nil: // it was not started, or took too long
		log.Warn("the database could not be probed before it is opened", "path", path, "error", err)
		return nil
	}
	log.Error("opening the database ends the process that does it", "path", path, "state", ended.String(), "output", said.String()[:min(said.Len(), 2<<10)])
	return withCode(exitDatabase, fmt.Errorf("database %s is damaged: opening it would crash; restore a backup", path))
}
