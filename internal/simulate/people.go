package simulate

import (
	"math"
	"math/rand/v2"
)

// phase is what a person is about.
type phase uint8

const (
	passing   phase = iota // along the passage, out of sight at its end
	toWindow               // to look into the shop's window
	gazing                 // at the window
	entering               // through the door
	browsing               // on the way to a stop
	standing               // at a stop
	joining                // on the way to the queue's end
	waiting                // in the queue
	toTill                 // from the queue's head to the till
	paying                 // at the till
	retreat                // out of the queue, unserved
	leaving                // through the door, out of sight
	following              // whatever the other of the pair is about
	gone                   // out of sight
)

// person is somebody whom the sensors may see.
type person struct {
	phase   phase
	at      point // without sway
	sway    point
	heading point // of length 1
	speed   float64
	stroll  float64 // preferred speed in the shop, cm/s
	stride  float64 // preferred speed outside
	route   []point // still to walk
	walked  int     // points of route behind
	spot    int     // the spot at or walked to, noSpot outside
	holds   bool    // the spot, which others then avoid
	until   int64   // when a stay ends

	plan     []section // stops still to make, the next one last
	buys     bool
	patience int64 // in the queue
	giveUpAt int64

	leader *person // of a companion
	side   float64 // on which a companion walks, -1 or 1
	offset point   // of a companion from the leader

	female bool
	age    float64
	track  track
}

const noSpot = -1

// reset makes a person of the pool a new one.
func (p *person) reset() {
	*p = person{route: p.route[:0], plan: p.plan[:0], spot: noSpot, heading: point{1, 0}}
}

// pool keeps those who left for those who come.
type pool []*person

func (s *pool) get() *person {
	n := len(*s)
	if n == 0 {
		return &person{route: make([]point, 0, 16), plan: make([]section, 0, 16)}
	}
	p := (*s)[n-1]
	*s = (*s)[:n-1]
	return p
}

func (s *pool) put(p *person) { *s = append(*s, p) }

// lognormal draws a span in microseconds by its median in seconds.
func lognormal(chance *rand.Rand, median, sigma float64) int64 {
	return int64(median * math.Exp(sigma*chance.NormFloat64()) * float64(second))
}

// between draws evenly.
func between(chance *rand.Rand, low, high float64) float64 {
	return low + (high-low)*chance.Float64()
}

// describe draws who somebody is.
func (p *person) describe(chance *rand.Rand) {
	p.female = chance.Float64() < 0.57
	p.age = clamp(16+math.Abs(24*chance.NormFloat64()), 16, 88)
	p.stride = clamp(120+20*chance.NormFloat64()-max(0, p.age-60), 65, 165)
	p.stroll = clamp(75+8*chance.NormFloat64(), 60, 90)
	p.patience = int64((60 + 150*chance.ExpFloat64()) * float64(second))
}

// accompany draws who comes along with a leader: a partner, a friend or a child.
func (p *person) accompany(leader *person, chance *rand.Rand) {
	p.describe(chance)
	switch kind := chance.Float64(); {
	case kind < 0.5:
		p.female, p.age = !leader.female, clamp(leader.age+4*chance.NormFloat64(), 16, 88)
	case kind < 0.8:
		p.female, p.age = leader.female, clamp(leader.age+3*chance.NormFloat64(), 14, 88)
	default:
		leader.age = clamp(leader.age, 24, 48)
		p.female, p.age = chance.Float64() < 0.5, between(chance, 5, 15)
	}
	leader.stride = min(leader.stride, p.stride)
	leader.stroll = min(leader.stroll, p.stroll)
	p.phase, p.leader = following, leader
	p.side = 1
	if chance.Float64() < 0.5 {
		p.side = -1
	}
}
