package storetest

import (
	"bytes"
	"errors"
	"slices"
	"sort"
	"sync"

	"github.com/footfall/footfall/analytics"
)

// Memory is the reference [analytics.Store]: sorted tables in memory. A view
// costs nothing and stands still however many batches are applied beside it.
type Memory struct {
	apply sync.Mutex // one Apply at a time
	mu    sync.Mutex // guards state
	state state
}

// NewMemory returns an empty store.
func NewMemory() *Memory { return &Memory{} }

// Apply implements [analytics.Store]. It copies what the batch holds.
func (m *Memory) Apply(b *analytics.Batch) error {
	m.apply.Lock()
	defer m.apply.Unlock()
	next := m.current()
	for t := range analytics.Tables {
		var puts []entry
		for key, value := range b.Sorted(t) {
			if key == "" {
				return errors.New("a key is empty")
			}
			puts = append(puts, entry{[]byte(key), slices.Clone(value)})
		}
		if len(puts) > 0 {
			next[t] = next[t].apply(puts)
		}
	}
	m.mu.Lock()
	m.state = next
	m.mu.Unlock()
	return nil
}

// View implements [analytics.Store].
func (m *Memory) View(fn func(analytics.View) error) error { return fn(m.current()) }

func (m *Memory) current() state {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.state
}

// state is all tables at one instant; it never changes.
type state [analytics.Tables]table

func (s state) Get(t analytics.Table, key []byte) ([]byte, error) {
	var found []byte
	s[t].from(key, func(e entry) bool {
		if bytes.Equal(e.key, key) {
			found = e.value
		}
		return false
	})
	return found, nil
}

func (s state) Scan(t analytics.Table, from, to []byte, fn func(key, value []byte) error) (err error) {
	s[t].from(from, func(e entry) bool {
		if to != nil && bytes.Compare(e.key, to) >= 0 {
			return false
		}
		err = fn(e.key, e.value)
		return err == nil
	})
	return err
}

type entry struct {
	key   []byte
	value []byte // nil in a batch: deleted
}

// table is sorted entries in chunks, none of them empty. Applying a batch copies
// the chunks that it touches.
type table [][]entry

const chunkSize = 256

// from visits the entries from a key on until the visitor returns false.
func (t table) from(key []byte, visit func(entry) bool) {
	first := sort.Search(len(t), func(i int) bool { return bytes.Compare(t[i][len(t[i])-1].key, key) >= 0 })
	for i, chunk := range t[first:] {
		at := 0
		if i == 0 {
			at, _ = search(chunk, key)
		}
		for _, e := range chunk[at:] {
			if !visit(e) {
				return
			}
		}
	}
}

func search(entries []entry, key []byte) (int, bool) {
	return slices.BinarySearchFunc(entries, key, func(e entry, key []byte) int { return bytes.Compare(e.key, key) })
}

// apply returns the table with sorted changes made.
func (t table) apply(puts []entry) table {
	if len(t) == 0 {
		return table{}.add(merge(nil, puts))
	}
	out := make(table, 0, len(t)+1)
	for i, chunk := range t {
		n := len(puts)
		if i+1 < len(t) {
			n, _ = search(puts, t[i+1][0].key)
		}
		if n == 0 {
			out = append(out, chunk)
			continue
		}
		out = out.add(merge(chunk, puts[:n]))
		puts = puts[n:]
	}
	return out
}

func (t table) add(entries []entry) table {
	if len(entries) <= 2*chunkSize {
		if len(entries) > 0 {
			t = append(t, entries)
		}
		return t
	}
	return slices.AppendSeq(t, slices.Chunk(entries, chunkSize))
}

func merge(entries, puts []entry) []entry {
	out := make([]entry, 0, len(entries)+len(puts))
	for _, p := range puts {
		n, found := search(entries, p.key)
		out = append(out, entries[:n]...)
		if found {
			n++
		}
		entries = entries[n:]
		if p.value != nil {
			out = append(out, p)
		}
	}
	return append(out, entries...)
}
