package analytics_test

import (
	"context"
	"runtime"
	"testing"

	"github.com/footfall/footfall/analytics"
)

// weighing is an output that looks now and then how much memory is in use.
type weighing struct {
	counter
	every int
	most  uint64
}

func (w *weighing) Row(r *analytics.Row) error {
	if w.rows%w.every == w.every/2 {
		w.most = max(w.most, liveHeap())
	}
	return w.counter.Row(r)
}

func liveHeap() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// Rows are streamed: a year takes no more memory than a day but for the buckets'
// bounds and coverage, 24 bytes each and as much again while they grow.
func TestReportMemoryDoesNotGrowWithTheRange(t *testing.T) {
	store, from, to, _ := year(t, 20)
	rs := &analytics.Reports{Store: store, Open: nobody}
	weigh := func(kind string, from int64) int64 {
		q := analytics.Query{Kind: kind, Locations: []int64{21}, From: from, To: to, Bucket: analytics.Bucket1h, Now: to}
		out := &weighing{every: int((to - from) / hour * 21 / 6)}
		before := liveHeap()
		if err := rs.Run(context.Background(), q, out); err != nil {
			t.Fatal(err)
		}
		return int64(out.most) - int64(before)
	}
	for _, kind := range []string{"occupancy", "dwell", "ledger"} {
		weigh(kind, from) // warms what is kept for good
		day, year := weigh(kind, to-24*hour), weigh(kind, from)
		buckets := (to - from) / hour
		t.Logf("%s: %d bytes for a day, %d for a year", kind, day, year)
		if year-day > 2*24*buckets+100_000 {
			t.Errorf("%s: %d bytes for a year of %d buckets, %d for a day", kind, year, buckets, day)
		}
	}
}
