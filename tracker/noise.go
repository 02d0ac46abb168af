package tracker

import "math"

// noiseMeter estimates the standard deviation of a sensor's errors along an axis from
// the stream itself: by how far samples lie off the straight line through those
// within half a second of them. A line follows who walks; the median does not mind
// those who turn. What is left of errors that stay alike for noiseTime is 0.303 of
// their variance at any sampling from 2.5 Hz up, and a head's sway as people walk
// is taken off.
type noiseMeter struct {
	counts [noiseBins]int32 // of squared distances, by powers of 2^(1/4)
	total  int32
	cm     float64
}

const (
	noiseBins   = 96
	noiseShare  = 0.303
	sway        = 4 // cm
	enoughNoise = 32
	knownNoise  = 512
	noiseMemory = 1 << 12 // judgements; beyond it older ones count half

	noiseHalf   = 500_000 // µs: half the span of a line
	longestStep = 550_000 // µs between samples of one span
	speedHop    = 200_000 // µs: over which a speed is taken
	fastest     = 500     // cm/s: nobody on a shop floor is faster
)

// every is how often a track is judged, µs: less often once the noise is known.
func (m *noiseMeter) every() int64 {
	if m.total < knownNoise {
		return noiseHalf
	}
	return 8 * noiseHalf
}

// judge takes the sample in the middle of the last second of r.
func (m *noiseMeter) judge(r *ring) {
	s := r.lastSecond()
	if len(s) < 3 || s[0].later(&s[len(s)-1]) < noiseHalf {
		return
	}
	r.checked = r.kept
	if isTooFast(s) {
		return
	}
	middle := &s[nearest(s, s[0].later(&s[len(s)-1])/2)]
	var f lineFit
	for i := range s {
		o := &s[i]
		f.add(float64(middle.later(o))/noiseHalf, 1, float64(o.x-middle.x), float64(o.y-middle.y))
	}
	x, y := f.atZero()
	m.add(x*x + y*y)
}

// lastSecond are the latest samples, as far as there is no silence.
func (r *ring) lastSecond() []rawSample {
	s := r.samples
	last := len(s) - 1
	from := last
	for from > 0 && s[from-1].later(&s[last]) <= 2*noiseHalf+20_000 && s[from-1].later(&s[from]) <= longestStep {
		from--
	}
	return s[from:]
}

// isTooFast reports whether samples are of no person who walks.
func isTooFast(s []rawSample) bool {
	length, from := 0.0, 0
	for i := range s {
		if s[from].later(&s[i]) >= speedHop {
			length += math.Hypot(float64(s[i].x-s[from].x), float64(s[i].y-s[from].y))
			from = i
		}
	}
	return length > fastest*float64(s[0].later(&s[from]))/1e6
}

// nearest is the sample nearest to a time after the first, µs.
func nearest(s []rawSample, after int64) int {
	best, least := 0, int64(math.MaxInt64)
	for i := range s {
		if off := s[0].later(&s[i]) - after; max(off, -off) < least {
			best, least = i, max(off, -off)
		}
	}
	return best
}

func (m *noiseMeter) add(squared float64) {
	bin := 0
	if squared > 0 {
		bin = min(max(int(math.Floor(4*math.Log2(squared)))+noiseBins/2, 0), noiseBins-1)
	}
	m.counts[bin]++
	m.total++
	if m.total >= noiseMemory {
		m.halve()
	}
	if m.total >= enoughNoise && (m.total < knownNoise || m.total%32 == 0) {
		m.estimate()
	}
}
func (m *noiseMeter) halve() {
	m.total = 0
	for i := range m.counts {
		m.counts[i] /= 2
		m.total += m.counts[i]
	}
}

// estimate takes the median: of the squared length of a vector of two normal
// errors it is 2 ln 2 variances.
func (m *noiseMeter) estimate() {
	half, below, bin := m.total/2, int32(0), 0
	for bin < noiseBins-1 && below+m.counts[bin] <= half {
		below += m.counts[bin]
		bin++
	}
	within := (float64(half-below) + 0.5) / float64(max(m.counts[bin], 1))
	median := math.Exp2((float64(bin-noiseBins/2) + within) / 4)
	m.cm = math.Sqrt(max(0, median/(2*math.Ln2)/noiseShare-sway*sway))
}
