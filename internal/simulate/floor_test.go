package simulate

import (
	"bytes"
	"os"
	"testing"
)

func TestZonesAreTheExample(t *testing.T) {
	example, err := os.ReadFile("../../zones.example.geojson")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(example, Zones(DefaultLocation)) {
		t.Error("internal/simulate/shop.geojson and zones.example.geojson differ; copy one over the other")
	}
	if other := Zones(21); bytes.Count(other, []byte(`"location_id": 21`)) != len(outlines(t)) {
		t.Error("Zones(21) does not name location 21 in every feature")
	}
}

// TestFloorAgreesWithZones: where people go for something is in the zone that
// counts it.
func TestFloorAgreesWithZones(t *testing.T) {
	zones := outlines(t)
	f := newFloor()
	in := func(zone string, p point) {
		t.Helper()
		// Jitter and sway must not lead out of the zone.
		for _, d := range []point{{15, 15}, {-15, 15}, {15, -15}, {-15, -15}} {
			if q := p.plus(d); !zones[zone].has(q.x, q.y) {
				t.Errorf("%v is not well inside %q", p, zone)
				return
			}
		}
	}
	names := [sections]string{"new-in", "promo", "womens", "mens", "shoes", "accessories", "fitting", "entrance", "window"}
	for s, name := range names {
		if len(f.in[s]) < 3 {
			t.Errorf("%d places in %q", len(f.in[s]), name)
		}
		for _, place := range f.in[s] {
			in(name, f.spots[place].at)
			if name != "window" {
				in("shop", f.spots[place].at)
			}
		}
	}
	for _, p := range queueSlots {
		in("queue", p)
	}
	in("till", f.spots[f.till].at)
	for _, place := range f.doors {
		in("shop", f.spots[place].at)
	}
	in("passage", point{0, passageLow})
	in("passage", point{0, passageHigh})
	if zones["window"].has(300, passageHigh+mostSway+20) {
		t.Error("who walks along the passage walks through the window zone")
	}
}

func TestDoorLinePointsIn(t *testing.T) {
	door := outlines(t)["door"].rings[0]
	a, b := point{door[0][0], door[0][1]}, point{door[1][0], door[1][1]}
	right := b.minus(a).left().times(-1)
	if right.y <= 0 {
		t.Errorf("the right side of %v to %v is outside", a, b)
	}
	for _, x := range doorLanes {
		if x < b.x+mostSway || x > a.x-mostSway {
			t.Errorf("the lane at %v misses the line", x)
		}
	}
}

func TestEverywhereCanBeReached(t *testing.T) {
	f := newFloor()
	var way []point
	for from := range f.spots {
		for to := range f.spots {
			way = f.routes.way(way[:0], from, to)
			p := f.spots[from].at
			for _, q := range way {
				if !f.routes.clear(p, q) {
					t.Fatalf("the way from %v to %v goes through something between %v and %v",
						f.spots[from].at, f.spots[to].at, p, q)
				}
				p = q
			}
			if p != f.spots[to].at {
				t.Fatalf("the way from %v to %v ends at %v", f.spots[from].at, f.spots[to].at, p)
			}
		}
	}
	t.Logf("%d obstacles, %d corners, %d spots", len(f.obstacles), len(f.routes.corners), len(f.spots))
	line := append([]point{f.spots[f.till].at}, queueSlots...)
	line = append(line, queueEnd)
	for i, p := range line[1:] {
		if !f.routes.clear(line[i], p) {
			t.Errorf("the queue is blocked between %v and %v", line[i], p)
		}
	}
}

func TestEntered(t *testing.T) {
	r := rect{0, 0, 10, 10}
	for _, c := range []struct {
		p, d point
		want float64
	}{
		{point{-5, 5}, point{10, 0}, 0.5},
		{point{-5, 5}, point{4, 0}, 1},
		{point{-5, 5}, point{-10, 0}, 1},
		{point{5, 20}, point{0, -20}, 0.5},
		{point{-5, 0}, point{20, 0}, 1},     // along an edge
		{point{-5, 5}, point{10, 10}, 1},    // past a corner
		{point{-5, -5}, point{20, 20}, .25}, // through a corner
		{point{0, 5}, point{1, 0}, 0},       // from an edge
		{point{5, 5}, point{1, 0}, 0},       // from within
		{point{-5, 5}, point{0, 0}, 1},
	} {
		if got := r.entered(c.p, c.d); got != c.want {
			t.Errorf("from %v by %v: %v, want %v", c.p, c.d, got, c.want)
		}
	}
}

func BenchmarkNewFloor(b *testing.B) {
	for range b.N {
		newFloor()
	}
}
