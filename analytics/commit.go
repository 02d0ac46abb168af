package analytics

import (
	"errors"
	"maps"
	"slices"
)

// Commit writes a batch, with what came late added to what is stored of
// their minute, quarter hour and day. On an error nothing is written and the batch
// is as it was: it may be committed again, after Absorb or not.
func Commit(s Store, b *Batch) error {
	whole := b
	if len(b.late) > 0 {
		whole = b.copyRollups()
		err := s.View(func(v View) error {
			adding := lateness{view: v, batch: whole, levels: map[int64]*lateLevels{}}
			for _, l := range b.late {
				if err := adding.add(l); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return s.Apply(whole)
}

// copyRollups is the batch without what came late, with tables of rollups that
// can be added to.
func (b *Batch) copyRollups() *Batch {
	c := &Batch{puts: b.puts}
	for _, t := range []Table{Minutes, Quarters, Days} {
		c.puts[t] = maps.Clone(b.puts[t])
	}
	return c
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

// lateness adds what came late to a batch.
type lateness struct {
	view   View
	batch  *Batch
	levels map[int64]*lateLevels // by location
	sum    total
	zone   ZoneRollup // scratch
}

// lateLevels are what is stored of a location's sums: what happened before them is
// in them.
type lateLevels struct {
	progress
	quarters, days int64
	calendar       Calendar // of the days
}

func (a *lateness) add(l lateRollup) error {
	levels, err := a.levelsOf(l.key.location)
	if err != nil {
		return err
	}
	key, at := l.key, l.key.start
	if !levels.lacks(Minutes, at) {
		if err := a.addTo(Minutes, key, l.value); err != nil {
			return err
		}
	}
	if at < levels.quarters && !levels.lacks(Quarters, at) {
		key.start = at - mod(at, Quarter)
		if err := a.addTo(Quarters, key, l.value); err != nil {
			return err
		}
	}
	if at < levels.days && !levels.lacks(Days, at) {
		key.start = levels.storedDay(levels.calendar, at).from
		return a.addTo(Days, key, l.value)
	}
	return nil
}

func (a *lateness) levelsOf(location int64) (*lateLevels, error) {
	if known := a.levels[location]; known != nil {
		return known, nil
	}
	p, err := loadProgress(a.view, location)
	if err != nil {
		return nil, err
	}
	profile, err := LoadProfile(a.view, location)
	if err != nil {
		return nil, err
	}
	levels := &lateLevels{progress: p, quarters: p.Quarters}
	// Days of another calendar are read by nobody, and made anew by Derive.
	if profile != nil && p.Calendar == profile.calendarKey() {
		levels.days = p.Days
		if levels.calendar, err = profile.Calendar(); err != nil {
			return nil, err
		}
	}
	a.levels[location] = levels
	return levels, nil
}

func (a *lateness) addTo(t Table, key rollupKey, late []byte) error {
	at := key.bytes()
	value, ok := a.batch.puts[t][string(at)]
	if !ok {
		var err error
		value, err = a.view.Get(t, at)
		if errors.Is(err, ErrDamaged) {
			return nil // it stays so
		}
		if err != nil {
			return err
		}
	}
	a.sum.reset()
	for _, one := range [][]byte{value, late} {
		if one == nil {
			continue
		}
		if err := a.sum.add(key.kind, one, reachAll, &a.zone); err != nil {
			return err
		}
	}
	a.batch.Put(t, at, a.sum.append(key.kind, nil))
	return nil
}
