package simulate

import (
	"math"
	"math/rand/v2"
)

const (
	captureRate = 0.13        // of the people in the passage come in
	pairShare   = 0.28        // of parties are pairs
	aroundHours = 45 * minute // for which people pass before opening and after closing
	quietHour   = 30.0        // people an hour who pass at any time
)

// crowd tells those who come to the shop from those who only pass by.
type crowd uint8

const (
	visitors crowd = iota
	passers
)

// arrivals is when parties come into sight: two nonhomogeneous Poisson processes,
// drawn by thinning (Lewis and Shedler, 1979).
type arrivals struct {
	calendar calendar
	chance   *rand.Rand
	due      [2]int64 // the next party of each crowd
}

// restart draws the next arrivals after t.
func (a *arrivals) restart(t int64) {
	a.due = [2]int64{a.draw(visitors, t), a.draw(passers, t)}
}

// keepOpen opens the shop for good from t on; what was drawn for later is drawn anew.
func (a *arrivals) keepOpen(t int64) {
	a.calendar.openFrom = t
	for c, due := range a.due {
		if due >= t {
			a.due[c] = a.draw(crowd(c), t)
		}
	}
}

// next is when the next party comes.
func (a *arrivals) next() int64 { return min(a.due[visitors], a.due[passers]) }

// take takes a party of the crowd that has come by now, if there is one.
func (a *arrivals) take(c crowd, now int64) bool {
	if a.due[c] > now {
		return false
	}
	a.due[c] = a.draw(c, a.due[c])
	return true
}

// rate is how many people of the crowd come per hour at t.
func (a *arrivals) rate(c crowd, t int64) float64 {
	in := a.calendar.visitors(t)
	if c == visitors {
		return in
	}
	d := a.calendar.at(t)
	if t < a.calendar.openFrom && (t < d.opens-aroundHours || t >= d.closes+aroundHours) {
		return 0
	}
	return passersAt(in)
}

// passersAt is the rate of passers-by while visitors come at the given rate.
func passersAt(visitors float64) float64 { return visitors*(1/captureRate-1) + quietHour }

// draw is the first party of a crowd after t.
func (a *arrivals) draw(c crowd, t int64) int64 {
	for {
		end, ceiling := a.stretch(c, t)
		if ceiling == 0 {
			t = end
			continue
		}
		wait := min(a.chance.ExpFloat64()*(1+pairShare)/ceiling, 24) * float64(hour)
		if t += max(1, int64(wait)); t >= end {
			t = end
		} else if a.chance.Float64()*ceiling < a.rate(c, t) {
			return t
		}
	}
}

// stretch is how long from t on the rate stays below a ceiling. A night is one stretch.
func (a *arrivals) stretch(c crowd, t int64) (end int64, ceiling float64) {
	if t >= a.calendar.openFrom {
		return math.MaxInt64, a.rate(c, t)
	}
	d := a.calendar.at(t)
	end = d.end
	for _, edge := range [...]int64{d.opens - aroundHours, d.opens, d.closes, d.closes + aroundHours, a.calendar.openFrom} {
		if edge > t {
			end = min(end, edge)
		}
	}
	if t < d.opens || t >= d.closes {
		return end, a.rate(c, t)
	}
	ceiling = d.visitors * d.profile.peak() / d.profile.sum()
	if c == passers {
		ceiling = passersAt(ceiling)
	}
	return end, ceiling
}
