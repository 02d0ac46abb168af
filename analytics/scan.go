package analytics

import "context"

// found is a rollup that a scan came upon: as it is stored, or one of the open
// end. It is reused: it is valid until the visit returns.
type found struct {
	key    rollupKey
	bucket int

	value  []byte // stored; else one of these
	zone   *ZoneRollup
	line   *LineRollup
	queue  *QueueRollup
	groups GroupRollup
	heat   heatmap
	number int64
}

// count is the number of a rollup that is one.
func (f *found) count() (int64, error) {
	if f.value != nil {
		return readNumber(f.value)
	}
	return f.number, nil
}

// addTo adds the rollup to a total, a zone's stored one as far as it is read.
func (f *found) addTo(t *total, far reach, scratch *ZoneRollup) error {
	if f.value != nil {
		return t.add(f.key.kind, f.value, far, scratch)
	}
	switch f.key.kind {
	case kindZone:
		t.zone.merge(f.zone)
	case kindLine:
		t.line.merge(f.line)
	case kindQueue:
		t.queue.merge(f.queue)
	case kindGroup:
		t.groups.merge(f.groups)
	case kindHeat:
		t.addHeat(f.heat)
	default:
		t.number += f.number
	}
	return nil
}

// scan visits the rollups of one kind in order of time, with the bucket that each
// lies in.
func (p *plan) scan(ctx context.Context, kind rollupKind, visit func(*found) error) error {
	f, seen := &found{}, 0
	next := func() error {
		for f.key.start >= p.buckets[f.bucket].to {
			f.bucket++
		}
		if seen++; seen%1024 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		return visit(f)
	}
	for _, part := range p.parts {
		if err := p.scanStored(part, kind, f, next); err != nil {
			return err
		}
		if part.table != Minutes || p.open == nil {
			continue
		}
		for _, page := range p.open.pages {
			if page.start < part.from || page.start >= part.to {
				continue
			}
			f.key = rollupKey{location: p.location, kind: kind, start: page.start}
			if err := page.each(f, next); err != nil {
				return err
			}
		}
	}
	return ctx.Err()
}

func (p *plan) scanStored(part part, kind rollupKind, f *found, next func() error) error {
	to := part.to
	if part.table == Minutes {
		to = min(to, p.open.begins())
	}
	defer func() { f.value = nil }()
	stored := rollups{p.view, part.table, p.location, kind}
	visit := func(k rollupKey, value []byte) error {
		f.key, f.value = k, value
		return next()
	}
	if p.kind.suppresses {
		return stored.scan(part.from, to, visit)
	}
	return stored.scanSound(part.from, to, visit, p.lose)
}

// each visits a page's rollups of the kind in the key.
func (p *page) each(f *found, visit func() error) error {
	switch f.key.kind {
	case kindCoverage:
		f.number = p.covered
		return visit()
	case kindGroup:
		if f.groups = p.groups; f.groups.Groups > 0 {
			return visit()
		}
	case kindHeat:
		if f.heat = p.heat; len(f.heat) > 0 {
			return visit()
		}
	case kindZone:
		for number, z := range p.zones {
			if z == nil {
				continue
			}
			f.key.a, f.zone = int32(number), &z.ZoneRollup
			if err := visit(); err != nil {
				return err
			}
		}
	case kindLine:
		for number, l := range p.lines {
			if l == nil {
				continue
			}
			f.key.a, f.line = int32(number), &l.LineRollup
			if err := visit(); err != nil {
				return err
			}
		}
	case kindQueue:
		for number, q := range p.queues {
			if q == nil {
				continue
			}
			f.key.a, f.queue = int32(number), &q.QueueRollup
			if err := visit(); err != nil {
				return err
			}
		}
	default:
		for key, c := range p.counts {
			if key.kind != f.key.kind {
				continue
			}
			f.key.a, f.key.b, f.number = key.of.a, key.of.b, c.count
			if err := visit(); err != nil {
				return err
			}
		}
	}
	return nil
}
