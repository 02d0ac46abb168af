package zones

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

// Every point is in exactly one tile of a floor, or in none beyond its outline.
// Within rounding of a corner, where the definition's crossings of different
// edges may change places, it is only sure to be in an odd number of tiles.
func TestTilesHaveEachPointOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		columns, rows := rapid.IntRange(1, 7).Draw(t, "columns"), rapid.IntRange(1, 7).Draw(t, "rows")
		size := rapid.SampledFrom([]float64{1, 33.3, 1000, 1e6}).Draw(t, "size")
		shake := rapid.SampledFrom([]float64{0, 0.3}).Draw(t, "shake")
		halves := rapid.Bool().Draw(t, "halves")
		corners := map[[2]int]orb.Point{}
		tiles, outline := tiling(columns, rows, func(column, row int) orb.Point {
			key := [2]int{column, row}
			if _, ok := corners[key]; !ok {
				corners[key] = orb.Point{
					size * (float64(column) + shake*r.Float64() - 2),
					size * (float64(row) + shake*r.Float64() - 2),
				}
			}
			return corners[key]
		}, func(int) bool { return halves && r.IntN(2) == 0 })
		l := planOf(tiles).NewLocator()
		points := delicate(tiles)
		for range 300 {
			points = append(points, orb.Point{size * (r.Float64()*9 - 3), size * (r.Float64()*9 - 3)})
		}
		for _, p := range points {
			want := 0
			if naive([]orb.Ring{outline}, p[0], p[1]) {
				want = 1
			}
			in := l.Members(l.Locate(p[0], p[1]))
			if len(in)%2 != want || (len(in) != want && !nearCorner(corners, p, size*1e-9)) {
				t.Fatalf("(%v, %v) is in the tiles %v, want %d of them", p[0], p[1], in, want)
			}
		}
	})
}

func nearCorner(corners map[[2]int]orb.Point, p orb.Point, distance float64) bool {
	for _, c := range corners {
		if math.Hypot(c[0]-p[0], c[1]-p[1]) < distance {
			return true
		}
	}
	return false
}
