package analytics

import (
	"encoding/json"
	"errors"
	"fmt"
)

// progress is how far a location's minutes have been summed: quarter hours and
// days that end no later than these instants are in their tables.
type progress struct {
	Quarters int64           `json:"quarters"`
	Days     int64           `json:"days"`
	Calendar string          `json:"calendar"`          // of the days
	Eras     []era           `json:"eras,omitempty"`    // of days before
	Deleted  [Days + 1]int64 `json:"deleted,omitempty"` // by level: nothing before it is to be read
	Lost     []lostSpan      `json:"lost,omitempty"`    // what sums lack
}

func loadProgress(v View, location int64) (progress, error) {
	var p progress
	value, err := v.Get(Locations, locationKey(location, partProgress))
	if value == nil || err != nil {
		return p, err
	}
	if err := json.Unmarshal(value, &p); err != nil {
		return p, fmt.Errorf("%w: location %d: %w", ErrState, location, err)
	}
	return p, p.readEras()
}

// marks are what Derive moves on.
func (p *progress) marks() [3]any { return [3]any{p.Quarters, p.Days, p.Calendar} }

func (p progress) put(b *Batch, location int64) error {
	value, err := json.Marshal(p)
	if err != nil {
		return err
	}
	b.Put(Locations, locationKey(location, partProgress), value)
	return nil
}

// What one batch of Derive sums up at most.
const (
	quartersPerBatch = 31 * day
	daysPerBatch     = 372 * day
)

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

// deriving is one batch of Derive.
type deriving struct {
	view     View
	batch    *Batch
	profile  *Profile
	followed int64 // minutes before it are final
	progress
}

// deriveNext fills one batch and reports whether there is more to do after it.
func deriveNext(v View, b *Batch, location int64) (more bool, err error) {
	d := &deriving{view: v, batch: b}
	if d.profile, err = LoadProfile(v, location); d.profile == nil || err != nil {
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
	d.followed = recorder.followed
	if d.progress, err = loadProgress(v, location); err != nil {
		return false, err
	}
	before := d.marks()
	if more, err = d.sumQuarters(); err != nil {
		return false, err
	}
	if !more { // days are summed from stored quarters
		if more, err = d.sumDays(); err != nil {
			return false, err
		}
	}
	if d.marks() == before {
		return false, nil
	}
	return more, d.progress.put(b, location)
}

// sumQuarters reports whether it did anything.
func (d *deriving) sumQuarters() (done bool, err error) {
	if d.Quarters == 0 {
		first, err := d.firstStart(Minutes)
		if err != nil || first < 0 {
			return false, err
		}
		// What happened after followed may be stored already, and more before it
		// may come.
		first = min(first, d.followed)
		d.Quarters = first - mod(first, Quarter)
	}
	to := min(d.followed-mod(d.followed, Quarter), d.Quarters+quartersPerBatch)
	if to <= d.Quarters {
		return false, nil
	}
	quarters := level{Minutes, Quarters, func(at int64) (start, end int64) {
		start = at - mod(at, Quarter)
		return start, start + Quarter
	}}
	err = d.sum(quarters, d.Quarters, to)
	d.Quarters = to
	return true, err
}

// sumDays reports whether it did anything.
func (d *deriving) sumDays() (done bool, err error) {
	calendar, err := d.profile.Calendar()
	if err != nil {
		return false, err
	}
	if d.Calendar != d.profile.calendarKey() {
		from, err := d.recut(d.profile.calendarKey())
		if err != nil {
			return false, err
		}
		if err := d.deleteDays(from); err != nil {
			return false, err
		}
	}
	if d.Days == 0 {
		first, err := d.firstStart(Quarters)
		if err != nil || first < 0 {
			return false, err
		}
		d.Days = calendar.Start(Bucket1d, first)
	}
	from, to := d.Days, d.Days
	for to-from < daysPerBatch {
		next := d.storedDay(calendar, to).to
		if next > d.Quarters {
			break
		}
		to = next
	}
	if to == d.Days {
		return false, nil
	}
	days := level{Quarters, Days, func(at int64) (start, end int64) {
		in := d.storedDay(calendar, at)
		return in.from, in.to
	}}
	err = d.sum(days, from, to)
	d.Days = to
	return true, err
}

func (d *deriving) sum(l level, from, to int64) error {
	for _, kind := range rollupKinds {
		if err := l.sum(d.rollups(l.source, kind), d.batch, from, to, func(s span) { d.lose(kind, s) }); err != nil {
			return err
		}
	}
	return nil
}

func (d *deriving) rollups(t Table, kind rollupKind) rollups {
	return rollups{d.view, t, d.profile.Location, kind}
}

func (d *deriving) deleteDays(from int64) error {
	for _, kind := range rollupKinds {
		err := d.rollups(Days, kind).scan(from, forever, func(k rollupKey, _ []byte) error {
			d.batch.Delete(Days, k.bytes())
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// errStop ends a scan early.
var errStop = errors.New("stop")

// firstStart is the start of the first rollup of a level, or -1.
func (d *deriving) firstStart(t Table) (int64, error) {
	first := int64(-1)
	for _, kind := range rollupKinds {
		err := d.rollups(t, kind).scan(0, forever, func(k rollupKey, _ []byte) error {
			if first < 0 || k.start < first {
				first = k.start
			}
			return errStop
		})
		if err != nil && !errors.Is(err, errStop) {
			return 0, err
		}
	}
	return first, nil
}
