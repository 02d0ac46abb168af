package zones

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"unicode/utf8"
)

// Parse reads a zones file: an RFC 7946 FeatureCollection of at most 64 MiB. It
// keeps no reference to data. Its error is Faults, with every fault of the file
// in file order (the first thousand of them).
func Parse(data []byte) (*Set, error) {
	members, features, fault := collection(data)
	if fault != "" {
		return nil, Faults{{Feature: -1, Reason: fault}}
	}
	b := newBuilder()
	for i, raw := range features {
		if b.add(i, raw); len(b.faults) > maxFaults {
			return nil, b.err()
		}
	}
	b.checkServices()
	if err := b.err(); err != nil {
		return nil, err
	}
	return b.set(members), nil
}

// collection opens the file. The members are those that GeoJSON does not know.
func collection(data []byte) (members object, features []json.RawMessage, fault string) {
	if len(data) > maxFileBytes {
		return nil, nil, fmt.Sprintf("the file has %d bytes; at most %d (64 MiB) are read", len(data), maxFileBytes)
	}
	data = bytes.TrimPrefix(data, []byte("\uFEFF"))
	if at := invalidUTF8(data); at >= 0 {
		return nil, nil, "the file is not UTF-8: " + place(data, at) + " is no character"
	}
	if err := json.Unmarshal(data, new(json.RawMessage)); err != nil {
		return nil, nil, notJSON(data, err)
	}
	members, ok := asObject(data)
	if !ok {
		return nil, nil, "the file is not a GeoJSON FeatureCollection but " + kindOf(data)
	}
	if t, _ := asString(members["type"]); t != "FeatureCollection" {
		return nil, nil, `the file is not a GeoJSON FeatureCollection: its "type" is ` + quote(members["type"])
	}
	if kindOf(members["features"]) != "an array" {
		return nil, nil, `"features" of the FeatureCollection must be an array, but is ` + quote(members["features"])
	}
	if err := json.Unmarshal(members["features"], &features); err != nil {
		return nil, nil, `"features" cannot be read: ` + err.Error()
	}
	for _, known := range []string{"type", "features", "bbox"} {
		delete(members, known)
	}
	return members, features, ""
}

func invalidUTF8(data []byte) int {
	if utf8.Valid(data) {
		return -1
	}
	for i := 0; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return -1
}

func notJSON(data []byte, err error) string {
	var syntax *json.SyntaxError
	if !errors.As(err, &syntax) {
		return "the file is not JSON: " + err.Error()
	}
	// The offset is that after the offending byte, or the file's length.
	at := min(max(int(syntax.Offset)-1, 0), len(data))
	return fmt.Sprintf("the file is not JSON: %s: %v", place(data, at), syntax)
}

func place(data []byte, at int) string {
	before := data[:at]
	line := bytes.Count(before, []byte("\n")) + 1
	column := utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:]) + 1
	return fmt.Sprintf("line %d, column %d", line, column)
}

// builder gathers the features of a file, location by location.
type builder struct {
	faults   Faults
	warnings []Fault
	drafts   map[int64]*draft
	patience int
}

// draft is what is known of one location so far.
type draft struct {
	byID    map[string]int // the feature that has the id
	areas   []area
	courses []course
	raw     []json.RawMessage
	queues  []queue
}

// vertices counts those of the zones.
func (d *draft) vertices() int {
	n := 0
	for _, a := range d.areas {
		for _, ring := range a.rings() {
			n += len(ring)
		}
	}
	return n
}

// queue is a service that a feature names, to be found among the zones.
type queue struct {
	feature     int
	id, service string
}

func newBuilder() *builder { return &builder{drafts: map[int64]*draft{}, patience: maxNear} }

func (b *builder) draft(location int64) *draft {
	d, ok := b.drafts[location]
	if !ok {
		d = &draft{byID: map[string]int{}}
		b.drafts[location] = d
	}
	return d
}

func (b *builder) add(i int, raw json.RawMessage) {
	f := readFeature(raw, &b.patience)
	if f.hasLocation {
		b.place(i, &f)
	}
	for _, reason := range f.faults {
		b.faults = append(b.faults, Fault{i, f.id, reason})
	}
	for _, reason := range f.warnings {
		b.warnings = append(b.warnings, Fault{i, f.id, reason})
	}
}

// place enters a feature at its location, to which faulty ones belong too: an
// id is taken and a service is found even if something else is wrong there.
func (b *builder) place(i int, f *feature) {
	d := b.draft(f.location)
	if f.id != "" {
		if first, taken := d.byID[f.id]; taken {
			f.fault("the id is already taken by features[%d] of location %d; ids are unique within a location", first, f.location)
		} else {
			d.byID[f.id] = i
		}
	}
	switch {
	case f.isLine:
		d.courses = append(d.courses, f.course())
	default:
		d.areas = append(d.areas, f.area())
		if len(d.areas) == maxZones+1 {
			f.fault("location %d has more than %d zones", f.location, maxZones)
		}
		if f.service != "" {
			d.queues = append(d.queues, queue{i, f.id, f.service})
		}
	}
	d.raw = append(d.raw, f.raw)
}

func (b *builder) checkServices() {
	for location, d := range b.drafts {
		zones := make(map[string]bool, len(d.areas))
		for _, a := range d.areas {
			zones[a.zone.ID] = true
		}
		for _, q := range d.queues {
			switch {
			case q.service == q.id:
				b.faults = append(b.faults, Fault{q.feature, q.id, `"service" names the queue itself; it must be the zone where the queue is served`})
			case !zones[q.service]:
				b.faults = append(b.faults, Fault{q.feature, q.id,
					fmt.Sprintf(`"service" names %q, which is no zone of location %d`, q.service, location)})
			}
		}
	}
}

// err returns the faults in file order, or nil where there are none.
func (b *builder) err() error {
	if len(b.faults) == 0 {
		return nil
	}
	slices.SortStableFunc(b.faults, func(x, y Fault) int { return x.Feature - y.Feature })
	if len(b.faults) > maxFaults {
		b.faults = append(b.faults[:maxFaults:maxFaults], Fault{Feature: -1,
			Reason: fmt.Sprintf("there are more faults than these %d; mend them and check again", maxFaults)})
	}
	return b.faults
}

func (b *builder) set(members object) *Set {
	locations := slices.Collect(maps.Keys(b.drafts))
	edges := make([]int, len(locations))
	for i, location := range locations {
		edges[i] = b.drafts[location].vertices()
	}
	plans := make(map[int64]*Plan, len(locations))
	for i, budget := range budgetsOf(edges) {
		d := b.drafts[locations[i]]
		plan := newPlan(d.areas, d.courses, budget)
		plan.members, plan.features = members, d.raw
		plans[locations[i]] = plan
	}
	return newSet(plans, b.warnings)
}
