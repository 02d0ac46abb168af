package analytics

import (
	"encoding/binary"
	"fmt"
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
	// Get returns nil where there is no such key.
	Get(t Table, key []byte) ([]byte, error)
	// Scan calls fn for the keys in [from, to) in bytewise order; to nil is the
	// table's end. An error of fn ends it and is returned.
	Scan(t Table, from, to []byte, fn func(key, value []byte) error) error
}

// Batch is what one Apply writes. The zero Batch is empty. It keeps the slices
// that it is given.
type Batch struct {
	puts [Tables]map[string][]byte
	late []lateFlow
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

func (b *Batch) get(t Table, key []byte) ([]byte, bool) {
	value, ok := b.puts[t][string(key)]
	return value, ok
}

// rollupKind is what a rollup is about; the order is that of the keys.
type rollupKind byte

const (
	kindCoverage rollupKind = 'c' // of the location; a and b are 0
	kindFlow     rollupKind = 'f' // from zone a to zone b
	kindLine     rollupKind = 'l' // line a
	kindZone     rollupKind = 'z' // zone a
)

// rollupKey orders by location, kind, time and subject, so that what a flush
// writes lies together.
type rollupKey struct {
	location int64
	kind     rollupKind
	start    int64
	a, b     int32
}

const rollupKeyLength = 8 + 1 + 4 + 4 + 4

func (k rollupKey) bytes() []byte {
	b := appendLocation(make([]byte, 0, rollupKeyLength), k.location)
	b = append(b, byte(k.kind))
	b = binary.BigEndian.AppendUint32(b, uint32(k.start/Minute))
	b = binary.BigEndian.AppendUint32(b, uint32(k.a))
	return binary.BigEndian.AppendUint32(b, uint32(k.b))
}

func parseRollupKey(b []byte) (rollupKey, error) {
	if len(b) != rollupKeyLength {
		return rollupKey{}, fmt.Errorf("%w: key of %d bytes", ErrRollup, len(b))
	}
	return rollupKey{
		location: readLocation(b),
		kind:     rollupKind(b[8]),
		start:    int64(binary.BigEndian.Uint32(b[9:])) * Minute,
		a:        int32(binary.BigEndian.Uint32(b[13:])),
		b:        int32(binary.BigEndian.Uint32(b[17:])),
	}, nil
}

// appendLocation keeps the order of signed ids.
func appendLocation(b []byte, location int64) []byte {
	return binary.BigEndian.AppendUint64(b, uint64(location)^(1<<63))
}

func readLocation(b []byte) int64 { return int64(binary.BigEndian.Uint64(b) ^ (1 << 63)) }

func personKey(location int64, slot int32) []byte {
	return binary.BigEndian.AppendUint32(appendLocation(nil, location), uint32(slot))
}

// What the Locations table keeps of a location.
const (
	partProfile  = 'p'
	partProgress = 'r'
	partState    = 's'
)

func locationKey(location int64, part byte) []byte {
	return append(appendLocation(nil, location), part)
}
