package simulate

import "math"

const (
	apart        = 58.0 // cm between the two of a pair
	regroup      = 90.0 // cm/s at which a companion changes sides
	inQueue      = 60.0 // cm/s at which a queue moves up
	acceleration = 0.6  // s to take up a speed
	doorway      = 40.0 // y below which people stride as outside
)

// to sends a person straight to q, after what is on the route already.
func (p *person) to(q point) { p.route = append(p.route, q) }

// halt ends a walk where it is.
func (p *person) halt() { p.route, p.walked = p.route[:0], 0 }

func (p *person) walks() bool { return p.walked < len(p.route) }

// pace is the speed that a person would have now.
func (p *person) pace() float64 {
	switch {
	case p.at.y < doorway:
		return p.stride
	case p.phase == waiting:
		return inQueue
	case p.phase == leaving:
		return (p.stride + p.stroll) / 2
	}
	return p.stroll
}

// walk moves a person along the route for dt seconds, and reports whether the end
// was reached.
func (p *person) walk(dt float64) bool {
	p.speed += (p.pace() - p.speed) * min(1, dt/acceleration)
	left := p.speed * dt
	for p.walks() {
		step := p.route[p.walked].minus(p.at)
		length := step.length()
		if length > 0 {
			p.heading = step.times(1 / length)
		}
		if length > left {
			p.at = p.at.plus(p.heading.times(left))
			return false
		}
		left -= length
		p.at = p.route[p.walked]
		p.walked++
	}
	p.halt()
	p.speed = 0
	return true
}

// follow keeps a companion beside the leader, or behind where there is no room.
func (p *person) follow(f *floor, dt float64) {
	leader := p.leader
	if leader.phase == gone {
		p.phase = gone
		return
	}
	p.heading = leader.heading
	wish := leader.heading.left().times(apart * p.side)
	if f.room(leader.at, wish) < 1 {
		wish = leader.heading.times(-apart)
	}
	change := wish.minus(p.offset)
	if most, length := (leader.speed*0.5+regroup)*dt, change.length(); length > most {
		change = change.times(most / length)
	}
	p.offset = p.offset.plus(change)
	if share := f.room(leader.at, p.offset); share < 1 {
		p.offset = p.offset.times(math.Max(0, share-0.01))
	}
	p.at = leader.at.plus(p.offset)
}
