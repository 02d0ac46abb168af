package zones

import (
	"math"

	"github.com/paulmach/orb"
)

// orientation returns on which side of the line from a to b the point p lies:
// +1 left, -1 right, 0 on it, x being to the right and y up. It is exact for
// coordinates as tame returns them.
//
// The quick test and its error bound are those of Shewchuk, Adaptive Precision
// Floating-Point Arithmetic and Fast Robust Geometric Predicates, 1997.
func orientation(a, b, p orb.Point) int {
	const errorBound = (3 + 16*epsilon) * epsilon
	left := float64((b[0] - a[0]) * (p[1] - a[1]))
	right := float64((b[1] - a[1]) * (p[0] - a[0]))
	det := left - right
	if (left > 0) != (right > 0) || (left < 0) != (right < 0) {
		return sign(det) // nothing cancels
	}
	if math.Abs(det) > errorBound*math.Abs(left+right) {
		return sign(det)
	}
	return exactOrientation(a, b, p)
}

const epsilon = 1. / (1 << 53)

// exactOrientation expands the determinant into products of coordinates and
// sums them as an expansion, whose components do not overlap.
func exactOrientation(a, b, p orb.Point) int {
	products := [6][2]float64{
		{a[0], b[1]}, {-a[1], b[0]},
		{b[0], p[1]}, {-b[1], p[0]},
		{p[0], a[1]}, {-p[1], a[0]},
	}
	var sum [12]float64
	n := 0
	for _, f := range products {
		high := float64(f[0] * f[1]) // not fused with the sums
		low := math.FMA(f[0], f[1], -high)
		n = grow(&sum, n, low)
		n = grow(&sum, n, high)
	}
	// The last component outweighs all others together.
	for n--; n >= 0; n-- {
		if s := sign(sum[n]); s != 0 {
			return s
		}
	}
	return 0
}

// grow adds v to the expansion of n components.
func grow(sum *[12]float64, n int, v float64) int {
	for i := range n {
		v, sum[i] = twoSum(v, sum[i])
	}
	sum[n] = v
	return n + 1
}

// twoSum returns a+b, rounded, and what the rounding lost.
func twoSum(a, b float64) (high, low float64) {
	high = a + b
	tail := high - a
	return high, (a - (high - tail)) + (b - tail)
}

func sign(v float64) int {
	switch {
	case v > 0:
		return 1
	case v < 0:
		return -1
	}
	return 0
}

// tame takes a coordinate to where orientation is exact: far beyond any zone,
// and far below any sensor's resolution, it makes no distinction. It keeps order,
// so that a position always has the same place, and a path through it none else.
func tame(v float64) float64 {
	const (
		most  = 1 << 40
		least = 1. / (1 << 50) / (1 << 50) / (1 << 50) / (1 << 50)
	)
	if math.Abs(v) < least {
		return 0
	}
	return max(-most, min(v, most))
}

func tamePoint(p orb.Point) orb.Point { return orb.Point{tame(p[0]), tame(p[1])} }
