package storetest

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/footfall/footfall/analytics"
)

// model is what a store should hold.
type model [analytics.Tables]map[string]string

// testModel applies random batches, opens again now and then, and compares with
// maps after each step.
func testModel(t *testing.T, s suite) {
	rapid.Check(t, func(r *rapid.T) {
		store, m := s.open(t), model{}
		for table := range m {
			m[table] = map[string]string{}
		}
		r.Repeat(map[string]func(*rapid.T){
			"": func(r *rapid.T) { m.check(r, store) },
			"apply": func(r *rapid.T) {
				b := &analytics.Batch{}
				for range rapid.IntRange(1, 30).Draw(r, "writes") {
					m.write(r, b)
				}
				if err := store.Apply(b); err != nil {
					r.Fatal(err)
				}
			},
			"delete a range": func(r *rapid.T) {
				b, table, from, to := &analytics.Batch{}, drawTable(r), drawKey(r), drawKey(r)
				for key := range m[table] {
					if key >= from && key < to {
						b.Delete(table, []byte(key))
						delete(m[table], key)
					}
				}
				if err := store.Apply(b); err != nil {
					r.Fatal(err)
				}
			},
			"reopen": func(*rapid.T) {
				if s.reopen != nil {
					store = s.reopen(t, store)
				}
			},
		})
	})
}

func drawTable(r *rapid.T) analytics.Table {
	return analytics.Table(rapid.IntRange(0, int(analytics.Tables)-1).Draw(r, "table"))
}

// drawKey draws from few keys, so that they meet again, of very different length.
func drawKey(r *rapid.T) string {
	key := rapid.SliceOfN(rapid.SampledFrom([]byte{0, 1, 2, 'a', 'b', 255}), 1, 4).Draw(r, "key")
	return string(bytes.Repeat(key, rapid.SampledFrom([]int{1, 1, 1, 50, 400}).Draw(r, "times")))
}

func (m *model) write(r *rapid.T, b *analytics.Batch) {
	table, key := drawTable(r), drawKey(r)
	if rapid.IntRange(0, 3).Draw(r, "delete") == 0 {
		delete(m[table], key)
		b.Delete(table, []byte(key))
		return
	}
	length := rapid.SampledFrom([]int{0, 1, 60, 60, 900, 9_000}).Draw(r, "length")
	value := bytes.Repeat([]byte{rapid.Byte().Draw(r, "value")}, length)
	m[table][key] = string(value)
	b.Put(table, []byte(key), value)
}

func (m *model) check(r *rapid.T, store analytics.Store) {
	from, to, absent := drawKey(r), drawKey(r), drawKey(r)
	view(r, store, func(v analytics.View) error {
		for table := range analytics.Tables {
			if err := m.compare(v, table, nil, nil); err != nil {
				return err
			}
			if err := m.compare(v, table, []byte(from), []byte(to)); err != nil {
				return err
			}
			got, err := v.Get(table, []byte(absent))
			if want, ok := m[table][absent]; err != nil || string(got) != want || (got != nil) != ok {
				return fmt.Errorf("%v: %.20q is %.20q, %w, want %.20q", table, absent, got, err, want)
			}
		}
		return nil
	})
}

func (m *model) compare(v analytics.View, table analytics.Table, from, to []byte) error {
	var want []string
	for _, key := range slices.Sorted(maps.Keys(m[table])) {
		if key >= string(from) && (to == nil || key < string(to)) {
			want = append(want, key, m[table][key])
		}
	}
	got, err := scan(v, table, from, to)
	if err == nil && !slices.Equal(got, want) {
		err = fmt.Errorf("%v from %.20q to %.20q: %d entries, want %d", table, from, to, len(got)/2, len(want)/2)
	}
	return err
}
