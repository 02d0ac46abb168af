package main

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// spread is the least, the middle and the greatest of some figures.
type spread struct{ low, median, high float64 }

func spreadOf(figures []float64) spread {
	sorted := slices.Sorted(slices.Values(figures))
	if len(sorted) == 0 {
		return spread{}
	}
	return spread{sorted[0], percentile(sorted, 0.5), sorted[len(sorted)-1]}
}

// show formats the three with one verb each.
func (s spread) show(verb string) string {
	return fmt.Sprintf(verb+" ("+verb+" to "+verb+")", s.median, s.low, s.high)
}

// percentile of sorted figures, linear between the ranks around q·(n−1); 0 of none.
func percentile[N float64 | time.Duration](sorted []N, q float64) N {
	if len(sorted) == 0 {
		return 0
	}
	rank := q * float64(len(sorted)-1)
	i := int(rank)
	if i+1 >= len(sorted) {
		return sorted[len(sorted)-1]
	}
	return sorted[i] + N((rank-float64(i))*float64(sorted[i+1]-sorted[i]))
}

// sample is one measurement: so many units in such a time.
type sample struct {
	units     int64
	took, cpu time.Duration
}

func (s sample) rate() float64     { return float64(s.units) / s.took.Seconds() }
func (s sample) wallEach() float64 { return float64(s.took.Nanoseconds()) / float64(s.units) }
func (s sample) cpuEach() float64  { return float64(s.cpu.Nanoseconds()) / float64(s.units) }

// side is one of the things that are compared.
type side struct {
	name    string
	unit    string // "position"
	run     func() (sample, error)
	samples []sample
}

// alternate measures every side in each of n turns.
func alternate(n int, sides ...*side) error {
	for range n {
		for _, s := range sides {
			one, err := s.run()
			if err != nil {
				return fmt.Errorf("%s: %w", s.name, err)
			}
			if one.units <= 0 || one.took <= 0 {
				return fmt.Errorf("%s: nothing was measured", s.name)
			}
			s.samples = append(s.samples, one)
		}
	}
	return nil
}

func (s *side) each(figure func(sample) float64) []float64 {
	var all []float64
	for _, one := range s.samples {
		all = append(all, figure(one))
	}
	return all
}

// note says how the side did.
func (s *side) note() string {
	return fmt.Sprintf("%s: %s %ss/s, wall %s ns, CPU %s ns a %s", s.name,
		thousands(spreadOf(s.each(sample.rate))), s.unit,
		spreadOf(s.each(sample.wallEach)).show("%.0f"), spreadOf(s.each(sample.cpuEach)).show("%.0f"), s.unit)
}

// ratios of a figure of two sides, turn by turn.
func ratios(a, b *side, figure func(sample) float64) spread {
	var all []float64
	for i := range a.samples {
		all = append(all, figure(a.samples[i])/figure(b.samples[i]))
	}
	return spreadOf(all)
}

// thousands shows a spread of large numbers with separators.
func thousands(s spread) string {
	return fmt.Sprintf("%s (%s to %s)", grouped(s.median), grouped(s.low), grouped(s.high))
}

func grouped(f float64) string {
	digits := fmt.Sprintf("%.0f", f)
	var parts []string
	for len(digits) > 3 {
		parts = append([]string{digits[len(digits)-3:]}, parts...)
		digits = digits[:len(digits)-3]
	}
	return strings.Join(append([]string{digits}, parts...), ",")
}

// milliseconds of a duration.
func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
