package zones

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

// faultCases are files with one fault each, said of features[1] or of the file.
var faultCases = []struct {
	file    string
	feature int
	reason  string
}{
	{``, -1, "line 1, column 1: unexpected end of JSON"},
	{"{\n \"type\": \"Fe\xc3\xa4\", ]}", -1, "line 2, column 17: invalid character ']'"},
	{collectionWith() + "x", -1, "invalid character 'x' after"},
	{"{\"a\":\"\xff\"}", -1, "line 1, column 7 is no character"},
	{`[]`, -1, "but an array"},
	{`null`, -1, "but null"},
	{`{"type":"Feature","features":[]}`, -1, `its "type" is "Feature"`},
	{`{"Type":"FeatureCollection","features":[]}`, -1, `its "type" is missing`},
	{`{"type":"FeatureCollection"}`, -1, `"features" of the FeatureCollection must be an array, but is missing`},
	{`{"type":"FeatureCollection","features":null}`, -1, "but is null"},

	{second(`null`), 1, "must be a Feature, but is null"},
	{second(`{"type":"Zone"}`), 1, `"type" must be "Feature", but is "Zone"`},
	{second(`{"type":"Feature","id":"a","properties":7,` + shop + `}`), 1, `"properties" must be an object, but is 7`},
	{second(`{"type":"Feature","id":"a","properties":null,` + shop + `}`), 1, `no location: add "location_id" to its properties`},
	{second(`{"type":"Feature","id":"a","location_id":1,"properties":{},` + shop + `}`), 1, `add "location_id" to its properties`},
	{second(`{"type":"Feature","id":"a","properties":{"location_id":"21"},` + shop + `}`), 1, `"location_id" must be an integer of at most 64 bits, but is "21"`},
	{second(`{"type":"Feature","id":"a","properties":{"location_id":1.5},` + shop + `}`), 1, "but is 1.5"},
	{second(`{"type":"Feature","id":"a","properties":{"location_id":9223372036854775808},` + shop + `}`), 1, "but is 9223372036854775808"},

	{second(`{"type":"Feature","properties":{"location_id":1},` + shop + `}`), 1, `no id: add "id"`},
	{second(withID(`""`)), 1, "the id is empty"},
	{second(withID(`"location"`)), 1, `"location" is reserved`},
	{second(withID(`"a\u0007"`)), 1, "control character"},
	{second(withID(`"` + strings.Repeat("ä", 65) + `"`)), 1, "the id has 130 bytes; at most 128"},
	{second(withID(`1.5`)), 1, "must be a string or an integer, but is 1.5"},
	{second(withID(`true`)), 1, "but is true"},
	{second(withID(`["a"]`)), 1, "but is an array"},
	{second(withID(`99999999999999999999`)), 1, "but is 99999999999999999999"},
	{second(withID(`"till"`)), 1, "already taken by features[0] of location 1"},
	{second(`{"type":"Feature","id":"till","properties":{"location_id":1},` + door + `}`), 1, "already taken by features[0]"},

	{second(zone(`,"name":5`)), 1, `"name" must be a string, but is 5`},
	{second(zone(`,"kind":[]`)), 1, `"kind" must be a string, but is an array`},
	{second(zone(`,"capacity":0`)), 1, `"capacity" must be an integer from 1`},
	{second(zone(`,"capacity":2.5`)), 1, "but is 2.5"},
	{second(zone(`,"capacity":"9"`)), 1, `but is "9"`},
	{second(zone(`,"capacity":1e3`)), 1, "but is 1e3"},
	{second(zone(`,"enter_after":"soon"`)), 1, `"enter_after" must be a duration such as "2s" or a number of seconds, but is "soon"`},
	{second(zone(`,"enter_after":-1`)), 1, `"enter_after" must be from 0 to 24 hours, but is -1`},
	{second(zone(`,"exit_after":"25h"`)), 1, `"exit_after" must be from 0 to 24 hours`},
	{second(zone(`,"exit_after":1e999`)), 1, "but is 1e999"},
	{second(zone(`,"exit_after":true`)), 1, "but is true"},
	{second(line(`,"enter_after":86401`)), 1, `"enter_after" must be from 0 to 24 hours`},
	{second(line(`,"in":"left"`)), 1, `"in" must be "left_to_right" or "right_to_left", but is "left"`},
	{second(line(`,"in":1`)), 1, "but is 1"},
	{second(zone(`,"service":"till"`)), 1, `"service" is for zones of kind "queue"`},
	{second(zone(`,"kind":"queue","service":"none"`)), 1, `"service" names "none", which is no zone of location 1`},
	{second(zone(`,"kind":"queue","service":"a"`)), 1, "names the queue itself"},
	{second(zone(`,"kind":"queue","service":1.5`)), 1, `"service" must be the id of a zone, but is 1.5`},
	{second(zone(`,"kind":"queue","service":"till","wait_target":-2`)), 1, `"wait_target" must be from 0`},

	{second(`{"type":"Feature",` + noGeom + `}`), 1, `"geometry" must be a Polygon, MultiPolygon or LineString, but is missing`},
	{second(geometry(`null`)), 1, "but is null"},
	{second(geometry(`"Polygon"`)), 1, `but is "Polygon"`},
	{second(geometry(`{"type":"Circle","coordinates":[0,0]}`)), 1, `"LineString", but is "Circle"`},
	{second(geometry(`{"type":"GeometryCollection","geometries":[]}`)), 1, `but is "GeometryCollection"`},
	{second(geometry(`{"coordinates":[]}`)), 1, "but is missing"},

	{second(polygon(`[]`)), 1, "the geometry is empty"},
	{second(polygon(`[[]]`)), 1, "the outer ring is empty"},
	{second(geometry(`{"type":"MultiPolygon","coordinates":[]}`)), 1, "the geometry is empty"},
	{second(geometry(`{"type":"MultiPolygon","coordinates":[[` + ring + `],[]]}`)), 1, "polygon 2: the geometry is empty"},
	{second(geometry(`{"type":"Polygon"}`)), 1, "not nested as the geometry's type needs"},
	{second(polygon(`null`)), 1, "not nested"},
	{second(polygon(`{}`)), 1, "not nested"},
	{second(polygon(ring)), 1, "not nested"},
	{second(polygon(`[[` + ring + `]]`)), 1, "not nested"},
	{second(polygon(`[[[0,0],[10,0],5,[0,0]]]`)), 1, "not nested"},
	{second(polygon(`[[[0,0],[10],[10,10],[0,0]]]`)), 1, "position 2 has 1 numbers; it needs x and y"},
	{second(polygon(`[[[0,0],[null,0],[10,10],[0,0]]]`)), 1, "position 2 has something else than numbers"},
	{second(polygon(`[[[0,0],[10,0],["10",10],[0,0]]]`)), 1, "position 3 has something else"},
	{second(polygon(`[[[0,0],[1e999,0],[10,10],[0,0]]]`)), 1, "position 2 has the coordinate +Inf, beyond 1e8 cm"},
	{second(polygon(`[[[0,0],[10,0],[10,-100000001],[0,0]]]`)), 1, "position 3 has the coordinate -1.00000001e+08"},

	{second(polygon(`[[[0,0],[10,0],[0,0]]]`)), 1, "the outer ring has 3 positions; it needs at least 4"},
	{second(polygon(`[[[0,0],[10,0],[10,10],[0,10]]]`)), 1, "the outer ring is open"},
	{second(polygon(`[` + ring + `,[[1,1],[2,1],[2,2],[1,2]]]`)), 1, "hole 1 is open"},
	{second(polygon(`[[[0,0],[10,0],[5,0],[0,0]]]`)), 1, "has no area: all its positions are on one line"},
	{second(polygon(`[[[3,3],[3,3],[3,3],[3,3]]]`)), 1, "has no area"},
	{second(polygon(`[[[0,0],[10,10],[10,0],[0,10],[0,0]]]`)), 1, "the outer ring crosses or touches itself near (5, 5): "},
	{second(polygon(`[[[0,0],[10,0],[10,10],[5,0],[0,10],[0,0]]]`)), 1, "crosses or touches itself near (5, 0)"},
	{second(polygon(`[[[0,0],[10,0],[15,0],[10,0],[10,10],[0,10],[0,0]]]`)), 1, "crosses or touches itself near"},
	{second(polygon(`[` + ring + `,[[20,20],[22,20],[20,22],[20,20]]]`)), 1, "interior ring outside of exterior ring"},
	{second(polygon(`[` + ring + `,[[1,1],[5,1],[5,5],[1,5],[1,1]],[[2,2],[3,2],[3,3],[2,2]]]`)), 1, "nested rings"},
	{second(polygon(`[` + ring + `,[[1,1],[5,1],[5,5],[1,5],[1,1]],[[4,4],[8,4],[8,8],[4,4]]]`)), 1, "nested rings"},
	{second(polygon(`[` + ring + `,` + ring + `]`)), 1, "rings intersect"},
	{second(polygon(`[` + ring + `,[[1,1],[6,6],[6,1],[1,6],[1,1]]]`)), 1, "hole 1 crosses or touches itself near (3.5, 3.5)"},
	{second(geometry(`{"type":"MultiPolygon","coordinates":[[` + ring + `],[[[5,5],[15,5],[15,15],[5,5]]]]}`)), 1, "the geometry is not valid: "},
	{second(geometry(`{"type":"MultiPolygon","coordinates":[[` + ring + `],[[[2,2],[5,2],[5,5],[2,2]]]]}`)), 1, "the geometry is not valid: "},
	{second(geometry(`{"type":"MultiPolygon","coordinates":[[` + ring + `],[[[10,0],[20,0],[20,10],[10,10],[10,0]]]]}`)), 1, "the geometry is not valid: "},

	{second(geometry(`{"type":"LineString","coordinates":[]}`)), 1, "has 0 distinct points; it needs at least 2"},
	{second(geometry(`{"type":"LineString","coordinates":[[1,1],[1,1]]}`)), 1, "has 1 distinct points"},
	{second(geometry(`{"type":"LineString","coordinates":[1,2]}`)), 1, "not nested"},
	{second(manyVertices(maxVertices + 1)), 1, "more than 100000 vertices"},
}

