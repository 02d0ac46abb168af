package analytics_test

import (
	"errors"
	"testing"

	"github.com/footfall/footfall/analytics"
	"github.com/footfall/footfall/analytics/storetest"
	"github.com/footfall/footfall/tracker"
)

// years is a location where somebody comes by for an hour every few days.
func years(t *testing.T, store analytics.Store, days int64) (h truth) {
	t.Helper()
	b := &analytics.Batch{}
	p := &analytics.Profile{Location: 21, Timezone: "Europe/Helsinki", Zones: []analytics.Subject{{Number: 1, ID: "door"}}}
	if err := p.Put(b); err != nil {
		t.Fatal(err)
	}
	r := analytics.NewRecorder(21, noon)
	for i := range days / 3 {
		v := visit{zone: 1, entered: noon + 3*i*24*hour, left: noon + 3*i*24*hour + hour}
		h.visits = append(h.visits, v)
		r.Entry(tracker.Entry{Zone: 1, At: v.entered})
		r.Exit(tracker.Exit{Zone: 1, Entered: v.entered, Left: v.left})
		r.Follow(v.left)
		r.FlushClosed(b)
	}
	r.Follow(noon + days*24*hour)
	r.Flush(b, analytics.State{At: noon + days*24*hour, Batch: 1})
	if err := analytics.Commit(store, b); err != nil {
		t.Fatal(err)
	}
	return h
}

