package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/footfall/footfall/internal/boltstore"
	"github.com/footfall/footfall/internal/config"
	"github.com/footfall/footfall/internal/engine"
	"github.com/footfall/footfall/zones"
)

// pipeline is the engine with a real database, in this process.
type pipeline struct {
	engine *engine.Engine
	store  *boltstore.Store
	folder string
	cancel context.CancelFunc
	ended  chan error
}

// pipelineOptions differ from the defaults where they are set.
type pipelineOptions struct {
	url        string
	zones      []byte
	noDelays   bool
	asSent     bool // no filter, margin or ghost rejection
	noPreview  bool // the last hour's positions are not held
	flushEvery time.Duration
}

func (s *suite) startPipeline(o pipelineOptions) (p *pipeline, err error) {
	p = &pipeline{ended: make(chan error, 1)}
	if p.folder, err = os.MkdirTemp(s.folder, "pipeline-"); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			os.RemoveAll(p.folder)
		}
	}()
	if p.store, err = boltstore.Open(filepath.Join(p.folder, "bench.db"), boltstore.Options{}); err != nil {
		return nil, err
	}
	if p.engine, err = newEngine(o, p.store); err != nil {
		p.store.Close()
		return nil, err
	}
	ctx, cancel := context.WithCancel(context.Background())
	p.cancel = cancel
	go func() { p.ended <- p.engine.Run(ctx) }()
	return p, nil
}

func newEngine(o pipelineOptions, store *boltstore.Store) (*engine.Engine, error) {
	set, err := zones.Parse(o.zones)
	if err != nil {
		return nil, err
	}
	cfg := config.Default()
	cfg.Limits.People = 10_000_000
	cfg.Feeds = []config.Feed{{URL: o.url, Locations: []int64{location}}}
	cfg.Privacy.Preview = !o.noPreview
	if o.noDelays {
		cfg.Tracking.EnterAfter, cfg.Tracking.ExitAfter, cfg.Tracking.Ghosts.ProveAfter = 0, 0, 0
	}
	if o.asSent {
		cfg.Tracking.Filter.MaxWindow, cfg.Tracking.Margin.Max, cfg.Tracking.Ghosts.ProveAfter = 0, 0, 0
	}
	return engine.New(engine.Options{
		Config: cfg, Zones: set, Store: store, Wall: time.Now, FlushEvery: o.flushEvery,
		Logger: slog.New(slog.NewTextHandler(io.Discard, nil)),
	})
}

// stop ends the engine and removes its database.
func (p *pipeline) stop() error {
	p.cancel()
	err := <-p.ended
	p.store.Close()
	os.RemoveAll(p.folder)
	return err
}

// counted is how many positions were counted so far.
func (p *pipeline) counted() int64 { return p.engine.Status().Locations[0].Messages }

// await waits until so many positions are counted.
func (p *pipeline) await(n int64) error {
	deadline := time.Now().Add(time.Minute)
	for p.counted() < n {
		if time.Now().After(deadline) {
			return fmt.Errorf("only %d of %d positions were counted in a minute", p.counted(), n)
		}
		time.Sleep(time.Millisecond)
	}
	return nil
}

// awaitFlushes waits until so many more flushes are written: what is there when two
// are is stored.
func (p *pipeline) awaitFlushes(n int64) error {
	flushes := func() int64 { return p.engine.Status().Flush.Flushes }
	deadline := time.Now().Add(time.Minute)
	for until := flushes() + n; flushes() < until; {
		if time.Now().After(deadline) {
			return errors.New("the flushes were not written in a minute")
		}
		time.Sleep(10 * time.Millisecond)
	}
	return nil
}

// window measures for a while.
func (p *pipeline) window(length time.Duration) sample {
	began, used, before := time.Now(), ownCPU(), p.counted()
	time.Sleep(length)
	return sample{units: p.counted() - before, took: time.Since(began), cpu: ownCPU() - used}
}

// warmUp is how many positions go before a measurement: everybody twice.
func warmUp(people int) int64 { return int64(max(200_000, 2*people)) }

// measurePipeline runs a new pipeline for a while, once everybody is there and
// stored.
func (s *suite) measurePipeline(o pipelineOptions, people int) (sample, error) {
	runtime.GC()
	p, err := s.startPipeline(o)
	if err != nil {
		return sample{}, err
	}
	err = p.await(warmUp(people))
	if err == nil {
		err = p.awaitFlushes(2)
	}
	if err != nil {
		return sample{}, errors.Join(err, p.stop())
	}
	one := p.window(s.length)
	return one, p.stop()
}
