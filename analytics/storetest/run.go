package storetest

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/footfall/footfall/analytics"
)

// suite is a store under test: how to get an empty one, closed when the test
// ends, and how to close one and open it again, nil where nothing outlives it.
type suite struct {
	open   func(*testing.T) analytics.Store
	reopen func(*testing.T, analytics.Store) analytics.Store
}

// Run checks that a store keeps the promises of [analytics.Store]. open returns
// an empty store and sees to its being closed when the test ends; reopen closes a
// store and opens it again, it is nil for a store that nothing outlives.
func Run(t *testing.T, open func(*testing.T) analytics.Store, reopen func(*testing.T, analytics.Store) analytics.Store) {
	s := suite{open, reopen}
	for name, test := range map[string]func(*testing.T, suite){
		"a new store is empty":                    testEmpty,
		"values are written, changed, deleted":    testWrites,
		"the last write of a batch holds":         testLastWrite,
		"an empty value is a value":               testEmptyValue,
		"tables are apart":                        testTables,
		"keys are in bytewise order":              testOrder,
		"a scan is half-open":                     testRanges,
		"an error ends a scan":                    testErrors,
		"reads within a scan":                     testNested,
		"the store keeps copies":                  testCopies,
		"a bad key leaves nothing of its batch":   testBadKey,
		"sizes":                                   testSizes,
		"a big batch":                             testBigBatch,
		"a view stands still":                     testView,
		"a view sees whole batches":               testAtomic,
		"batches of many writers are all there":   testWriters,
		"reopened, everything is there":           testReopen,
		"any sequence of batches agrees with map": testModel,
	} {
		t.Run(name, func(t *testing.T) { test(t, s) })
	}
}

func testEmpty(t *testing.T, s suite) {
	store := s.open(t)
	for table := range analytics.Tables {
		wantScan(t, store, table, nil, nil)
		wantValue(t, store, table, "k", nil)
	}
	apply(t, store, func(*analytics.Batch) {})
	wantScan(t, store, analytics.Minutes, nil, nil)
}

func testWrites(t *testing.T, s suite) {
	store := s.open(t)
	apply(t, store, func(b *analytics.Batch) {
		put(b, analytics.Days, "a", "1")
		put(b, analytics.Days, "b", "2")
		b.Delete(analytics.Days, []byte("absent"))
	})
	wantScan(t, store, analytics.Days, nil, nil, "a", "1", "b", "2")
	apply(t, store, func(b *analytics.Batch) {
		put(b, analytics.Days, "a", "longer than before")
		b.Delete(analytics.Days, []byte("b"))
		put(b, analytics.Days, "c", "3")
	})
	wantScan(t, store, analytics.Days, nil, nil, "a", "longer than before", "c", "3")
	wantValue(t, store, analytics.Days, "a", []byte("longer than before"))
	wantValue(t, store, analytics.Days, "b", nil)
	wantValue(t, store, analytics.Days, "", nil)
}

func testLastWrite(t *testing.T, s suite) {
	store := s.open(t)
	apply(t, store, func(b *analytics.Batch) { put(b, analytics.People, "gone", "0") })
	apply(t, store, func(b *analytics.Batch) {
		put(b, analytics.People, "twice", "1")
		put(b, analytics.People, "twice", "2")
		put(b, analytics.People, "gone", "1")
		b.Delete(analytics.People, []byte("gone"))
		b.Delete(analytics.People, []byte("back"))
		put(b, analytics.People, "back", "3")
	})
	wantScan(t, store, analytics.People, nil, nil, "back", "3", "twice", "2")
}

func testEmptyValue(t *testing.T, s suite) {
	store := s.open(t)
	apply(t, store, func(b *analytics.Batch) { b.Put(analytics.Minutes, []byte("k"), []byte{}) })
	wantValue(t, store, analytics.Minutes, "k", []byte{})
	wantScan(t, store, analytics.Minutes, nil, nil, "k", "")
	apply(t, store, func(b *analytics.Batch) { b.Put(analytics.Minutes, []byte("k"), nil) })
	wantValue(t, store, analytics.Minutes, "k", nil)
	wantScan(t, store, analytics.Minutes, nil, nil)
}

func testTables(t *testing.T, s suite) {
	store := s.open(t)
	apply(t, store, func(b *analytics.Batch) {
		for table := range analytics.Tables {
			put(b, table, "k", table.String())
		}
	})
	apply(t, store, func(b *analytics.Batch) { b.Delete(analytics.Quarters, []byte("k")) })
	for table := range analytics.Tables {
		if table == analytics.Quarters {
			wantScan(t, store, table, nil, nil)
			continue
		}
		wantScan(t, store, table, nil, nil, "k", table.String())
	}
}

