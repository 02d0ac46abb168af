package analytics_test

import (
	"errors"
	"testing"

	"github.com/footfall/footfall/analytics"
	"github.com/footfall/footfall/analytics/storetest"
	"github.com/footfall/footfall/tracker"
)

// lane is a location with two zones, counted up to two days after noon and summed
// up, where flows come late.
type lane struct {
	t        *testing.T
	store    *flaky
	recorder *analytics.Recorder
	clock    *tracker.Tracker
	batch    int64
}

func newLane(t *testing.T) *lane {
	l := &lane{t: t, store: &flaky{Store: storetest.NewMemory()}, recorder: analytics.NewRecorder(21, noon)}
	b := &analytics.Batch{}
	p := &analytics.Profile{Location: 21, Timezone: "Europe/Helsinki", Zones: []analytics.Subject{{Number: 1, ID: "queue"}, {Number: 2, ID: "till"}}}
	l.must(p.Put(b))
	l.must(analytics.Commit(l.store, b))
	l.recorder.Connected(noon)
	l.flow() // not late
	l.recorder.Follow(noon + 48*hour)
	l.clock = tracker.New(tracker.DefaultSettings(), tracker.Layout{Plan: noZones()}, discard{})
	l.clock.Advance(noon + 48*hour)
	l.must(analytics.Commit(l.store, l.flush()))
	l.recorder.Committed(l.batch)
	return l
}

func (l *lane) must(err error) {
	l.t.Helper()
	if err != nil {
		l.t.Fatal(err)
	}
}

func (l *lane) flow() {
	l.recorder.Flow(tracker.Flow{From: 1, To: 2, At: noon + 30*analytics.Second})
}

func (l *lane) flush() *analytics.Batch {
	l.batch++
	b := &analytics.Batch{}
	l.recorder.Flush(b, analytics.State{At: noon + 48*hour, Batch: l.batch})
	return b
}

func (l *lane) restart() {
	l.must(l.store.View(func(v analytics.View) error {
		s, err := analytics.Load(v, 21)
		l.recorder = s.Recorder
		return err
	}))
}

func (l *lane) open() *analytics.Open { return l.recorder.Open(l.clock, noon+48*hour) }

// wants that many flows by every level, read through a copy of the open end.
func (l *lane) wants(n int64, open *analytics.Open, when string) {
	l.t.Helper()
	for _, b := range []analytics.Bucket{analytics.Bucket1m, analytics.Bucket15m, analytics.Bucket1d, analytics.Whole} {
		q := analytics.Query{Kind: "flows", Locations: []int64{21}, From: noon, To: noon + hour, Bucket: b, Now: noon + 48*hour}
		if b >= analytics.Bucket1d || b == analytics.Whole {
			q.From, q.To = noon-24*hour, noon+24*hour
		}
		out, err := run(l.store, q, open)
		l.must(err)
		got := int64(0)
		for _, r := range out.rows {
			if r.cells[0].Text == "queue" {
				got += r.cells[2].Int
			}
		}
		if got != n {
			l.t.Errorf("%s: %d flows by %q, want %d", when, got, b, n)
		}
	}
}

func TestLateFlowsCountOnce(t *testing.T) {
	for _, derived := range []bool{false, true} {
		l := newLane(t)
		if derived {
			l.must(analytics.Derive(l.store, 21))
		}
		l.wants(1, l.open(), "before")
		l.flow()
		l.flow()
		before := l.open()
		l.wants(3, before, "not flushed")
		b := l.flush()
		flushed := l.open()
		l.wants(3, flushed, "flushed")
		l.wants(3, before, "flushed, read through the copy before")
		l.must(analytics.Commit(l.store, b))
		l.wants(3, flushed, "committed, read through the copy before")
		l.wants(3, before, "committed, read through the copy before the flush")
		l.wants(3, l.open(), "committed")
		l.recorder.Committed(l.batch)
		l.wants(3, l.open(), "acknowledged")
		l.wants(3, nil, "from the store")
		l.restart()
		l.flow()
		l.wants(4, l.open(), "late after a restart")
	}
}

