package zones

import (
	"math"
	"slices"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

// coordinate draws from few values, so that edges meet, share ends and overlap,
// and from all sizes at which rounding differs.
func coordinate(t *rapid.T, grid bool) float64 {
	if grid {
		return float64(rapid.IntRange(-8, 8).Draw(t, "grid"))
	}
	switch rapid.IntRange(0, 4).Draw(t, "size") {
	case 0:
		return rapid.Float64Range(-1e8, 1e8).Draw(t, "far")
	case 1:
		return rapid.Float64Range(-1e-300, 1e-300).Draw(t, "tiny")
	case 2:
		return float64(rapid.IntRange(-3, 3).Draw(t, "ulps")) * math.SmallestNonzeroFloat64
	default:
		return rapid.Float64Range(-1000, 1000).Draw(t, "near")
	}
}

// drawZones draws shapes of any kind, valid or not.
func drawZones(t *rapid.T) [][]orb.Ring {
	zones := make([][]orb.Ring, rapid.IntRange(1, 6).Draw(t, "zones"))
	for z := range zones {
		for range rapid.IntRange(1, 2).Draw(t, "rings") {
			grid := rapid.Bool().Draw(t, "on grid")
			points := make([]orb.Point, rapid.IntRange(1, 7).Draw(t, "vertices"))
			for i := range points {
				points[i] = orb.Point{coordinate(t, grid), coordinate(t, grid)}
			}
			zones[z] = append(zones[z], closed(points...))
		}
	}
	return zones
}

// delicate returns points where answers are most likely to differ: vertices,
// points on edges, and what is next to them in float64.
func delicate(zones [][]orb.Ring) []orb.Point {
	points := []orb.Point{
		{math.NaN(), 0}, {0, math.NaN()}, {math.Inf(1), 0}, {math.Inf(-1), 0}, {0, math.Inf(1)}, {0, math.Inf(-1)},
		{math.MaxFloat64, 0}, {-math.MaxFloat64, 0}, {0, math.MaxFloat64}, {math.Copysign(0, -1), 0},
	}
	around := func(x, y float64) {
		for _, nx := range neighbours(x) {
			for _, ny := range neighbours(y) {
				points = append(points, orb.Point{nx, ny})
			}
		}
	}
	for _, rings := range zones {
		for _, ring := range rings {
			for _, p := range ring[1:] {
				around(p[0], p[1])
			}
		}
		for e := range edgesOf(rings) {
			for _, share := range []float64{0.5, 0.25, 1. / 3} {
				y := e.ya + (e.yb-e.ya)*share
				x := e.xa + (e.xb-e.xa)*share
				if e.ya < e.yb {
					x = e.at(y)
				}
				around(x, y)
			}
		}
	}
	return points
}

func neighbours(v float64) []float64 {
	return []float64{v, math.Nextafter(v, math.Inf(-1)), math.Nextafter(v, math.Inf(1))}
}

func requireNaive(t rapid.TB, zones [][]orb.Ring, l *Locator, points []orb.Point) {
	t.Helper()
	if s := l.index.scale; s != 0 && (s < 1 || s > 1/finestUnit) {
		t.Fatalf("%v fine units per centimetre: which cell a point is in is not exact", s)
	}
	for _, p := range points {
		got, want := l.Members(l.Locate(p[0], p[1])), naiveSet(zones, p[0], p[1])
		if !slices.Equal(got, want) {
			t.Fatalf("Locate(%v, %v): zones %v, by the definition %v", p[0], p[1], got, want)
		}
	}
}

func TestLocateIsTheDefinition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		zones := drawZones(t)
		points := delicate(zones)
		for range 30 {
			points = append(points, orb.Point{coordinate(t, rapid.Bool().Draw(t, "x on grid")), coordinate(t, rapid.Bool().Draw(t, "y on grid"))})
		}
		budget := rapid.SampledFrom([]int{0, 10, 1000, 100_000}).Draw(t, "budget")
		requireNaive(t, zones, &Locator{index: newIndex(zones, budget), own: newSetTable()}, points)
	})
}

// A small budget leaves large cells with many edges.
func TestLocateIsTheDefinitionOnAnyBudget(t *testing.T) {
	zones := floor(40, 3000, 2000, 4)
	for _, budget := range []int{0, 1, 20, 300, 5000} {
		ix := newIndex(zones, budget)
		l := &Locator{index: ix, own: newSetTable()}
		requireNaive(t, zones, l, delicate(zones))
	}
}

