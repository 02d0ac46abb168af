package analytics

import "github.com/footfall/footfall/tracker"

// GoBy takes what a profile says of a location's zones, for all that is not followed
// yet.
func (r *Recorder) GoBy(p *Profile) {
	r.limitBy(p)
	r.bounceUnder, r.engagedOver = p.BounceUnder, p.EngagedOver
	r.journeys.goBy(p.journeyRules())
}

// judge adds what a visit's length makes of it.
func (z *ZoneRollup) judge(dwell, bounceUnder, engagedOver int64) {
	if dwell < bounceUnder {
		z.Sum[Bounces]++
	}
	if dwell >= engagedOver {
		z.Sum[Engaged]++
	}
}

// writeVisits: of a location counted by gates nobody knows who came back, or for how
// long they stayed.
func writeVisits(row *Row, f facts, out Output) error {
	s := &f.total.zone.Sum
	cells := []Cell{text(f.subject.from), count(f.total.zone.Entries()), count(s[Visitors]), count(s[Visits]), count(s[Bounces]), count(s[Engaged])}
	if f.gated {
		clear(cells[2:])
	}
	return put(row, f, out, 1, cells...)
}

var _ tracker.Sink = (*Recorder)(nil)
