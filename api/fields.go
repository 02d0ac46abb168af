package api

import (
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/footfall/footfall/analytics"
)

// field is a typed column of a file.
type field struct {
	name string
	kind analytics.CellType
	null bool // it may be empty
}

// fieldsOf are the columns of a file of many locations or of one: those that all
// rows have, the kind's own, and hours where some are averages over time.
func fieldsOf(h analytics.Header, many bool) []field {
	var fields []field
	if many {
		fields = append(fields, field{name: "location_id", kind: analytics.Integer})
	}
	fields = append(fields,
		field{name: "start", kind: analytics.Time}, field{name: "end", kind: analytics.Time},
		field{name: "coverage", kind: analytics.Float}, field{name: "partial", kind: analytics.Bool})
	for _, c := range h.Columns {
		fields = append(fields, fieldOf(h.Kind, c.Name))
	}
	if h.Averages {
		fields = append(fields, field{name: "hours", kind: analytics.Text})
	}
	return fields
}

// fieldOf types a kind's own column as the document describes it; one that it does
// not know is a text.
func fieldOf(kind, name string) field {
	if name == analytics.PreviousStart {
		return field{name: name, kind: analytics.Time, null: true}
	}
	described, previous := strings.CutSuffix(name, analytics.PreviousSuffix)
	for _, k := range kindTexts {
		if k.kind != kind {
			continue
		}
		for _, c := range k.columns {
			if c.name == name || previous && c.name == described {
				return field{name: name, kind: cellTypes[c.kind], null: c.null || previous}
			}
		}
	}
	return field{name: name, kind: analytics.Text, null: true}
}

// cellTypes are the types of what the document describes.
var cellTypes = map[string]analytics.CellType{
	huma.TypeString: analytics.Text, huma.TypeInteger: analytics.Integer, huma.TypeNumber: analytics.Float,
	huma.TypeBoolean: analytics.Bool, "date-time": analytics.Time,
}

// appendFields appends the cells that fieldsOf describes.
func appendFields(cells []analytics.Cell, h *analytics.Header, r *analytics.Row, many bool) []analytics.Cell {
	if many {
		cells = append(cells, analytics.Cell{Type: analytics.Integer, Int: r.Location})
	}
	partial := analytics.Cell{Type: analytics.Bool}
	if r.Partial {
		partial.Int = 1
	}
	cells = append(cells,
		analytics.Cell{Type: analytics.Time, Int: r.Start}, analytics.Cell{Type: analytics.Time, Int: r.End},
		analytics.Cell{Type: analytics.Float, Float: r.Coverage}, partial)
	cells = append(cells, r.Cells...)
	if h.Averages {
		cells = append(cells, analytics.Cell{Type: analytics.Text, Text: h.Hours.String()})
	}
	return cells
}
