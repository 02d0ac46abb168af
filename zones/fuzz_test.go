package zones

import (
	"errors"
	"testing"
)

func FuzzParse(f *testing.F) {
	f.Add([]byte(collectionWith(till, line(`,"in":"right_to_left"`))))
	f.Add([]byte(collectionWith(polygon(`[` + ring + `,[[8,8],[8,12],[12,12],[8,8]]]`))))
	f.Add([]byte(collectionWith(geometry(`{"type":"MultiPolygon","coordinates":[[` + ring + `],[[[20,0],[30,0],[20,9],[20,0]]]]}`))))
	f.Add([]byte(collectionWith(`{"type":"Feature","type":"Feature","id":1,"id":"b","properties":{"location_id":1,"location_id":2},` + shop + `,"geometry":null}`)))
	for _, c := range faultCases {
		if len(c.file) < 1000 {
			f.Add([]byte(c.file))
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		set, err := Parse(data)
		if err != nil {
			var faults Faults
			if !errors.As(err, &faults) || len(faults) == 0 || err.Error() == "" {
				t.Fatalf("Parse returned %T %v", err, err)
			}
			return
		}
		for _, location := range set.Locations() {
			plan := set.Plan(location)
			again, err := Parse(plan.GeoJSON())
			if err != nil {
				t.Fatalf("the plan's own GeoJSON has faults: %v\n%s", err, plan.GeoJSON())
			}
			requireSamePlan(t, plan, again.Plan(location))
		}
	})
}

func requireSamePlan(t *testing.T, a, b *Plan) {
	if len(a.Zones()) != len(b.Zones()) || len(a.Lines()) != len(b.Lines()) {
		t.Fatalf("%d zones and %d lines, read again %d and %d", len(a.Zones()), len(a.Lines()), len(b.Zones()), len(b.Lines()))
	}
	x0, y0, x1, y1, _ := a.Bounds()
	la, lb := a.NewLocator(), b.NewLocator()
	for i := range 5 {
		x, y := x0+(x1-x0)*float64(i)/4, y0+(y1-y0)*float64(4-i)/4
		if la.Locate(x, y) != lb.Locate(x, y) {
			t.Fatalf("(%v, %v) is in other zones when the plan is read again", x, y)
		}
		if len(la.Crossings(nil, x0, y0, x, y)) != len(lb.Crossings(nil, x0, y0, x, y)) {
			t.Fatalf("a step to (%v, %v) crosses other lines when the plan is read again", x, y)
		}
	}
}
