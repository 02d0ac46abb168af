package analytics

import (
	"context"
	"errors"
	"math"

	"github.com/footfall/footfall/tracker"
)

// veil says which demographic cells of which rows are suppressed, so that no
// answers together give back what one of them does not show: docs/privacy.md says
// by which rules, and why.
type veil struct {
	subjects int
	drawn    []drawn // by bucket and subject; nil hides nothing
}

// drawn is what is suppressed of a row, and of how many visits that was judged.
type drawn struct {
	hidden classSet
	visits int64
}

// of is what a row must not show. It shows nothing where it has other visits than
// were judged.
func (v *veil) of(bucket, subject int, visits int64) classSet {
	if v.drawn == nil {
		return 0
	}
	d := v.drawn[bucket*v.subjects+subject]
	if d.visits != visits {
		return everyClass
	}
	return d.hidden
}

// drawing is a veil in the making. It goes through the location's days, whatever
// the report's calendar: what is suppressed does not depend on who asks how.
type drawing struct {
	*plan
	least int64
	index subjectIndex
	veil  *veil
}

// stretch is some time of one day that lies in one bucket, or in none (-1).
type stretch struct {
	span
	bucket int
	piece  int64 // where the hour begins that it lies in, or the part of it that opening hours cut
}

// drawVeil reads the days that the interval touches, whole. A row over opening hours
// that has all visits of its interval is that of all hours; else it is a sum of parts
// of days.
func (p *plan) drawVeil(ctx context.Context, least int) error {
	if least <= 1 || !p.kind.suppresses {
		return nil
	}
	p.veil = veil{subjects: len(p.subjects), drawn: make([]drawn, len(p.buckets)*len(p.subjects))}
	if err := p.draw(ctx, least, &p.veil); err != nil || !p.opened.restricted {
		return err
	}
	all := *p
	all.opened = openTime{}
	all.veil = veil{subjects: len(p.subjects), drawn: make([]drawn, len(p.veil.drawn))}
	if err := all.draw(ctx, least, &all.veil); err != nil {
		return err
	}
	for i, d := range all.veil.drawn {
		if d.visits == p.veil.drawn[i].visits {
			p.veil.drawn[i] = d
		}
	}
	return nil
}

// draw draws the plan's veil.
func (p *plan) draw(ctx context.Context, least int, v *veil) error {
	d := &drawing{plan: p, least: int64(least), index: newSubjectIndex(p.subjects), veil: v}
	from, to, err := p.extent()
	if err != nil {
		return err
	}
	from, to = max(from, p.interval.from), min(to, p.interval.to)
	bucket := 0
	for from < to {
		run := d.nextRun(from, to, &bucket)
		if len(run) == 0 {
			break
		}
		if err := d.read(ctx, run); err != nil {
			return err
		}
		from = run[len(run)-1].to
	}
	return nil
}

// extent is the time that anything is stored or open of.
func (p *plan) extent() (from, to int64, err error) {
	from = math.MaxInt64
	for _, table := range []Table{Minutes, Quarters, Days} {
		err := rollups{p.view, table, p.location, kindZone}.scan(0, forever, func(k rollupKey, _ []byte) error {
			from = min(from, k.start)
			return errStop
		})
		if err != nil && !errors.Is(err, errStop) {
			return 0, 0, err
		}
	}
	state, err := LoadState(p.view, p.location)
	if err != nil {
		return 0, 0, err
	}
	to = minuteOf(max(state.At, p.settled)) + 2*Minute // a file's open end may be a minute on
	if p.open != nil {
		for _, page := range p.open.pages {
			from, to = min(from, page.start), max(to, page.end())
		}
	}
	return from, to, nil
}

// maxRun is of days that are read at once, to the end of a month.
const maxRun = 4096

// nextRun gives days from one on: one that buckets or opening hours cut, by the hour,
// or else as many as none cuts. None are left after the last bucket.
func (d *drawing) nextRun(from, to int64, bucket *int) (run []stretch) {
	for start := d.own.Start(Bucket1d, from); start < to; {
		if len(run) >= maxRun && d.own.Start(Bucket1mo, start) == start {
			break
		}
		end := d.own.Next(Bucket1d, start)
		for *bucket < len(d.buckets) && d.buckets[*bucket].to <= start {
			*bucket++
		}
		if *bucket == len(d.buckets) {
			break
		}
		switch b := d.buckets[*bucket]; {
		case b.from >= end && len(run) == 0:
			start = d.own.Start(Bucket1d, b.from)
			continue
		case b.from <= start && b.to >= end && d.opened.length(span{start, end}) == end-start:
			run = append(run, stretch{span{start, end}, *bucket, start})
			start = end
			continue
		}
		if len(run) == 0 {
			return d.cutDay(start, end, *bucket)
		}
		break
	}
	return run
}

// cutDay cuts a day by its pieces and by the buckets, the first of which is given.
func (d *drawing) cutDay(start, end int64, bucket int) (run []stretch) {
	d.pieces(start, end, func(piece span, open bool) {
		for from := piece.from; from < piece.to; {
			for bucket < len(d.buckets) && d.buckets[bucket].to <= from {
				bucket++
			}
			s := stretch{span{from, piece.to}, -1, piece.from}
			if bucket < len(d.buckets) {
				if b := d.buckets[bucket]; b.from <= from {
					s.to, s.bucket = min(s.to, b.to), bucket
				} else {
					s.to = min(s.to, b.from)
				}
			}
			if d.opened.restricted && !open {
				s.bucket = -1
			}
			run = append(run, s)
			from = s.to
		}
	})
	return run
}

// pieces are a day's hours, cut where the location opens and closes, whatever hours are
// asked for.
func (d *drawing) pieces(start, end int64, yield func(piece span, open bool)) {
	opened := openTime{}
	if d.profile.Opening != nil {
		opened = openTime{restricted: true, spans: d.profile.Opening.within(d.own.Zone, span{start, end})}
	}
	d.own.Cut(Bucket1h, start, end, func(from, to int64) bool {
		for from < to {
			piece, open := opened.piece(span{from, to})
			yield(piece, open)
			from = piece.to
		}
		return true
	})
}

// read scans a run of stretches and suppresses day by day.
func (d *drawing) read(ctx context.Context, run []stretch) error {
	p := *d.plan
	p.interval = span{run[0].from, run[len(run)-1].to}
	p.buckets = make([]span, len(run))
	for i, s := range run {
		p.buckets[i] = s.span
	}
	p.opened = openTime{}
	p.parts = p.levels()
	if err := p.checkKept(); err != nil {
		return err
	}
	days := newDays(d, run)
	var scratch ZoneRollup
	err := p.scan(ctx, kindZone, func(f *found) error {
		i := d.index.find(subject{f.key.a, f.key.b})
		if i < 0 {
			return nil
		}
		z := f.zone
		if f.value != nil {
			if err := scratch.read(f.value, reachAll); err != nil {
				return err
			}
			z = &scratch
		}
		days.add(f.bucket, i, z.Classes)
		return nil
	})
	days.end()
	return err
}

// isOver reports whether nothing more will be counted in a day.
func (d *drawing) isOver(end int64) bool { return end <= d.settled && end < tracker.Never }
