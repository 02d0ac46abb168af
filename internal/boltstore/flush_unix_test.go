//go:build unix

package boltstore

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/footfall/footfall/analytics"
	"github.com/footfall/footfall/tracker"
	"github.com/footfall/footfall/zones"
)

const (
	flushTile  = 100.0
	flushBegin = int64(1_772_442_000_000_000)
)

// busy is a location as a flush finds it. The longest turn of its owner is timed, and the
// commit.
type busy struct {
	store      *Store
	tracker    *tracker.Tracker
	recorder   *analytics.Recorder
	checkpoint *analytics.Checkpoint
	random     *rand.Rand
	batch, now int64

	turns, commits []time.Duration // of each flush; the longest turn
	cpu            time.Duration
	keys           int
}

func newBusy(b *testing.B, side int) *busy {
	var features []string
	for i := range side * side {
		x, y := float64(i%side)*flushTile, float64(i/side)*flushTile
		features = append(features, fmt.Sprintf(`{"type":"Feature","id":"z%d","properties":{"location_id":1},"geometry":{"type":"Polygon","coordinates":[[[%g,%g],[%g,%g],[%g,%g],[%g,%g],[%g,%g]]]}}`,
			i, x, y, x+flushTile, y, x+flushTile, y+flushTile, x, y+flushTile, x, y))
	}
	set, err := zones.Parse([]byte(`{"type":"FeatureCollection","features":[` + strings.Join(features, ",") + `]}`))
	if err != nil {
		b.Fatal(err)
	}
	profile := &analytics.Profile{Location: 1, Timezone: "UTC"}
	f := &busy{store: open(b, filepath.Join(b.TempDir(), "footfall.db"), Options{}), now: flushBegin, random: rand.New(rand.NewPCG(1, 2))}
	f.recorder, f.checkpoint = analytics.NewRecorder(1, flushBegin), analytics.NewCheckpoint(1)
	f.recorder.Connected(flushBegin)
	f.tracker = tracker.New(tracker.DefaultSettings(), profile.Adopt(set.Plan(1)), f.recorder)
	return f
}

// report has everybody report once within a second, every nth of them from the
// next zone.
func (f *busy) report(people, nth, side int) {
	middle := func(n uint64) float64 { return (float64(n%uint64(side)) + 0.5) * flushTile }
	for id := range uint64(people) {
		moves := uint64(0)
		if nth > 0 {
			moves = (uint64(f.batch) + id) / uint64(nth)
		}
		home := id * 0x9E3779B97F4A7C15 >> 20
		f.now = flushBegin + f.batch*analytics.Second + int64(id)*analytics.Second/int64(people)
		f.tracker.Position(f.now, int64(id)*7919, middle(home+moves), middle(home/uint64(side))+f.random.Float64())
	}
}

// turn times the longest of a flush.
func (f *busy) turn(do func()) {
	began, last := time.Now(), len(f.turns)-1
	do()
	f.turns[last] = max(f.turns[last], time.Since(began))
}

func (f *busy) flush(b *testing.B) {
	began := cpuTime()
	batch := &analytics.Batch{}
	f.batch++
	f.turns = append(f.turns, 0)
	f.turn(func() { f.recorder.Follow(f.tracker.Sweep(f.now).Final) })
	for more := true; more; {
		f.turn(func() { more = f.checkpoint.PutBlocks(batch, f.tracker) })
	}
	f.turn(func() {
		f.checkpoint.PutChanges(batch, f.batch, f.tracker)
		f.recorder.Flush(batch, analytics.State{At: f.tracker.Now(), Batch: f.batch, Known: f.tracker.KnownZones()})
	})
	f.keys += batch.Len()
	committing := time.Now()
	if err := analytics.Commit(f.store, batch); err != nil {
		b.Fatal(err)
	}
	f.commits = append(f.commits, time.Since(committing))
	f.recorder.Committed(f.batch)
	f.cpu += cpuTime() - began
}

// cpuTime is the process's, of the system's side too.
func cpuTime() time.Duration {
	var used syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &used)
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

func (f *busy) forget() { f.turns, f.commits, f.cpu, f.keys = nil, nil, 0, 0 }

func (f *busy) tell(b *testing.B) {
	ms := func(all []time.Duration, q float64) float64 {
		slices.Sort(all)
		return float64(all[int(q*float64(len(all)-1))].Microseconds()) / 1000
	}
	n := float64(len(f.commits))
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(ms(f.turns, 0.5), "turn-p50-ms")
	b.ReportMetric(ms(f.turns, 0.99), "turn-p99-ms")
	b.ReportMetric(ms(f.commits, 0.5), "commit-p50-ms")
	b.ReportMetric(ms(f.commits, 0.99), "commit-p99-ms")
	b.ReportMetric(float64(f.cpu.Microseconds())/1000/n, "cpu-ms/flush")
	b.ReportMetric(float64(f.keys)/n, "keys/flush")
	b.ReportMetric(float64(f.store.Size()>>20), "file-MB")
}

// BenchmarkFlush is a flush each second into a real file: of 10,000 zones whose
// rollups all changed, and with a million people who all report, some from another
// zone each.
func BenchmarkFlush(b *testing.B) {
	run := func(name string, people, nth, side int) {
		b.Run(name, func(b *testing.B) {
			f := newBusy(b, side)
			for range 12 {
				f.report(people, nth, side)
				f.flush(b)
			}
			f.forget()
			for b.Loop() {
				b.StopTimer()
				f.report(people, nth, side)
				b.StartTimer()
				f.flush(b)
			}
			f.tell(b)
		})
	}
	run("rollups=10000", 25_000, 1, 72)
	run("people=1000000/moving=0", 1_000_000, 0, 10)
	run("people=1000000/moving=1%", 1_000_000, 100, 10)
	run("people=1000000/moving=6%", 1_000_000, 16, 10)
}
