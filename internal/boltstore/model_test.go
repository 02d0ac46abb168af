package boltstore

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/footfall/footfall/analytics"
)

// TestStoreAgainstAMap does to a database whatever is ever done to one, and holds it
// against maps after each step: batches, retention, a reader that stays, a process that
// dies, compaction, backups that are restored.
func TestStoreAgainstAMap(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		m := newMapped(t, r)
		defer m.close()
		r.Repeat(map[string]func(*rapid.T){
			"":                  m.check,
			"apply":             m.apply,
			"retain":            m.retain,
			"apply beside view": m.applyBesideView,
			"reopen":            m.reopen,
			"die":               m.die,
			"compact":           m.compact,
			"backup":            m.backup,
			"restore":           m.restore,
		})
	})
}

// mappedStore is a store, and what it should hold.
type mappedStore struct {
	t       *testing.T
	folder  string
	path    string
	store   *Store
	holds   *contents
	backups []*contents // by number of the file
}

func newMapped(t *testing.T, r *rapid.T) *mappedStore {
	folder, err := os.MkdirTemp(t.TempDir(), "")
	if err != nil {
		r.Fatal(err)
	}
	m := &mappedStore{t: t, folder: folder, path: filepath.Join(folder, "footfall.db"), holds: &contents{}}
	for i := range m.holds {
		m.holds[i] = map[string]string{}
	}
	m.open(r)
	return m
}

func (m *mappedStore) open(r *rapid.T) {
	var err error
	if m.store, err = Open(m.path, Options{NoSync: true}); err != nil {
		r.Fatal(err)
	}
}

func (m *mappedStore) close() {
	m.store.Close()
	os.RemoveAll(m.folder)
}

func mappedKey(r *rapid.T) string {
	key := fmt.Sprintf("%04d", rapid.IntRange(0, 400).Draw(r, "key"))
	if rapid.IntRange(0, 9).Draw(r, "long") == 0 {
		key += string(bytes.Repeat([]byte{'k'}, 700))
	}
	return key
}

func drawTableOf(r *rapid.T) analytics.Table {
	return analytics.Table(rapid.IntRange(0, int(analytics.Tables)-1).Draw(r, "table"))
}

// batch draws writes and makes them in the maps.
func (m *mappedStore) batch(r *rapid.T) *analytics.Batch {
	b := &analytics.Batch{}
	for range rapid.IntRange(1, 40).Draw(r, "writes") {
		table, key := drawTableOf(r), mappedKey(r)
		if rapid.IntRange(0, 3).Draw(r, "delete") == 0 {
			b.Delete(table, []byte(key))
			delete(m.holds[table], key)
			continue
		}
		length := rapid.SampledFrom([]int{0, 1, 40, 40, 40, 500, 5_000, 70_000}).Draw(r, "length")
		value := bytes.Repeat([]byte{rapid.Byte().Draw(r, "value")}, length)
		b.Put(table, []byte(key), value)
		m.holds[table][key] = string(value)
	}
	return b
}

func (m *mappedStore) apply(r *rapid.T) { m.must(r, m.store.Apply(m.batch(r))) }

// retain deletes what is before a key, as a turn of retention does.
func (m *mappedStore) retain(r *rapid.T) {
	b, table, until := &analytics.Batch{}, drawTableOf(r), mappedKey(r)
	m.must(r, m.store.View(func(v analytics.View) error {
		return v.Scan(table, nil, []byte(until), func(key, _ []byte) error { b.Delete(table, bytes.Clone(key)); return nil })
	}))
	maps.DeleteFunc(m.holds[table], func(key, _ string) bool { return key < until })
	m.must(r, m.store.Apply(b))
}

// applyBesideView wants a reader that stays to see what there was when it came.
func (m *mappedStore) applyBesideView(r *rapid.T) {
	before := m.holds.clone()
	m.must(r, m.store.View(func(v analytics.View) error {
		for range rapid.IntRange(1, 3).Draw(r, "batches") {
			if err := m.store.Apply(m.batch(r)); err != nil {
				return err
			}
		}
		return compareAll(r, v, before)
	}))
}