// second puts a feature behind one that is right.
func second(feature string) string { return collectionWith(till, feature) }

func manyVertices(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "[%d,%d],", i, i%2)
	}
	return geometry(`{"type":"LineString","coordinates":[` + strings.TrimSuffix(b.String(), ",") + `]}`)
}

func TestFaults(t *testing.T) {
	for _, test := range faultCases {
		_, err := Parse([]byte(test.file))
		var faults Faults
		if !errors.As(err, &faults) {
			t.Errorf("no fault, want %q of\n%.300s", test.reason, test.file)
			continue
		}
		if len(faults) != 1 || faults[0].Feature != test.feature || !strings.Contains(faults[0].Reason, test.reason) {
			t.Errorf("faults\n%v\nwant one of feature %d with %q, of\n%.300s", err, test.feature, test.reason, test.file)
		}
	}
}

func TestFileSizeIsLimited(t *testing.T) {
	if _, err := Parse(make([]byte, maxFileBytes+1)); err == nil || !strings.Contains(err.Error(), "64 MiB") {
		t.Errorf("a file beyond 64 MiB: %v", err)
	}
}

func TestZonesOfALocationAreLimited(t *testing.T) {
	features := make([]string, maxZones+1)
	for i := range features {
		features[i] = withID(fmt.Sprint(i))
	}
	if _, err := Parse([]byte(collectionWith(features...))); err == nil || !strings.Contains(err.Error(), "more than 65535 zones") {
		t.Errorf("%d zones: %v", len(features), err)
	}
}

// A lawful file may still be made to cost much: checking it must end soon.
func TestIntricateShapesAreRefused(t *testing.T) {
	var comb strings.Builder
	const n = 20_000
	for i := range n {
		fmt.Fprintf(&comb, "[%d,%d],", i+(i%2)*n, (i%2)*n)
	}
	file := collectionWith(till, polygon(`[[`+comb.String()+`[40000,-5],[-1,-5],[0,0]]]`))
	if _, err := Parse([]byte(file)); err == nil || !strings.Contains(err.Error(), "too intricate to check") {
		t.Errorf("a comb of %d long edges: %.300v", n, err)
	}
}
