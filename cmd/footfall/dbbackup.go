package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/footfall/footfall/internal/boltstore"
)

func newDBBackup() *cobra.Command {
	c := &cobra.Command{
		Use:   "backup FILE",
		Short: "Write the database to another file, while serving or not",
		Long: `Writes the database as it is at one moment to FILE, which must not be there yet, and
checks every record of it before it has that name: what is there is whole. While a server
holds the database it is asked through its socket, DATABASE.sock, and goes on counting.

FILE is readable by its owner alone and opens like any database (--database FILE). What
was deleted is not in it. The tokens are not either (DATABASE.access), nor are uploaded
floor plans (DATABASE.plan-*), the configuration and the zones file: keep those beside it.

The exit code is 3 where the database is damaged or cannot be opened; nothing is left then.`,
		Example: "  footfall db backup --database footfall.db /backup/footfall-$(date +%F).db",
		Args:    arguments(cobra.ExactArgs(1)),
		RunE:    func(c *cobra.Command, args []string) error { return backupDB(c, args[0]) },
	}
	addConfigFlags(c)
	return c
}

func newDBRestore() *cobra.Command {
	c := &cobra.Command{
		Use:   "restore FILE",
		Short: "Put a backup in the database's place",
		Long: `Reads all of FILE, copies it, checks the copy, and gives it the database's path in one
step: a kill at any moment leaves the one or the other, whole. No server may hold the
database. Mode and owner stay.

What was at the path is not lost, sound or not: it is kept as DATABASE.replaced-TIME. FILE
stays as it is. The exit code is 3 where FILE is damaged; nothing has changed then.`,
		Example: "  footfall db restore --database footfall.db /backup/footfall-2026-03-02.db",
		Args:    arguments(cobra.ExactArgs(1)),
		RunE:    func(c *cobra.Command, args []string) error { return restoreDB(c, args[0]) },
	}
	addConfigFlags(c)
	return c
}

func backupDB(c *cobra.Command, file string) error {
	cfg, err := loadConfig(c)
	if err != nil {
		return err
	}
	ctx := c.Context()
	source := func(w io.Writer) error { return backupOffline(ctx, c, cfg.Database, w) }
	if server := dialControl(ctx, cfg.Database); server != nil {
		source = func(w io.Writer) error { return server.backup(ctx, w) }
	}
	made, err := boltstore.SaveBackup(ctx, cfg.Database, file, source)
	if err != nil {
		return interruptedOr(ctx, "no backup was made", withCode(exitDatabase, err))
	}
	fmt.Fprintf(c.OutOrStdout(), "%s: %d records, checked, written to %s\n", cfg.Database, recordsOf(made), file)
	return nil
}

func backupOffline(ctx context.Context, c *cobra.Command, database string, w io.Writer) error {
	store, err := boltstore.Open(database, boltstore.Options{ReadOnly: true, Logger: newLogger(c.ErrOrStderr())})
	if err != nil {
		return err
	}
	defer store.Close()
	return store.Backup(ctx, func(int64) (io.Writer, error) { return w, nil })
}

func restoreDB(c *cobra.Command, file string) error {
	cfg, err := loadConfig(c)
	if err != nil {
		return err
	}
	kept, restored, err := boltstore.Restore(c.Context(), file, cfg.Database, time.Now())
	if err != nil {
		return interruptedOr(c.Context(), cfg.Database+" is as it was", withCode(exitDatabase, err))
	}
	out := c.OutOrStdout()
	fmt.Fprintf(out, "%s: %d records, checked, from %s\n", cfg.Database, recordsOf(restored), file)
	if kept != "" {
		fmt.Fprintf(out, "what was there is kept as %s\n", kept)
	}
	return nil
}

// interruptedOr says how things stand where somebody ended a command.
func interruptedOr(ctx context.Context, stand string, err error) error {
	if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		return fmt.Errorf("interrupted: %s", stand)
	}
	return err
}

func recordsOf(v boltstore.Verification) (n int64) {
	for _, t := range v.Tables {
		n += t.Records
	}
	return n
}
