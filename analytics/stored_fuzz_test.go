package analytics_test

import (
	"bytes"
	"fmt"
	"math"
	"testing"

	"github.com/footfall/footfall/analytics"
	"github.com/footfall/footfall/analytics/storetest"
	"github.com/footfall/footfall/tracker"
)

// FuzzStoredRecord: whatever stands where any record of a location should, going on from
// it, summing it up and every report end, with an error or without, and every figure can be
// written.
func FuzzStoredRecord(f *testing.F) {
	store, records := fullStore(f)
	seen := map[string]bool{}
	for i, r := range records {
		kind := fmt.Sprint(r.table, r.key[8]) // a rollup's, or a part of what is kept of a location
		if seen[kind] {
			continue
		}
		seen[kind] = true
		f.Add(uint16(i), r.value)
		f.Add(uint16(i), r.value[:len(r.value)/2])
		if bytes.HasPrefix(r.value, []byte("{")) {
			f.Add(uint16(i), bytes.ReplaceAll(r.value, []byte("Europe/Helsinki"), []byte("Local")))
			f.Add(uint16(i), bytes.ReplaceAll(r.value, []byte("+240"), []byte("+99999999999")))
			f.Add(uint16(i), bytes.ReplaceAll(r.value, []byte("240"), []byte("-1")))
		}
	}
	f.Fuzz(func(t *testing.T, which uint16, value []byte) {
		r := records[int(which)%len(records)]
		put(t, store, r.table, r.key, value)
		defer restore(t, store, records)
		_ = store.View(func(v analytics.View) error { _, err := analytics.Load(v, 21); return err })
		if part := r.key[8]; part != 's' && part != 'r' { // one that begins or ends in another age is summed up from there, or to there
			_ = analytics.Derive(store, 21)
		}
		for _, kind := range analytics.Kinds() {
			q := query(func(q *analytics.Query) { q.Kind, q.To, q.Bucket = kind, q.From+4*hour, analytics.Bucket1h })
			out, err := run(store, q, nil)
			if err != nil {
				continue
			}
			for _, row := range out.rows {
				checkCells(t, kind, row.cells)
			}
		}
	})
}

func checkCells(t *testing.T, kind string, cells []analytics.Cell) {
	t.Helper()
	for i, c := range cells {
		if c.Type == analytics.Float && (math.IsNaN(c.Float) || math.IsInf(c.Float, 0)) {
			t.Fatalf("%s: %s is %v", kind, analytics.KindColumns(kind)[i].Name, c.Float)
		}
	}
}

type record struct {
	table analytics.Table
	key   []byte
	value []byte
}

// fullStore has something of every kind, in every table, at location 21.
func fullStore(t testing.TB) (*storetest.Memory, []record) {
	t.Helper()
	profile := &analytics.Profile{
		Location: 21, Timezone: "Europe/Helsinki", DayStart: 240, Capacity: 9, Gates: false,
		BounceUnder: 30 * analytics.Second, EngagedOver: 120 * analytics.Second, QueueGrace: 30 * analytics.Second,
		Zones: []analytics.Subject{{Number: 1, ID: "queue", Kind: "queue", Service: "till", WaitTarget: 180 * analytics.Second}, {Number: 2, ID: "till", Capacity: 2}},
		Lines: []analytics.Subject{{Number: 1, ID: "front"}},
	}
	profile.TakeFunnel([]string{"queue", "till"})
	r := analytics.NewRecorder(21, noon)
	r.GoBy(profile)
	r.Connected(noon)
	at := func(s int64) int64 { return noon + s*analytics.Second }
	for _, zone := range []int32{0, 1, 2} {
		r.Entry(tracker.Entry{Zone: zone, At: at(10 + int64(zone)), Person: 5})
	}
	r.Exit(tracker.Exit{Zone: 1, Entered: at(11), Left: at(12), Person: 5, Who: tracker.Class{Gender: tracker.Female, Age: tracker.Age25to34}})
	r.Flow(tracker.Flow{From: 1, To: 2, At: at(12)})
	r.Crossing(tracker.Crossing{Line: 1, Direction: 1, At: at(20)})
	r.Group(tracker.Group{At: at(15), People: 3})
	r.Follow(noon + 2*hour)
	b := &analytics.Batch{}
	r.Flush(b, analytics.State{At: noon + 2*hour, Counted: noon + 2*hour, Messages: 7, Batch: 1, Known: []int32{1, 2}})
	s := storetest.NewMemory()
	for _, err := range []error{profile.Put(b), analytics.PutUploads(b, 21, []analytics.Upload{{Key: "k", Body: "b", Answer: []byte("a")}}), analytics.Commit(s, b), analytics.Derive(s, 21)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	var all []record
	if err := s.View(func(v analytics.View) error {
		for table := range analytics.Tables {
			if err := v.Scan(table, nil, nil, func(key, value []byte) error {
				all = append(all, record{table, bytes.Clone(key), bytes.Clone(value)})
				return nil
			}); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return s, all
}

func put(t *testing.T, s analytics.Store, table analytics.Table, key, value []byte) {
	t.Helper()
	b := &analytics.Batch{}
	if value == nil {
		value = []byte{}
	}
	b.Put(table, key, value)
	if err := s.Apply(b); err != nil {
		t.Fatal(err)
	}
}

// restore puts everything back, and deletes what Derive has added.
func restore(t *testing.T, s *storetest.Memory, records []record) {
	t.Helper()
	b := &analytics.Batch{}
	if err := s.View(func(v analytics.View) error {
		for table := range analytics.Tables {
			if err := v.Scan(table, nil, nil, func(key, _ []byte) error { b.Delete(table, bytes.Clone(key)); return nil }); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	for _, r := range records {
		b.Put(r.table, r.key, r.value)
	}
	if err := s.Apply(b); err != nil {
		t.Fatal(err)
	}
}
