package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync/atomic"
	"time"

	"github.com/spf13/cobra"

	"github.com/footfall/footfall/internal/engine"
	"github.com/footfall/footfall/internal/recording"
	"github.com/footfall/footfall/signals"
)

type recordOptions struct {
	url, tokenFile string
	locations      []int64
	duration       time.Duration
}

func newRecord() *cobra.Command {
	var o recordOptions
	c := &cobra.Command{
		Use:   "record FILE",
		Short: "Write a feed to a recording file",
		Long: `Connects to a Signals feed and writes what comes, with the time of each message, until
it is interrupted. FILE ends in .ndjson, .ndjson.gz or .ndjson.zst and must not
exist. The token is read from --token-file or FOOTFALL_TOKEN.`,
		Example: "  footfall record --url wss://signals.example.com/websocket_realtime --location 21 --token-file signals.token monday.ndjson.gz",
		Args:    arguments(cobra.ExactArgs(1)),
		RunE:    func(c *cobra.Command, args []string) error { return record(c, o, args[0]) },
	}
	f := c.Flags()
	f.StringVar(&o.url, "url", "", "feed, ws:// or wss://")
	f.StringVar(&o.tokenFile, "token-file", "", "file with the token")
	f.Int64SliceVar(&o.locations, "location", nil, "location to record (repeatable)")
	f.DurationVar(&o.duration, "duration", 0, "how long to record (default until interrupted)")
	_ = c.MarkFlagRequired("url")
	_ = c.MarkFlagRequired("location")
	return c
}

func record(c *cobra.Command, o recordOptions, path string) error {
	ctx, cancel := context.WithCancelCause(c.Context())
	defer cancel(nil)
	if o.duration > 0 {
		var stop context.CancelFunc
		ctx, stop = context.WithTimeout(ctx, o.duration)
		defer stop()
	}
	w, err := recording.Create(path)
	if err != nil {
		return err
	}
	sink := &recorder{writer: w, failed: cancel}
	clock := engine.NewClock(time.Now, 0)
	client := signals.NewClient(signals.ClientConfig{
		URL: o.url, Token: tokenFrom(o.tokenFile), Locations: o.locations,
		Sink: sink, Now: clock.Now, Logger: newLogger(c.ErrOrStderr()),
	})
	err = client.Run(ctx)
	if err == nil && c.Context().Err() == nil && !errors.Is(context.Cause(ctx), context.DeadlineExceeded) {
		err = context.Cause(ctx)
	}
	err = errors.Join(err, w.Close())
	fmt.Fprintf(c.OutOrStdout(), "%d messages in %s\n", sink.messages.Load(), path)
	return err
}

// tokenFrom reads the token anew each time: from a file, or from FOOTFALL_TOKEN.
func tokenFrom(file string) func() (string, error) {
	return func() (string, error) {
		if file == "" {
			return os.Getenv("FOOTFALL_TOKEN"), nil
		}
		b, err := os.ReadFile(file)
		return strings.TrimSpace(string(b)), err
	}
}

// recorder is the signals.Sink that writes a recording.
type recorder struct {
	writer   *recording.Writer
	failed   context.CancelCauseFunc
	messages atomic.Int64
}

func (r *recorder) Connected(int64)           {}
func (r *recorder) Disconnected(int64, error) {}

func (r *recorder) Messages(batch []signals.Message) {
	for i := range batch {
		if err := r.writer.WriteMessage(&batch[i]); err != nil {
			r.failed(err)
			return
		}
		r.messages.Add(1)
	}
}
