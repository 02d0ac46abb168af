package tracker

import "math"

// maxProbes is how many rings are kept for the noise to be judged by them alone, and
// probeFor how long each, µs.
const (
	maxProbes = 64
	probeFor  = 60_000_000
)

// glide is what the corrections do with a position of a person nothing of whose waits.
// It reports whether the position waits from now on.
func (t *Tracker) glide(slot int32, p *person, at int64, x, y float64) bool {
	t.meter(at - p.last)
	t.steer(p, p.last, at, x, y)
	if t.window > 0 || t.probes < maxProbes {
		r := t.giveRing(slot, p, spot{at, x, y})
		t.keep(r, at, x, y)
		if t.window > 0 {
			return true
		}
		r.fed = len(r.samples)
	}
	t.setMargin(t.noise.cm)
	t.bridge(slot, p, t.interval, at, x, y)
	return false
}

// observe takes a position into the ring of its track. It counts once the filter has
// what comes after it, and once the track has earned it.
func (t *Tracker) observe(slot int32, p *person, r *ring, at int64, x, y float64) {
	step, waits := at-r.heard.at, p.flags&unproven != 0 || r.holds() || t.window > 0
	if waits && step <= 0 { // a second one of an instant
		return
	}
	t.meter(step)
	t.steer(p, r.heard.at, at, x, y)
	before := r.heard.at
	r.heard = spot{at, x, y}
	if step > tooLong {
		if p.flags&unproven != 0 {
			t.prove(slot, p, r)
		}
		t.drain(slot, p, r)
		r.samples, r.fed = r.samples[:0], 0
	}
	if len(r.samples) == 0 || at-r.kept >= minStep {
		t.keep(r, at, x, y)
	}
	switch {
	case p.flags&unproven != 0:
		t.prove(slot, p, r)
	case waits:
		t.feed(slot, p, r, at)
	default:
		r.fed = len(r.samples)
		r.trim(t.kept())
		t.setMargin(t.noise.cm)
		t.bridge(slot, p, t.interval, at, x, y)
		t.sample(slot, p, at, x, y)
	}
	t.letGo(p, r, before)
}

// keep adds a sample to a ring, and learns from it what the sensor is like.
func (t *Tracker) keep(r *ring, at int64, x, y float64) {
	s := rawSample{
		x: float32(x), y: float32(y), at: uint32(at), since: uint32(at), set: t.locator.Locate(x, y),
		usual: uint16(t.interval / usualUnit), noise: uint8(min(t.noise.cm/noiseUnit, 255)),
		wait: uint8(t.window / waitUnit),
	}
	if t.locator.IsNearLine(x, y, farStep) {
		s.set = noSet
	}
	if r.look(at, &s, t.stillWithin()); r.still && s.wait > 0 {
		s.wait = uint8(2 * t.settings.MaxWindow / waitUnit)
	}
	r.add(at, s)
	if at-r.checked < t.noise.every() {
		return
	}
	t.noise.judge(r)
	t.window = t.windowFor(t.noise.cm)
	t.courses.fit(t.noise.cm, t.interval)
}

func (t *Tracker) stillWithin() float64 { return max(leastStill, stillNoises*t.noise.cm) }

// kept is how long samples are kept that were counted by already, µs: as long as the
// filter can look back from the oldest that waits, and as it takes to see that
// somebody stands.
func (t *Tracker) kept() int64 {
	return max(stillFor+lookEvery, 4*t.settings.MaxWindow) + 2*courseStep
}

// meter learns the usual time between a person's samples, their median: intervalGain
// is the share by which one moves it.
func (t *Tracker) meter(step int64) {
	const intervalGain = 64
	switch usual := t.interval; {
	case usual == 0:
		t.interval = min(step, maxBridge)
	case step > usual:
		t.interval = min(usual+usual/intervalGain+1, maxBridge)
	case step < usual:
		t.interval -= usual / intervalGain
	}
}

func (t *Tracker) giveRing(slot int32, p *person, first spot) *ring {
	var r *ring
	p.ring, r = t.rings.lend(slot, first)
	if t.probes < maxProbes {
		r.probes = first.at + probeFor
		t.probes++
	}
	return r
}

