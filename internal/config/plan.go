package config

import (
	"fmt"
	"math"
	"strconv"

	"go.yaml.in/yaml/v3"
)

// Plan is a picture of a location's floor, and where it lies.
type Plan struct {
	File   string     // a PNG or SVG; "" is none
	Scale  float64    // cm for each pixel
	Origin [2]float64 // of the picture's lower left corner, cm
}

var planFields = []field[Plan]{
	{"file", func(r *reader, n *yaml.Node, key string, p *Plan) {
		p.File, _ = value(r, n, key, pathKind("a path of a PNG or SVG"))
	}},
	{"scale", func(r *reader, n *yaml.Node, key string, p *Plan) {
		if scale, ok := value(r, n, key, between(0.001, 10_000)); ok {
			p.Scale = scale
		}
	}},
	{"origin", readOrigin},
}

func readPlan(r *reader, n *yaml.Node, key string, l *Location) {
	p := Plan{Scale: 1}
	if given, ok := fields(r, n, key, &p, planFields); ok && given["file"] == nil {
		r.fault(n, key, "has no file", "a path of a PNG or SVG")
	}
	l.Plan = p
}

func readOrigin(r *reader, n *yaml.Node, key string, p *Plan) {
	const allowed = "a list of two numbers of cm, x and y, such as [-350, -420]"
	items, ok := r.items(n, key, allowed)
	if !ok {
		return
	}
	if len(items) != 2 {
		r.fault(n, key, fmt.Sprintf("has %d numbers", len(items)), allowed)
		return
	}
	for i, item := range items {
		p.Origin[i], _ = value(r, item, fmt.Sprintf("%s[%d]", key, i), between(-1e8, 1e8))
	}
}

// between is a number of cm that may be negative.
func between(least, most float64) kind[float64] {
	allowed := fmt.Sprintf("a number of cm from %g to %g", least, most)
	return kind[float64]{"number", allowed, []string{tagInt, tagFloat}, func(text string) (float64, string) {
		x, err := strconv.ParseFloat(text, 64)
		switch {
		case err != nil || math.IsNaN(x):
			return 0, quoted(text) + " is not such a number"
		case x < least || x > most:
			return 0, quoted(text) + " is out of range"
		}
		return x, ""
	}}
}
