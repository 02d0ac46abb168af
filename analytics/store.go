package analytics

import (
	"iter"
	"maps"
	"slices"
)

// Table is one of a store's ordered tables.
type Table uint8

// Tables. The rollups of one level are one table.
const (
	Minutes Table = iota
	Quarters
	Days
	People    // persons present, by location and slot
	Locations // a location's profile, state and progress
	Tables
)

func (t Table) String() string {
	return [...]string{"minutes", "quarters", "days", "people", "locations"}[t]
}

// Store keeps tables of ordered keys. One Apply runs at a time; any number of
// views may be open beside it, each of which sees one state between two Applies.
type Store interface {
	// Apply writes everything in the batch, or nothing.
	Apply(*Batch) error
	// View calls fn with a consistent state, valid until fn returns.
	View(fn func(View) error) error
}

// View reads one state of a store. What it returns is valid inside the view
// only and must not be changed.
type View interface {
	// Get returns nil where there is no such key. Where it cannot tell because the store
	// is damaged, here and in Scan, the error has ErrDamaged.
	Get(t Table, key []byte) ([]byte, error)
	// Scan calls fn for the keys in [from, to) in bytewise order; to nil is the
	// table's end. An error of fn ends it and is returned.
	Scan(t Table, from, to []byte, fn func(key, value []byte) error) error
}

// Batch is what one Apply writes. The zero Batch is empty. It keeps the slices
// that it is given.
type Batch struct {
	puts [Tables]map[string][]byte
	late []lateRollup
}

// Put writes a value; the last one for a key holds.
func (b *Batch) Put(t Table, key, value []byte) {
	if b.puts[t] == nil {
		b.puts[t] = map[string][]byte{}
	}
	b.puts[t][string(key)] = value
}

// Delete removes a key if it is there.
func (b *Batch) Delete(t Table, key []byte) { b.Put(t, key, nil) }

// Len is how many keys the batch touches.
func (b *Batch) Len() int {
	n := len(b.late)
	for _, p := range b.puts {
		n += len(p)
	}
	return n
}

// Size is about how many bytes of memory the batch takes.
func (b *Batch) Size() int64 {
	const each = 64 // of a map's entry, beside key and value
	n := int64(len(b.late)) * 2 * each
	for _, p := range b.puts {
		for key, value := range p {
			n += each + int64(len(key)+len(value))
		}
	}
	return n
}

// Sorted gives a table's keys in order with their values, nil for a deletion.
func (b *Batch) Sorted(t Table) iter.Seq2[string, []byte] {
	keys := slices.Sorted(maps.Keys(b.puts[t]))
	return func(yield func(string, []byte) bool) {
		for _, key := range keys {
			if !yield(key, b.puts[t][key]) {
				return
			}
		}
	}
}
