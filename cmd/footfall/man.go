package main

import (
	"fmt"
	"os"
	"runtime/debug"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
)

func newMan() *cobra.Command {
	return &cobra.Command{
		Use:   "man DIR",
		Short: "Write the man pages, one for each command, into a folder",
		Long: `Writes footfall.1 and a page for each command into a folder, which is made where it
is missing. They carry the time of the commit that the program was built from.`,
		Example: "  footfall man ~/.local/share/man/man1",
		Args:    arguments(cobra.ExactArgs(1)),
		RunE: func(c *cobra.Command, args []string) error {
			if err := os.MkdirAll(args[0], 0o755); err != nil { //nolint:gosec // anybody may read them
				return err
			}
			root := c.Root()
			root.DisableAutoGenTag = true
			header := &doc.GenManHeader{Section: "1", Source: "footfall " + version(), Manual: "Footfall", Date: committed()}
			if err := doc.GenManTree(root, header, args[0]); err != nil {
				return fmt.Errorf("man pages: %w", err)
			}
			return nil
		},
	}
}

// committed is the time of the commit that the program was built from; without one, the
// beginning of Unix time.
func committed() *time.Time {
	at := time.Unix(0, 0).UTC()
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return &at
	}
	for _, s := range info.Settings {
		if s.Key != "vcs.time" {
			continue
		}
		if parsed, err := time.Parse(time.RFC3339, s.Value); err == nil {
			at = parsed
		}
	}
	return &at
}
