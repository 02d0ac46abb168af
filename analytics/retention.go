package analytics

import (
	"encoding/binary"
	"errors"
	"slices"
)

// Keep is for how long each level of rollups is kept, in microseconds; 0 is for
// ever. A coarser level is kept at least as long as a finer one, whatever it says.
type Keep struct{ Minutes, Quarters, Days int64 }

// Retain deletes rollups of a location that are older than they are kept, most
// keys at the most, and reports whether there are more to delete. A rollup's age is counted
// by the data: back from the last message, or from the instant up to which
// everything is final where that is earlier. So nothing ages while no data comes.
//
// What is not summed into the next level yet is not deleted. From the first
// deletion on, reports refuse what would need the deleted; what is deleted stays
// so, though it be kept for longer later. Retain must not run beside a Commit or
// Derive. Each call is one Apply: after a kill in between, the next call goes on.
func Retain(s Store, location int64, keep Keep, most int) (more bool, err error) {
	b := &Batch{}
	err = s.View(func(v View) error {
		r := retention{view: v, batch: b, location: location, left: most}
		return r.fill(keep)
	})
	if err != nil || b.Len() == 0 {
		return false, err
	}
	return b.Len() > most, s.Apply(b) // the deletions, and how far they go
}

// retention fills one batch of Retain.
type retention struct {
	view     View
	batch    *Batch
	location int64
	left     int // keys that the batch may still delete
	progress
}

func (r *retention) fill(keep Keep) error {
	profile, err := LoadProfile(r.view, r.location)
	if profile == nil || err != nil {
		return err
	}
	calendar, err := profile.Calendar()
	if err != nil {
		return err
	}
	if r.progress, err = loadProgress(r.view, r.location); err != nil {
		return err
	}
	now, err := r.now()
	if now == 0 || err != nil {
		return err
	}
	for t, until := range r.targets(keep, now, calendar, profile.calendarKey()) {
		if err := r.deleteBefore(Table(t), until); err != nil {
			return err
		}
	}
	if r.batch.Len() == 0 {
		return nil
	}
	return r.progress.put(r.batch, r.location)
}

// now is the data's clock, 0 where nothing was counted yet.
func (r *retention) now() (int64, error) {
	value, err := r.view.Get(Locations, locationKey(r.location, partState))
	if value == nil || err != nil {
		return 0, err
	}
	state, recorder, err := readState(r.location, value)
	return min(state.Counted, recorder.followed), err
}

// targets are the instants before which each level is to be deleted. Minutes go
// by whole quarter hours, the others by whole days.
func (r *retention) targets(keep Keep, now int64, c Calendar, key string) [Days + 1]int64 {
	var until [Days + 1]int64
	quarters, days := longer(keep.Quarters, keep.Minutes), longer(keep.Days, longer(keep.Quarters, keep.Minutes))
	if keep.Minutes > 0 {
		at := min(now-keep.Minutes, r.Quarters)
		until[Minutes] = at - mod(at, Quarter)
	}
	if r.Days == 0 || r.Calendar != key { // days are summed anew first
		return until
	}
	if quarters > 0 {
		until[Quarters] = r.dayBy(c, now-quarters)
	}
	if days > 0 {
		until[Days] = r.dayBy(c, now-days)
	}
	return until
}

// dayBy is the last beginning of a stored day by an instant.
func (r *retention) dayBy(c Calendar, at int64) int64 {
	if at = min(at, r.Days); at <= 0 {
		return 0
	}
	return max(0, r.storedDay(c, at).from)
}

// longer is the longer of two times to keep something.
func longer(a, b int64) int64 {
	if a == 0 || b == 0 {
		return 0
	}
	return max(a, b)
}

// deleteBefore deletes what starts before an instant, as far as the batch takes
// it. The level counts as deleted up to there at once.
func (r *retention) deleteBefore(t Table, until int64) error {
	until = max(until, r.Deleted[t])
	before := r.left
	err := eachOlder(r.view, t, r.location, until, func(key []byte) error {
		if r.left == 0 {
			return errStop
		}
		r.left--
		r.batch.Delete(t, slices.Clone(key))
		return nil
	})
	if r.left < before {
		r.Deleted[t] = until
	}
	if errors.Is(err, errStop) {
		return nil
	}
	return err
}

// Where a rollup's key has its kind and its start, whatever the kind.
const (
	keyKindAt  = 8
	keyStartAt = keyKindAt + 1
	keySubject = keyStartAt + 4
)

// eachOlder visits the keys of a location's rollups of all kinds, those included
// that are not known here, that start before an instant.
func eachOlder(v View, t Table, location, until int64, visit func(key []byte) error) error {
	if until <= 0 {
		return nil
	}
	for kind := 0; kind <= 255; kind++ {
		found, err := kindFrom(v, t, location, byte(kind))
		if found < 0 || err != nil {
			return err
		}
		kind = found
		from := append(appendLocation(nil, location), byte(kind))
		to := binary.BigEndian.AppendUint32(slices.Clone(from), uint32(min(until/Minute, maxStart)))
		if err := v.Scan(t, from, to, func(key, _ []byte) error { return visit(key) }); err != nil {
			return err
		}
	}
	return nil
}

// kindFrom is the first kind from one on of which a location has rollups, or -1.
func kindFrom(v View, t Table, location int64, kind byte) (found int, err error) {
	found = -1
	from, to := append(appendLocation(nil, location), kind), appendLocation(nil, location+1)
	if location+1 < location {
		to = nil
	}
	err = v.Scan(t, from, to, func(key, _ []byte) error {
		if len(key) < keySubject {
			return errKey(key)
		}
		found = int(key[keyKindAt])
		return errStop
	})
	if errors.Is(err, errStop) {
		err = nil
	}
	return found, err
}