// tables counts what is scanned of each.
func readTables(t *testing.T, store analytics.Store) map[analytics.Table]int {
	t.Helper()
	n := map[analytics.Table]int{}
	err := store.View(func(v analytics.View) error {
		for table := range analytics.Tables {
			err := v.Scan(table, nil, nil, func([]byte, []byte) error { n[table]++; return nil })
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// applying counts Applies and fails the ones it is told to.
type applying struct {
	analytics.Store
	n     int
	fails func(n int) bool
}

func (a *applying) Apply(b *analytics.Batch) error {
	if a.n++; a.fails != nil && a.fails(a.n) {
		return errDiskFull
	}
	return a.Store.Apply(b)
}

func checkYears(t *testing.T, store analytics.Store, h truth, days int64) {
	t.Helper()
	q := analytics.Query{Kind: "occupancy", Locations: []int64{21}, From: noon - hour, To: noon + days*24*hour, Bucket: analytics.Bucket1mo, Now: noon + days*24*hour}
	k := known{h, q.Now, q.Now, q.Now}
	p := &analytics.Profile{Zones: []analytics.Subject{{Number: 1, ID: "door"}}}
	out, err := run(store, q, nil)
	if err != nil {
		t.Fatal(err)
	}
	cuts := cut(calendarOf(t, "Europe/Helsinki", 0), q.Bucket, q.From, q.To)
	if d := differences(q.Kind, out.rows, k.expect(q, p, cuts)); d != "" {
		t.Fatal(d)
	}
}

func TestDeriveInManyBatches(t *testing.T) {
	const days = 900
	store := &applying{Store: storetest.NewMemory()}
	h := years(t, store, days)
	store.n = 0
	if err := analytics.Derive(store, 21); err != nil {
		t.Fatal(err)
	}
	if store.n < 900/31 || store.n > 900/31+6 {
		t.Errorf("%d batches for %d days", store.n, days)
	}
	n := readTables(t, store)
	if n[analytics.Quarters] != days/3*5 || n[analytics.Days] != days/3 { // the exit is on the hour
		t.Errorf("%d quarter hours and %d days", n[analytics.Quarters], n[analytics.Days])
	}
	checkYears(t, store, h, days)
	store.n = 0
	if err := analytics.Derive(store, 21); err != nil || store.n != 0 {
		t.Errorf("with nothing to do: %v after %d batches", err, store.n)
	}
}

// Derive goes on where it was ended, and reports are right meanwhile.
func TestDeriveInterrupted(t *testing.T) {
	const days = 900
	store := &applying{Store: storetest.NewMemory()}
	h := years(t, store, days)
	for betweenDays := false; ; {
		turn := 0
		store.fails = func(int) bool { turn++; return turn > 4 } // 30 batches of quarter hours, 3 of days
		err := analytics.Derive(store, 21)
		checkYears(t, store, h, days)
		if err == nil {
			if !betweenDays {
				t.Error("it was never ended between days")
			}
			return
		}
		n := readTables(t, store)[analytics.Days]
		betweenDays = betweenDays || n > 0 && n < days/3
		if !errors.Is(err, errDiskFull) {
			t.Fatal(err)
		}
	}
}

func TestDeriveWithoutHistory(t *testing.T) {
	store := &applying{Store: storetest.NewMemory()}
	if err := analytics.Derive(store, 21); err != nil || store.n != 0 {
		t.Errorf("an unknown location: %v, %d batches", err, store.n)
	}
	b := &analytics.Batch{}
	p := &analytics.Profile{Location: 21, Timezone: "Europe/Helsinki"}
	if err := p.Put(b); err != nil {
		t.Fatal(err)
	}
	analytics.NewRecorder(21, noon).Flush(b, analytics.State{At: noon, Batch: 1})
	if err := analytics.Commit(store.Store, b); err != nil {
		t.Fatal(err)
	}
	if err := analytics.Derive(store, 21); err != nil {
		t.Errorf("a location where nothing happened: %v", err)
	}
	if n := readTables(t, store); n[analytics.Quarters]+n[analytics.Days] != 0 {
		t.Errorf("summed up nothing to %v", n)
	}
}

// An event may be stored before the time in which it lies is followed; what
// happened earlier comes in afterwards, and must be summed up too.
func TestDeriveBeforeFirstMinuteIsFollowed(t *testing.T) {
	store := storetest.NewMemory()
	b := &analytics.Batch{}
	p := &analytics.Profile{Location: 21, Timezone: "UTC"}
	if err := p.Put(b); err != nil {
		t.Fatal(err)
	}
	r := analytics.NewRecorder(21, noon)
	flush := func(number, now int64) {
		r.Flush(b, analytics.State{At: now, Batch: number})
		if err := analytics.Commit(store, b); err != nil {
			t.Fatal(err)
		}
		b = &analytics.Batch{}
		r.Committed(number)
		if err := analytics.Derive(store, 21); err != nil {
			t.Fatal(err)
		}
	}
	r.Entry(tracker.Entry{At: noon + hour})
	flush(1, noon+hour)
	r.Entry(tracker.Entry{At: noon + hour/2}) // of somebody else, known only now
	r.Follow(noon + 2*hour)
	flush(2, noon+2*hour)
	out, err := run(store, analytics.Query{Kind: "occupancy", Locations: []int64{21}, From: noon, To: noon + 2*hour, Bucket: analytics.Whole, Now: noon + 2*hour}, nil)
	if err != nil || out.rows[0].cells[1] != integer(2) || out.rows[0].cells[6] != decimal(9000) {
		t.Errorf("%v, %v; want 2 entries and 9,000 person-seconds", out.rows, err)
	}
}

func TestDeriveAnewAfterMove(t *testing.T) {
	store := storetest.NewMemory()
	h := years(t, store, 90)
	if err := analytics.Derive(store, 21); err != nil {
		t.Fatal(err)
	}
	p := &analytics.Profile{Location: 21, Timezone: "Asia/Kathmandu", DayStart: 17*60 + 45, Zones: []analytics.Subject{{Number: 1, ID: "door"}}}
	b := &analytics.Batch{}
	if err := p.Put(b); err != nil {
		t.Fatal(err)
	}
	if err := analytics.Commit(store, b); err != nil {
		t.Fatal(err)
	}
	ask := func() {
		t.Helper()
		q := analytics.Query{Kind: "occupancy", Locations: []int64{21}, From: noon - 24*hour, To: noon + 90*24*hour, Bucket: analytics.Bucket1d, Now: noon + 90*24*hour}
		out, err := run(store, q, nil)
		if err != nil {
			t.Fatal(err)
		}
		k := known{h, q.Now, q.Now, q.Now}
		if d := differences(q.Kind, out.rows, k.expect(q, p, cut(calendarOf(t, p.Timezone, p.DayStart), q.Bucket, q.From, q.To))); d != "" {
			t.Fatal(d)
		}
	}
	ask() // days of the old calendar are there, and not read
	if err := analytics.Derive(store, 21); err != nil {
		t.Fatal(err)
	}
	if n := readTables(t, store)[analytics.Days]; n != 30 {
		t.Errorf("%d days, want the 30 anew: the day begins at the hour of the visits", n)
	}
	ask()
}
