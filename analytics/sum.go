package analytics

import (
	"errors"
	"maps"
	"slices"
)

// errStop ends a scan early.
var errStop = errors.New("stop")

// total sums one subject's rollups of one kind, in order of time.
type total struct {
	zone   ZoneRollup
	line   LineRollup
	number int64
	end    int64 // of the last rollup added
}

// add adds a stored rollup that covers [start, end).
func (t *total) add(kind rollupKind, value []byte, end int64, scratch *ZoneRollup) error {
	t.end = end
	switch kind {
	case kindZone:
		if err := scratch.read(value); err != nil {
			return err
		}
		t.zone.merge(scratch)
	case kindLine:
		var l LineRollup
		if err := l.read(value); err != nil {
			return err
		}
		t.line.merge(&l)
	default:
		n, err := readNumber(value)
		if err != nil {
			return err
		}
		t.number += n
	}
	return nil
}

// closeAt ends the total's interval: a zone without a rollup at the end of it is
// empty then.
func (t *total) closeAt(end int64) {
	if t.end < end {
		t.zone.End = 0
	}
}

func (t *total) append(kind rollupKind, b []byte) []byte {
	switch kind {
	case kindZone:
		return t.zone.append(b)
	case kindLine:
		return t.line.append(b)
	default:
		return appendNumber(b, t.number)
	}
}

type subject struct{ a, b int32 }

// sumRollups sums the rollups of a level in [from, to), each of a length, into
// those of the level above. bounds gives the interval of the level above that an
// instant lies in.
func sumRollups(v View, b *Batch, source, target Table, location int64, kind rollupKind, from, to, length int64, bounds func(at int64) (start, end int64)) error {
	totals := map[subject]*total{}
	var scratch ZoneRollup
	start, end := bounds(from)
	put := func() {
		for s, t := range totals {
			t.closeAt(end)
			b.Put(target, rollupKey{location, kind, start, s.a, s.b}.bytes(), t.append(kind, nil))
		}
		clear(totals)
	}
	err := scanRollups(v, source, location, kind, from, to, func(k rollupKey, value []byte) error {
		if k.start >= end {
			put()
			start, end = bounds(k.start)
		}
		t := totals[subject{k.a, k.b}]
		if t == nil {
			t = &total{}
			totals[subject{k.a, k.b}] = t
		}
		return t.add(kind, value, k.start+length, &scratch)
	})
	put()
	return err
}

// Commit writes a batch: first it adds the flows that came late to what is
// stored of their minute, quarter hour and day.
func Commit(s Store, b *Batch) error {
	if len(b.late) > 0 {
		err := s.View(func(v View) error {
			for _, l := range b.late {
				if err := addLate(v, b, l.key); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		b.late = nil
	}
	return s.Apply(b)
}

func addLate(v View, b *Batch, key rollupKey) error {
	if err := addOne(v, b, Minutes, key); err != nil {
		return err
	}
	p, err := loadProgress(v, key.location)
	if err != nil {
		return err
	}
	if key.start < p.Quarters {
		key.start -= mod(key.start, Quarter)
		if err := addOne(v, b, Quarters, key); err != nil {
			return err
		}
	}
	if key.start >= p.Days {
		return nil
	}
	profile, err := LoadProfile(v, key.location)
	if profile == nil || err != nil {
		return err
	}
	calendar, err := profile.Calendar()
	if err != nil {
		return err
	}
	key.start = calendar.Start(Bucket1d, key.start)
	return addOne(v, b, Days, key)
}

func addOne(v View, b *Batch, t Table, key rollupKey) error {
	at := key.bytes()
	value, ok := b.get(t, at)
	if !ok {
		var err error
		if value, err = v.Get(t, at); err != nil {
			return err
		}
	}
	count := int64(0)
	if value != nil {
		var err error
		if count, err = readNumber(value); err != nil {
			return err
		}
	}
	b.Put(t, at, appendNumber(nil, count+1))
	return nil
}

// Absorb takes over a later batch, whose values go before its own.
func (b *Batch) Absorb(later *Batch) {
	for t, puts := range later.puts {
		if b.puts[t] == nil {
			b.puts[t] = puts
			continue
		}
		maps.Copy(b.puts[t], puts)
	}
	b.late = slices.Concat(b.late, later.late)
}
