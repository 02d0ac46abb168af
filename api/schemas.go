package api

import (
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"github.com/footfall/footfall/analytics"
)

// schema documents a Go type as a component and refers to it.
func (s *Server) schema(v any) *huma.Schema {
	return s.openAPI.Components.Schemas.Schema(reflect.TypeOf(v), true, "")
}

// component documents a schema that is no Go type and refers to it.
func (s *Server) component(name string, schema *huma.Schema) *huma.Schema {
	s.openAPI.Components.Schemas.Map()[name] = schema
	return &huma.Schema{Ref: "#/components/schemas/" + name}
}

// object has all of its properties, and no others.
func object(text string) *huma.Schema {
	return &huma.Schema{Type: huma.TypeObject, Description: text, Properties: map[string]*huma.Schema{}, AdditionalProperties: false}
}

func add(o *huma.Schema, name string, property *huma.Schema) {
	o.Properties[name] = property
	o.Required = append(o.Required, name)
}

func (c columnText) schema() *huma.Schema {
	s := &huma.Schema{Type: c.kind, Nullable: c.null, Description: c.text, Enum: c.values}
	if c.kind == "date-time" {
		s.Type, s.Format = huma.TypeString, "date-time"
	}
	if c.kind == huma.TypeInteger {
		s.Format = "int64"
	}
	if c.unsigned {
		s.Minimum = new(float64)
	}
	if c.name == "coverage" {
		one := 1.0
		s.Maximum = &one
	}
	return s
}

// reportSchema is the body of a report of one location or of many.
func (s *Server) reportSchema(single bool) *huma.Schema {
	report := object("A report of one location.")
	if !single {
		report.Description = "A report of many locations."
	}
	if single {
		add(report, "location_id", integer("The location.", 21))
	}
	add(report, "from", instant("Beginning of the report, included: from, widened to a whole minute."))
	add(report, "to", instant("End of the report, excluded: to, widened to a whole minute."))
	bucket := text("The bucket, null where the whole interval is one row.", "1h")
	bucket.Nullable = true
	add(report, "bucket", bucket)
	if single {
		add(report, "timezone", text("The IANA time zone that cut the buckets.", "Europe/Helsinki"))
		addPrevious(report)
	} else {
		place := object("A location of the report.")
		add(place, "location_id", integer("The location.", 21))
		add(place, "timezone", text("The IANA time zone that cut its buckets.", "Europe/Helsinki"))
		place.Properties["from"] = instant("Beginning of the location's own interval; there where it is not the report's.")
		place.Properties["to"] = instant("End of the location's own interval; there with from.")
		addPrevious(place)
		add(report, "locations", &huma.Schema{Type: huma.TypeArray, Items: place, Description: "The locations, in the order of their rows."})
	}
	hours := text("The hours that every figure is over: `all`, or `open`, each location's opening hours.", "open")
	hours.Enum = []any{"all", "open"}
	add(report, "hours", hours)
	report.Properties["widened"] = &huma.Schema{Type: huma.TypeBoolean, Enum: []any{true}, Description: "There, and true, where from or to was no whole minute and the interval therefore is wider than asked."}
	rows := &huma.Schema{Description: "A row of the report's kind."}
	for _, kind := range kindTexts {
		rows.OneOf = append(rows.OneOf, s.rowSchema(kind, single))
	}
	add(report, "rows", &huma.Schema{Type: huma.TypeArray, Items: rows, Description: "The rows, all of one kind, the kind that was asked for."})
	return report
}

// addPrevious adds the interval of a comparison.
func addPrevious(o *huma.Schema) {
	o.Properties["previous_from"] = instant("With compare: beginning of the other interval.")
	o.Properties["previous_to"] = instant("With compare: end of the other interval.")
}

func (s *Server) rowSchema(kind kindText, single bool) *huma.Schema {
	row := object(kind.text)
	row.Title = kind.kind
	name := kind.schema
	if !single {
		name = "Location" + name
		add(row, "location_id", integer("The location.", 21))
	}
	for _, c := range sharedColumns {
		add(row, c.name, c.schema())
	}
	row.Properties[damagedColumn.name] = damagedColumn.schema()
	for _, c := range kind.columns {
		add(row, c.name, c.schema())
	}
	if analytics.KindAverages(kind.kind) {
		add(row, hoursColumn.name, hoursColumn.schema())
	}
	row.Properties[analytics.PreviousStart] = columnText{kind: "date-time", null: true, text: "With compare: beginning of the bucket of the other interval that this one is paired with; null where there is none."}.schema()
	for i, own := range analytics.KindColumns(kind.kind) {
		if c := kind.columns[i]; !own.Label {
			previous := columnText{name: c.name, kind: c.kind, null: true, unsigned: c.unsigned, text: "With compare: " + c.name + " of the row that this one is paired with."}
			row.Properties[c.name+analytics.PreviousSuffix] = previous.schema()
		}
	}
	return s.component(name, row)
}

func integer(description string, example int) *huma.Schema {
	return &huma.Schema{Type: huma.TypeInteger, Format: "int64", Description: description, Examples: []any{example}}
}

func text(description, example string) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Description: description, Examples: []any{example}}
}

func instant(description string) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Format: "date-time", Description: description, Examples: []any{"2026-03-02T09:00:00Z"}}
}

// featureCollection is as much of GeoJSON as tells what is in it.
func featureCollection() *huma.Schema {
	feature := &huma.Schema{Type: huma.TypeObject, Description: "A zone or a counting line, as in the zones file.", Required: []string{"type", "geometry", "properties"}, Properties: map[string]*huma.Schema{
		"type":       {Type: huma.TypeString, Enum: []any{"Feature"}},
		"id":         {Description: "The zone's or line's id.", OneOf: []*huma.Schema{{Type: huma.TypeString}, {Type: huma.TypeInteger}}},
		"geometry":   {Type: huma.TypeObject, Description: "Polygon, MultiPolygon or LineString, in centimetres."},
		"properties": {Type: huma.TypeObject, Nullable: true, Description: "name, location_id, kind, capacity, enter_after, exit_after and whatever else the file says."},
	}, AdditionalProperties: true}
	feature.Properties["geometry"].AdditionalProperties = true
	feature.Properties["properties"].AdditionalProperties = true
	return &huma.Schema{Type: huma.TypeObject, Required: []string{"type", "features"}, Properties: map[string]*huma.Schema{
		"type":     {Type: huma.TypeString, Enum: []any{"FeatureCollection"}},
		"features": {Type: huma.TypeArray, Items: feature},
	}, AdditionalProperties: true}
}
