package tracker

import "slices"

// gap is where and when a track in limbo was lost.
type gap struct {
	x, y float64
	at   int64
	id   int64
	slot int32

	end   motion // of one whose positions are corrected, at moved
	moved int64
	heard int64 // the last sample that counted
}

// stitch finds the lost track that a birth continues: the nearest within
// StitchRadius of those lost no longer than StitchWithin ago, of those as
// near that of the least id, then the one lost first. It takes the track out of limbo.
func (t *Tracker) stitch(x, y float64) (int32, bool) {
	best, nearest := -1, t.settings.StitchRadius*t.settings.StitchRadius
	for i := range t.lost {
		g := &t.lost[i]
		dx, dy := x-g.x, y-g.y
		d := dx*dx + dy*dy
		if d <= nearest && (best < 0 || d < nearest || g.id < t.lost[best].id) {
			best, nearest = i, d
		}
	}
	if best < 0 {
		return 0, false
	}
	slot := t.lost[best].slot
	t.lost = slices.Delete(t.lost, best, best+1)
	p := t.people.at(slot)
	t.warmUntil(p, max(p.last, t.heat.swept))
	p.flags &^= limbo
	t.stats.Stitched++
	return slot, true
}

// tellStitch tells of a gap that ended with a sample at an instant, for the location
// and for the zones in which the person's visit ran on.
func (t *Tracker) tellStitch(p *person, at int64) {
	t.sink.Stitch(Stitch{Zone: LocationZone, At: at})
	for i := range p.stays {
		if s := &p.stays[i]; s.stage() == inside && s.since() < at && p.exitPending(s.zone()) < 0 {
			t.sink.Stitch(Stitch{Zone: s.zone(), At: at})
		}
	}
}
