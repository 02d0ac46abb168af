package tracker

import "math"

// noiseMeter estimates the standard deviation of a sensor's errors along an axis from
// the stream itself: by how far a sample lies beside the straight line from the one
// before it to the one after it. So short a step follows who turns; the median does
// not mind those who turn on their heels; and beside the line it is no matter when
// exactly a sample was taken. Errors are taken to stay alike for
// noiseTime (Uhlenbeck and Ornstein 1930), of which what is left over a step
// follows.
type noiseMeter struct {
	counts [noiseBins]int32 // of squared distances, by powers of 2^(1/4)
	total  int32
	cm     float64
}

const (
	noiseBins   = 96
	enoughNoise = 32
	knownNoise  = 512
	noiseMemory = 1 << 12 // judgements; beyond it older ones count half

	judgeEvery   = 500_000 // µs
	judgedStep   = 80_000  // µs: the least step that is judged
	longestStep  = 550_000 // µs
	medianSquare = 0.4549
	fastest      = 500 // cm/s: nobody on a shop floor is faster
)

// every is how often a track is judged, µs: less often once the noise is known.
func (m *noiseMeter) every() int64 {
	if m.total < knownNoise {
		return judgeEvery
	}
	return 8 * judgeEvery
}

// judge takes the last two steps of r.
func (m *noiseMeter) judge(r *ring) {
	after := len(r.samples) - 1
	middle := r.stepBack(after)
	before := r.stepBack(middle)
	if before < 0 {
		return
	}
	r.checked = r.kept
	a, b, c := &r.samples[before], &r.samples[middle], &r.samples[after]
	first, second := float64(a.later(b))/1e6, float64(b.later(c))/1e6
	whole := first + second
	u, v := second/whole, first/whole // the weights of a and c at b
	dx, dy := float64(c.x-a.x), float64(c.y-a.y)
	length := math.Hypot(dx, dy)
	if length > fastest*whole || length == 0 {
		return
	}
	x := float64(b.x) - u*float64(a.x) - v*float64(c.x)
	y := float64(b.y) - u*float64(a.y) - v*float64(c.y)
	beside := (x*dy - y*dx) / length
	m.add(beside * beside / leftOver(u, v, first, second))
}

// stepBack is the sample a step before sample i, or -1.
func (r *ring) stepBack(i int) int {
	for j := i - 1; j >= 0; j-- {
		if step := r.samples[j].later(&r.samples[i]); step > longestStep {
			return -1
		} else if step >= judgedStep {
			return j
		}
	}
	return -1
}

// leftOver is the variance, of errors of variance 1, of the middle one of three less
// u times the first and v times the last, steps of so many seconds apart.
func leftOver(u, v, first, second float64) float64 {
	alike := func(step float64) float64 { return math.Exp(-step / noiseTime) }
	return 1 + u*u + v*v - 2*u*alike(first) - 2*v*alike(second) + 2*u*v*alike(first+second)
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

// estimate takes the median: of the square of a normal error it is medianSquare
// variances (that of chi-squared with one degree of freedom).
func (m *noiseMeter) estimate() {
	half, below, bin := m.total/2, int32(0), 0
	for bin < noiseBins-1 && below+m.counts[bin] <= half {
		below += m.counts[bin]
		bin++
	}
	within := (float64(half-below) + 0.5) / float64(max(m.counts[bin], 1))
	median := math.Exp2((float64(bin-noiseBins/2) + within) / 4)
	m.cm = math.Sqrt(median / medianSquare)
}
