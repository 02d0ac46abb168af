package main

import (
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/footfall/footfall/analytics"
	"github.com/footfall/footfall/internal/boltstore"
	"github.com/footfall/footfall/tracker"
)

// flushRow changes 10,000 zones' minutes and times each flush into a real database,
// synced to disk, from collecting to acknowledging.
func flushRow(s *suite) (outcome, error) {
	const zones, mark = 10_000, 50 * time.Millisecond
	flushes := max(20, int(40*s.length.Seconds()))
	var p50, p99, most []float64
	var cpu time.Duration
	for range s.repeat {
		used := ownCPU()
		took, err := s.timeFlushes(zones, flushes)
		if err != nil {
			return outcome{}, err
		}
		cpu += ownCPU() - used
		p50 = append(p50, milliseconds(percentile(took, 0.5)))
		p99 = append(p99, milliseconds(percentile(took, 0.99)))
		most = append(most, milliseconds(took[len(took)-1]))
	}
	figure := spreadOf(p99)
	return outcome{"p99 " + figure.show("%.1f") + " ms", judge(figure.median <= milliseconds(mark)), []string{
		fmt.Sprintf("%d × %d flushes of %d zones' open minutes, each changed since the one before", s.repeat, flushes, zones),
		"p50 " + spreadOf(p50).show("%.1f") + " ms, longest " + spreadOf(most).show("%.1f") + " ms",
		fmt.Sprintf("CPU %.1f ms a flush, making the changes included", milliseconds(cpu)/float64(s.repeat*flushes)),
	}}, nil
}

// timeFlushes gives the times in order.
func (s *suite) timeFlushes(zones, flushes int) ([]time.Duration, error) {
	path := s.path("flush.db")
	store, err := boltstore.Open(path, boltstore.Options{})
	if err != nil {
		return nil, err
	}
	defer os.Remove(path)
	defer store.Close()
	at := historyBegins
	r := analytics.NewRecorder(location, at)
	r.Connected(at)
	var took []time.Duration
	for n := range int64(flushes) {
		at += analytics.Second
		for zone := range int32(zones) {
			r.Entry(tracker.Entry{Zone: zone + 1, At: at - analytics.Second/2})
			r.Exit(tracker.Exit{Zone: zone + 1, Entered: at - analytics.Second/2, Left: at - analytics.Second/4})
		}
		r.Follow(at)
		began := time.Now()
		batch := &analytics.Batch{}
		r.Flush(batch, analytics.State{At: at, Counted: at, Batch: n + 1})
		if err := analytics.Commit(store, batch); err != nil {
			return nil, err
		}
		r.Committed(n + 1)
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	return took, nil
}
