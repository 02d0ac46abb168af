package analytics

import (
	"encoding/binary"
	"math"
	"slices"
)

// Sketch counts dwell times in bins whose width grows with their value, so that
// a quantile is off by at most sketchError of itself, whatever was merged.
// Source: Masson, Rim, Lee, "DDSketch: a fast and fully-mergeable quantile
// sketch with relative-error guarantees", PVLDB 12(12), 2019. Bins are kept
// sparse and sorted; counts are exact, so merging in any order gives the same.
type Sketch struct{ bins []bin }

type bin struct {
	index int16
	count uint32
}

const (
	sketchError = 0.005
	zeroBin     = math.MinInt16 // no dwell at all
)

var (
	sketchGamma = (1 + sketchError) / (1 - sketchError)
	sketchLog   = math.Log(sketchGamma)
)

func binOf(dwell int64) int16 {
	if dwell <= 0 {
		return zeroBin
	}
	return int16(math.Ceil(math.Log(float64(dwell)) / sketchLog)) // at most 4367
}

// value is the bin's middle in microseconds, in the sense of relative error.
func (b bin) value() float64 {
	if b.index == zeroBin {
		return 0
	}
	return 2 * math.Exp(float64(b.index)*sketchLog) / (sketchGamma + 1)
}

// Add counts one dwell time in microseconds.
func (s *Sketch) Add(dwell int64) {
	index := binOf(dwell)
	i, found := slices.BinarySearchFunc(s.bins, index, func(x bin, index int16) int { return int(x.index) - int(index) })
	if found {
		s.bins[i].count++
		return
	}
	s.bins = slices.Insert(s.bins, i, bin{index, 1})
}

// Merge adds the counts of another sketch.
func (s *Sketch) Merge(o *Sketch) {
	i := 0
	for _, b := range o.bins {
		for i < len(s.bins) && s.bins[i].index < b.index {
			i++
		}
		if i < len(s.bins) && s.bins[i].index == b.index {
			s.bins[i].count += b.count
			continue
		}
		s.bins = slices.Insert(s.bins, i, b)
	}
}

// Quantile is the dwell in microseconds at rank q*(n-1), interpolated linearly
// between the neighbouring ranks. longest is the exact greatest dwell, which
// bounds it. With nothing counted it is NaN.
func (s *Sketch) Quantile(q float64, longest int64) float64 {
	var n int64
	for _, b := range s.bins {
		n += int64(b.count)
	}
	if n == 0 {
		return math.NaN()
	}
	position := q * float64(n-1)
	low := int64(math.Floor(position))
	a, b := s.rank(low, n, longest), s.rank(min(low+1, n-1), n, longest)
	return a + (b-a)*(position-float64(low))
}

func (s *Sketch) rank(r, n, longest int64) float64 {
	if r == n-1 {
		return float64(longest)
	}
	for _, b := range s.bins {
		if r < int64(b.count) {
			return min(b.value(), float64(longest))
		}
		r -= int64(b.count)
	}
	return float64(longest)
}

func (s *Sketch) reset() { s.bins = s.bins[:0] }

func (s *Sketch) append(b []byte) []byte {
	b = binary.AppendUvarint(b, uint64(len(s.bins)))
	last := int64(0)
	for _, x := range s.bins {
		b = binary.AppendVarint(b, int64(x.index)-last)
		b = binary.AppendUvarint(b, uint64(x.count))
		last = int64(x.index)
	}
	return b
}

func (s *Sketch) read(r *reader) {
	s.reset()
	last := int64(0)
	for i := range r.count(2) {
		step, count := r.varint(), r.uvarint()
		last += step
		r.require(int64(int16(last)) == last && (i == 0 || step > 0) && count > 0 && count <= math.MaxUint32)
		s.bins = append(s.bins, bin{int16(last), uint32(count)})
	}
}
