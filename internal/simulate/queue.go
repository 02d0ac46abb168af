package simulate

import "slices"

const (
	uneasy = 3    // people in line from which on some don't join
	balks  = 0.12 // more of them with each further person in line
)

// queue is the line at the till, first come first served.
type queue struct {
	line   []*person // from the head on
	served *person   // at the till or on the way from the head to it
}

// join takes somebody at the queue's end into line, or not, when it is too long.
func (q *queue) join(s *Shop, p *person) {
	n := len(q.line)
	if n == len(queueSlots) || s.chance.Float64() < balks*float64(n-uneasy) {
		s.leave(p)
		return
	}
	p.phase, p.giveUpAt = waiting, s.now+p.patience
	q.line = append(q.line, p)
	q.step(p, n)
}

// step sends somebody to a place in line, round the corner where need be.
func (q *queue) step(p *person, place int) {
	p.halt()
	slot := queueSlots[place]
	if p.at.y < queueCorner.y && slot.x > queueCorner.x {
		p.to(queueCorner)
	}
	p.to(slot)
}

// advance calls the head to the till when it is free, and lets those go who have
// had enough.
func (q *queue) advance(s *Shop) {
	if q.served == nil && len(q.line) > 0 && !q.line[0].walks() {
		p := q.line[0]
		q.remove(0)
		q.served = p
		p.phase, p.spot = toTill, s.floor.till
		p.to(s.floor.spots[p.spot].at)
	}
	for i := 1; i < len(q.line); i++ {
		if p := q.line[i]; s.now >= p.giveUpAt {
			q.remove(i)
			p.halt()
			p.phase, p.spot = retreat, s.floor.queueEnd
			if p.at.x > queueCorner.x {
				p.to(queueCorner)
			}
			p.to(queueEnd)
			i--
		}
	}
}

// remove takes one out of line; those behind move up.
func (q *queue) remove(i int) {
	q.line = slices.Delete(q.line, i, i+1)
	for ; i < len(q.line); i++ {
		q.step(q.line[i], i)
	}
}
