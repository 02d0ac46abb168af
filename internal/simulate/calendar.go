package simulate

import (
	"math"
	"time"
)

const (
	second = int64(1_000_000) // in microseconds, as all instants and spans here
	minute = 60 * second
	hour   = 60 * minute
)

// How visitors spread over a day: weights at each full hour from opening to closing,
// linear in between. Passers-by are about the rest of the day too.
var (
	weekday = profile{opens: 9, weights: []float64{.3, .5, .65, .95, 1.1, .95, 1, 1.25, 1.6, 1.55, 1.2, .8, .1}}
	weekend = profile{opens: 10, weights: []float64{.3, .7, 1.1, 1.4, 1.5, 1.4, 1.05, .6, .1}}

	// weekdayShare is a day's share of an average day, from Sunday; they average 1.
	weekdayShare = [7]float64{.79, .84, .87, .92, 1, 1.21, 1.37}
)

// dayVariation is the spread (of the logarithm) of days of the same kind.
const dayVariation = 0.1

type profile struct {
	opens   int // hour of the local clock
	weights []float64
}

// hours is how long the profile is.
func (p profile) hours() int { return len(p.weights) - 1 }

// at is the weight so many hours after opening.
func (p profile) at(hours float64) float64 {
	i := int(hours)
	if hours < 0 || i >= p.hours() {
		return 0
	}
	f := hours - float64(i)
	return p.weights[i]*(1-f) + p.weights[i+1]*f
}

// sum is the weight of the whole day.
func (p profile) sum() (sum float64) {
	for i := range p.hours() {
		sum += (p.weights[i] + p.weights[i+1]) / 2
	}
	return sum
}

func (p profile) peak() (peak float64) {
	for _, w := range p.weights {
		peak = max(peak, w)
	}
	return peak
}

// day is one calendar day of the shop.
type day struct {
	begin, end    int64 // local midnights
	opens, closes int64
	profile       profile
	visitors      float64 // expected that day
}

// calendar knows the shop's opening hours and how busy it is when.
type calendar struct {
	zone     *time.Location
	seed     uint64
	perDay   float64
	openFrom int64 // from then on the shop never closes
	today    day
}

// at returns the day that t lies in.
func (c *calendar) at(t int64) *day {
	if t < c.today.begin || t >= c.today.end {
		c.today = c.compute(t)
	}
	return &c.today
}

func (c *calendar) compute(t int64) day {
	y, m, d := time.UnixMicro(t).In(c.zone).Date()
	clock := func(days, hours int) int64 { return time.Date(y, m, d+days, hours, 0, 0, 0, c.zone).UnixMicro() }
	date := time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	p := weekday
	if date.Weekday() == time.Sunday || date.Weekday() == time.Saturday {
		p = weekend
	}
	chance := stream(c.seed, uint64(date.Unix()))
	result := day{
		begin: min(clock(0, 0), t), end: clock(1, 0),
		opens: clock(0, p.opens), closes: clock(0, p.opens+p.hours()),
		profile:  p,
		visitors: c.perDay * weekdayShare[date.Weekday()] * math.Exp(dayVariation*chance.NormFloat64()),
	}
	if result.end <= t { // the clock change took the midnight away
		result.end = t + hour
	}
	return result
}

// open reports whether the shop lets people in at t.
func (c *calendar) open(t int64) bool {
	d := c.at(t)
	return t >= c.openFrom || t >= d.opens && t < d.closes
}

// visitors is the rate at which people come to the shop at t, per hour.
func (c *calendar) visitors(t int64) float64 {
	if t >= c.openFrom {
		return c.busiest()
	}
	d := c.at(t)
	return d.visitors * d.profile.at(float64(t-d.opens)/float64(hour)) / d.profile.sum()
}

// busiest is the visitors' rate at the busiest hour of an average weekday.
func (c *calendar) busiest() float64 { return c.perDay * weekday.peak() / weekday.sum() }
