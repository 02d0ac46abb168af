package analytics

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func sketchOf(dwells []int64) *Sketch {
	s := &Sketch{}
	for _, d := range dwells {
		s.Add(d)
	}
	return s
}

// exactQuantile interpolates linearly between the neighbouring ranks of q(n-1).
func exactQuantile(dwells []int64, q float64) float64 {
	sorted := slices.Sorted(slices.Values(dwells))
	position := q * float64(len(sorted)-1)
	low := int(position)
	high := min(low+1, len(sorted)-1)
	return float64(sorted[low]) + float64(sorted[high]-sorted[low])*(position-float64(low))
}

func drawDwells(t *rapid.T, label string, least int) []int64 {
	dwell := rapid.OneOf(
		rapid.Int64Range(0, 5),
		rapid.Int64Range(0, 2*Second),
		rapid.Int64Range(0, 10*Minute),
		rapid.Int64Range(0, 1<<50),
		rapid.Int64Range(0, math.MaxInt64),
	)
	return rapid.SliceOfN(dwell, least, 60).Draw(t, label)
}

func TestQuantilesWithinOnePercent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		dwells := drawDwells(t, "dwells", 1)
		s := sketchOf(dwells)
		for _, q := range []float64{0, 0.25, 0.5, 0.9, 0.99, 1, rapid.Float64Range(0, 1).Draw(t, "q")} {
			got, want := s.Quantile(q, slices.Max(dwells)), exactQuantile(dwells, q)
			if math.Abs(got-want) > 0.01*want {
				t.Fatalf("quantile %g of %v is %g, want %g", q, dwells, got, want)
			}
		}
	})
}

func TestQuantilesOfFew(t *testing.T) {
	for _, tt := range []struct {
		dwells []int64
		q      float64
		want   float64
		slack  float64 // relative
	}{
		{[]int64{7 * Second}, 0.5, 7e6, 0},
		{[]int64{7 * Second}, 0.9, 7e6, 0},
		{[]int64{0}, 0.5, 0, 0},
		{[]int64{0, 0, 0}, 0.9, 0, 0},
		{[]int64{1}, 0.5, 1, 0},
		{[]int64{10 * Second, 20 * Second}, 0.5, 15e6, 0.005},
		{[]int64{10 * Second, 20 * Second}, 0.9, 19e6, 0.005},
		{[]int64{0, 20 * Second}, 0.5, 10e6, 0},
		{[]int64{300, 500, 900}, 0.5, 500, 0.005},
		{[]int64{math.MaxInt64}, 0.5, math.MaxInt64, 0},
		{[]int64{math.MaxInt64, math.MaxInt64, math.MaxInt64}, 0.1, math.MaxInt64, 0.005},
	} {
		got := sketchOf(tt.dwells).Quantile(tt.q, slices.Max(tt.dwells))
		if math.Abs(got-tt.want) > tt.slack*tt.want {
			t.Errorf("quantile %g of %v is %g, want %g", tt.q, tt.dwells, got, tt.want)
		}
	}
	if got := (&Sketch{}).Quantile(0.5, 0); !math.IsNaN(got) {
		t.Errorf("quantile of nothing is %g", got)
	}
}

func TestSketchesMergeInAnyOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := drawDwells(t, "a", 0), drawDwells(t, "b", 0), drawDwells(t, "c", 0)
		all := sketchOf(slices.Concat(a, b, c))

		left := sketchOf(a)
		left.Merge(sketchOf(b))
		left.Merge(sketchOf(c))

		later := sketchOf(c)
		later.Merge(sketchOf(b))
		right := sketchOf(a)
		right.Merge(later)

		for _, merged := range []*Sketch{left, right} {
			if !slices.Equal(merged.bins, all.bins) {
				t.Fatalf("merged %v, added %v", merged.bins, all.bins)
			}
		}
	})
}

func TestSketchIsStoredWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := sketchOf(drawDwells(t, "dwells", 0))
		var back Sketch
		r := reader{b: s.append(nil)}
		back.read(&r)
		if err := r.err(ErrRollup); err != nil || !slices.Equal(back.bins, s.bins) {
			t.Fatalf("read %v (%v), stored %v", back.bins, err, s.bins)
		}
	})
}
