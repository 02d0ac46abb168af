package zones

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"

	"github.com/paulmach/orb"
)

// coordinates reads a geometry's "coordinates" from JSON that is known to be
// valid. Unlike encoding/json it takes no null for a number, and it says which
// position is wrong. An altitude is left out, as RFC 7946 allows.
type coordinates struct {
	rest  json.RawMessage
	count int // positions read
}

var errShape = errors.New("the coordinates are not nested as the geometry's type needs")

func (c *coordinates) polygon() (orb.Polygon, error) {
	return list(c, func() (orb.Ring, error) { return list(c, c.position) })
}

func (c *coordinates) multiPolygon() (orb.MultiPolygon, error) {
	return list(c, c.polygon)
}

func (c *coordinates) line() (orb.LineString, error) {
	return list(c, c.position)
}

// list reads an array whose elements are read by one.
func list[T any](c *coordinates, one func() (T, error)) ([]T, error) {
	if c.next() != '[' {
		return nil, errShape
	}
	c.rest = c.rest[1:]
	var items []T
	for c.next() != ']' {
		item, err := one()
		if err != nil {
			return nil, err
		}
		items = append(items, item)
		if c.next() == ',' {
			c.rest = c.rest[1:]
		}
	}
	c.rest = c.rest[1:]
	return items, nil
}

func (c *coordinates) position() (orb.Point, error) {
	if c.next() != '[' {
		return orb.Point{}, errShape
	}
	if c.count++; c.count > maxVertices {
		return orb.Point{}, fmt.Errorf("the geometry has more than %d vertices", maxVertices)
	}
	numbers, err := list(c, c.number)
	if err != nil {
		return orb.Point{}, err
	}
	if len(numbers) < 2 {
		return orb.Point{}, fmt.Errorf("position %d has %d numbers; it needs x and y", c.count, len(numbers))
	}
	for _, v := range numbers[:2] {
		if !(math.Abs(v) <= maxCoordinate) {
			return orb.Point{}, fmt.Errorf("position %d has the coordinate %g, beyond 1e8 cm (1,000 km) from the origin", c.count, v)
		}
	}
	return orb.Point{numbers[0], numbers[1]}, nil
}

// number reads one beyond float64 as an infinity.
func (c *coordinates) number() (float64, error) {
	switch c.next() {
	case '[':
		return 0, errShape
	case '{', '"', 't', 'f', 'n':
		return 0, fmt.Errorf("position %d has something else than numbers", c.count)
	}
	end := 0
	for end < len(c.rest) && isNumber(c.rest[end]) {
		end++
	}
	v, _ := strconv.ParseFloat(string(c.rest[:end]), 64)
	c.rest = c.rest[end:]
	return v, nil
}

func isNumber(b byte) bool {
	return '0' <= b && b <= '9' || b == '-' || b == '+' || b == '.' || b == 'e' || b == 'E'
}

// next returns the byte that the next value or delimiter begins with, or 0.
func (c *coordinates) next() byte {
	for i, b := range c.rest {
		if b != ' ' && b != '\t' && b != '\r' && b != '\n' {
			c.rest = c.rest[i:]
			return b
		}
	}
	c.rest = nil
	return 0
}
