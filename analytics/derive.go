package analytics

import (
	"encoding/json"
	"fmt"
)

// progress is how far a location's minutes have been summed: quarter hours and
// days that end no later than these instants are in their tables.
type progress struct {
	Quarters int64  `json:"quarters"`
	Days     int64  `json:"days"`
	Calendar string `json:"calendar"` // of the days
}

func loadProgress(v View, location int64) (progress, error) {
	var p progress
	value, err := v.Get(Locations, locationKey(location, partProgress))
	if value == nil || err != nil {
		return p, err
	}
	if err := json.Unmarshal(value, &p); err != nil {
		return p, fmt.Errorf("%w: location %d: %v", ErrState, location, err)
	}
	return p, nil
}

func (p progress) put(b *Batch, location int64) error {
	value, err := json.Marshal(p)
	if err != nil {
		return err
	}
	b.Put(Locations, locationKey(location, partProgress), value)
	return nil
}

var rollupKinds = []rollupKind{kindCoverage, kindFlow, kindLine, kindZone}

// derivePerBatch bounds what one batch of Derive sums up.
const derivePerBatch = 31 * 24 * 4 * Quarter

// Derive sums a location's stored minutes into quarter hours and those into days,
// as far as they are over. Reports do not wait for it: what is not summed yet is
// read from the level below. It must not run beside a Commit.
func Derive(s Store, location int64) error {
	for {
		b, more := &Batch{}, false
		err := s.View(func(v View) (err error) {
			more, err = deriveNext(v, b, location)
			return err
		})
		if err != nil || b.Len() == 0 {
			return err
		}
		if err := s.Apply(b); err != nil || !more {
			return err
		}
	}
}

// deriveNext fills one batch and reports whether there is more to do after it.
func deriveNext(v View, b *Batch, location int64) (more bool, err error) {
	profile, err := LoadProfile(v, location)
	if profile == nil || err != nil {
		return false, err
	}
	value, err := v.Get(Locations, locationKey(location, partState))
	if value == nil || err != nil {
		return false, err
	}
	_, recorder, err := readState(location, value)
	if err != nil {
		return false, err
	}
	p, err := loadProgress(v, location)
	if err != nil {
		return false, err
	}
	before := p
	if more, err = deriveQuarters(v, b, location, &p, recorder.followed); err != nil || more {
		return more, err
	}
	if p.Quarters == before.Quarters {
		if more, err = deriveDays(v, b, profile, &p); err != nil {
			return false, err
		}
	} else {
		more = true // days are summed from stored quarters: next batch
	}
	if p == before {
		return false, nil
	}
	return more, p.put(b, location)
}

func deriveQuarters(v View, b *Batch, location int64, p *progress, followed int64) (more bool, err error) {
	if p.Quarters == 0 {
		first, err := firstStart(v, Minutes, location)
		if err != nil || first < 0 {
			return false, err
		}
		first = min(first, followed) // what happened later may be stored already
		p.Quarters = first - mod(first, Quarter)
	}
	from, to := p.Quarters, followed-mod(followed, Quarter)
	if to <= from {
		return false, nil
	}
	if to-from > derivePerBatch {
		to, more = from+derivePerBatch, true
	}
	bounds := func(at int64) (int64, int64) {
		start := at - mod(at, Quarter)
		return start, start + Quarter
	}
	for _, kind := range rollupKinds {
		if err := sumRollups(v, b, Minutes, Quarters, location, kind, from, to, Minute, bounds); err != nil {
			return false, err
		}
	}
	p.Quarters = to
	if more {
		return true, p.put(b, location)
	}
	return false, nil
}

func deriveDays(v View, b *Batch, profile *Profile, p *progress) (more bool, err error) {
	calendar, err := profile.Calendar()
	if err != nil {
		return false, err
	}
	location := profile.Location
	if p.Calendar != profile.calendarKey() {
		if err := deleteDays(v, b, location); err != nil {
			return false, err
		}
		p.Calendar, p.Days = profile.calendarKey(), 0
	}
	if p.Days == 0 {
		first, err := firstStart(v, Quarters, location)
		if err != nil || first < 0 {
			return false, err
		}
		p.Days = calendar.Start(Bucket1d, first)
	}
	from, to := p.Days, p.Days
	for to-from < derivePerBatch*12 {
		next := calendar.Next(Bucket1d, to)
		if next > p.Quarters {
			break
		}
		to = next
	}
	bounds := func(at int64) (int64, int64) {
		start := calendar.Start(Bucket1d, at)
		return start, calendar.Next(Bucket1d, start)
	}
	for _, kind := range rollupKinds {
		if err := sumRollups(v, b, Quarters, Days, location, kind, from, to, Quarter, bounds); err != nil {
			return false, err
		}
	}
	p.Days = to
	return to > from, nil
}

func deleteDays(v View, b *Batch, location int64) error {
	for _, kind := range rollupKinds {
		err := scanRollups(v, Days, location, kind, 0, 1<<62, func(k rollupKey, _ []byte) error {
			b.Delete(Days, k.bytes())
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// firstStart is the start of a location's first rollup of a level, or -1.
func firstStart(v View, t Table, location int64) (int64, error) {
	first := int64(-1)
	for _, kind := range rollupKinds {
		err := scanRollups(v, t, location, kind, 0, 1<<62, func(k rollupKey, _ []byte) error {
			if first < 0 || k.start < first {
				first = k.start
			}
			return errStop
		})
		if err != nil && err != errStop {
			return 0, err
		}
	}
	return first, nil
}
