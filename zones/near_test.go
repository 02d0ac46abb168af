package zones

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"
)

// A step no longer than the distance, from a point that is near no line, crosses none.
func TestStepsFromAfarCrossNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		coordinate := rapid.Float64Range(-500, 500)
		set, err := Parse(fmt.Appendf(nil, `{"type":"FeatureCollection","features":[
		 {"type":"Feature","id":"a","properties":{"location_id":7},"geometry":{"type":"LineString","coordinates":[[%v,%v],[%v,%v]]}},
		 {"type":"Feature","id":"b","properties":{"location_id":7},"geometry":{"type":"LineString","coordinates":[[0,0],[0,200],[100,200]]}}]}`,
			coordinate.Draw(t, "x0"), coordinate.Draw(t, "y0"), coordinate.Draw(t, "x1"), coordinate.Draw(t, "y1")))
		if err != nil {
			t.Skip("the line is of no length")
		}
		l := set.Plan(7).NewLocator()
		within := rapid.Float64Range(0, 300).Draw(t, "within")
		for range 50 {
			x, y := coordinate.Draw(t, "x"), coordinate.Draw(t, "y")
			dx, dy := rapid.Float64Range(-within, within).Draw(t, "dx"), rapid.Float64Range(-within, within).Draw(t, "dy")
			if crossed := l.Crossings(nil, x, y, x+dx, y+dy); len(crossed) > 0 && !l.IsNearLine(x, y, within) {
				t.Fatalf("from %v,%v by %v,%v crosses %v, and is not near", x, y, dx, dy, crossed)
			}
		}
	})
}
