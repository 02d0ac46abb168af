package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/footfall/footfall/internal/boltstore"
)

func newDB() *cobra.Command {
	c := &cobra.Command{
		Use:   "db",
		Short: "Check, back up, restore and compact the database",
		Args:  arguments(cobra.NoArgs),
		RunE:  func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	check := &cobra.Command{
		Use:   "check",
		Short: "Read all of the database and say what is damaged",
		Long: `Reads every page and record of the database file, which no server may hold, and
checks each against its checksum. Prints what every table holds, how much of the
file is free to be used again, and each damage with its table and key. It changes
nothing. The exit code is 0 where all is sound, 3 where something is damaged.`,
		Example: "  footfall db check --database footfall.db",
		Args:    arguments(cobra.NoArgs),
		RunE:    func(c *cobra.Command, _ []string) error { return checkDB(c) },
	}
	compact := &cobra.Command{
		Use:   "compact",
		Short: "Give the database's free space back to the disk",
		Long: `Writes the database file anew without what is free in it, checks the copy, and puts
it in the old one's place in one step: a kill at any moment leaves the one or the
other, whole. Prints the size before and after.

No server may hold the file, and the disk needs room for a second one. Mode and owner
stay. A damaged database is not touched: the exit code is then 3.

It is not needed for the file to stop growing: what is deleted while serving is
used again. Compact it after a shorter retention has been in force for a while.`,
		Example: "  footfall db compact --database footfall.db",
		Args:    arguments(cobra.NoArgs),
		RunE:    func(c *cobra.Command, _ []string) error { return compactDB(c) },
	}
	addConfigFlags(check)
	addConfigFlags(compact)
	c.AddCommand(check, newDBBackup(), newDBRestore(), compact, newDBProbe())
	return c
}

func checkDB(c *cobra.Command) error {
	cfg, err := loadConfig(c)
	if err != nil {
		return err
	}
	store, err := openStore(cfg.Database, boltstore.Options{ReadOnly: true, Logger: newLogger(c.ErrOrStderr())})
	if err != nil {
		return err
	}
	defer store.Close()
	found, err := store.Verify(c.Context())
	if err != nil {
		return withCode(exitDatabase, err)
	}
	out := c.OutOrStdout()
	for _, t := range found.Tables {
		fmt.Fprintf(out, "%s: %d records, %s\n", t.Name, t.Records, byteSize(t.Bytes))
	}
	fmt.Fprintf(out, "file: %s, of which %s free\n", byteSize(found.Size), byteSize(found.Free))
	if found.Lost > 0 {
		fmt.Fprintf(out, "warning: %s are neither used nor free; footfall db compact gives them back\n", byteSize(found.Lost))
	}
	if len(found.Damage) == 0 {
		fmt.Fprintf(out, "%s is sound\n", cfg.Database)
		return nil
	}
	for _, d := range found.Damage {
		fmt.Fprintln(out, d)
	}
	return withCode(exitDatabase, fmt.Errorf("%s is damaged in at least %d places: restore a backup", cfg.Database, len(found.Damage)))
}

func compactDB(c *cobra.Command) error {
	cfg, err := loadConfig(c)
	if err != nil {
		return err
	}
	before, after, err := boltstore.Compact(c.Context(), cfg.Database, boltstore.Options{Logger: newLogger(c.ErrOrStderr())})
	if err != nil {
		return interruptedOr(c.Context(), cfg.Database+" is as it was", withCode(exitDatabase, err))
	}
	fmt.Fprintf(c.OutOrStdout(), "%s: %s before, %s after\n", cfg.Database, byteSize(before), byteSize(after))
	return nil
}

// byteSize is a size for reading.
func byteSize(n int64) string {
	units := []string{"kB", "MB", "GB", "TB"}
	if n < 1000 {
		return fmt.Sprintf("%d B", n)
	}
	size, i := float64(n)/1000, 0
	for size >= 999.95 && i < len(units)-1 {
		size, i = size/1000, i+1
	}
	return fmt.Sprintf("%.1f %s", size, units[i])
}
