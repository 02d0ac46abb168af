package zones

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
)

const (
	floorWidth  = 10_000.
	floorHeight = 6_000.
)

// walk returns positions spread over the floor, in no order that a cache likes.
func walk() []orb.Point {
	r := rand.New(rand.NewPCG(1, 2))
	points := make([]orb.Point, 1<<16)
	for i := range points {
		points[i] = orb.Point{r.Float64() * floorWidth, r.Float64() * floorHeight}
	}
	return points
}

// perturbed is a tiling of n zones with slanted edges.
func perturbed(n int) [][]orb.Ring {
	side := int(math.Ceil(math.Sqrt(float64(n))))
	r := rand.New(rand.NewPCG(uint64(n), 3))
	corners := map[[2]int]orb.Point{}
	tiles, _ := tiling(side, (n+side-1)/side, func(column, row int) orb.Point {
		key := [2]int{column, row}
		if _, ok := corners[key]; !ok {
			corners[key] = orb.Point{
				(float64(column) + 0.4*r.Float64()) * floorWidth / float64(side),
				(float64(row) + 0.4*r.Float64()) * floorHeight / float64((n+side-1)/side),
			}
		}
		return corners[key]
	}, func(int) bool { return false })
	return tiles
}

var sizes = []int{10, 100, 1_000, 10_000}

// BenchmarkLocate asks for random positions at about 0.9 visits each, in zones of
// mixed shapes and in tiles.
func BenchmarkLocate(b *testing.B) {
	points := walk()
	for _, n := range sizes {
		b.Run(fmt.Sprint(n), func(b *testing.B) { benchLocate(b, floor(n, floorWidth, floorHeight, 1), points) })
	}
	for _, n := range sizes {
		b.Run(fmt.Sprintf("tiles/%d", n), func(b *testing.B) { benchLocate(b, perturbed(n), points) })
	}
	b.Run("deep/100", func(b *testing.B) { benchLocate(b, floor(100, floorWidth, floorHeight, 6), points) })
}

func benchLocate(b *testing.B, zones [][]orb.Ring, points []orb.Point) {
	l := planOf(zones).NewLocator()
	visits := 0
	for _, p := range points {
		visits += len(l.Members(l.Locate(p[0], p[1])))
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		p := &points[i%len(points)]
		l.Locate(p[0], p[1])
	}
	b.ReportMetric(float64(visits)/float64(len(points)), "visits/op")
	b.ReportMetric(float64(l.index.bytes())/1024, "index-KiB")
}

// bytes is what the index holds, its map-like parts included.
func (ix *index) bytes() int {
	return 4*(len(ix.top)+len(ix.cells)+len(ix.words)+len(ix.sets.members)+len(ix.sets.ends)+len(ix.sets.slots)) + 32*len(ix.edges)
}

// BenchmarkAlternatives is what Locate stands beside: orb's own predicate for
// each zone, bare and behind cached bounds.
func BenchmarkAlternatives(b *testing.B) {
	points := walk()
	for _, n := range []int{100, 10_000} {
		zones := floor(n, floorWidth, floorHeight, 1)
		polygons := make([]orb.Polygon, n)
		bounds := make([]orb.Bound, n)
		for i, rings := range zones {
			polygons[i] = orb.Polygon(rings)
			bounds[i] = polygons[i].Bound()
		}
		b.Run(fmt.Sprintf("index/%d", n), func(b *testing.B) { benchLocate(b, zones, points) })
		b.Run(fmt.Sprintf("orb-bounds/%d", n), func(b *testing.B) {
			for i := 0; b.Loop(); i++ {
				p := points[i%len(points)]
				for z := range polygons {
					if bounds[z].Contains(p) && planar.PolygonContains(polygons[z], p) {
						found++
					}
				}
			}
		})
		b.Run(fmt.Sprintf("orb/%d", n), func(b *testing.B) {
			for i := 0; b.Loop(); i++ {
				p := points[i%len(points)]
				for z := range polygons {
					if planar.PolygonContains(polygons[z], p) {
						found++
					}
				}
			}
		})
	}
}

var found int

func BenchmarkBuild(b *testing.B) {
	for _, n := range sizes {
		zones := floor(n, floorWidth, floorHeight, 1)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				planOf(zones)
			}
		})
	}
}

func BenchmarkParse(b *testing.B) {
	for _, n := range []int{100, 10_000} {
		var features []string
		for i, rings := range floor(n, floorWidth, floorHeight, 1) {
			shape := ""
			for _, r := range rings[:1] {
				for _, p := range r {
					shape += fmt.Sprintf(",[%v,%v]", p[0], p[1])
				}
			}
			features = append(features, fmt.Sprintf(`{"type":"Feature","id":%d,"properties":{"location_id":1},"geometry":{"type":"Polygon","coordinates":[[%s]]}}`, i, shape[1:]))
		}
		file := []byte(collectionWith(features...))
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.SetBytes(int64(len(file)))
			for b.Loop() {
				if _, err := Parse(file); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkCrossings takes short steps over a floor with doors.
func BenchmarkCrossings(b *testing.B) {
	points := walk()
	for _, n := range []int{0, 1, 10} {
		var doors []orb.LineString
		for i := range n {
			x := floorWidth * (float64(i) + 0.5) / float64(n)
			doors = append(doors, orb.LineString{{x - 100, 50}, {x, 60}, {x + 100, 50}})
		}
		l := linesOf(doors...).NewLocator()
		b.Run(fmt.Sprintf("lines/%d", n), func(b *testing.B) {
			var crossings []Crossing
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				p := &points[i%len(points)]
				crossings = l.Crossings(crossings[:0], p[0], p[1], p[0]+8, p[1]-5)
			}
		})
	}
	b.Run("on the line", func(b *testing.B) {
		l := linesOf(orb.LineString{{0, 0}, {50, 31}, {200, 200}}).NewLocator()
		var crossings []Crossing
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			y := float64(i % 50)
			crossings = l.Crossings(crossings[:0], y, y*31/50, 50-y, 10)
		}
	})
}
