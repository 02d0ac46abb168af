package tracker

import "math"

// marginPerNoise is the margin over the sensor's noise: a change of side counts once
// the person was so far clear of the edge. Who stays nearer is believed after
// patience.
const marginPerNoise = 0.5

// setMargin is for the position that is counted by next.
func (t *Tracker) setMargin(noise float64) {
	t.edge = min(marginPerNoise*noise, t.settings.MaxMargin)
	t.clearance = t.edge
}

// deepen notes which of a person's changes are clear of their edges by now.
func (t *Tracker) deepen(slot int32, p *person) {
	for i := range p.stays {
		s := &p.stays[i]
		if !s.has(shallow) || !t.isClearOfEdge(p, s) {
			continue
		}
		s.clear(shallow)
		if delay := t.delay(s); delay > 0 {
			t.schedule(slot, p, s.since()+delay+t.hold(p))
		}
	}
}

// isClearOfEdge reports whether all that lies as near as the margin is on the
// person's side of the zone's edge.
func (t *Tracker) isClearOfEdge(p *person, s *stay) bool {
	for _, d := range compass {
		members := t.locator.Members(t.locator.Locate(p.x+t.edge*d[0], p.y+t.edge*d[1]))
		if t.contains(members, s.zone()) != (s.stage() == entering) {
			return false
		}
	}
	return true
}

var compass = [8][2]float64{
	{1, 0}, {math.Sqrt2 / 2, math.Sqrt2 / 2}, {0, 1}, {-math.Sqrt2 / 2, math.Sqrt2 / 2},
	{-1, 0}, {-math.Sqrt2 / 2, -math.Sqrt2 / 2}, {0, -1}, {math.Sqrt2 / 2, -math.Sqrt2 / 2},
}