func testOrder(t *testing.T, s suite) {
	store := s.open(t)
	keys := []string{"\x00", "\x00\x00", "\x00\x01", "\x01", "\x02", "a", "a\x00", "aa", "b", "\x7f", "\x80", "\xff", "\xff\x00", "\xff\xff"}
	var want []string
	for _, key := range keys {
		want = append(want, key, "v"+key)
	}
	for i := range keys { // neither forwards nor backwards, in several batches
		key := keys[i*5%len(keys)]
		apply(t, store, func(b *analytics.Batch) { put(b, analytics.Minutes, key, "v"+key) })
	}
	wantScan(t, store, analytics.Minutes, nil, nil, want...)
	for i, key := range keys {
		wantValue(t, store, analytics.Minutes, key, []byte("v"+key))
		wantScan(t, store, analytics.Minutes, []byte(key), nil, want[2*i:]...)
		wantScan(t, store, analytics.Minutes, nil, []byte(key), want[:2*i]...)
	}
}

func testRanges(t *testing.T, s suite) {
	store := s.open(t)
	apply(t, store, func(b *analytics.Batch) {
		for _, key := range []string{"b", "d", "f"} {
			put(b, analytics.Days, key, key)
		}
	})
	for _, c := range []struct {
		from, to []byte
		want     string
	}{
		{nil, nil, "bdf"},
		{[]byte{}, nil, "bdf"},
		{nil, []byte{}, ""},
		{[]byte("b"), []byte("f"), "bd"},
		{[]byte("b"), []byte("f\x00"), "bdf"},
		{[]byte("b\x00"), nil, "df"},
		{[]byte("a"), []byte("c"), "b"},
		{[]byte("c"), []byte("d"), ""},
		{[]byte("d"), []byte("d"), ""},
		{[]byte("f"), []byte("b"), ""},
		{[]byte("g"), nil, ""},
		{nil, []byte("a"), ""},
	} {
		var want []string
		for _, key := range c.want {
			want = append(want, string(key), string(key))
		}
		wantScan(t, store, analytics.Days, c.from, c.to, want...)
	}
}

func testBadKey(t *testing.T, s suite) {
	store := s.open(t)
	apply(t, store, func(b *analytics.Batch) { put(b, analytics.Days, "old", "1") })
	b := &analytics.Batch{}
	put(b, analytics.Minutes, "new", "2")
	put(b, analytics.Days, "", "3")
	put(b, analytics.Days, "old", "4")
	put(b, analytics.Locations, "new", "5")
	if err := store.Apply(b); err == nil {
		t.Error("a batch with an empty key was applied")
	}
	wantScan(t, store, analytics.Minutes, nil, nil)
	wantScan(t, store, analytics.Days, nil, nil, "old", "1")
	wantScan(t, store, analytics.Locations, nil, nil)
}

func testSizes(t *testing.T, s suite) {
	store := s.open(t)
	var want []string
	for i, size := range []int{0, 1, 100, 1_000, 4_096, 10_000, 300_000} {
		want = append(want, fmt.Sprintf("%d%s", i, bytes.Repeat([]byte("k"), min(size, 2_000))), string(bytes.Repeat([]byte{byte(i)}, size)))
	}
	apply(t, store, func(b *analytics.Batch) {
		for i := 0; i < len(want); i += 2 {
			put(b, analytics.People, want[i], want[i+1])
		}
	})
	wantScan(t, store, analytics.People, nil, nil, want...)
	for i := 0; i < len(want); i += 2 {
		wantValue(t, store, analytics.People, want[i], []byte(want[i+1]))
	}
}

func testBigBatch(t *testing.T, s suite) {
	store := s.open(t)
	const n = 20_000
	key := func(i int) string { return fmt.Sprintf("%08d", i) }
	var want []string
	apply(t, store, func(b *analytics.Batch) {
		for i := range n {
			put(b, analytics.Minutes, key(i), fmt.Sprint(i))
			want = append(want, key(i), fmt.Sprint(i))
		}
	})
	wantScan(t, store, analytics.Minutes, nil, nil, want...)
	wantScan(t, store, analytics.Minutes, []byte(key(777)), []byte(key(15_000)), want[2*777:2*15_000]...)
	apply(t, store, func(b *analytics.Batch) {
		for i := 100; i < n; i++ {
			b.Delete(analytics.Minutes, []byte(key(i)))
		}
	})
	wantScan(t, store, analytics.Minutes, nil, nil, want[:200]...)
	apply(t, store, func(b *analytics.Batch) {
		for i := range 100 {
			b.Delete(analytics.Minutes, []byte(key(i)))
		}
	})
	wantScan(t, store, analytics.Minutes, nil, nil)
}

func testReopen(t *testing.T, s suite) {
	if s.reopen == nil {
		t.Skip("nothing outlives this store")
	}
	store := s.open(t)
	apply(t, store, func(b *analytics.Batch) {
		put(b, analytics.Minutes, "k", "1")
		put(b, analytics.Locations, "k", "")
	})
	for range 2 {
		store = s.reopen(t, store)
		wantScan(t, store, analytics.Minutes, nil, nil, "k", "1")
		wantValue(t, store, analytics.Locations, "k", []byte{})
	}
	apply(t, store, func(b *analytics.Batch) { put(b, analytics.Minutes, "l", "2") })
	wantScan(t, s.reopen(t, store), analytics.Minutes, nil, nil, "k", "1", "l", "2")
}
