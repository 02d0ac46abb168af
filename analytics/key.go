package analytics

import (
	"encoding/binary"
	"fmt"
)

// rollupKind is what a rollup is about; the order is that of the keys.
type rollupKind byte

const (
	kindCoverage rollupKind = 'c' // of the location; a and b are 0
	kindFlow     rollupKind = 'f' // from zone a to zone b
	kindGroup    rollupKind = 'g' // of the location
	kindHeat     rollupKind = 'h' // of the location
	kindLine     rollupKind = 'l' // line a
	kindStage    rollupKind = 'n' // stage a of funnel b
	kindQueue    rollupKind = 'q' // queue zone a
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

var rollupKinds = []rollupKind{kindCoverage, kindFlow, kindGroup, kindHeat, kindLine, kindStage, kindQueue, kindZone}

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
		return rollupKey{}, errKey(b)
	}
	return rollupKey{
		location: readLocation(b),
		kind:     rollupKind(b[8]),
		start:    int64(binary.BigEndian.Uint32(b[9:])) * Minute,
		a:        int32(binary.BigEndian.Uint32(b[13:])),
		b:        int32(binary.BigEndian.Uint32(b[17:])),
	}, nil
}

func errKey(b []byte) error { return fmt.Errorf("%w: key of %d bytes", ErrRollup, len(b)) }

// forever is an instant after every rollup's start.
const forever = (maxStart + 1) * Minute

const maxStart = 1<<32 - 1 // in minutes

// rollups are one location's of one level and kind.
type rollups struct {
	view     View
	table    Table
	location int64
	kind     rollupKind
}

// scan visits those with start in [from, to) in order of time.
func (r rollups) scan(from, to int64, visit func(rollupKey, []byte) error) error {
	first, last := r.between(from, to)
	if first == nil {
		return nil
	}
	return r.view.Scan(r.table, first, last, visitKeys(visit))
}

// between are the keys of those with start in [from, to), nil where there can be none.
func (r rollups) between(from, to int64) (first, last []byte) {
	from = max(from, 0)
	if from >= min(to, forever) {
		return nil, nil
	}
	first = rollupKey{location: r.location, kind: r.kind, start: from}.bytes()
	if to < forever {
		return first, rollupKey{location: r.location, kind: r.kind, start: to}.bytes()
	}
	return first, append(appendLocation(nil, r.location), byte(r.kind)+1)
}

func visitKeys(visit func(rollupKey, []byte) error) func(key, value []byte) error {
	return func(key, value []byte) error {
		k, err := parseRollupKey(key)
		if err != nil {
			return err
		}
		return visit(k, value)
	}
}

// appendLocation keeps the order of signed ids.
func appendLocation(b []byte, location int64) []byte {
	return binary.BigEndian.AppendUint64(b, uint64(location)^(1<<63))
}

func readLocation(b []byte) int64 { return int64(binary.BigEndian.Uint64(b) ^ (1 << 63)) }

// What the People table keeps of a location, in the order of its keys.
const (
	peopleBlock = 'b' // and a block's number
	peopleGroup = 'g'
	peopleLog   = 'l' // and a batch's number and a part's
)

func blockKey(location int64, block int) []byte {
	return binary.BigEndian.AppendUint32(append(appendLocation(nil, location), peopleBlock), uint32(block))
}

func logKey(location, batch int64, part int) []byte {
	b := binary.BigEndian.AppendUint64(append(appendLocation(nil, location), peopleLog), uint64(batch))
	return binary.BigEndian.AppendUint32(b, uint32(part))
}

// What the Locations table keeps of a location; its gates only where it is
// counted by them, journeys where anyone is on one, its uploads only where there were any.
const (
	partGates    = 'g'
	partJourneys = 'j'
	partProfile  = 'p'
	partProgress = 'r'
	partState    = 's'
	partUploads  = 'u'
)

func locationKey(location int64, part byte) []byte {
	return append(appendLocation(nil, location), part)
}
