package analytics

import (
	"context"

	"github.com/footfall/footfall/tracker"
)

// ledgerFigures are those between occupancy_from and occupancy_to, in the order of
// the columns.
var ledgerFigures = [...]Figure{
	EntriesCrossed, EntriesAppeared, ExitsCrossed, ExitsLost, ExitsExpired, ExitsZoneRemoved,
	EntriesReset, ExitsReset, Clamped,
}

// Stitch implements tracker.Sink.
func (r *Recorder) Stitch(s tracker.Stitch) { r.tally(s.Zone, s.At, Stitched) }

// Ghost implements tracker.Sink.
func (r *Recorder) Ghost(g tracker.Ghost) { r.tally(g.Zone, g.At, Ghosts) }

// tally counts what changes no occupancy.
func (r *Recorder) tally(zone int32, at int64, figure Figure) {
	r.page(r.place(at)).changeZone(zone).Sum[figure]++
	r.timeline(zone)
}

// writeLedger writes a zone's account: occupancy_from and the entries, without the
// exits, are occupancy_to.
func writeLedger(row *Row, f facts, out Output) error {
	z := &f.total.zone
	cells := row.Cells[:0]
	cells = append(cells, text(f.subject.from), count(f.before))
	for _, figure := range ledgerFigures {
		cells = append(cells, count(z.Sum[figure]))
	}
	cells = append(cells, count(z.End), count(z.Sum[Stitched]), count(z.Sum[Ghosts]))
	f.null = f.null && z.Sum[Clamped]+z.Sum[Stitched]+z.Sum[Ghosts] == 0
	return put(row, f, out, 1, cells...)
}

// opening is how many were in each subject right before the interval: what the
// minute before it ended with, or the quarter hour or day where minutes are
// deleted. Where a zone has none, it was empty.
func (p *plan) opening(ctx context.Context, index *subjectIndex) ([]int64, error) {
	before := make([]int64, len(p.subjects))
	if !p.kind.balance {
		return before, nil
	}
	take := func(k rollupKey, z *ZoneRollup) {
		if i := index.find(subject{k.a, k.b}); i >= 0 {
			before[i] = z.End
		}
	}
	last := p.interval.from - Minute
	if last < p.open.begins() {
		var z ZoneRollup
		in, kept := p.endingAt(p.interval.from)
		if !kept {
			return before, p.gone(Days, p.interval.from)
		}
		err := rollups{p.view, in.table, p.location, kindZone}.scanSound(in.from, in.to, func(k rollupKey, value []byte) error {
			err := z.read(value, reachFigures)
			take(k, &z)
			return err
		}, func(span) { p.damaged[0] = true })
		return before, err
	}
	for _, page := range p.open.pages {
		if page.start == last {
			f := &found{key: rollupKey{location: p.location, kind: kindZone, start: last}}
			return before, page.each(f, func() error { take(f.key, f.zone); return nil })
		}
	}
	return before, ctx.Err()
}
