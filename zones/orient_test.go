package zones

import (
	"math"
	"math/big"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

func exact(v float64) *big.Rat { return new(big.Rat).SetFloat64(v) }

func minus(a, b float64) *big.Rat { return new(big.Rat).Sub(exact(a), exact(b)) }

func exactSide(a, b, p orb.Point) int {
	left := minus(b[0], a[0])
	left.Mul(left, minus(p[1], a[1]))
	right := minus(b[1], a[1])
	right.Mul(right, minus(p[0], a[0]))
	return left.Cmp(right)
}

// tamed draws what tame may return, from few values of all sizes.
func tamed(t *rapid.T) float64 {
	v := float64(rapid.IntRange(-4, 4).Draw(t, "v"))
	switch rapid.IntRange(0, 5).Draw(t, "kind") {
	case 0:
		v = math.Nextafter(v, 9)
	case 1:
		v *= 1. / 3
	case 2:
		v *= 1e12
	case 3:
		v *= 1e-55
	}
	return tame(v)
}

func TestOrientationIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var p [3]orb.Point
		for i := range p {
			p[i] = orb.Point{tamed(t), tamed(t)}
		}
		if rapid.Bool().Draw(t, "in line") { // nearly or exactly
			p[2] = orb.Point{tame((p[0][0] + p[1][0]) / 2), tame((p[0][1] + p[1][1]) / 2)}
		}
		if got, want := orientation(p[0], p[1], p[2]), exactSide(p[0], p[1], p[2]); got != want {
			t.Fatalf("orientation%v = %d, exactly %d", p, got, want)
		}
	})
}

func TestTameKeepsOrder(t *testing.T) {
	values := []float64{-math.MaxFloat64, -1e13, -1e8, -1, -1e-70, 0, 5e-324, 1e-70, 1e-50, 1, 1e8, 1e12, 1e13, math.MaxFloat64}
	for i, v := range values {
		if i > 0 && tame(values[i-1]) > tame(v) {
			t.Errorf("tame(%g) = %g > tame(%g) = %g", values[i-1], tame(values[i-1]), v, tame(v))
		}
		if math.Abs(v) <= maxCoordinate && math.Abs(v) >= 1e-50 && tame(v) != v {
			t.Errorf("tame(%g) = %g, but it should be left alone", v, tame(v))
		}
	}
}