func TestLocateOnFloors(t *testing.T) {
	for _, n := range []int{1, 10, 300} {
		zones := floor(n, 5000, 3000, 3)
		requireNaive(t, zones, planOf(zones).NewLocator(), delicate(zones))
	}
}

// Zones that cross no grid line, are far apart, or lie in each other.
func TestLocateOnOddFloors(t *testing.T) {
	var nested [][]orb.Ring
	for i := range 60 {
		d := float64(i) * 1.7
		nested = append(nested, []orb.Ring{rectangle(d, d/3, 1000-d, 500-d/3)})
	}
	for name, zones := range map[string][][]orb.Ring{
		"nested":    nested,
		"same":      {{rectangle(0, 0, 10, 10)}, {rectangle(0, 0, 10, 10)}, {rectangle(0, 0, 10, 10), rectangle(0, 0, 10, 10)}},
		"far apart": {{rectangle(-1e8, -1e8, -1e8+1, -1e8+1)}, {rectangle(1e8-2, 1e8-3, 1e8, 1e8)}},
		"a sliver":  {{rectangle(-1e8, 0, 1e8, 1e-9)}},
		"a speck":   {{rectangle(5, 5, math.Nextafter(5, 6), math.Nextafter(5, 6))}},
		"level":     {{closed(orb.Point{0, 1}, orb.Point{9, 1}, orb.Point{4, 1})}},
		"none":      {},
	} {
		t.Run(name, func(t *testing.T) {
			requireNaive(t, zones, planOf(zones).NewLocator(), append(delicate(zones), orb.Point{500, 250}, orb.Point{0.5, 0.5}))
		})
	}
}

func TestSetIDs(t *testing.T) {
	zones := [][]orb.Ring{{rectangle(0, 0, 10, 10)}, {rectangle(5, 0, 15, 10)}}
	l := planOf(zones).NewLocator()
	if id := l.Locate(100, 100); id != 0 || len(l.Members(id)) != 0 {
		t.Errorf("outside: set %d with %v, want the empty set 0", id, l.Members(id))
	}
	if a, b := l.Locate(6, 1), l.Locate(9, 9); a != b || !slices.Equal(l.Members(a), []int32{0, 1}) {
		t.Errorf("two points in both zones: sets %d and %d with %v", a, b, l.Members(a))
	}
	if a, b := l.Locate(1, 1), l.Locate(12, 1); a == b {
		t.Errorf("points in different zones have the same set %d", a)
	}
}

// Ids of sets that the index does not have must not clash with its own.
func TestSetIDsBeyondTheIndex(t *testing.T) {
	zones := floor(30, 1000, 1000, 8)
	l := &Locator{index: newIndex(zones, 0), own: newSetTable()}
	ids := map[SetID][]int32{}
	for x := 0.; x < 1000; x += 7 {
		for y := 0.; y < 1000; y += 7 {
			id := l.Locate(x, y)
			want := naiveSet(zones, x, y)
			if known, ok := ids[id]; ok && !slices.Equal(known, want) {
				t.Fatalf("set %d stands for %v and for %v", id, known, want)
			}
			ids[id] = want
		}
	}
	if len(l.own.ends) < 10 {
		t.Fatalf("only %d sets beyond the index; the test shows nothing", len(l.own.ends))
	}
}

// Once a locator has met its sets, asking costs no allocation.
func TestNoAllocations(t *testing.T) {
	zones := floor(50, 1000, 1000, 3)
	plan := planOf(zones)
	line := linesOf(orb.LineString{{0, 0}, {500, 400}, {1000, 1000}})
	for name, l := range map[string]*Locator{
		"index":        plan.NewLocator(),
		"long records": {index: newIndex(zones, 0), own: newSetTable()},
		"lines":        line.NewLocator(),
	} {
		crossings := make([]Crossing, 0, 1)
		ask := func() {
			for i := range 2000 {
				x, y := float64(i%40)*25, float64(i/40)*20
				l.Members(l.Locate(x, y))
				crossings = l.Crossings(crossings[:0], x, y, y, x)
			}
		}
		ask()
		if n := testing.AllocsPerRun(3, ask); n != 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}

// The budget bounds the grid; what is left over is a little for each level.
func TestBudgetIsKept(t *testing.T) {
	zones := floor(2000, 3000, 2000, 20)
	for _, budget := range []int{1000, 20_000} {
		ix := newIndex(zones, budget)
		const slack = 20_000
		if len(ix.cells) > cellsInBudget*budget+slack || len(ix.sets.members) > membersInBudget*budget+slack {
			t.Errorf("budget %d: %d cells and %d members", budget, len(ix.cells), len(ix.sets.members))
		}
	}
}
