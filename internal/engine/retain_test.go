package engine

import (
	"context"
	"testing"

	"github.com/footfall/footfall/analytics"
	"github.com/footfall/footfall/analytics/storetest"
)

// What is old goes while counting goes on, and ages by the data: what a recording
// of long ago brought is kept as if it were of today.
func TestOldMinutesAreDeletedWhileServing(t *testing.T) {
	const day = 86_400.0
	store, set := storetest.NewMemory(), mustParse(t, shop)
	r := NewReplayer(store, plain(), set)
	for i := range 12 { // a visit every ten days
		from := float64(i) * 10 * day
		err := r.Add(context.Background(), "visit", scriptOf(position(from, 1, 50, 50), position(from+30, 1, 51, 50), lost(from+31, 1)))
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := r.Finish(); err != nil {
		t.Fatal(err)
	}
	all := minutes(t, store, 0)
	e := start(t, plain(), set, store)
	eventually(t, "old minutes to be deleted", func() bool { return minutes(t, store, at(20*day)) == 0 })
	e.stop()
	if n := minutes(t, store, 0); n != all*10/12 {
		t.Errorf("%d of %d minutes are left, want those of 10 visits of 12", n, all)
	}
	row := zoneRow(t, runReport(t, fromStoreNow(store), analytics.Query{Kind: "occupancy", From: at(-3600), To: at(120 * day), Now: at(120 * day)}), "west")
	if row["entries"] != int64(12) {
		t.Errorf("%v, want 12 entries", row)
	}
}

// minutes counts the stored ones before an instant, 0 for all.
func minutes(t *testing.T, store analytics.Store, before int64) (n int) {
	t.Helper()
	err := store.View(func(v analytics.View) error {
		return v.Scan(analytics.Minutes, nil, nil, func(key, _ []byte) error {
			start := int64(key[9])<<24 | int64(key[10])<<16 | int64(key[11])<<8 | int64(key[12])
			if before == 0 || start*analytics.Minute < before {
				n++
			}
			return nil
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}
