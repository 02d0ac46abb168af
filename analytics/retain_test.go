package analytics_test

import (
	"errors"
	"maps"
	"testing"

	"pgregory.net/rapid"

	"github.com/footfall/footfall/analytics"
	"github.com/footfall/footfall/analytics/storetest"
)

// retain deletes some of what is old, in one small turn or many.
func (s *shop) retain() {
	keep := analytics.Keep{
		Minutes:  rapid.Int64Range(0, 8).Draw(s.t, "minutes kept") * hour / 2,
		Quarters: rapid.Int64Range(0, 30).Draw(s.t, "quarters kept") * hour,
		Days:     rapid.SampledFrom([]int64{0, 0, 50, 70}).Draw(s.t, "days kept") * hour,
	}
	for range rapid.SampledFrom([]int{1, 2, 1000}).Draw(s.t, "turns") {
		more, err := analytics.Retain(s.store, s.profile.Location, keep, rapid.SampledFrom([]int{1, 7, 1000}).Draw(s.t, "keys a turn"))
		s.must(err)
		if !more {
			break
		}
	}
	for _, k := range []int64{keep.Minutes, keep.Quarters, keep.Days} {
		if k > 0 {
			s.retained = max(s.retained, s.stored.now-k)
		}
	}
}

// refused tells whether a report was refused for want of what is deleted. One
// that asks for none of it may not be.
func (s *shop) refused(q analytics.Query, err error) bool {
	var wrong *analytics.QueryError
	if !errors.As(err, &wrong) || !wrong.Gone {
		return false
	}
	if floor(q.From, analytics.Minute)-analytics.Minute >= s.retained {
		s.t.Fatalf("from %s was refused, and nothing after %s is deleted: %v", clockTime(q.From), clockTime(s.retained), err)
	}
	return true
}

const aDay = 24 * hour

// retainAll retains in small turns and returns how many there were.
func retainAll(t *testing.T, store analytics.Store, keep analytics.Keep) (turns int) {
	t.Helper()
	for more := true; more; turns++ {
		before := count(readTables(t, store))
		var err error
		if more, err = analytics.Retain(store, 21, keep, 300); err != nil {
			t.Fatal(err)
		}
		if n := before - count(readTables(t, store)); n > 300 {
			t.Fatalf("a turn of 300 keys deleted %d", n)
		}
	}
	return turns
}

func count(tables map[analytics.Table]int) (n int) {
	for _, keys := range tables {
		n += keys
	}
	return n
}

var keep = analytics.Keep{Minutes: 90 * aDay, Quarters: 365 * aDay}

func derived(t *testing.T, days int64) (*storetest.Memory, truth) {
	t.Helper()
	store := storetest.NewMemory()
	h := years(t, store, days)
	if err := analytics.Derive(store, 21); err != nil {
		t.Fatal(err)
	}
	b := &analytics.Batch{}
	r := analytics.NewRecorder(21, noon+days*aDay)
	r.Flush(b, analytics.State{At: noon + days*aDay, Counted: noon + days*aDay, Batch: 2})
	if err := analytics.Commit(store, b); err != nil {
		t.Fatal(err)
	}
	return store, h
}

func TestRetainKeepsWhatIsCoarser(t *testing.T) {
	const days = 900
	store, h := derived(t, days)
	before := readTables(t, store)
	if turns := retainAll(t, store, keep); turns < 15 {
		t.Errorf("%d turns", turns)
	}
	after := readTables(t, store)
	if after[analytics.Days] != before[analytics.Days] || after[analytics.Minutes]*9 > before[analytics.Minutes] || after[analytics.Minutes] == 0 ||
		after[analytics.Quarters]*2 > before[analytics.Quarters] || after[analytics.Quarters] < before[analytics.Quarters]/3 {
		t.Errorf("%v of %v are left", after, before)
	}
	for _, kind := range []string{"occupancy", "dwell", "ledger", "demographics"} {
		checkDays(t, store, h, kind, noon+days*aDay)
	}
}

// What is not summed up yet is not deleted, however old.
func TestRetainWaitsForSums(t *testing.T) {
	const days = 900
	store := storetest.NewMemory()
	h := years(t, store, days)
	b := &analytics.Batch{}
	r := analytics.NewRecorder(21, noon+days*aDay)
	r.Flush(b, analytics.State{At: noon + days*aDay, Counted: noon + days*aDay, Batch: 2})
	if err := analytics.Commit(store, b); err != nil {
		t.Fatal(err)
	}
	before := readTables(t, store)
	soon := analytics.Keep{Minutes: aDay, Quarters: aDay}
	if retainAll(t, store, soon); !maps.Equal(readTables(t, store), before) {
		t.Errorf("%v of %v are left", readTables(t, store), before)
	}
	for _, batches := range []int{3, 29} { // after some quarter hours, and after some days
		failing := &applying{Store: store, fails: func(n int) bool { return n > batches }}
		if err := analytics.Derive(failing, 21); !errors.Is(err, errDiskFull) {
			t.Fatal(err)
		}
		retainAll(t, store, soon)
	}
	if n := readTables(t, store); n[analytics.Days] == 0 || n[analytics.Quarters] == 0 {
		t.Errorf("%v are left: the days were not ended half way", n)
	}
	if err := analytics.Derive(store, 21); err != nil {
		t.Fatal(err)
	}
	checkDays(t, store, h, "occupancy", noon+days*aDay)
}

// checkDays compares reports over all that is kept by the day.
func checkDays(t *testing.T, store analytics.Store, h truth, kind string, now int64) {
	t.Helper()
	p := &analytics.Profile{Zones: []analytics.Subject{{Number: 1, ID: "door"}}}
	k, helsinki := known{h, now, now, now}, calendarOf(t, "Europe/Helsinki", 0)
	for _, b := range []analytics.Bucket{analytics.Whole, analytics.Bucket1d, analytics.Bucket1w, analytics.Bucket1mo} {
		q := analytics.Query{Kind: kind, Locations: []int64{21}, From: helsinki.Start(analytics.Bucket1d, noon), To: now, Bucket: b, Now: now}
		out, err := run(store, q, nil)
		if err != nil {
			t.Fatal(err)
		}
		if d := differences(kind, out.rows, k.expect(q, p, cut(helsinki, b, q.From, q.To))); d != "" {
			t.Fatal(d)
		}
	}
}

// The ledger begins with who was in before, from the quarter hour where the minute
// is deleted.
func TestLedgerBeginsWithWhatIsCoarser(t *testing.T) {
	const days = 900
	store, h := derived(t, days)
	retainAll(t, store, keep)
	now := noon + days*aDay
	q := analytics.Query{Kind: "ledger", Locations: []int64{21}, From: noon + 600*aDay + hour/2, To: noon + 600*aDay + 2*hour, Now: now}
	out, err := run(store, q, nil)
	if err != nil {
		t.Fatal(err)
	}
	k := known{h, now, now, now}
	p := &analytics.Profile{Zones: []analytics.Subject{{Number: 1, ID: "door"}}}
	if d := differences(q.Kind, out.rows, k.expect(q, p, cut(calendarOf(t, "Europe/Helsinki", 0), q.Bucket, q.From, q.To))); d != "" {
		t.Fatal(d)
	}
	if from := out.rows[1].cells[1]; from != integer(1) {
		t.Errorf("%v were in before, want the visitor", from)
	}
}
