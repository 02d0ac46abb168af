package zones

import (
	"math"
	"math/rand/v2"

	"github.com/paulmach/orb"
)

// naive is the definition, word for word: even-odd over all rings, edge by
// edge, an edge's lower end first.
func naive(rings []orb.Ring, x, y float64) bool {
	odd := false
	for _, ring := range rings {
		for i, a := range ring {
			b := ring[(i+1)%len(ring)]
			if b[1] < a[1] || (b[1] == a[1] && b[0] < a[0]) {
				a, b = b, a
			}
			if (a[1] > y) == (b[1] > y) {
				continue
			}
			along := float64(float64(b[0]-a[0]) * float64(y-a[1]))
			if x < float64(along/float64(b[1]-a[1]))+a[0] {
				odd = !odd
			}
		}
	}
	return odd
}

func naiveSet(zones [][]orb.Ring, x, y float64) []int32 {
	var set []int32
	for z, rings := range zones {
		if naive(rings, x, y) {
			set = append(set, int32(z))
		}
	}
	return set
}

// planOf skips the file: shapes need not be valid here.
func planOf(zones [][]orb.Ring) *Plan {
	edges := 0
	areas := make([]area, len(zones))
	for i, rings := range zones {
		areas[i].shape = orb.MultiPolygon{orb.Polygon(rings)}
		for _, ring := range rings {
			edges += len(ring)
		}
	}
	return newPlan(areas, nil, budgetsOf([]int{edges})[0])
}

func linesOf(lines ...orb.LineString) *Plan {
	courses := make([]course, len(lines))
	for i, line := range lines {
		courses[i].shape = line
	}
	return newPlan(nil, courses, 0)
}

// closed ends a ring where it began.
func closed(points ...orb.Point) orb.Ring { return append(orb.Ring(points), points[0]) }

func rectangle(x0, y0, x1, y1 float64) orb.Ring {
	return closed(orb.Point{x0, y0}, orb.Point{x1, y0}, orb.Point{x1, y1}, orb.Point{x0, y1})
}

// star is a ring of n vertices around a point, which sees all of them.
func star(r *rand.Rand, x, y, radius float64, n int) orb.Ring {
	var ring orb.Ring
	for i := range n {
		angle := 2 * math.Pi * (float64(i) + 0.8*r.Float64()) / float64(n)
		reach := radius * (0.5 + 0.5*r.Float64())
		ring = append(ring, orb.Point{x + reach*math.Cos(angle), y + reach*math.Sin(angle)})
	}
	return closed(ring...)
}

// floor is n zones of mixed shapes, one in four with a hole, that a random point
// of the floor is in about `deep` of.
func floor(n int, width, height, deep float64) [][]orb.Ring {
	r := rand.New(rand.NewPCG(uint64(n), 1))
	radius := math.Sqrt(width * height * deep / float64(n) / 1.8)
	zones := make([][]orb.Ring, n)
	for i := range zones {
		x, y := r.Float64()*width, r.Float64()*height
		switch i % 4 {
		case 0:
			zones[i] = []orb.Ring{rectangle(x-radius, y-radius/2, x+radius, y+radius/2)}
		case 1:
			zones[i] = []orb.Ring{star(r, x, y, radius*1.2, 6)}
		case 2:
			hole := rectangle(x-radius/5, y-radius/5, x+radius/5, y+radius/5)
			zones[i] = []orb.Ring{star(r, x, y, radius*1.2, 9), hole}
		case 3:
			zones[i] = []orb.Ring{star(r, x, y, radius*1.2, 4)}
		}
	}
	return zones
}

// tiling covers a floor with columns x rows quadrangles of slanted edges, each
// cut into two triangles where halved says so. The outline is its border.
func tiling(columns, rows int, corner func(column, row int) orb.Point, halved func(i int) bool) (tiles [][]orb.Ring, outline orb.Ring) {
	for row := range rows {
		for column := range columns {
			a, b := corner(column, row), corner(column+1, row)
			c, d := corner(column+1, row+1), corner(column, row+1)
			if halved(len(tiles)) {
				tiles = append(tiles, []orb.Ring{closed(a, b, c)}, []orb.Ring{closed(a, c, d)})
			} else {
				tiles = append(tiles, []orb.Ring{closed(a, b, c, d)})
			}
		}
	}
	for i := range columns {
		outline = append(outline, corner(i, 0))
	}
	for i := range rows {
		outline = append(outline, corner(columns, i))
	}
	for i := range columns {
		outline = append(outline, corner(columns-i, rows))
	}
	for i := range rows {
		outline = append(outline, corner(0, rows-i))
	}
	return tiles, closed(outline...)
}
