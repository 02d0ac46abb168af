package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"

	"github.com/footfall/footfall/internal/boltstore"
	"github.com/footfall/footfall/internal/engine"
	"github.com/footfall/footfall/internal/recording"
)

func newReplay() *cobra.Command {
	c := &cobra.Command{
		Use:   "replay FILE…",
		Short: "Count recordings into the database, at full speed",
		Long: `Counts recordings (NDJSON, plain, .gz or .zst) into the database, through the same
engine as live data and as fast as it goes. People still in at a file's end go on
into the next one; at the last one's end they leave when they were last heard of.

Each file is added whole or not at all: a malformed line, or a recording that
begins before what is counted already, ends the replay with nothing of that file
kept.`,
		Example: "  footfall replay --zones shop.geojson --database shop.db monday.ndjson.gz tuesday.ndjson.gz",
		Args:    arguments(cobra.MinimumNArgs(1)),
	}
	skip := c.Flags().Bool("skip-malformed", false, "count malformed lines and go on, instead of stopping")
	addConfigFlags(c)
	c.RunE = func(c *cobra.Command, files []string) error { return replay(c, files, *skip) }
	return c
}

func replay(c *cobra.Command, files []string, skip bool) error {
	cfg, err := loadConfig(c)
	if err != nil {
		return err
	}
	file, err := openZones(cfg)
	if err != nil {
		return err
	}
	total, err := recording.Size(files...)
	if err != nil {
		return err
	}
	store, err := openStore(cfg.Database, boltstore.Options{})
	if err != nil {
		return err
	}
	defer store.Close()
	began := time.Now()
	r := engine.NewReplayer(store, cfg, file.set)
	r.SkipMalformed = skip
	bar := newProgress(c.ErrOrStderr(), total)
	err = addFiles(c.Context(), r, files, bar)
	bar.finish()
	if ended := r.Finish(); err == nil {
		err = ended
	}
	if err != nil {
		return err
	}
	printSummary(c.OutOrStdout(), r.Summary, time.Since(began))
	return nil
}

func addFiles(ctx context.Context, r *engine.Replayer, files []string, bar *progress) error {
	for _, path := range files {
		if err := addFile(ctx, r, path, bar); err != nil {
			return err
		}
	}
	return nil
}

func addFile(ctx context.Context, r *engine.Replayer, path string, bar *progress) error {
	reader, err := recording.Open(path)
	if err != nil {
		return err
	}
	defer reader.Close()
	bar.follow(reader)
	err = r.Add(ctx, path, reader)
	bar.followed(reader)
	r.Summary.StepsBack += reader.StepsBack()
	var line *recording.LineError
	if errors.As(err, &line) {
		return fmt.Errorf("%w. Nothing of this file was added; --skip-malformed counts such lines and goes on", err)
	}
	return err
}

func printSummary(w io.Writer, s engine.Summary, took time.Duration) {
	seconds := took.Seconds()
	fmt.Fprintf(w, "%d messages in %.2f s, %.0f messages/s", s.Messages, seconds, float64(s.Messages)/max(seconds, 1e-9))
	fmt.Fprintln(w, remarks(s))
}

// remarks are what a summary says beyond the messages, each after a comma.
func remarks(s engine.Summary) string {
	text := ""
	for _, r := range []struct {
		n    int64
		what string
	}{
		{s.Skipped, "malformed lines skipped"},
		{s.StepsBack, "messages out of order taken at the latest time before them"},
		{s.Unknown, "messages of other types"},
	} {
		if r.n > 0 {
			text += fmt.Sprintf(", %d %s", r.n, r.what)
		}
	}
	return text
}

// progress is a bar on a terminal, and nothing elsewhere.
type progress struct {
	bar    *progressbar.ProgressBar
	before int64
	done   chan struct{}
	ended  chan struct{}
}

func newProgress(w io.Writer, total int64) *progress {
	if !isTerminal(w) {
		return &progress{}
	}
	return &progress{bar: progressbar.NewOptions64(total,
		progressbar.OptionSetWriter(w), progressbar.OptionShowBytes(true), progressbar.OptionClearOnFinish(),
		progressbar.OptionThrottle(100*time.Millisecond))}
}

// follow moves the bar with what is read, in a goroutine that followed ends.
func (p *progress) follow(r *recording.Reader) {
	if p.bar == nil {
		return
	}
	p.done, p.ended = make(chan struct{}), make(chan struct{})
	go func() {
		defer close(p.ended)
		tick := time.NewTicker(100 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				_ = p.bar.Set64(p.before + r.BytesRead())
			case <-p.done:
				return
			}
		}
	}()
}

func (p *progress) followed(r *recording.Reader) {
	if p.bar == nil {
		return
	}
	close(p.done)
	<-p.ended
	p.before += r.BytesRead()
}

func (p *progress) finish() {
	if p.bar != nil {
		_ = p.bar.Finish()
	}
}
