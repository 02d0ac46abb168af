package main

import (
	"errors"
	"math"
	"testing"
	"time"
)

func TestPercentile(t *testing.T) {
	for _, c := range []struct {
		sorted []float64
		q      float64
		want   float64
	}{
		{nil, 0.5, 0},
		{[]float64{7}, 0.99, 7},
		{[]float64{1, 2}, 0.5, 1.5},
		{[]float64{1, 2, 3, 4, 5}, 0.5, 3},
		{[]float64{1, 2, 3, 4, 5}, 0.9, 4.6},
		{[]float64{1, 2, 3}, 0, 1},
		{[]float64{1, 2, 3}, 1, 3},
	} {
		if got := percentile(c.sorted, c.q); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("percentile(%v, %v) = %v, want %v", c.sorted, c.q, got, c.want)
		}
	}
	if got := percentile([]time.Duration{time.Second, 2 * time.Second}, 0.25); got != 1250*time.Millisecond {
		t.Errorf("of durations: %v", got)
	}
}

func TestSpread(t *testing.T) {
	unsorted := []float64{3, 1, 2}
	if got := spreadOf(unsorted); got != (spread{1, 2, 3}) {
		t.Errorf("%v", got)
	}
	if unsorted[0] != 3 {
		t.Error("the figures were sorted in place")
	}
	if got := spreadOf(unsorted).show("%.1f"); got != "2.0 (1.0 to 3.0)" {
		t.Error(got)
	}
	for f, want := range map[float64]string{0: "0", 999: "999", 1000: "1,000", 2_907_276.4: "2,907,276", 110_647: "110,647"} {
		if got := grouped(f); got != want {
			t.Errorf("grouped(%v) = %s, want %s", f, got, want)
		}
	}
}

// TestRatios: turn is compared with turn, whatever slowed both down.
func TestRatios(t *testing.T) {
	turns := []time.Duration{time.Second, 3 * time.Second, 2 * time.Second}
	sideOf := func(factor time.Duration) *side {
		i := 0
		return &side{name: "s", unit: "position", run: func() (sample, error) {
			took := factor * turns[i]
			i++
			return sample{units: 1000, took: took, cpu: took / 2}, nil
		}}
	}
	fast, slow := sideOf(1), sideOf(4)
	if err := alternate(3, fast, slow); err != nil {
		t.Fatal(err)
	}
	if got := ratios(fast, slow, sample.rate); got != (spread{4, 4, 4}) {
		t.Errorf("by rate %v", got)
	}
	if got := ratios(slow, fast, sample.cpuEach); got != (spread{4, 4, 4}) {
		t.Errorf("by CPU %v", got)
	}
	want := "s: 500 (333 to 1,000) positions/s, wall 2000000 (1000000 to 3000000) ns, CPU 1000000 (500000 to 1500000) ns a position"
	if got := fast.note(); got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
}

func TestAlternateStopsAtATrouble(t *testing.T) {
	trouble := errors.New("gone")
	good := &side{name: "good", run: func() (sample, error) { return sample{units: 1, took: 1}, nil }}
	bad := &side{name: "bad", run: func() (sample, error) { return sample{}, trouble }}
	if err := alternate(2, good, bad); !errors.Is(err, trouble) || len(good.samples) != 1 {
		t.Errorf("%v after %d samples", err, len(good.samples))
	}
	empty := &side{name: "empty", run: func() (sample, error) { return sample{took: 1}, nil }}
	if alternate(1, empty) == nil {
		t.Error("a measurement of nothing was taken")
	}
}

func TestParseStat(t *testing.T) {
	stat := []byte("7 (a ) b) S 1 2 3 4 5 6 7 8 9 10 150 50 25 5 20 0 1 0")
	if got := parseStat(stat); got != 2300*time.Millisecond {
		t.Errorf("%v", got)
	}
	if got := parseStat([]byte("7 (x) S 1")); got != 0 {
		t.Errorf("of a short line %v", got)
	}
}
