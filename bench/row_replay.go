package main

import (
	"bufio"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"os"
	"time"

	fastgzip "github.com/klauspost/compress/gzip"

	"github.com/footfall/footfall/internal/boltstore"
	"github.com/footfall/footfall/internal/config"
	"github.com/footfall/footfall/internal/engine"
	"github.com/footfall/footfall/internal/recording"
	"github.com/footfall/footfall/internal/simulate"
	"github.com/footfall/footfall/signals"
	"github.com/footfall/footfall/zones"
)

// replayRow compares a replay, from opening the database to everything stored, with
// decompressing and splitting alone, by the gzip that the engine uses too.
func replayRow(s *suite) (outcome, error) {
	const mark = 0.5
	wanted := 1_500_000
	if s.quick {
		wanted = 150_000
	}
	path := s.path("recording.ndjson.gz")
	if err := recordShop(path, wanted); err != nil {
		return outcome{}, err
	}
	replay := &side{name: "replay", unit: "message", run: func() (sample, error) { return timed(func() (int64, error) { return s.replay(path) }) }}
	split := func(name string, open func(io.Reader) (io.Reader, error)) *side {
		return &side{name: name, unit: "message", run: func() (sample, error) { return timed(func() (int64, error) { return splitLines(path, open) }) }}
	}
	fast := split("klauspost's gzip and bufio.Scanner", func(r io.Reader) (io.Reader, error) { return fastgzip.NewReader(r) })
	standard := split("the standard library's gzip and bufio.Scanner", func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) })
	if err := alternate(s.repeat, replay, fast, standard); err != nil {
		return outcome{}, err
	}
	ratio := ratios(replay, fast, sample.rate)
	size, err := recording.Size(path)
	return outcome{ratio.show("%.3f"), judge(ratio.median >= mark), []string{
		replay.note(), fast.note(), standard.note(),
		"to the standard library's: " + ratios(replay, standard, sample.rate).show("%.2f"),
		"by CPU instead of wall time: " + ratios(fast, replay, sample.cpuEach).show("%.2f") + " and " + ratios(standard, replay, sample.cpuEach).show("%.2f"),
		fmt.Sprintf("a simulated shop, %d messages, %.1f MB", replay.samples[0].units, float64(size)/1e6),
	}}, err
}

func timed(do func() (int64, error)) (sample, error) {
	began, used := time.Now(), ownCPU()
	n, err := do()
	return sample{units: n, took: time.Since(began), cpu: ownCPU() - used}, err
}

// recordShop writes a recording of the simulated shop at its busiest.
func recordShop(path string, messages int) error {
	w, err := recording.Create(path)
	if err != nil {
		return err
	}
	shop := simulate.NewShop(simulate.Config{Location: location, Seed: 1, AlwaysOpen: true, VisitorsPerDay: 2000})
	shop.Start(historyBegins)
	var step []signals.Message
	for at, n := historyBegins, 0; n < messages; n += len(step) {
		at += 10_000_000
		step = shop.Step(at, step[:0])
		for i := range step {
			if err := w.WriteMessage(&step[i]); err != nil {
				return err
			}
		}
	}
	return w.Close()
}

func (s *suite) replay(path string) (int64, error) {
	database := s.path("replay.db")
	store, err := boltstore.Open(database, boltstore.Options{})
	if err != nil {
		return 0, err
	}
	defer os.Remove(database)
	defer store.Close()
	set, err := zones.Parse(simulate.Zones(location))
	if err != nil {
		return 0, err
	}
	reader, err := recording.Open(path)
	if err != nil {
		return 0, err
	}
	defer reader.Close()
	r := engine.NewReplayer(store, config.Default(), set)
	if err := r.Add(context.Background(), path, reader); err != nil {
		return 0, err
	}
	return r.Summary.Messages, r.Finish()
}

// splitLines counts the lines of a compressed file.
func splitLines(path string, open func(io.Reader) (io.Reader, error)) (lines int64, err error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	r, err := open(f)
	if err != nil {
		return 0, err
	}
	scanner := bufio.NewScanner(r)
	for scanner.Scan() {
		lines++
	}
	return lines, scanner.Err()
}
