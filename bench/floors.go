package main

import (
	"fmt"
	"math"
	"strings"
)

// box is a rectangle in centimetres.
type box struct{ x0, y0, x1, y1 float64 }

// grid is columns × rows equal zones that tile a floor.
type grid struct {
	columns, rows int
	width, height float64 // of a zone
}

// tiling covers the default floor with n zones, or some more to fill the last row.
func tiling(n int) grid {
	columns := int(math.Ceil(math.Sqrt(float64(n))))
	rows := (n + columns - 1) / columns
	return grid{columns, rows, defaultSide / float64(columns), defaultSide / float64(rows)}
}

func (g grid) boxes() (all []box) {
	for r := range g.rows {
		for c := range g.columns {
			x, y := float64(c)*g.width, float64(r)*g.height
			all = append(all, box{x, y, x + g.width, y + g.height})
		}
	}
	return all
}

// of is the number of the zone at a place of the floor.
func (g grid) of(p place) int { return int(p.y/g.height)*g.columns + int(p.x/g.width) }

// nested is n zones around the default floor, one in the other.
func nested(n int) (all []box) {
	for i := range n {
		d := float64(i+1) * 100
		all = append(all, box{-d, -d, defaultSide + d, defaultSide + d})
	}
	return all
}

// ring is the box's corners, closed, as GeoJSON of a scale.
func (b box) ring(scale float64) string {
	x0, y0, x1, y1 := b.x0*scale, b.y0*scale, b.x1*scale, b.y1*scale
	return fmt.Sprintf("[[[%g,%g],[%g,%g],[%g,%g],[%g,%g],[%g,%g]]]", x0, y0, x1, y0, x1, y1, x0, y1, x0, y0)
}

// zonesFile is a zones file of boxes, z0, z1 and so on.
func zonesFile(boxes []box) []byte {
	var features []string
	for i, b := range boxes {
		features = append(features, fmt.Sprintf(`{"type":"Feature","id":"z%d","properties":{"location_id":%d},"geometry":{"type":"Polygon","coordinates":%s}}`,
			i, location, b.ring(1)))
	}
	return []byte(`{"type":"FeatureCollection","features":[` + strings.Join(features, ",\n") + `]}`)
}
