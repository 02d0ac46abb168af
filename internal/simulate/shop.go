package simulate

import (
	"math"
	"math/rand/v2"
	"time"
	_ "time/tzdata" // the default time zone must not depend on the machine

	"github.com/footfall/footfall/signals"
)

// Defaults of a Config, and the bounds of its frame rate.
const (
	DefaultFrameRate      = 10.0
	DefaultVisitorsPerDay = 700.0
	DefaultTimezone       = "Europe/Helsinki"
	MinFrameRate          = 0.5
	MaxFrameRate          = 60.0

	warmUp = 40 * time.Minute
)

// Config describes a simulated shop. The zero value is the default shop.
type Config struct {
	Location       int64          // id of the location; default DefaultLocation
	Seed           uint64         // two shops of one seed and one use live the same life
	Timezone       *time.Location // in which the opening hours are; default DefaultTimezone
	FrameRate      float64        // frames a second, as of SetFrameRate; default DefaultFrameRate
	VisitorsPerDay float64        // people who come in on an average day; default DefaultVisitorsPerDay
	AlwaysOpen     bool           // the busiest hour of the day, for ever; see KeepOpen for later
	FirstID        int64          // the person id to begin with; default 1
}

// Shop is a simulated shop. It belongs to one goroutine.
type Shop struct {
	floor    *floor
	arrivals arrivals
	sensor   sensor
	chance   *rand.Rand
	pool     pool

	period  int64 // between frames
	now     int64 // of the last frame, or where the shop was moved to
	started bool
	closed  bool
	people  []*person
	queue   queue
	taken   []bool // the spots that somebody holds
	scratch []signals.Message
}

// NewShop returns a shop that stands still until Start.
func NewShop(cfg Config) *Shop {
	cfg = cfg.withDefaults()
	s := &Shop{floor: newFloor(), chance: stream(cfg.Seed, 1)}
	s.taken = make([]bool, len(s.floor.spots))
	s.sensor = sensor{location: cfg.Location, lastID: cfg.FirstID - 1, chance: stream(cfg.Seed, 2)}
	s.arrivals.chance = stream(cfg.Seed, 3)
	s.arrivals.calendar = calendar{
		zone: cfg.Timezone, seed: cfg.Seed, perDay: cfg.VisitorsPerDay, openFrom: math.MaxInt64,
	}
	if cfg.AlwaysOpen {
		s.arrivals.calendar.openFrom = math.MinInt64
	}
	s.SetFrameRate(cfg.FrameRate)
	return s
}

// stream is one of several independent sources of chance of a seed.
func stream(seed, number uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, number)) } //nolint:gosec // repeatable, and no secret

func (cfg Config) withDefaults() Config {
	if cfg.Location == 0 {
		cfg.Location = DefaultLocation
	}
	if cfg.FrameRate == 0 {
		cfg.FrameRate = DefaultFrameRate
	}
	if !(cfg.VisitorsPerDay > 0) {
		cfg.VisitorsPerDay = DefaultVisitorsPerDay
	}
	if cfg.FirstID == 0 {
		cfg.FirstID = 1
	}
	if cfg.Timezone == nil {
		zone, err := time.LoadLocation(DefaultTimezone)
		if err != nil {
			zone = time.UTC // cannot be: the zones are linked in
		}
		cfg.Timezone = zone
	}
	return cfg
}

// SetFrameRate sets how many frames a second the sensor sends from here on, within
// MinFrameRate and MaxFrameRate. Frames stand at whole multiples of their period
// since 1970.
func (s *Shop) SetFrameRate(hertz float64) {
	s.period = int64(float64(second) / clamp(hertz, MinFrameRate, MaxFrameRate))
	s.sensor.setPeriod(float64(s.period) / float64(second))
}

// KeepOpen lets the shop be as busy as in its busiest hour from the instant `from`
// on, whatever the clock says. It acts on what has not been stepped through yet.
func (s *Shop) KeepOpen(from int64) {
	from = max(from, s.now)
	s.arrivals.calendar.openFrom = from
	if s.started {
		s.arrivals.keepOpen(from)
	}
}

// Start moves the shop to the instant at, in Unix microseconds, with the people in
// it who would be there then. What came before is not told; everyone present is
// announced by a position in the frames after at. Start is called once.
func (s *Shop) Start(at int64) {
	s.started = true
	s.now = at - warmUp.Microseconds()
	s.arrivals.restart(s.now)
	for s.now < at {
		s.scratch = s.Step(min(at, s.now+minute), s.scratch[:0])
	}
	for _, p := range s.people {
		if p.track.estimateAt == never && s.chance.Float64() < estimated {
			p.track.estimateAt = at + s.sensor.within(0, 20)
		}
	}
}

// Step moves the shop to the instant to and appends the messages of the frames in
// (last, to], last being the instant moved to before, in order of time, each with its
// Time set. It does nothing for an instant that is past. Memory grows with the
// messages: step through long spans piece by piece. Without a Start the first Step
// starts the shop.
func (s *Shop) Step(to int64, dst []signals.Message) []signals.Message {
	if !s.started {
		s.Start(to)
	}
	for {
		frame := s.NextFrame()
		if frame > to {
			s.now = max(s.now, to)
			return dst
		}
		s.now = frame
		dst = s.frame(dst)
	}
}

// NextFrame is the instant of the next frame in which anything can happen.
func (s *Shop) NextFrame() int64 {
	after := s.now
	if len(s.people) == 0 {
		after = max(after, s.arrivals.next()-1)
	}
	return (after/s.period + 1) * s.period
}

// frame lives through one frame's time and appends what the sensor sees at its end.
func (s *Shop) frame(dst []signals.Message) []signals.Message {
	dt := float64(s.period) / float64(second)
	s.closed = !s.arrivals.calendar.open(s.now)
	for _, p := range s.people {
		s.act(p, dt)
	}
	s.queue.advance(s)
	s.admit()
	present := s.people[:0]
	for _, p := range s.people {
		if p.phase != gone {
			dst = s.sensor.observe(dst, p, s.now)
			present = append(present, p)
			continue
		}
		dst = s.sensor.end(dst, p, s.now)
		s.pool.put(p)
	}
	clear(s.people[len(present):])
	s.people = present
	return dst
}
