// Command footfall counts people from live positions. See the README.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // time zones on machines that have none

	"github.com/spf13/cobra"
	_ "golang.org/x/crypto/x509roots/fallback" // certificates of authorities on machines that have none
)

// Exit codes.
const (
	exitOK       = 0
	exitFailed   = 1 // it was tried and went wrong
	exitUsage    = 2 // the command line or the configuration is wrong
	exitDatabase = 3 // the database cannot be used as it is
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run is the whole program: it returns the exit code when the command is done or
// ctx has ended and everything is put away.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	root := newRoot()
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return exitOK
	}
	fmt.Fprintln(stderr, "footfall:", err)
	var coded *codedError
	if errors.As(err, &coded) {
		return coded.code
	}
	return exitFailed
}

// codedError is an error with the exit code that it ends the program with.
type codedError struct {
	code int
	err  error
}

func (e *codedError) Error() string { return e.err.Error() }
func (e *codedError) Unwrap() error { return e.err }

func withCode(code int, err error) error {
	if err == nil {
		return nil
	}
	return &codedError{code, err}
}

func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:   "footfall",
		Short: "Count people on shop floors from live positions",
		Long: `Footfall turns the positions that ceiling sensors send into numbers one can
trust: how many are in, where, for how long, who, and which way they went.

It reads the Delicode Signals realtime protocol, counts by zones drawn in GeoJSON,
keeps its history in one file, and answers over HTTP. Try it without a sensor:

  footfall demo`,
		Version:       version(),
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return withCode(exitUsage, fmt.Errorf("%w; see %s --help", err, c.CommandPath()))
	})
	root.AddCommand(newDemo(), newServe(), newReplay(), newSimulate(), newRecord(), newReport(), newWhatif(), newZones(), newDB(), newToken(), newMan())
	return root
}

// arguments is cobra's check of the arguments, with the exit code of a wrong one.
func arguments(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if err := check(c, args); err != nil {
			return withCode(exitUsage, fmt.Errorf("%w; see %s --help", err, c.CommandPath()))
		}
		return nil
	}
}
