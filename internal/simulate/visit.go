package simulate

import "slices"

// admit lets in the parties that have come by now.
func (s *Shop) admit() {
	for s.arrivals.take(visitors, s.now) {
		p := s.appear()
		s.planVisit(p)
		s.enter(p)
	}
	for s.arrivals.take(passers, s.now) {
		p := s.appear()
		s.pass(p)
	}
}

// appear brings a party of one or two into sight at one end of the passage.
func (s *Shop) appear() *person {
	p := s.newPerson()
	p.describe(s.chance)
	p.at = point{viewLeft, between(s.chance, passageLow, passageHigh)}
	if s.chance.Float64() < 0.5 {
		p.at.x, p.heading = viewRight, point{-1, 0}
	}
	p.speed = p.stride
	if s.chance.Float64() < pairShare {
		companion := s.newPerson()
		companion.accompany(p, s.chance)
		companion.offset = p.heading.left().times(apart * companion.side)
		companion.at = p.at.plus(companion.offset)
	}
	return p
}

// newPerson adds somebody to the scene. A companion comes right after the leader,
// and so moves when the leader has moved.
func (s *Shop) newPerson() *person {
	p := s.pool.get()
	p.reset()
	s.people = append(s.people, p)
	return p
}

// pass sends a passer-by on to the other end, some by way of the window.
func (s *Shop) pass(p *person) {
	end := point{viewLeft + viewRight - p.at.x, clamp(p.at.y+40*s.chance.NormFloat64(), passageLow, passageHigh)}
	p.phase = passing
	if s.chance.Float64() < 0.12 {
		p.phase = toWindow
		s.hold(p, s.choose(window))
		p.to(s.floor.spots[p.spot].at)
		return
	}
	p.to(end)
}

// planVisit draws what a visitor is going to do.
func (s *Shop) planVisit(p *person) {
	if s.chance.Float64() < 0.1 { // a look round, and out again
		p.plan = append(p.plan, entrance)
		return
	}
	stops := 2 + min(9, int(3.2*s.chance.ExpFloat64()))
	var last section
	for i := range stops {
		if i == 0 || s.chance.Float64() > 0.45 {
			last = s.interest(p)
		}
		p.plan = append(p.plan, last)
	}
	if (slices.Contains(p.plan, womens) || slices.Contains(p.plan, mens)) && s.chance.Float64() < 0.3 {
		p.plan = append(p.plan, fitting)
	}
	slices.Reverse(p.plan)
	p.buys = s.chance.Float64() < 0.52
}

// interest draws a section that suits a person.
func (s *Shop) interest(p *person) section {
	own, other := mens, womens
	if p.female {
		own, other = womens, mens
	}
	switch draw := s.chance.Float64(); {
	case draw < 0.18:
		return promo
	case draw < 0.28:
		return newIn
	case draw < 0.42:
		return accessories
	case draw < 0.56:
		return shoes
	case draw < 0.90:
		return own
	}
	return other
}

// enter sends a visitor from the passage through the door, on its right side.
func (s *Shop) enter(p *person) {
	lane := s.floor.doors[2+s.chance.IntN(3)]
	inside := s.floor.spots[lane].at
	p.phase, p.spot = entering, lane
	p.to(point{inside.x, -inside.y})
	p.to(inside)
}

// choose finds a place in a section, a free one if a few looks find one.
func (s *Shop) choose(in section) int {
	places := s.floor.in[in]
	var place int
	for range 5 {
		place = places[s.chance.IntN(len(places))]
		if !s.taken[place] {
			break
		}
	}
	return place
}

// goOn sends a visitor to the next stop, to the till, or out.
func (s *Shop) goOn(p *person) {
	s.release(p)
	for !s.closed && len(p.plan) > 0 {
		next := p.plan[len(p.plan)-1]
		p.plan = p.plan[:len(p.plan)-1]
		place := s.choose(next)
		if next == fitting && s.taken[place] {
			continue
		}
		s.send(p, browsing, place)
		s.hold(p, place)
		return
	}
	if p.buys && !s.closed {
		s.send(p, joining, s.floor.queueEnd)
		return
	}
	s.leave(p)
}

// send lets a person walk from spot to spot.
func (s *Shop) send(p *person, about phase, place int) {
	p.phase = about
	p.route = s.floor.routes.way(p.route, p.spot, place)
	p.spot = place
}

// leave sends a person out of the door, on its other side, and out of sight.
func (s *Shop) leave(p *person) {
	s.send(p, leaving, s.floor.doors[s.chance.IntN(3)])
	p.to(point{p.route[len(p.route)-1].x, -70})
	p.to(s.away())
}

// away is a place out of sight, at either end of the passage.
func (s *Shop) away() point {
	end := point{viewLeft, between(s.chance, passageLow, passageHigh)}
	if s.chance.Float64() < 0.5 {
		end.x = viewRight
	}
	return end
}

// hold makes a place a person's own, unless it is another's already.
func (s *Shop) hold(p *person, place int) {
	p.spot = place
	if !s.taken[place] {
		s.taken[place], p.holds = true, true
	}
}

// release gives a place back to others.
func (s *Shop) release(p *person) {
	if p.holds {
		s.taken[p.spot], p.holds = false, false
	}
}
