package zones

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// Replace gives a zones file in which a location has the features of a collection, as
// Parse reads one, instead of its own, and the Set that the new file is. All of the
// collection's features must be of that location; of its own members none is taken.
// Features of other locations stay to the byte and in place, and so do the file's
// unknown members, but not its bbox. The error is Faults: of the collection, or a
// *FileError, of the file.
func Replace(file []byte, location int64, collection []byte) ([]byte, *Set, error) {
	own, err := featuresOf(location, collection)
	if err != nil {
		return nil, nil, err
	}
	members, features, fault := collectionIn(file)
	if fault != "" {
		return nil, nil, &FileError{Faults{{Feature: -1, Reason: fault}}}
	}
	text := written(members, substitute(features, location, own))
	set, err := Parse(text)
	if err != nil {
		return nil, nil, &FileError{err.(Faults)} //nolint:errorlint // Parse says so
	}
	return text, set, nil
}

// FileError is of a zones file that would not be valid, though the features for one
// location are.
type FileError struct{ Faults Faults }

// Error has a line for each fault.
func (e *FileError) Error() string { return "the zones file: " + e.Faults.Error() }

// collectionIn is collection of a file that may be empty.
func collectionIn(file []byte) (object, []json.RawMessage, string) {
	if len(bytes.TrimSpace(file)) == 0 {
		return nil, nil, ""
	}
	return collection(file)
}

// featuresOf are the features of a collection, which is valid and of one location.
func featuresOf(location int64, data []byte) ([]json.RawMessage, error) {
	_, features, fault := collection(data)
	if fault != "" {
		return nil, Faults{{Feature: -1, Reason: fault}}
	}
	b := newBuilder()
	for i, raw := range features {
		if b.add(i, raw); len(b.faults) > maxFaults {
			return nil, b.err()
		}
		if of, known := locationOf(raw); known && of != location {
			b.faults = append(b.faults, Fault{i, "", fmt.Sprintf(`"location_id" is %d; only zones of location %d can be given here`, of, location)})
		}
	}
	b.checkServices()
	return features, b.err()
}

// locationOf is the location that a feature names, if it does.
func locationOf(raw json.RawMessage) (int64, bool) {
	members, _ := asObject(raw)
	properties, _ := asObject(members["properties"])
	var f feature
	f.readLocation(properties["location_id"])
	return f.location, f.hasLocation
}

// substitute puts a location's features in the place of the first that it has, or at
// the end.
func substitute(features []json.RawMessage, location int64, own []json.RawMessage) []json.RawMessage {
	var all []json.RawMessage
	at := -1
	for _, raw := range features {
		if of, known := locationOf(raw); known && of == location {
			if at < 0 {
				at = len(all)
			}
			continue
		}
		all = append(all, raw)
	}
	if at < 0 {
		at = len(all)
	}
	return slices.Insert(all, at, own...)
}

// written is the text of a zones file, a feature a line unless it has several.
func written(members object, features []json.RawMessage) []byte {
	var b bytes.Buffer
	b.WriteString(`{"type": "FeatureCollection",` + "\n")
	for _, name := range slices.Sorted(maps.Keys(members)) {
		fmt.Fprintf(&b, "%s: %s,\n", marshalled(name), members[name])
	}
	b.WriteString(`"features": [`)
	for i, raw := range features {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString("\n  ")
		b.Write(bytes.TrimSpace(raw))
	}
	b.WriteString("\n]}\n")
	return b.Bytes()
}

func marshalled(name string) []byte {
	text, err := json.Marshal(name)
	if err != nil {
		panic("zones: a string cannot be written: " + err.Error())
	}
	return text
}
