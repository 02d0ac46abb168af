package main

import (
	"encoding/binary"
	"math"
	"math/rand/v2"

	"github.com/footfall/footfall/signals"
)

const (
	stride      = 12      // cm, about a step at 10 Hz
	defaultSide = 5000    // cm, of the square floor
	mostRounds  = 64      // of everybody's position, played forth and back
	mostMemory  = 1 << 30 // of encoded rounds
	frameSize   = 130     // bytes of a position, about
)

// crowd is people who walk about on a floor, turn at its walls, and report in a
// shuffled order in every round.
type crowd struct {
	People        int
	Width, Height float64 // cm
	Stride        float64 // cm a round
	Rate          int     // positions a second; 0 is as fast as they are taken
	Burst         int     // positions at first that go as fast as they are taken
}

func newCrowd(people int) crowd {
	return crowd{People: people, Width: defaultSide, Height: defaultSide, Stride: stride}
}

// place is where a person is in a round.
type place struct {
	person int
	x, y   float64
}

type walker struct{ x, y, heading float64 }

// walk visits the rounds one after the other; the slice is reused.
func (c crowd) walk(rounds int, visit func(round []place)) {
	random := rand.New(rand.NewPCG(1, 1))
	walkers := make([]walker, c.People)
	for i := range walkers {
		walkers[i] = walker{random.Float64() * c.Width, random.Float64() * c.Height, random.Float64() * 2 * math.Pi}
	}
	order, round := make([]int, c.People), make([]place, 0, c.People)
	for i := range order {
		order[i] = i
	}
	for range rounds {
		random.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		round = round[:0]
		for _, i := range order {
			walkers[i].step(c, random)
			round = append(round, place{i, tenths(walkers[i].x), tenths(walkers[i].y)})
		}
		visit(round)
	}
}

// step walks on, and turns round at a wall.
func (w *walker) step(c crowd, random *rand.Rand) {
	w.heading += random.NormFloat64() * 0.2
	x, y := w.x+c.Stride*math.Cos(w.heading), w.y+c.Stride*math.Sin(w.heading)
	if x < 1 || x > c.Width-1 || y < 1 || y > c.Height-1 {
		w.heading += math.Pi
	}
	w.x, w.y = min(c.Width-1, max(1, x)), min(c.Height-1, max(1, y))
}

func tenths(f float64) float64 { return math.Round(f*10) / 10 }

// rounds is how many different ones are kept: as many as fit the memory.
func (c crowd) rounds() int { return min(mostRounds, max(4, mostMemory/(c.People*frameSize))) }

// forthAndBack is the order in which rounds are played, so that nobody jumps.
func forthAndBack(rounds int) []int {
	var order []int
	for i := range rounds {
		order = append(order, i)
	}
	for i := rounds - 2; i > 0; i-- {
		order = append(order, i)
	}
	return order
}

// chunk is positions that are written at once.
type chunk struct {
	wire      []byte
	positions int
}

// encode makes the chunks of each round with frames of the wire.
func (c crowd) encode(append1 func([]byte, place) []byte) (all [][]chunk) {
	size := c.People
	if c.Rate > 0 {
		size = max(1, c.Rate/1000) // of a millisecond
	}
	c.walk(c.rounds(), func(round []place) {
		var chunks []chunk
		for start := 0; start < len(round); start += size {
			part := round[start:min(len(round), start+size)]
			wire := make([]byte, 0, len(part)*frameSize)
			for _, p := range part {
				wire = append1(wire, p)
			}
			chunks = append(chunks, chunk{wire, len(part)})
		}
		all = append(all, chunks)
	})
	return all
}

// appendPosition appends a position as a WebSocket text frame.
func appendPosition(wire []byte, p place) []byte {
	nan := float32(math.NaN())
	return appendText(wire, &signals.Message{
		Kind: signals.KindPosition, PersonID: int64(p.person) + 100_000, LocationID: location,
		X: p.x, Y: p.y, Confidence: nan, Age: nan,
	})
}

// appendText appends a message as a text frame of a server.
func appendText(wire []byte, m *signals.Message) []byte {
	var room [256]byte
	text := signals.Append(room[:0], m)
	wire = append(wire, 0x81)
	if len(text) < 126 {
		wire = append(wire, byte(len(text)))
	} else {
		wire = binary.BigEndian.AppendUint16(append(wire, 126), uint16(len(text)))
	}
	return append(wire, text...)
}