func (m *mappedStore) reopen(r *rapid.T) {
	m.must(r, m.store.Close())
	m.open(r)
}

// die goes on from the bytes that there are in the file while it is open.
func (m *mappedStore) die(r *rapid.T) {
	whole, err := os.ReadFile(m.path)
	m.must(r, err)
	m.must(r, m.store.Close())
	m.must(r, os.WriteFile(m.path, whole, 0o600))
	m.open(r)
}

func (m *mappedStore) compact(r *rapid.T) {
	m.must(r, m.store.Close())
	before, after, err := Compact(context.Background(), m.path, Options{NoSync: true})
	if m.must(r, err); after > before {
		r.Fatalf("%d bytes became %d", before, after)
	}
	m.open(r)
}

func (m *mappedStore) backupPath(i int) string {
	return filepath.Join(m.folder, fmt.Sprintf("backup-%d.db", i))
}

func (m *mappedStore) backup(r *rapid.T) {
	if len(m.backups) == 3 {
		return
	}
	path := m.backupPath(len(m.backups))
	_, err := SaveBackup(context.Background(), m.path, path, func(w io.Writer) error {
		return m.store.Backup(context.Background(), func(int64) (io.Writer, error) { return w, nil })
	})
	m.must(r, err)
	m.backups = append(m.backups, m.holds.clone())
}

func (m *mappedStore) restore(r *rapid.T) {
	if len(m.backups) == 0 {
		return
	}
	i := rapid.IntRange(0, len(m.backups)-1).Draw(r, "backup")
	m.must(r, m.store.Close())
	kept, _, err := Restore(context.Background(), m.backupPath(i), m.path, time.Unix(1_770_000_000, 0))
	m.must(r, err)
	m.must(r, os.Remove(kept))
	m.holds = m.backups[i].clone()
	m.open(r)
}

func (m *mappedStore) check(r *rapid.T) {
	m.must(r, m.store.View(func(v analytics.View) error { return compareAll(r, v, m.holds) }))
	if rapid.IntRange(0, 4).Draw(r, "verify") == 0 {
		v, err := m.store.Verify(context.Background())
		if m.must(r, err); len(v.Damage) > 0 {
			r.Fatalf("damage: %+v", v.Damage)
		}
	}
}

func (m *mappedStore) must(r *rapid.T, err error) {
	if err != nil {
		r.Helper()
		r.Fatal(err)
	}
}

// compareAll reads every table whole, a range of it and a key, and compares.
func compareAll(r *rapid.T, v analytics.View, want *contents) error {
	from, to, key := mappedKey(r), mappedKey(r), mappedKey(r)
	for table := range analytics.Tables {
		if err := errors.Join(compareRange(v, table, want[table], "", ""), compareRange(v, table, want[table], from, to)); err != nil {
			return err
		}
		got, err := v.Get(table, []byte(key))
		if value, ok := want[table][key]; err != nil || string(got) != value || (got != nil) != ok {
			return fmt.Errorf("%v: %.20q is %.20q, %w, want %.20q", table, key, got, err, value)
		}
	}
	return nil
}

// compareRange reads [from, to); to "" is the end.
func compareRange(v analytics.View, table analytics.Table, want map[string]string, from, to string) error {
	var end []byte
	if to != "" {
		end = []byte(to)
	}
	keys := slices.DeleteFunc(slices.Sorted(maps.Keys(want)), func(k string) bool { return k < from || to != "" && k >= to })
	n := 0
	err := v.Scan(table, []byte(from), end, func(key, value []byte) error {
		if n == len(keys) || keys[n] != string(key) || want[keys[n]] != string(value) {
			return fmt.Errorf("%v: record %d from %.20q to %.20q is %.20q", table, n, from, to, key)
		}
		n++
		return nil
	})
	if err == nil && n < len(keys) {
		err = fmt.Errorf("%v: %d records from %.20q to %.20q, want %d", table, n, from, to, len(keys))
	}
	return err
}
