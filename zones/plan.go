package zones

import (
	"encoding/json"
	"slices"

	"github.com/paulmach/orb"
)

// Plan is one location's zones and lines with their index. It is immutable and
// safe for concurrent use.
type Plan struct {
	zones []Zone
	lines []Line
	paths paths
	bound orb.Bound
	index *index

	members  object            // of the file's collection, unknown ones
	features []json.RawMessage // as read
}

var emptyPlan = newPlan(nil, nil, 0)

// newPlan takes one location's features in file order, valid ones only.
func newPlan(areas []area, courses []course, budget int) *Plan {
	p := &Plan{paths: newPaths(courses)}
	var rings [][]orb.Ring
	var vertices orb.MultiPoint
	for _, a := range areas {
		p.zones = append(p.zones, a.zone)
		rings = append(rings, a.rings())
		for _, ring := range a.rings() {
			vertices = append(vertices, ring...)
		}
	}
	for _, c := range courses {
		p.lines = append(p.lines, c.line)
		vertices = append(vertices, c.shape...)
	}
	p.bound = vertices.Bound()
	p.index = newIndex(rings, budget)
	return p
}

// Zones returns a copy of the zones in file order; a zone's place here is its number.
func (p *Plan) Zones() []Zone { return slices.Clone(p.zones) }

// Lines returns a copy of the lines in file order; a line's place here is its number.
func (p *Plan) Lines() []Line { return slices.Clone(p.lines) }

// HasLines reports whether there is any line to cross.
func (p *Plan) HasLines() bool { return len(p.lines) > 0 }

// GeoJSON returns a FeatureCollection of this location's features in file
// order, with their unknown properties and members, and with the collection's
// own unknown members (but not its bbox, which spans all locations). It is written
// anew each time.
func (p *Plan) GeoJSON() []byte { return collectionOf(p.members, p.features) }

// Bounds returns the least rectangle around all zones and lines, edges
// included. It is not ok where there are none.
func (p *Plan) Bounds() (minX, minY, maxX, maxY float64, ok bool) {
	if p.bound.IsEmpty() {
		return 0, 0, 0, 0, false
	}
	return p.bound.Min[0], p.bound.Min[1], p.bound.Max[0], p.bound.Max[1], true
}

// area is a zone and where it is; its polygons are valid.
type area struct {
	zone  Zone
	shape orb.MultiPolygon
}

// rings returns the rings of all polygons, over which even-odd is counted.
func (a area) rings() []orb.Ring {
	var rings []orb.Ring
	for _, polygon := range a.shape {
		rings = append(rings, polygon...)
	}
	return rings
}

// course is a line and where it runs; its vertices differ from their neighbours.
type course struct {
	line  Line
	shape orb.LineString
}
