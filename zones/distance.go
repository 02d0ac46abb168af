package zones

import (
	"math"

	"github.com/paulmach/orb"
)

// DistanceToLine is how far, in cm, the point is from the nearest point of a line,
// its ends included. Line is its number in the plan, as in Crossing. The distance of
// a point with a NaN or an infinity is not finite.
func (l *Locator) DistanceToLine(line int32, x, y float64) float64 {
	points, p := l.paths.each[line].points, orb.Point{x, y}
	nearest := math.Inf(1)
	for i, b := range points[1:] {
		nearest = min(nearest, distanceToSegment(p, points[i], b))
	}
	return nearest
}

func distanceToSegment(p, a, b orb.Point) float64 {
	dx, dy := b[0]-a[0], b[1]-a[1]
	along := 0.
	if square := dx*dx + dy*dy; square > 0 {
		along = max(0, min(1, ((p[0]-a[0])*dx+(p[1]-a[1])*dy)/square))
	}
	return math.Hypot(p[0]-(a[0]+along*dx), p[1]-(a[1]+along*dy))
}
