package storetest

import (
	"bytes"

	"pgregory.net/rapid"

	"github.com/footfall/footfall/analytics"
)

func put(b *analytics.Batch, table analytics.Table, key, value string) {
	b.Put(table, []byte(key), []byte(value))
}

func apply(t rapid.TB, s analytics.Store, fill func(*analytics.Batch)) {
	t.Helper()
	b := &analytics.Batch{}
	fill(b)
	if err := s.Apply(b); err != nil {
		t.Fatal(err)
	}
}

func view(t rapid.TB, s analytics.Store, fn func(analytics.View) error) {
	t.Helper()
	if err := s.View(fn); err != nil {
		t.Fatal(err)
	}
}

// wantValue wants exactly this value; nil is no such key.
func wantValue(t rapid.TB, s analytics.Store, table analytics.Table, key string, want []byte) {
	t.Helper()
	view(t, s, func(v analytics.View) error {
		got, err := v.Get(table, []byte(key))
		if !bytes.Equal(got, want) || (got == nil) != (want == nil) {
			t.Errorf("%v: %.40q has %.40q (nil: %v), want %.40q", table, key, got, got == nil, want)
		}
		return err
	})
}

// wantScan wants keys and values by turns.
func wantScan(t rapid.TB, s analytics.Store, table analytics.Table, from, to []byte, want ...string) {
	t.Helper()
	view(t, s, func(v analytics.View) error {
		got, err := scan(v, table, from, to)
		if err != nil {
			return err
		}
		for i := 0; i < max(len(got), len(want)); i += 2 {
			if i >= len(got) || i >= len(want) || got[i] != want[i] || got[i+1] != want[i+1] {
				t.Fatalf("%v from %.20q to %.20q: %d entries, %d wanted, they differ at %d: %.60q",
					table, from, to, len(got)/2, len(want)/2, i/2, got[min(i, len(got)):min(i+2, len(got))])
			}
		}
		return nil
	})
}

func scan(v analytics.View, table analytics.Table, from, to []byte) (got []string, err error) {
	err = v.Scan(table, from, to, func(key, value []byte) error {
		got = append(got, string(key), string(value))
		return nil
	})
	return got, err
}
