package tracker

// The filter is a local straight line with triangular weights (Cleveland 1979): a
// position is smoothed by those up to a window before and after it, so it lags
// behind nobody who walks evenly, which a filter of the past alone does. The
// window follows the noise. Errors that stay alike for noiseTime, and a walker's
// speed that varies by q = 0.3 m²/s³, part at the angular frequency
// sqrt(q noiseTime / 2) / noise, about 27 cm/s over the noise; the window of such
// a cut-off is 2 to 2.4 times its inverse.
const (
	windowPerNoise = 0.08 // s for each cm of noise
	// faintNoise is noise that is not worth waiting for, cm.
	faintNoise = 3
)

// Who stands can be averaged for twice as long, and needs it: nobody else stays at an
// edge.
const (
	stillFor    = 1_800_000 // µs
	lookEvery   = 500_000   // µs
	leastStill  = 25        // cm: half a step
	stillNoises = 3         // or as many standard deviations of noise
)

// windowFor is the filter's window by the noise, none where no other sample would
// lie in it.
func (t *Tracker) windowFor(noise float64) int64 {
	window := min(int64(noise*windowPerNoise*1e6), t.settings.MaxWindow)
	if noise < faintNoise || window <= t.interval {
		return 0
	}
	return window
}

// smooth is the position of sample i, by the samples less than its window from it.
func (r *ring) smooth(i int) (x, y float64) {
	s, window := &r.samples[i], r.samples[i].window()
	x, y = float64(s.x), float64(s.y)
	if window <= 0 {
		return x, y
	}
	var f lineFit
	from := i
	for from > 0 && r.samples[from-1].later(s) < window {
		from--
	}
	inverse := 1 / float64(window)
	for j := from; j < len(r.samples); j++ {
		o := &r.samples[j]
		u := float64(s.later(o)) * inverse
		if u >= 1 {
			break
		}
		f.add(u, 1-max(u, -u), float64(o.x)-x, float64(o.y)-y)
	}
	dx, dy := f.atZero()
	return x + dx, y + dy
}

// lineFit is a weighted straight line through points, for both axes.
type lineFit struct {
	n                            int
	w, wu, wuu, wx, wux, wy, wuy float64
}

func (f *lineFit) add(u, weight, x, y float64) {
	f.n++
	f.w += weight
	f.wu += weight * u
	f.wuu += weight * u * u
	f.wx += weight * x
	f.wux += weight * u * x
	f.wy += weight * y
	f.wuy += weight * u * y
}

// atZero is where the line is at u = 0; the point there itself while there are too few
// others.
func (f *lineFit) atZero() (x, y float64) {
	det := f.w*f.wuu - f.wu*f.wu
	if f.n < 3 || det < 1e-12*f.w*f.w {
		return 0, 0
	}
	return (f.wx*f.wuu - f.wu*f.wux) / det, (f.wy*f.wuu - f.wu*f.wuy) / det
}
