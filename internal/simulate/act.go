package simulate

// stays is how long people stay at a stop: the median in seconds, and the spread of
// the logarithm.
var stays = [sections]struct{ median, sigma float64 }{
	newIn:       {28, 0.8},
	promo:       {34, 0.8},
	womens:      {40, 0.9},
	mens:        {40, 0.9},
	shoes:       {45, 0.9},
	accessories: {27, 0.8},
	fitting:     {190, 0.4},
	entrance:    {6, 0.4},
	window:      {9, 0.6},
}

const (
	shortestStay = 2 * second
	longestStay  = 7 * minute
	hurry        = 30 * second // in which people end a stay once the shop has closed

	serviceMedian = 39.0 // s, of a mean of 45 s
	serviceSigma  = 0.53
	shortestSale  = 12 * second
	longestSale   = 4 * minute
)

// act lets a person live through dt seconds up to now.
func (s *Shop) act(p *person, dt float64) {
	switch {
	case p.phase == following:
		p.follow(s.floor, dt)
	case p.walks():
		if p.walk(dt) {
			s.arrived(p)
		}
	default:
		s.stand(p)
	}
}

// arrived is called where a route ends.
func (s *Shop) arrived(p *person) {
	switch p.phase {
	case passing, leaving:
		p.phase = gone
	case toWindow:
		s.stay(p, gazing, window)
	case entering:
		s.goOn(p)
	case browsing:
		s.stay(p, standing, s.floor.spots[p.spot].section)
	case joining:
		s.queue.join(s, p)
	case toTill:
		p.phase, p.heading = paying, s.floor.spots[p.spot].face
		sale := lognormal(s.chance, serviceMedian, serviceSigma)
		p.until = s.now + min(max(sale, shortestSale), longestSale)
	case retreat:
		s.leave(p)
	default: // the others do not walk on routes
	}
}

// stay begins a stay at the spot reached.
func (s *Shop) stay(p *person, about phase, in section) {
	stay := lognormal(s.chance, stays[in].median, stays[in].sigma)
	p.phase, p.heading = about, s.floor.spots[p.spot].face
	p.until = s.now + min(max(stay, shortestStay), longestStay)
}

// stand waits for the end of a stay.
func (s *Shop) stand(p *person) {
	if p.phase == standing && s.closed {
		p.until = min(p.until, s.now+hurry)
	}
	if p.phase == waiting || s.now < p.until {
		return
	}
	switch p.phase {
	case gazing:
		s.release(p)
		p.phase, p.spot = passing, noSpot
		p.to(s.away())
	case standing:
		s.goOn(p)
	case paying:
		s.queue.served = nil
		s.leave(p)
	default: // the others do not stay for a time
	}
}
