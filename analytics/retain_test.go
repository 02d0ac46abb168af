package analytics_test

import (
	"errors"
	"maps"
	"slices"
	"strings"
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
		if more, err = analytics.Retain(store, 21, keep, 100); err != nil {
			t.Fatal(err)
		}
		if n := before - count(readTables(t, store)); n > 100 {
			t.Fatalf("a turn of 100 keys deleted %d", n)
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
	if turns := retainAll(t, store, keep); turns < 100 {
		t.Errorf("%d turns", turns)
	}
	after := readTables(t, store)
	if after[analytics.Days] != before[analytics.Days] || after[analytics.Minutes]*9 > before[analytics.Minutes] || after[analytics.Minutes] == 0 ||
		after[analytics.Quarters]*2 > before[analytics.Quarters] || after[analytics.Quarters] < before[analytics.Quarters]/3 {
		t.Errorf("%v of %v are left", after, before)
	}
	p := &analytics.Profile{Zones: []analytics.Subject{{Number: 1, ID: "door"}}}
	k := known{h, noon + days*aDay, noon + days*aDay}
	helsinki := calendarOf(t, "Europe/Helsinki", 0)
	for _, kind := range []string{"occupancy", "dwell", "ledger", "demographics"} {
		for _, b := range []analytics.Bucket{analytics.Whole, analytics.Bucket1d, analytics.Bucket1w, analytics.Bucket1mo} {
			q := analytics.Query{Kind: kind, Locations: []int64{21}, From: helsinki.Start(analytics.Bucket1d, noon), To: k.now, Bucket: b, Now: k.now}
			out, err := run(store, q, nil)
			if err != nil {
				t.Fatal(err)
			}
			if d := differences(kind, out.rows, k.expect(q, p, cut(helsinki, b, q.From, q.To))); d != "" {
				t.Fatal(d)
			}
		}
	}
}

// A report over what is deleted says what is kept, and none is answered with less
// than all.
func TestReportsRefuseWhatIsDeleted(t *testing.T) {
	const days = 900
	store, h := derived(t, days)
	retainAll(t, store, keep)
	now := noon + days*aDay
	for name, tt := range map[string]struct {
		from, to int64
		bucket   analytics.Bucket
		tz, want string
	}{
		"minutes":                     {now - 91*aDay, now - 90*aDay, analytics.Bucket1m, "", "the minutes of location 21 before"},
		"minutes that are kept":       {now - 89*aDay, now - 88*aDay, analytics.Bucket1m, "", ""},
		"quarter hours":               {now - 91*aDay, now, analytics.Bucket15m, "", ""},
		"an end off the quarter hour": {now - 92*aDay, now - 91*aDay + 8*analytics.Minute, analytics.Whole, "", "or for whole quarter hours"},
		"a beginning off it":          {now - 92*aDay + analytics.Minute, now - 91*aDay, analytics.Whole, "", "and this report needs them from"},
		"hours":                       {now - 367*aDay, now - 366*aDay, analytics.Bucket1h, "", "beginning at 00:00 in Europe/Helsinki"},
		"days of elsewhere":           {now - 400*aDay - 12*hour, now, analytics.Bucket1d, "UTC", "the quarter hours of location 21 before"},
	} {
		t.Run(name, func(t *testing.T) {
			q := analytics.Query{Kind: "occupancy", Locations: []int64{21}, From: tt.from, To: tt.to, Bucket: tt.bucket, Timezone: tt.tz, Now: now}
			out, err := run(store, q, nil)
			if tt.want != "" {
				var wrong *analytics.QueryError
				if !errors.As(err, &wrong) || !wrong.Gone || !strings.Contains(err.Error(), tt.want) || out.begun != 0 {
					t.Fatalf("%v after %d rows, want %q", err, len(out.rows), tt.want)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			k := known{h, now, now}
			p := &analytics.Profile{Zones: []analytics.Subject{{Number: 1, ID: "door"}}}
			if d := differences(q.Kind, out.rows, k.expect(q, p, cut(calendarOf(t, "Europe/Helsinki", 0), q.Bucket, q.From, q.To))); d != "" {
				t.Fatal(d)
			}
		})
	}
}

// What is not summed up yet is not deleted, however old.
func TestRetainWaitsForSums(t *testing.T) {
	const days = 300
	store := storetest.NewMemory()
	h := years(t, store, days)
	b := &analytics.Batch{}
	r := analytics.NewRecorder(21, noon+days*aDay)
	r.Flush(b, analytics.State{At: noon + days*aDay, Counted: noon + days*aDay, Batch: 2})
	if err := analytics.Commit(store, b); err != nil {
		t.Fatal(err)
	}
	before := readTables(t, store)
	soon := analytics.Keep{Minutes: aDay, Quarters: aDay, Days: aDay}
	if retainAll(t, store, soon); !maps.Equal(readTables(t, store), before) {
		t.Errorf("%v of %v are left", readTables(t, store), before)
	}
	failing := &applying{Store: store, fails: func(n int) bool { return n > 3 }} // after some quarter hours
	if err := analytics.Derive(failing, 21); !errors.Is(err, errDiskFull) {
		t.Fatal(err)
	}
	retainAll(t, store, soon)
	if err := analytics.Derive(store, 21); err != nil {
		t.Fatal(err)
	}
	checkYears(t, store, h, days)
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
	k := known{h, now, now}
	p := &analytics.Profile{Zones: []analytics.Subject{{Number: 1, ID: "door"}}}
	if d := differences(q.Kind, out.rows, k.expect(q, p, cut(calendarOf(t, "Europe/Helsinki", 0), q.Bucket, q.From, q.To))); d != "" {
		t.Fatal(d)
	}
	if from := out.rows[1].cells[1]; from != integer(1) {
		t.Errorf("%v were in before, want the visitor", from)
	}
}

// After a move to another calendar, days whose quarter hours are deleted stay as
// they were, and are told by their own calendar.
func TestRetainedDaysSurviveMoves(t *testing.T) {
	const days = 900
	store, h := derived(t, days)
	retainAll(t, store, keep)
	now := noon + days*aDay
	p := &analytics.Profile{Location: 21, Timezone: "Asia/Kathmandu", DayStart: 300, Zones: []analytics.Subject{{Number: 1, ID: "door"}}}
	for range 2 {
		b := &analytics.Batch{}
		if err := p.Put(b); err != nil {
			t.Fatal(err)
		}
		if err := analytics.Commit(store, b); err != nil {
			t.Fatal(err)
		}
		if err := analytics.Derive(store, 21); err != nil {
			t.Fatal(err)
		}
		retainAll(t, store, analytics.Keep{Minutes: 90 * aDay, Quarters: 300 * aDay})
		p.DayStart = 0
	}
	helsinki := calendarOf(t, "Europe/Helsinki", 0)
	k := known{h, now, now}
	for _, to := range []int64{now, helsinki.Start(analytics.Bucket1d, now-500*aDay)} {
		q := analytics.Query{Kind: "occupancy", Locations: []int64{21}, From: helsinki.Start(analytics.Bucket1d, noon), To: to, Now: now}
		out, err := run(store, q, nil)
		if err != nil {
			t.Fatal(err)
		}
		if d := differences(q.Kind, out.rows, k.expect(q, p, cut(helsinki, q.Bucket, q.From, q.To))); d != "" {
			t.Fatal(d)
		}
	}
}

// Every kind of rollup is deleted, those of other versions included, and nothing
// of another location.
func TestRetainTakesAnyKind(t *testing.T) {
	store, _ := derived(t, 300)
	key := func(location int64, kind byte, tail string) []byte {
		k := []byte{0x80, 0, 0, 0, 0, 0, 0, byte(location), kind}
		m := uint32(noon / analytics.Minute)
		return append(append(k, byte(m>>24), byte(m>>16), byte(m>>8), byte(m)), tail...)
	}
	b := &analytics.Batch{}
	for _, kind := range []byte{0, 'g', 'h', 255} {
		b.Put(analytics.Minutes, key(21, kind, "cells of a kind of its own"), []byte("?"))
	}
	b.Put(analytics.Minutes, key(20, 'h', "cells"), []byte("?"))
	b.Put(analytics.Minutes, key(22, 'c', "cells"), []byte("?"))
	if err := store.Apply(b); err != nil {
		t.Fatal(err)
	}
	retainAll(t, store, keep)
	var left []byte
	err := store.View(func(v analytics.View) error {
		return v.Scan(analytics.Minutes, nil, nil, func(key, value []byte) error {
			if string(value) == "?" {
				left = append(left, key[7])
			}
			return nil
		})
	})
	if err != nil || !slices.Equal(left, []byte{20, 22}) {
		t.Errorf("keys of locations %d are left, %v", left, err)
	}
}
