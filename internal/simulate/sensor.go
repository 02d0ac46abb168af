package simulate

import (
	"math"
	"math/rand/v2"

	"github.com/footfall/footfall/signals"
)

// How the sensor errs.
const (
	jitterSize   = 4.0 // cm, standard deviation in x and in y
	jitterMemory = 0.7 // s over which jitter stays alike
	swaySize     = 5.0 // cm that a body moves about its way
	swayMemory   = 3.0
	mostSway     = 14.0

	silences    = 60.0   // s between gaps of one track, on average
	silence     = 0.5    // s that a gap lasts, on average
	breaks      = 1800.0 // s until a track is lost and found again under a new id
	swallowed   = 0.01   // of losses are never reported
	estimated   = 0.7    // of tracks get an estimate of gender and age
	again       = 0.5    // of estimates are followed by another
	genderError = 0.04
	ageError    = 4.0 // years
)

const never = math.MaxInt64

// track is what the sensor knows of a person.
type track struct {
	id          int64 // 0 while lost, and before the first frame
	jitter      point
	foundAt     int64 // when a lost one is found again
	silentUntil int64
	silenceAt   int64
	breakAt     int64
	estimateAt  int64
}

// sensor turns people into messages.
type sensor struct {
	location int64
	lastID   int64
	chance   *rand.Rand

	// An autoregressive step keeps a share and adds noise.
	jitterKeep, jitterAdd float64
	swayKeep, swayAdd     float64
}

// setPeriod tunes the noise to the time between frames, in seconds.
func (s *sensor) setPeriod(dt float64) {
	s.jitterKeep, s.jitterAdd = autoregression(dt, jitterMemory, jitterSize)
	s.swayKeep, s.swayAdd = autoregression(dt, swayMemory, swaySize)
}

// autoregression gives the step of a process of the given size that forgets within
// memory.
func autoregression(dt, memory, size float64) (keep, add float64) {
	keep = math.Exp(-dt / memory)
	return keep, size * math.Sqrt(1-keep*keep)
}

// wait draws a waiting time with the given mean, in seconds.
func (s *sensor) wait(mean float64) int64 {
	return int64(mean * s.chance.ExpFloat64() * float64(second))
}

// begin starts a track under a new id.
func (s *sensor) begin(p *person, now int64) {
	s.lastID++
	p.track = track{
		id:         s.lastID,
		jitter:     s.noise().times(jitterSize),
		silenceAt:  now + second + s.wait(silences),
		breakAt:    now + second + s.wait(breaks),
		estimateAt: never,
	}
	if s.chance.Float64() < estimated {
		p.track.estimateAt = now + s.within(1, 9)
	}
}

func (s *sensor) within(low, high float64) int64 {
	return int64(between(s.chance, low, high) * float64(second))
}

func (s *sensor) noise() point { return point{s.chance.NormFloat64(), s.chance.NormFloat64()} }

// observe appends what the sensor says about a person in the frame at now.
func (s *sensor) observe(dst []signals.Message, p *person, now int64) []signals.Message {
	t := &p.track
	if t.id == 0 {
		if now < t.foundAt {
			return dst
		}
		s.begin(p, now)
	}
	p.sway = p.sway.times(s.swayKeep).plus(s.noise().times(s.swayAdd)).clipped(mostSway)
	t.jitter = t.jitter.times(s.jitterKeep).plus(s.noise().times(s.jitterAdd))
	switch {
	case now >= t.breakAt:
		t.foundAt = now + s.within(0.3, 2)
		return s.lose(dst, p, now)
	case now >= t.silenceAt:
		t.silentUntil = now + s.wait(silence)
		t.silenceAt = t.silentUntil + s.wait(silences)
	}
	if now < t.silentUntil {
		return dst
	}
	dst = append(dst, s.position(p, now))
	if now >= t.estimateAt {
		dst = append(dst, s.estimate(p, now))
	}
	return dst
}

func (s *sensor) message(p *person, kind signals.Kind, now int64) signals.Message {
	return signals.Message{
		Time: now, Kind: kind, PersonID: p.track.id, LocationID: s.location,
		Confidence: float32(math.NaN()), Age: float32(math.NaN()),
	}
}

// position is where the sensor sees a person, to the millimetre.
func (s *sensor) position(p *person, now int64) signals.Message {
	m := s.message(p, signals.KindPosition, now)
	seen := p.at.plus(p.sway).plus(p.track.jitter)
	m.X, m.Y = math.Round(seen.x*10)/10, math.Round(seen.y*10)/10
	m.Confidence = float32(math.Round(p.confidence()*100) / 100)
	return m
}

// confidence falls with the error and towards the ends of the view.
func (p *person) confidence() float64 {
	blur := p.track.jitter.length() / jitterSize
	edge := clamp(min(p.at.x-viewLeft, viewRight-p.at.x)/200, 0, 1)
	return clamp(0.8+0.19*edge-0.07*blur, 0.3, 0.99)
}

// estimate is a guess at gender and age, and plans the next one.
func (s *sensor) estimate(p *person, now int64) signals.Message {
	m := s.message(p, signals.KindDemographics, now)
	female := p.female != (s.chance.Float64() < genderError)
	m.Gender = signals.GenderMale
	if female {
		m.Gender = signals.GenderFemale
	}
	if s.chance.Float64() < 0.95 {
		m.Age = float32(math.Round(clamp(p.age+ageError*s.chance.NormFloat64(), 1, 99)))
	}
	p.track.estimateAt = never
	if s.chance.Float64() < again {
		p.track.estimateAt = now + s.within(10, 60)
	}
	return m
}

// lose reports a track lost.
func (s *sensor) lose(dst []signals.Message, p *person, now int64) []signals.Message {
	dst = append(dst, s.message(p, signals.KindLost, now))
	p.track.id = 0
	return dst
}

// end reports that a person went out of sight, unless the report is swallowed.
func (s *sensor) end(dst []signals.Message, p *person, now int64) []signals.Message {
	if p.track.id == 0 || s.chance.Float64() < swallowed {
		return dst
	}
	return s.lose(dst, p, now)
}
