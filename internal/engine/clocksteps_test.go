package engine

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/footfall/footfall/analytics"
	"github.com/footfall/footfall/analytics/storetest"
	"github.com/footfall/footfall/signals/signalstest"
)

// The wall clock is set while somebody is in: people still come and go, no visit has a
// dwell below 0 or of the step's length, and no hour is counted twice or more than whole.
func TestTheWallClockIsSetWhilePeopleAreIn(t *testing.T) {
	for name, steps := range map[string][]time.Duration{
		"back by an hour":            {-time.Hour},
		"forward by a day":           {24 * time.Hour},
		"back and forward again":     {-time.Hour, 0},
		"forward and back again":     {24 * time.Hour, 0},
		"forward by less than a gap": {30 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			sender, store := signalstest.NewSender(t), storetest.NewMemory()
			var step atomic.Int64
			e := startStepping(t, sender.URL(), store, &step)
			send(t, sender, position(0, 1, 50, 50), position(0, 2, 50, 80))
			eventually(t, "both", func() bool { return occupancyOf(e.Counts(7), "west") == 2 })
			for i, d := range steps {
				step.Store(int64(d))
				person := int64(10 + i)
				send(t, sender, position(0, person, 50, 50), position(0, 1, 150, 50))
				eventually(t, "who comes after the step", func() bool { return occupancyOf(e.Counts(7), "west") >= 1 && occupancyOf(e.Counts(7), "east") == 1 })
				send(t, sender, position(0, 1, 50, 50), lost(0, person))
				eventually(t, "who goes after the step", func() bool { return occupancyOf(e.Counts(7), "east") == 0 })
			}
			send(t, sender, lost(0, 1), lost(0, 2))
			eventually(t, "everybody to be gone", func() bool { return e.Counts(7).Occupancy == 0 })
			q := analytics.Query{From: time.Now().Add(-3 * time.Hour).UnixMicro(), To: time.Now().Add(30 * time.Hour).UnixMicro(), Bucket: analytics.Bucket1h, Now: e.Now()}
			checkSteppedHours(t, e, store, q)
		})
	}
}

// startStepping is start with a wall clock that is step off.
func startStepping(t *testing.T, feed string, store analytics.Store, step *atomic.Int64) *running {
	t.Helper()
	e, err := New(Options{Config: withFeed(plain(), feed, 7), Zones: mustParse(t, shop), Store: store, Logger: quiet(), Wall: time.Now, FlushEvery: 50 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	base := time.Now()
	e.clock.read = func() reading {
		now := time.Now()
		return reading{mono: now.Sub(base), wall: now.UnixMicro() + step.Load()/1000}
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- e.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("Run: %v", err)
		}
	})
	return &running{Engine: e}
}

func checkSteppedHours(t *testing.T, e *running, store analytics.Store, q analytics.Query) {
	t.Helper()
	entries, exits, seen := int64(0), int64(0), map[any]bool{}
	q.Kind, q.Zones = "occupancy", []string{"location"}
	for _, row := range runReport(t, e.reports(store), q) {
		if seen[row["start"]] {
			t.Errorf("the hour %v is there twice", row["start"])
		}
		seen[row["start"]] = true
		if coverage, is := row["coverage"].(float64); is && (coverage < 0 || coverage > 1) {
			t.Errorf("coverage %v", coverage)
		}
		in, is := row["entries"].(int64)
		if !is {
			continue
		}
		entries, exits = entries+in, exits+row["exits"].(int64)
		if seconds := row["person_seconds"].(float64); seconds < 0 || seconds > 300 {
			t.Errorf("%v person-seconds in %v", seconds, row["start"])
		}
	}
	if entries != exits || entries < 3 {
		t.Errorf("%d entries, %d exits", entries, exits)
	}
	q.Kind, q.Bucket = "dwell", analytics.Whole
	row := runReport(t, e.reports(store), q)[0]
	mean, longest := row["dwell_mean"].(float64), row["dwell_max"].(float64)
	if row["visits"] != exits || mean < 0 || longest < mean || longest > 120 {
		t.Errorf("%d exits: %v", exits, row)
	}
}
