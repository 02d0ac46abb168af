package tracker

import "math"

// motion is a Kalman estimate of where a person is and how fast, cm and cm/s:
// nearly constant velocity, the axes alike and independent (Bar-Shalom, Li and
// Kirubarajan, Estimation with Applications to Tracking and Navigation, 6.2).
type motion struct {
	x, y, vx, vy float64
	pp, pv, vv   float64 // covariance of place and speed, of either axis
}

const (
	// walkingSpread is the standard deviation of a walker's speed along an axis, before
	// anything is known of it, cm/s.
	walkingSpread = 100
	// walkingUnrest is by how much a speed's variance grows, cm²/s³: a walker's
	// speed changes by 20 cm/s within a second.
	walkingUnrest = 400
	// noiseTime is for how long a sensor's errors stay alike, s.
	noiseTime = 0.5
	// leastNoise is the least standard deviation taken of a sensor's errors, cm.
	leastNoise = 3
)

// motionBefore follows samples backward from the last to the first: the speed is the
// one forward in time.
func motionBefore(samples []rawSample, noise float64) motion {
	noise = max(noise, leastNoise)
	before := &samples[len(samples)-1]
	m := motion{x: float64(before.x), y: float64(before.y), pp: noise * noise, vv: walkingSpread * walkingSpread}
	for i := len(samples) - 2; i >= 0; i-- {
		s := &samples[i]
		dt := float64(before.later(s)) / 1e6
		m.predict(dt)
		m.correct(float64(s.x), float64(s.y), correlated(noise, math.Abs(dt)))
		before = s
	}
	return m
}

// correlated is the variance to take of a sample dt after another, whose errors are
// alike: that of white noise of the same power at low frequencies.
func correlated(noise, dt float64) float64 {
	x := dt / (2 * noiseTime) // of the hyperbolic cotangent, by its series
	if x > 1.5 {
		return noise * noise * 1.05
	}
	return noise * noise * (1/x + x/3*(1-x*x/15))
}

func (m *motion) predict(dt float64) {
	m.x += m.vx * dt
	m.y += m.vy * dt
	span := math.Abs(dt)
	m.pp += 2*dt*m.pv + dt*dt*m.vv + walkingUnrest*span*span*span/3
	m.pv += dt*m.vv + math.Copysign(walkingUnrest*span*span/2, dt)
	m.vv += walkingUnrest * span
}

func (m *motion) correct(x, y, variance float64) {
	s := m.pp + variance
	place, speed := m.pp/s, m.pv/s
	dx, dy := x-m.x, y-m.y
	m.x += place * dx
	m.y += place * dy
	m.vx += speed * dx
	m.vy += speed * dy
	m.vv -= speed * m.pv
	m.pv -= place * m.pv
	m.pp -= place * m.pp
}

// unlikeness is minus twice the logarithm of how likely two estimates of one instant
// are of the same person, up to a constant, and their squared distance in
// standard deviations (Mahalanobis; chi-squared of 4 degrees of freedom).
func (m motion) unlikeness(o motion) (cost, distance float64) {
	pp, pv, vv := m.pp+o.pp, m.pv+o.pv, m.vv+o.vv
	det := pp*vv - pv*pv
	square := func(place, speed float64) float64 {
		return (place*place*vv - 2*place*speed*pv + speed*speed*pp) / det
	}
	distance = square(m.x-o.x, m.vx-o.vx) + square(m.y-o.y, m.vy-o.vy)
	return distance + 2*math.Log(det), distance
}
