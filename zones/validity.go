package zones

import (
	"errors"
	"fmt"

	"github.com/paulmach/orb"
	"github.com/peterstace/simplefeatures/geom"
)

// checkPolygons returns an error where polygons are no area. Warnings are about
// areas that are well defined but hardly meant.
func checkPolygons(polygons orb.MultiPolygon) (warnings []string, err error) {
	defer func() {
		if recover() != nil { // simplefeatures, on shapes at the edge of float64
			err = errors.New("the geometry cannot be checked; redraw it with fewer points that nearly coincide")
		}
	}()
	if len(polygons) == 0 {
		return nil, errors.New("the geometry is empty")
	}
	parts := make([]geom.Polygon, len(polygons))
	for i, polygon := range polygons {
		prefix := ""
		if len(polygons) > 1 {
			prefix = fmt.Sprintf("polygon %d: ", i+1)
		}
		part, strays, err := checkPolygon(polygon)
		if err != nil {
			return nil, fmt.Errorf("%s%w", prefix, err)
		}
		for _, stray := range strays {
			warnings = append(warnings, prefix+stray+" lies partly outside the outer ring; what is outside counts as inside the zone")
		}
		parts[i] = part
	}
	if len(parts) > 1 {
		return warnings, invalid(geom.NewMultiPolygon(parts).Validate())
	}
	return warnings, nil
}

func invalid(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("the geometry is not valid: %w", err)
}

// checkPolygon also returns the names of holes that lie partly outside, which the
// part that is to be checked against others does not have.
func checkPolygon(polygon orb.Polygon) (part geom.Polygon, strays []string, err error) {
	if len(polygon) == 0 {
		return part, nil, errors.New("the geometry is empty")
	}
	rings := make([]geom.LineString, len(polygon))
	for i, ring := range polygon {
		if err := checkRing(ring); err != nil {
			return part, nil, fmt.Errorf("%s %w", ringName(i), err)
		}
		rings[i] = lineString(ring)
	}
	part = geom.NewPolygon(rings)
	if err = part.Validate(); err != nil {
		part, strays, err = withoutStrays(rings, err)
	}
	switch {
	case err != nil:
		return part, nil, whereInvalid(polygon, err)
	case part.Area() == 0:
		return part, nil, errors.New("the geometry has no area")
	}
	return part, strays, nil
}

func whereInvalid(polygon orb.Polygon, err error) error {
	vertices := 0
	for i, ring := range polygon {
		if vertices += len(ring); vertices > maxSearched {
			break
		}
		if at, ok := selfMeeting(ring); ok {
			return fmt.Errorf("%s crosses or touches itself near (%g, %g): %w", ringName(i), at[0], at[1], err)
		}
	}
	return invalid(err)
}

func ringName(i int) string {
	if i == 0 {
		return "the outer ring"
	}
	return fmt.Sprintf("hole %d", i)
}

func checkRing(ring orb.Ring) error {
	switch {
	case len(ring) == 0:
		return errors.New("is empty")
	case len(ring) < 4:
		return fmt.Errorf("has %d positions; it needs at least 4, the last one equal to the first", len(ring))
	case ring[0] != ring[len(ring)-1]:
		return errors.New("is open: its last position must equal its first")
	case straight(ring):
		return errors.New("has no area: all its positions are on one line")
	}
	return nil
}

func straight(ring orb.Ring) bool {
	a := tamePoint(ring[0])
	b := a
	for _, v := range ring {
		p := tamePoint(v)
		if b == a {
			b = p
		} else if orientation(a, b, p) != 0 {
			return false
		}
	}
	return true
}

func lineString(ring []orb.Point) geom.LineString {
	flat := make([]float64, 0, 2*len(ring))
	for _, p := range ring {
		flat = append(flat, p[0], p[1])
	}
	return geom.NewLineString(geom.NewSequence(flat, geom.DimXY))
}

// withoutStrays returns the polygon without the holes that lie partly outside
// its outer ring, and their names, where that makes it valid; else the reason.
// Such holes come of careless drawing, and even-odd counts them all the same.
func withoutStrays(rings []geom.LineString, reason error) (part geom.Polygon, strays []string, err error) {
	outer := geom.NewPolygon(rings[:1])
	if outer.Validate() != nil {
		return outer, nil, reason
	}
	kept := rings[:1:1]
	var holes []geom.Polygon
	for i, ring := range rings[1:] {
		hole := geom.NewPolygon([]geom.LineString{ring})
		if hole.Validate() != nil {
			return outer, nil, reason
		}
		holes = append(holes, hole)
		if partly, err := geom.Overlaps(outer.AsGeometry(), hole.AsGeometry()); err == nil && partly {
			strays = append(strays, ringName(i+1))
		} else {
			kept = append(kept, ring)
		}
	}
	part = geom.NewPolygon(kept)
	if len(strays) == 0 || part.Validate() != nil || geom.NewMultiPolygon(holes).Validate() != nil {
		return outer, nil, reason
	}
	return part, strays, nil
}
