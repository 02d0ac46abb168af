package zones

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/paulmach/orb"
)

func (f *feature) readGeometry(raw json.RawMessage) {
	geometry, ok := asObject(raw)
	if !ok {
		f.fault(`"geometry" must be a Polygon, MultiPolygon or LineString, but is %s`, quote(raw))
		return
	}
	kind, _ := asString(geometry["type"])
	f.isLine = kind == "LineString"
	read, known := map[string]func(*coordinates) error{
		"Polygon":      f.readPolygon,
		"MultiPolygon": f.readMultiPolygon,
		"LineString":   f.readLine,
	}[kind]
	if !known {
		f.fault(`the geometry's "type" must be "Polygon", "MultiPolygon" or "LineString", but is %s`, quote(geometry["type"]))
		return
	}
	if err := read(&coordinates{rest: geometry["coordinates"]}); err != nil {
		f.fault("%s", err)
	}
}

func (f *feature) readPolygon(c *coordinates) error {
	polygon, err := c.polygon()
	if err != nil {
		return err
	}
	return f.setPolygons(orb.MultiPolygon{polygon})
}

func (f *feature) readMultiPolygon(c *coordinates) error {
	polygons, err := c.multiPolygon()
	if err != nil {
		return err
	}
	return f.setPolygons(polygons)
}

func (f *feature) setPolygons(polygons orb.MultiPolygon) error {
	*f.patience -= nearness(polygons, *f.patience)
	if *f.patience <= 0 {
		return errors.New("the shapes up to here are too intricate to check: give them fewer edges close to each other")
	}
	warnings, err := checkPolygons(polygons)
	if err != nil {
		return err
	}
	f.warnings = append(f.warnings, warnings...)
	f.polygon = polygons
	return nil
}

// readLine leaves out vertices that repeat the one before.
func (f *feature) readLine(c *coordinates) error {
	line, err := c.line()
	if err != nil {
		return err
	}
	var distinct orb.LineString
	for i, p := range line {
		if i == 0 || p != line[i-1] {
			distinct = append(distinct, p)
		}
	}
	if len(distinct) < 2 {
		return fmt.Errorf("the LineString has %d distinct points; it needs at least 2", len(distinct))
	}
	f.line = distinct
	return nil
}
