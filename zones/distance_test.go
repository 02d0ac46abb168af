package zones

import (
	"math"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

// TestDistanceToLine holds the distance against that of the nearest of many points along
// the line.
func TestDistanceToLine(t *testing.T) {
	const steps = 200
	rapid.Check(t, func(t *rapid.T) {
		line := orb.LineString(drawPoints(t, 2, 5))
		p, nearest, apart := drawPoint(t), math.Inf(1), 0.
		for i, b := range line[1:] {
			a := line[i]
			for s := range steps + 1 {
				f := float64(s) / steps
				nearest = min(nearest, math.Hypot(p[0]-(1-f)*a[0]-f*b[0], p[1]-(1-f)*a[1]-f*b[1]))
			}
			apart = max(apart, math.Hypot(b[0]-a[0], b[1]-a[1])/steps)
		}
		got := linesOf(line).NewLocator().DistanceToLine(0, p[0], p[1])
		if got > nearest+1e-9 || got < nearest-apart/2-1e-9 {
			t.Fatalf("%v is %v from %v, not %v", p, got, line, nearest)
		}
	})
}

func TestDistanceToLineOfAnything(t *testing.T) {
	l := linesOf(orb.LineString{{0, 0}, {1e300, 0}, {1e-300, 1e-300}}, orb.LineString{{0, 0}, {3, 0}}).NewLocator()
	for _, v := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		if d := l.DistanceToLine(1, v, 1); d >= 0 && d <= math.MaxFloat64 {
			t.Errorf("%v is %v away", v, d)
		}
	}
	if d := l.DistanceToLine(0, 0, 5); !(d >= 0 && d <= 5) {
		t.Errorf("a line far too long is %v away", d)
	}
	if d := l.DistanceToLine(1, 7, 3); d != 5 {
		t.Errorf("an end 5 cm away is %v away", d)
	}
}
