package storetest

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/footfall/footfall/analytics"
)

func testErrors(t *testing.T, s suite) {
	store := s.open(t)
	apply(t, store, func(b *analytics.Batch) {
		for i := range 10 {
			put(b, analytics.Days, fmt.Sprint(i), "")
		}
	})
	stop, seen := errors.New("stop"), 0
	err := store.View(func(v analytics.View) error {
		err := v.Scan(analytics.Days, nil, nil, func([]byte, []byte) error {
			if seen++; seen == 3 {
				return stop
			}
			return nil
		})
		if !errors.Is(err, stop) {
			t.Errorf("Scan returned %v, not the visitor's error", err)
		}
		return err
	})
	if !errors.Is(err, stop) || seen != 3 {
		t.Errorf("View returned %v after %d visits", err, seen)
	}
}

func testNested(t *testing.T, s suite) {
	store := s.open(t)
	apply(t, store, func(b *analytics.Batch) {
		for i := range 300 {
			put(b, analytics.Minutes, fmt.Sprintf("%03d", i), fmt.Sprint(i))
			put(b, analytics.Days, fmt.Sprintf("%03d", i), fmt.Sprint(-i))
		}
	})
	view(t, store, func(v analytics.View) error {
		n := 0
		return v.Scan(analytics.Minutes, nil, nil, func(key, value []byte) error {
			other, err := v.Get(analytics.Days, key)
			if err != nil {
				return err
			}
			rest, err := scan(v, analytics.Minutes, key, nil)
			if string(key) != fmt.Sprintf("%03d", n) || string(value) != fmt.Sprint(n) || string(other) != fmt.Sprint(-n) || len(rest) != 2*(300-n) {
				t.Fatalf("at %d: key %q, value %q, other %q, %d to come", n, key, value, other, len(rest)/2)
			}
			n++
			return err
		})
	})
}

func testCopies(t *testing.T, s suite) {
	store := s.open(t)
	key, value := []byte("key"), []byte("value")
	apply(t, store, func(b *analytics.Batch) {
		b.Put(analytics.Days, key, value)
		put(b, analytics.Days, "kez", "next")
	})
	copy(key, "XXX")
	copy(value, "XXXXX")
	view(t, store, func(v analytics.View) error { // what is read ends where it ends
		return v.Scan(analytics.Days, nil, nil, func(key, value []byte) error {
			_, _ = append(key, "XXXXXXXX"...), append(value, "XXXXXXXX"...)
			return nil
		})
	})
	wantScan(t, store, analytics.Days, nil, nil, "key", "value", "kez", "next")
}

// within fails the test if fn does not come back.
func within(t *testing.T, what string, fn func()) {
	t.Helper()
	done := make(chan struct{})
	go func() {
		defer close(done)
		fn()
	}()
	select {
	case <-done:
	case <-time.After(30 * time.Second):
		t.Fatal(what)
	}
}

func testView(t *testing.T, s suite) {
	store := s.open(t)
	apply(t, store, func(b *analytics.Batch) {
		put(b, analytics.Days, "changed", "old")
		put(b, analytics.Days, "deleted", "old")
	})
	view(t, store, func(v analytics.View) error {
		before, err := v.Get(analytics.Days, []byte("changed"))
		if err != nil {
			return err
		}
		within(t, "Apply waits for a view", func() {
			for i := range 50 { // enough for the store to want room for itself
				apply(t, store, func(b *analytics.Batch) {
					put(b, analytics.Days, "changed", "new")
					b.Delete(analytics.Days, []byte("deleted"))
					for j := range 200 {
						put(b, analytics.Days, fmt.Sprintf("added %d %d", i%5, j), fmt.Sprint(i))
					}
				})
			}
		})
		if string(before) != "old" {
			t.Errorf("what was read is %q by now", before)
		}
		got, err := scan(v, analytics.Days, nil, nil)
		if want := []string{"changed", "old", "deleted", "old"}; fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("the view has changed: %.200q", got)
		}
		return err
	})
	wantValue(t, store, analytics.Days, "changed", []byte("new"))
	wantValue(t, store, analytics.Days, "deleted", nil)
	wantValue(t, store, analytics.Days, "added 4 199", []byte("49"))
}

// testAtomic applies batches that write one number everywhere, while views look
// whether it is the same everywhere.
func testAtomic(t *testing.T, s suite) {
	store := s.open(t)
	const batches, keys = 150, 40
	write := func(n int) {
		b := &analytics.Batch{}
		value := binary.BigEndian.AppendUint32(nil, uint32(n))
		for table := range analytics.Tables {
			for i := range keys {
				b.Put(table, fmt.Appendf(nil, "%d", i), value)
			}
			b.Put(table, fmt.Appendf(nil, "only %d", n), value)
			b.Delete(table, fmt.Appendf(nil, "only %d", n-1))
		}
		if err := store.Apply(b); err != nil {
			t.Error(err)
		}
	}
	write(1)
	done := make(chan struct{})
	var readers sync.WaitGroup
	for range 2 {
		readers.Go(func() {
			for last := uint32(0); ; {
				select {
				case <-done:
					return
				default:
				}
				last = checkUniform(t, store, keys+1, last)
			}
		})
	}
	for n := 2; n <= batches; n++ {
		write(n)
	}
	close(done)
	readers.Wait()
}

// checkUniform wants one number in every entry, no lower than the last one seen.
func checkUniform(t *testing.T, store analytics.Store, keys int, last uint32) (seen uint32) {
	err := store.View(func(v analytics.View) error {
		for table := range analytics.Tables {
			n := 0
			err := v.Scan(table, nil, nil, func(key, value []byte) error {
				got := binary.BigEndian.Uint32(value)
				if n++; seen == 0 {
					seen = got
				}
				if got != seen || got < last {
					t.Errorf("%v, %s: batch %d in a view of batch %d after %d", table, key, got, seen, last)
				}
				return nil
			})
			if err != nil || n != keys {
				return errors.Join(err, fmt.Errorf("%v: %d keys", table, n))
			}
		}
		only, err := v.Get(analytics.Days, fmt.Appendf(nil, "only %d", seen))
		if !bytes.Equal(only, binary.BigEndian.AppendUint32(nil, seen)) {
			t.Errorf("batch %d: its own key has %x", seen, only)
		}
		return err
	})
	if err != nil {
		t.Errorf("after batch %d: %v", last, err)
	}
	return seen
}

func testWriters(t *testing.T, s suite) {
	store := s.open(t)
	const writers, batches = 4, 25
	var all sync.WaitGroup
	for w := range writers {
		all.Go(func() {
			for i := range batches {
				b := &analytics.Batch{}
				put(b, analytics.People, fmt.Sprintf("%d %02d", w, i), "here")
				if err := store.Apply(b); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	var want []string
	for w := range writers {
		for i := range batches {
			want = append(want, fmt.Sprintf("%d %02d", w, i), "here")
		}
	}
	wantScan(t, store, analytics.People, nil, nil, want...)
}
