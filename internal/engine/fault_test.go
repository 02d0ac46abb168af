package engine

import (
	"errors"
	"sync/atomic"
	"testing"

	"github.com/footfall/footfall/analytics"
	"github.com/footfall/footfall/analytics/storetest"
	"github.com/footfall/footfall/signals/signalstest"
)

// fullDisk is a store that cannot write while full.
type fullDisk struct {
	*storetest.Memory
	full atomic.Bool
}

var errFull = errors.New("no space left on device")

func (s *fullDisk) Apply(b *analytics.Batch) error {
	if s.full.Load() {
		return errFull
	}
	return s.Memory.Apply(b)
}

func TestCountingGoesOnWhileTheDiskIsFull(t *testing.T) {
	sender, store := signalstest.NewSender(t), &fullDisk{Memory: storetest.NewMemory()}
	e := start(t, withFeed(plain(), sender.URL(), 7), mustParse(t, shop), store)
	send(t, sender, position(0, 1, 50, 50))
	eventually(t, "the first person", func() bool { return e.Counts(7).Occupancy == 1 })
	store.full.Store(true)
	send(t, sender, position(0, 2, 50, 50), position(0, 2, 150, 50), lost(0, 2))
	eventually(t, "a flush that fails", func() bool { return e.Status().Flush.Failures > 1 && errors.Is(e.Status().Flush.Error, errFull) })
	row := zoneRow(t, runReport(t, e.reports(store), today(analytics.Query{Kind: "occupancy"})), "east")
	if row["entries"] != int64(1) {
		t.Errorf("while the disk is full the report has %v", row)
	}
	store.full.Store(false)
	eventually(t, "a flush that succeeds", func() bool { return e.Status().Flush.Error == nil })
	e.stop()
	rows := runReport(t, fromStoreNow(store), today(analytics.Query{Kind: "occupancy"}))
	for zone, want := range map[string]int64{"location": 2, "west": 2, "east": 1} {
		if row := zoneRow(t, rows, zone); row["entries"] != want {
			t.Errorf("%s: %v stored, want %d entries", zone, row, want)
		}
	}
}