// A minute may be stored and still be in memory, behind an earlier one that is
// not: a late flow into it is in neither until it is stored.
func TestLateFlowsBehindMinutesThatAreNotStored(t *testing.T) {
	l := newLane(t)
	at := func(seconds int64) int64 { return noon + 48*hour + seconds*analytics.Second }
	flow := func(seconds int64) { l.recorder.Flow(tracker.Flow{From: 1, To: 2, At: at(seconds)}) }
	wants := func(n int64, open *analytics.Open, when string) {
		t.Helper()
		out, err := run(l.store, analytics.Query{Kind: "flows", Locations: []int64{21}, From: at(0), To: at(180), Now: at(180)}, open)
		l.must(err)
		if len(out.rows) != 1 || out.rows[0].cells[2] != integer(n) {
			t.Errorf("%s: %v, want %d flows", when, out.rows, n)
		}
	}
	l.recorder.Disconnected(at(0))
	l.recorder.Entry(tracker.Entry{Zone: 1, At: at(10)})
	flow(70)
	l.must(analytics.Commit(l.store, l.flush()))
	l.recorder.Exit(tracker.Exit{Zone: 1, Entered: at(10), Left: at(20)})
	l.recorder.Follow(at(130))
	l.recorder.Committed(l.batch) // the first minute has changed since, the second has not
	l.clock.Advance(at(130))
	wants(1, l.open(), "on time")
	flow(75)
	before := l.open()
	wants(2, before, "late")
	b := l.flush()
	flushed := l.open()
	l.must(analytics.Commit(l.store, b))
	wants(2, before, "committed, read through the copy before the flush")
	wants(2, flushed, "committed, read through the copy before")
	wants(2, l.open(), "committed")
	l.recorder.Committed(l.batch)
	wants(2, l.open(), "acknowledged")
}

// A batch that could not be written is tried again with what came since, and sums
// that were made meanwhile are added to.
func TestFailedCommitIsTriedAgain(t *testing.T) {
	l := newLane(t)
	l.flow()
	l.recorder.Flow(tracker.Flow{From: 2, To: 1, At: noon + 48*hour}) // not late: the batch has a minute, too
	b := l.flush()
	l.store.fails = true
	for range 2 {
		if err := analytics.Commit(l.store, b); !errors.Is(err, errDiskFull) {
			t.Fatal(err)
		}
	}
	l.wants(2, l.open(), "failed")
	l.wants(1, nil, "failed, from the store")
	l.store.fails = false
	l.must(analytics.Derive(l.store, 21))
	l.wants(2, l.open(), "failed, and summed up")
	l.flow()
	b.Absorb(l.flush())
	l.wants(3, l.open(), "absorbed")
	l.must(analytics.Commit(l.store, b))
	l.wants(3, l.open(), "tried again")
	l.recorder.Committed(l.batch)
	l.wants(3, l.open(), "acknowledged")
	l.wants(3, nil, "from the store")
}

func TestAbsorbedValuesGoFirst(t *testing.T) {
	store := storetest.NewMemory()
	var b, later, last analytics.Batch
	b.Put(analytics.People, []byte("a"), []byte("old"))
	b.Put(analytics.People, []byte("b"), []byte("old"))
	b.Put(analytics.People, []byte("c"), []byte("old"))
	later.Put(analytics.People, []byte("a"), []byte("new"))
	later.Delete(analytics.People, []byte("b"))
	later.Put(analytics.Locations, []byte("d"), []byte("new"))
	b.Absorb(&later)
	b.Absorb(&last)
	if b.Len() != 4 {
		t.Errorf("the batch has %d keys", b.Len())
	}
	if err := analytics.Commit(store, &b); err != nil {
		t.Fatal(err)
	}
	err := store.View(func(v analytics.View) error {
		for key, want := range map[string]string{"a": "new", "b": "", "c": "old"} {
			if got, _ := v.Get(analytics.People, []byte(key)); string(got) != want {
				t.Errorf("%s is %q, want %q", key, got, want)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
