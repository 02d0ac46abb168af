package zones

import (
	"encoding/json"
	"fmt"
	"strconv"
	"unicode"

	"github.com/paulmach/orb"
)

// feature is one feature as read, with all that is wrong with it.
type feature struct {
	raw      json.RawMessage
	faults   []string
	warnings []string
	patience *int // left of maxNear, for the whole file

	id          string
	location    int64
	hasLocation bool

	isLine  bool
	polygon orb.MultiPolygon
	line    orb.LineString

	name, kind, service   string
	capacity              int
	enterAfter, exitAfter int64
	waitTarget            int64
	rightToLeft           bool
}

func (f *feature) fault(format string, args ...any) {
	f.faults = append(f.faults, fmt.Sprintf(format, args...))
}

func (f *feature) warn(format string, args ...any) {
	f.warnings = append(f.warnings, fmt.Sprintf(format, args...))
}

func readFeature(raw json.RawMessage, patience *int) feature {
	f := feature{raw: raw, patience: patience}
	members, ok := asObject(raw)
	if !ok {
		f.fault("it must be a Feature, but is %s", quote(raw))
		return f
	}
	if t, _ := asString(members["type"]); t != "Feature" {
		f.fault(`"type" must be "Feature", but is %s`, quote(members["type"]))
		return f
	}
	properties, ok := asObject(members["properties"])
	if !ok && given(members["properties"]) {
		f.fault(`"properties" must be an object, but is %s`, quote(members["properties"]))
		return f
	}
	f.readID(members["id"], properties["id"])
	f.readLocation(properties["location_id"])
	f.readGeometry(members["geometry"])
	f.readProperties(properties)
	return f
}

// readID takes the feature's own id before that of its properties.
func (f *feature) readID(own, property json.RawMessage) {
	raw := own
	if !given(raw) {
		raw = property
	}
	if !given(raw) {
		f.fault(`it has no id: add "id" to it or to its properties`)
		return
	}
	id, ok := asID(raw)
	switch {
	case !ok:
		f.fault("the id must be a string or an integer, but is %s", quote(raw))
		return
	case id == "":
		f.fault("the id is empty")
	case len(id) > maxIDBytes:
		f.fault("the id has %d bytes; at most %d are allowed", len(id), maxIDBytes)
		return
	case hasControl(id):
		f.fault("the id has a control character")
	case id == LocationZone:
		f.fault("the id %q is reserved for the location as a whole; take another", LocationZone)
	}
	f.id = id
}

// asID reads a string, or an integer as its decimal digits.
func asID(raw json.RawMessage) (string, bool) {
	if s, ok := asString(raw); ok {
		return s, true
	}
	n, err := strconv.ParseInt(string(raw), 10, 64)
	if err != nil {
		return "", false
	}
	return strconv.FormatInt(n, 10), true
}

func hasControl(s string) bool {
	for _, r := range s {
		if unicode.IsControl(r) {
			return true
		}
	}
	return false
}

func (f *feature) readLocation(raw json.RawMessage) {
	if !given(raw) {
		f.fault(`it has no location: add "location_id" to its properties`)
		return
	}
	n, err := strconv.ParseInt(string(raw), 10, 64)
	if err != nil {
		f.fault(`"location_id" must be an integer of at most 64 bits, but is %s`, quote(raw))
		return
	}
	f.location, f.hasLocation = n, true
}

func (f *feature) area() area {
	return area{shape: f.polygon, zone: Zone{
		ID: f.id, Name: f.name, Kind: f.kind, Service: f.service, Capacity: f.capacity,
		EnterAfter: f.enterAfter, ExitAfter: f.exitAfter, WaitTarget: f.waitTarget,
	}}
}

func (f *feature) course() course {
	return course{shape: f.line, line: Line{
		ID: f.id, Name: f.name, Kind: f.kind,
		EnterAfter: f.enterAfter, RightToLeft: f.rightToLeft,
	}}
}
