package boltstore

import (
	"context"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"github.com/footfall/footfall/analytics"
	"github.com/footfall/footfall/tracker"
)

// shopYears is a shop whose history is stored hour by hour, summed up, and deleted
// in the engine's small turns.
type shopYears struct {
	t        *testing.T
	store    *Store
	recorder *analytics.Recorder
	random   *rand.Rand
	batch    int64
	slowest  time.Duration // turn of deletion
	deleted  int           // turns
}

const (
	yearsZones   = 8
	yearsBegin   = 1_735_689_600_000_000 // 2025-01-01T00:00:00Z
	yearsHour    = 60 * analytics.Minute
	yearsTurn    = 1000
	yearsDay     = 24 * yearsHour
	yearsMinutes = 9 * yearsDay  // a tenth of the default, so that
	yearsQuarter = 73 * yearsDay // ten years are one
)

func (s *shopYears) hour(from int64) {
	for zone := range int32(yearsZones) {
		for range 12 {
			entered := from + s.random.Int64N(50*analytics.Minute)
			left := entered + s.random.Int64N(10*analytics.Minute)
			s.recorder.Entry(tracker.Entry{Zone: zone, At: entered})
			s.recorder.Exit(tracker.Exit{Zone: zone, Entered: entered, Left: left, Who: tracker.ClassAt(s.random.IntN(24))})
		}
	}
	s.recorder.Follow(from + yearsHour)
	s.batch++
	b := &analytics.Batch{}
	s.recorder.Flush(b, analytics.State{At: from + yearsHour, Counted: from + yearsHour, Batch: s.batch})
	s.must(analytics.Commit(s.store, b))
	s.recorder.Committed(s.batch)
	s.must(analytics.Derive(s.store, 21))
	for more := true; more; s.deleted++ {
		began := time.Now()
		var err error
		more, err = analytics.Retain(s.store, 21, analytics.Keep{Minutes: yearsMinutes, Quarters: yearsQuarter}, yearsTurn)
		s.must(err)
		s.slowest = max(s.slowest, time.Since(began))
	}
}

func (s *shopYears) must(err error) {
	if err != nil {
		s.t.Fatal(err)
	}
}

// With retention the file stops growing while it is served, but for its days.
func TestFileStopsGrowing(t *testing.T) {
	days := int64(300)
	if testing.Short() {
		days = 150
	}
	path := filepath.Join(t.TempDir(), "footfall.db")
	store, err := Open(path, Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	s := &shopYears{t: t, store: store, recorder: analytics.NewRecorder(21, yearsBegin), random: rand.New(rand.NewPCG(1, 2))}
	p := &analytics.Profile{Location: 21, Timezone: "Europe/Helsinki"}
	for i := range int32(yearsZones) {
		p.Zones = append(p.Zones, analytics.Subject{Number: i + 1, ID: string('a' + i)})
	}
	b := &analytics.Batch{}
	s.must(p.Put(b))
	s.must(analytics.Commit(store, b))
	s.recorder.Connected(yearsBegin)
	var sizes []int64
	for day := range days {
		for hour := range int64(12) { // open from 9 to 21
			s.hour(yearsBegin + day*yearsDay + (9+hour)*yearsHour)
		}
		sizes = append(sizes, s.used())
	}
	full := sizes[100] // by then something of every level has been deleted
	last := sizes[len(sizes)-1]
	t.Logf("used: %d kB after 9 days, %d after 73, %d after 100, %d after %d; %d turns, the longest %v",
		sizes[8]>>10, sizes[72]>>10, full>>10, last>>10, days, s.deleted, s.slowest)
	if ofDays := (days - 100) * yearsZones * 400; last > full+ofDays+full/20 {
		t.Errorf("the file grew from %d to %d bytes between day 100 and day %d", full, last, days)
	}
	found, err := store.Verify(context.Background())
	if err != nil || len(found.Damage) > 0 || found.Lost > 0 {
		t.Errorf("%+v, %v", found, err)
	}
	t.Logf("%+v", found)
}

// used is how far the file has ever been written to, free pages included: it grows
// by more at a time.
func (s *shopYears) used() (size int64) {
	s.must(s.store.View(func(v analytics.View) error {
		h := v.(*view).header
		size = int64(h.pages) * int64(h.pageSize)
		return nil
	}))
	return size
}
