package analytics_test

import (
	"slices"
	"testing"

	"github.com/footfall/footfall/analytics"
)

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
	k := known{h, now, now, now}
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
