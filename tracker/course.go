package tracker

import "math"

// course is where a person is and how fast, as far as a track tells by now: what
// remains of a motion where people report at the usual step, whose uncertainty, and the
// gains of the filter, are those of so many samples.
type course struct {
	x, y, vx, vy float32
	moved        uint16 // time of it, in units of 1<<courseTick µs
	samples      uint8  // that its uncertainty is that of; 0 before the first
}

const (
	courseTick = 11
	courseStep = 80_000 // µs: a course takes no more samples than so far apart
)

// courses knows the uncertainty of a course by the number of its samples.
type courses struct {
	noise, step float64 // cm, s: of what the rest is made
	spread      [24]motion
	gains       [24]struct{ place, speed float32 } // of a sample a step after that many
	least, most float32                            // steps for which these do, s
}

// fit makes the table anew where the sensor is found to be another.
func (cs *courses) fit(noise float64, interval int64) {
	noise, step := max(noise, leastNoise), float64(max(interval, courseStep))/1e6
	if math.Abs(noise-cs.noise) < cs.noise/10 && math.Abs(step-cs.step) < cs.step/5 {
		return
	}
	cs.noise, cs.step, cs.least, cs.most = noise, step, float32(step/2), float32(step*2)
	white := correlated(noise, step)
	m := motion{pp: noise * noise, vv: walkingSpread * walkingSpread}
	for i := range cs.spread {
		cs.spread[i] = m
		m.predict(step)
		cs.gains[i].place, cs.gains[i].speed = float32(m.pp/(m.pp+white)), float32(m.pv/(m.pp+white))
		m.correct(0, 0, white)
	}
}

// motion is a course with its uncertainty.
func (cs *courses) motion(c *course) motion {
	m := cs.spread[max(c.samples, 1)-1]
	m.x, m.y, m.vx, m.vy = float64(c.x), float64(c.y), float64(c.vx), float64(c.vy)
	return m
}

// correct takes a position dt seconds after the course was taken.
func (cs *courses) correct(c *course, dt, x, y float32) {
	if dt < cs.least || dt > cs.most {
		m := cs.motion(c)
		m.predict(float64(dt))
		m.correct(float64(x), float64(y), correlated(cs.noise, float64(dt)))
		cs.put(c, m)
		return
	}
	g := &cs.gains[c.samples-1]
	c.x += c.vx * dt
	c.y += c.vy * dt
	dx, dy := x-c.x, y-c.y
	c.x += g.place * dx
	c.y += g.place * dy
	c.vx += g.speed * dx
	c.vy += g.speed * dy
	if int(c.samples) < len(cs.gains) {
		c.samples++
	}
}

// put keeps of a motion what a course is: where the steps were unusual, the number of
// samples that leave as much uncertainty of the speed.
func (cs *courses) put(c *course, m motion) {
	c.x, c.y, c.vx, c.vy = float32(m.x), float32(m.y), float32(m.vx), float32(m.vy)
	n := min(int(c.samples)+1, len(cs.spread))
	for n > 1 && cs.spread[n-1].vv < 0.9*m.vv {
		n--
	}
	c.samples = uint8(n)
}

// age is how long before an instant a course was taken, µs, at most two minutes.
func (c *course) age(at int64) int64 {
	return int64(uint16(at>>courseTick)-c.moved) << courseTick
}

// steer takes a position into a person's course. The one before it came at before.
func (t *Tracker) steer(p *person, before, at int64, x, y float64) {
	c, silence := &p.course, at-before
	if c.samples == 0 || silence > maxBridge {
		*c = course{x: float32(x), y: float32(y), moved: uint16(at >> courseTick), samples: 1}
		return
	}
	step := silence + c.age(before)
	if step < courseStep {
		return
	}
	t.courses.correct(c, float32(step)/1e6, float32(x), float32(y))
	c.moved = uint16(at >> courseTick)
}
