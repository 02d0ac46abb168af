package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/footfall/footfall/analytics"
	"github.com/footfall/footfall/internal/boltstore"
	"github.com/footfall/footfall/internal/config"
	"github.com/footfall/footfall/internal/engine"
	"github.com/footfall/footfall/internal/recording"
	"github.com/footfall/footfall/internal/whatif"
	"github.com/footfall/footfall/zones"
)

type whatifOptions struct {
	reportOptions
	set           []string
	changed       bool
	skipMalformed bool
}

func newWhatif() *cobra.Command {
	var o whatifOptions
	c := &cobra.Command{
		Use:   "whatif FILE… --set KEY=VALUE…",
		Short: "Count recordings under two settings and show the difference",
		Long: `Counts recordings twice, by the configuration and by the same with every --set, and
prints the figures of each zone and line side by side: before, after, the difference
and per cent. Any key of the configuration outside lists can be set, the zones file
among them. The configured database is neither read nor written.

Figures are those of "footfall report" (docs/definitions.md); "-" is one that does
not exist: a dwell time without visits, a zone that only one setting has, per cent of
nothing. Intervals without data are left out. Times are in seconds, in the table with one decimal.

The JSON is one object:

  settings   the keys that differ: {"key", "before", "after"}, values as text
  messages   how many were counted; "skipped": malformed lines
  from, to   the interval as RFC 3339; "bucket": its parts, or null
  rows       {"location_id", "start", "end", "coverage", "zone_id" or "line_id",
             "figure", "before", "after", "difference", "percent"}; null where
             there is none`,
		Example: `  footfall whatif monday.ndjson.gz --set tracking.enter_after=2s
  footfall whatif monday.ndjson.gz --set zones=moved.geojson --zone till --bucket 1h --changed
  footfall whatif *.ndjson.gz --set tracking.corrections=false --format csv > corrections.csv`,
		Args: arguments(cobra.MinimumNArgs(1)),
		RunE: func(c *cobra.Command, files []string) error { return runWhatif(c, files, o) },
	}
	f := c.Flags()
	f.StringArrayVar(&o.set, "set", nil, "KEY=VALUE of the second setting, such as tracking.enter_after=2s (repeatable)")
	f.BoolVar(&o.changed, "changed", false, "show only the figures that differ")
	f.BoolVar(&o.skipMalformed, "skip-malformed", false, "count malformed lines and go on, instead of stopping")
	o.addFlags(f, "the recordings' beginning", "their end")
	f.StringVar(&o.format, "format", formatTable, "table, csv or json")
	addConfigFlags(c)
	return c
}

func runWhatif(c *cobra.Command, files []string, o whatifOptions) error {
	if err := o.checkFormat([]string{formatTable, "csv", "json"}); err != nil {
		return err
	}
	if len(o.set) == 0 {
		return withCode(exitUsage, errors.New("what if what? Give at least one --set KEY=VALUE, such as --set tracking.enter_after=2s"))
	}
	folder, err := os.MkdirTemp("", "footfall-whatif-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	before, err := newSide(c, filepath.Join(folder, "before.db"))
	if err != nil {
		return err
	}
	defer before.store.Close()
	after, err := newSide(c, filepath.Join(folder, "after.db"), o.set...)
	if err != nil {
		return err
	}
	defer after.store.Close()
	if err := replayBoth(c, files, before, after, o.skipMalformed); err != nil {
		return err
	}
	compared, err := compare(c.Context(), before, after, o.reportOptions)
	if err != nil {
		return asUsage(err)
	}
	a := &answer{changes: config.Changes(before.config, after.config), summary: before.summary, compared: compared}
	if o.changed {
		compared.Rows = slices.DeleteFunc(compared.Rows, func(r whatif.Row) bool { return !r.Changed() })
	}
	return a.print(c, o.format)
}

// side is the recordings counted under one setting.
type side struct {
	config  *config.Config
	zones   *zones.Set
	store   *boltstore.Store
	summary engine.Summary
}

// newSide makes an empty database at a path.
func newSide(c *cobra.Command, path string, overrides ...string) (*side, error) {
	cfg, err := loadConfig(c, overrides...)
	if err != nil {
		return nil, err
	}
	file, err := openZones(cfg)
	if err != nil {
		return nil, err
	}
	store, err := openStore(path, boltstore.Options{NoSync: true})
	return &side{config: cfg, zones: file.set, store: store}, err
}

// replayBoth counts both sides at the same time; the first to fail ends the other.
func replayBoth(c *cobra.Command, files []string, before, after *side, skip bool) error {
	total, err := recording.Size(files...)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancelCause(c.Context())
	defer cancel(nil)
	bar := newProgress(c.ErrOrStderr(), total)
	var both sync.WaitGroup
	count := func(s *side, shown *progress) {
		if err := s.replay(ctx, files, shown, skip); err != nil {
			cancel(err)
		}
	}
	both.Go(func() { count(before, bar) })
	both.Go(func() { count(after, &progress{}) })
	both.Wait()
	bar.finish()
	if err := context.Cause(ctx); err != nil {
		return err
	}
	if before.summary.Messages == 0 {
		return errors.New("the recordings hold no positions: there is nothing to compare")
	}
	return nil
}

func (s *side) replay(ctx context.Context, files []string, bar *progress, skip bool) error {
	r := engine.NewReplayer(s.store, s.config, s.zones)
	r.SkipMalformed = skip
	if err := addFiles(ctx, r, files, bar); err != nil {
		return err
	}
	s.summary = r.Summary
	return r.Finish()
}

// compare answers what is asked, at first of all that was recorded.
func compare(ctx context.Context, before, after *side, o reportOptions) (*whatif.Comparison, error) {
	end := time.UnixMicro(before.summary.Last + 1).UTC() // what happens at the last message is in
	if o.from == "" {
		o.from = time.UnixMicro(before.summary.First).UTC().Format(time.RFC3339Nano)
	}
	if o.to == "" {
		o.to = end.Format(time.RFC3339Nano)
	}
	query, err := o.query(before.store, analytics.Kinds()[0], end.UnixMicro())
	if err != nil {
		return nil, err
	}
	query.Now = query.To + analytics.Minute // recordings are over: nothing of them is partial
	return whatif.Compare(ctx, before.reports(query.Now), after.reports(query.Now), query)
}

func (s *side) reports(now int64) *analytics.Reports {
	return &analytics.Reports{Store: s.store, Open: func(_ context.Context, id int64) (*analytics.Open, error) {
		return storedOpen(s.store, id, now)
	}}
}