// letGo takes the ring from a person who does not need it any more.
func (t *Tracker) letGo(p *person, r *ring, now int64) {
	if p.flags&(unproven|limbo) == 0 && !r.holds() && t.window == 0 && now >= r.probes {
		t.takeRing(p)
	}
}

func (t *Tracker) takeRing(p *person) {
	if p.ring == 0 {
		return
	}
	if t.rings.at(p.ring).probes > 0 {
		t.probes--
	}
	t.rings.giveBack(p.ring)
	p.ring = 0
}

// feed counts by the samples that the filter has all around of by now.
func (t *Tracker) feed(slot int32, p *person, r *ring, now int64) {
	for r.holds() && r.time(r.fed)+r.samples[r.fed].window() <= now {
		t.feedNext(slot, p, r)
	}
	r.trim(t.kept())
}

// drain counts by all the samples there are: nothing comes after them.
func (t *Tracker) drain(slot int32, p *person, r *ring) {
	if p.flags&unproven == 0 {
		t.feed(slot, p, r, Never)
	}
}

func (t *Tracker) feedNext(slot int32, p *person, r *ring) {
	s, at := r.samples[r.fed], r.time(r.fed)
	if p.flags&started != 0 && p.flags&slowPath == 0 && r.isDeepIn(r.fed, p.set) && !t.mayCross(p, &s) {
		if t.heat.size > 0 {
			t.warm(p, at, float64(s.x), float64(s.y))
		}
		if p.flags&young != 0 {
			t.groups.grow(slot, p, at)
		}
		p.last, p.x, p.y = at, float64(s.x), float64(s.y)
		r.fed++
		return
	}
	x, y := r.smooth(r.fed)
	r.fed++
	t.setMargin(s.deviation())
	if p.flags&started == 0 {
		t.start(slot, p, at, x, y)
		return
	}
	t.bridge(slot, p, s.usualStep(), at, x, y)
	t.sample(slot, p, at, x, y)
}

// farStep is the length of a step, cm, over which a sample that is near no line may
// still cross one.
const farStep = 100

func (t *Tracker) mayCross(p *person, s *rawSample) bool {
	return t.layout.Plan.HasLines() && (math.Abs(float64(s.x)-p.x) > farStep || math.Abs(float64(s.y)-p.y) > farStep)
}

// start takes the first position of a track that counts.
func (t *Tracker) start(slot int32, p *person, at int64, x, y float64) {
	p.flags |= started
	if t.heat.size > 0 {
		t.warm(p, at, x, y)
	}
	p.last, p.x, p.y = at, x, y
	if set := t.locator.Locate(x, y); set != 0 {
		t.moveTo(slot, p, at, set, appeared)
		t.deepen(slot, p)
		t.settle(slot, p, at)
	}
}

// maxBridge is the longest silence over which a person is taken to have walked
// straight on, µs; maxSteps bounds the positions put in.
const (
	maxBridge = 5_000_000
	maxSteps  = 256
)

// bridge leads a person over samples that never came, at their usual interval and
// evenly along the straight line.
func (t *Tracker) bridge(slot int32, p *person, usual, at int64, x, y float64) {
	gap := at - p.last
	if usual <= 0 || 2*gap < 3*usual || gap > maxBridge || t.settings.MaxWindow <= 0 {
		return
	}
	steps := min((gap+usual/2)/usual, maxSteps)
	from, x0, y0 := p.last, p.x, p.y
	for i := int64(1); i < steps; i++ {
		share := float64(i) / float64(steps)
		t.sample(slot, p, from+gap*i/steps, x0+share*(x-x0), y0+share*(y-y0))
	}
}

// feedHeldBack counts by what the filter has waited for long enough, and returns since
// when there is more that does not count yet, or now.
func (t *Tracker) feedHeldBack(now int64) int64 {
	since := now
	for _, r := range t.rings.all {
		if r == nil || r.slot < 0 {
			continue
		}
		p := t.people.at(r.slot)
		if p.flags&(unproven|limbo) == 0 {
			t.feed(r.slot, p, r, now)
		}
		if p.flags&unproven != 0 || r.holds() {
			since = min(since, p.last)
		}
	}
	return since
}
