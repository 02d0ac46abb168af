package zones_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/footfall/footfall/zones"
)

func square(location int64, id string, x float64) string {
	return fmt.Sprintf(`{"type":"Feature","id":%q,"properties":{"location_id":%d,"note":"é <b>"},"geometry":{"type":"Polygon","coordinates":[[[%g,0],[%g,0],[%g,100],[%g,0]]]}}`,
		id, location, x, x+100, x+100, x)
}

func file(features ...string) []byte {
	return []byte(`{"type":"FeatureCollection","origin":{"by":"hand"},"bbox":[0,0,1,1],"features":[` + strings.Join(features, ",\n") + `]}`)
}

func ids(s *zones.Set, location int64) string {
	var all []string
	for _, z := range s.Plan(location).Zones() {
		all = append(all, z.ID)
	}
	return strings.Join(all, " ")
}

func TestReplace(t *testing.T) {
	before := file(square(1, "a", 0), square(2, "b", 0), square(1, "c", 200), square(3, "d", 0))
	text, set, err := zones.Replace(before, 1, []byte(`{"type":"FeatureCollection","other":1,"features":[`+square(1, "e", 50)+`,`+square(1, "a", 400)+`]}`))
	if err != nil {
		t.Fatal(err)
	}
	if ids(set, 1) != "e a" || ids(set, 2) != "b" || ids(set, 3) != "d" {
		t.Errorf("zones %q, %q and %q", ids(set, 1), ids(set, 2), ids(set, 3))
	}
	for _, kept := range []string{square(2, "b", 0), square(3, "d", 0), `"origin": {"by":"hand"}`} {
		if !strings.Contains(string(text), kept) {
			t.Errorf("not kept to the byte: %s in\n%s", kept, text)
		}
	}
	if strings.Contains(string(text), "bbox") || strings.Contains(string(text), "other") {
		t.Errorf("the old bbox, or a member of what was given, is in\n%s", text)
	}
	if strings.Index(string(text), `"e"`) > strings.Index(string(text), `"b"`) {
		t.Errorf("location 1 is no longer first:\n%s", text)
	}
	again, err := zones.Parse(text)
	if err != nil || string(again.Plan(1).GeoJSON()) != string(set.Plan(1).GeoJSON()) {
		t.Errorf("read again: %v", err)
	}
}

func TestReplaceBeginsAndEmpties(t *testing.T) {
	text, set, err := zones.Replace(nil, 1, file(square(1, "a", 0)))
	if err != nil || ids(set, 1) != "a" {
		t.Fatalf("zones %v, %v", set, err)
	}
	text, set, err = zones.Replace(text, 1, []byte(`{"type":"FeatureCollection","features":[]}`))
	if err != nil || len(set.Locations()) != 0 || !json.Valid(text) {
		t.Errorf("%v with %v, in %s", set.Locations(), err, text)
	}
}

func TestReplaceRefuses(t *testing.T) {
	good := file(square(1, "a", 0))
	for _, c := range []struct {
		collection, want string
	}{
		{`{"type":"FeatureCollection","features":[` + square(1, "x", 0) + `,` + square(2, "y", 0) + `]}`, `features[1]: "location_id" is 2; only zones of location 1`},
		{`{"type":"FeatureCollection","features":[` + square(1, "x", 0) + `,` + square(1, "x", 0) + `]}`, "already taken"},
		{`{"type":"FeatureCollection","features":[{"type":"Feature","id":"x","properties":{},"geometry":null}]}`, "no location"},
		{`{"type":"Feature"}`, "FeatureCollection"},
		{`{`, "not JSON"},
	} {
		var faults zones.Faults
		if _, _, err := zones.Replace(good, 1, []byte(c.collection)); !errors.As(err, &faults) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.collection, err, c.want)
		}
	}
	var broken *zones.FileError
	if _, _, err := zones.Replace([]byte("{"), 1, good); !errors.As(err, &broken) {
		t.Errorf("of a broken file: %v", err)
	}
	if _, _, err := zones.Replace(file(square(2, "a", 0), square(2, "a", 0)), 1, good); !errors.As(err, &broken) {
		t.Errorf("of a file with a fault elsewhere: %v", err)
	}
}

// What is replaced for one location is what it has then, and nothing of others changes.
func TestReplaceKeepsTheRest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw := func(label string, locations ...int64) (all []string) {
			for i := range rapid.IntRange(0, 4).Draw(t, label) {
				all = append(all, square(rapid.SampledFrom(locations).Draw(t, "location"), fmt.Sprintf("%s%d", label, i), float64(i)*100))
			}
			return all
		}
		before := file(draw("old", 1, 2, -3)...)
		was, err := zones.Parse(before)
		if err != nil {
			t.Fatal(err)
		}
		own := draw("new", 2)
		_, set, err := zones.Replace(before, 2, file(own...))
		if err != nil {
			t.Fatal(err)
		}
		for _, other := range []int64{1, -3} {
			if string(set.Plan(other).GeoJSON()) != string(was.Plan(other).GeoJSON()) {
				t.Errorf("location %d changed", other)
			}
		}
		if len(set.Plan(2).Zones()) != len(own) {
			t.Errorf("%d zones, want %d", len(set.Plan(2).Zones()), len(own))
		}
	})
}
