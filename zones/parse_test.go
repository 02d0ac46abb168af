package zones

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
)

const (
	ring   = `[[0,0],[10,0],[10,10],[0,10],[0,0]]`
	shop   = `"geometry":{"type":"Polygon","coordinates":[` + ring + `]}`
	door   = `"geometry":{"type":"LineString","coordinates":[[0,0],[10,0]]}`
	till   = `{"type":"Feature","id":"till","properties":{"location_id":1},` + shop + `}`
	noGeom = `"properties":{"id":"a","location_id":1}`
)

func collectionWith(features ...string) string {
	return `{"type":"FeatureCollection","features":[` + strings.Join(features, ",") + `]}`
}

// zone is a feature with further properties, written as JSON after a comma.
func zone(properties string) string {
	return `{"type":"Feature","properties":{"id":"a","location_id":1` + properties + `},` + shop + `}`
}

func line(properties string) string {
	return `{"type":"Feature","properties":{"id":"a","location_id":1` + properties + `},` + door + `}`
}

func geometry(g string) string {
	return `{"type":"Feature",` + noGeom + `,"geometry":` + g + `}`
}

func polygon(rings string) string {
	return geometry(`{"type":"Polygon","coordinates":` + rings + `}`)
}

func withID(id string) string {
	return `{"type":"Feature","id":` + id + `,"properties":{"location_id":1},` + shop + `}`
}

// mustParse is for files that are right.
func mustParse(t testing.TB, file string) *Set {
	t.Helper()
	s, err := Parse([]byte(file))
	if err != nil {
		t.Fatalf("Parse: %v", err)
	}
	return s
}

func TestParse(t *testing.T) {
	s := mustParse(t, collectionWith(
		`{"type":"Feature","id":"queue","properties":{"id":"no","name":"Queue <1>","location_id":22,"kind":"queue","service":7,
		  "capacity":12,"enter_after":"1m30s","exit_after":0.25,"wait_target":"3m"},`+shop+`}`,
		`{"type":"Feature","properties":{"id":7,"location_id":22},`+shop+`}`,
		`{"type":"Feature","properties":{"id":"door","location_id":-3,"name":null,"in":"right_to_left","enter_after":2,"kind":"entrance"},`+door+`}`,
		`{"type":"Feature","id":null,"properties":{"id":"7","location_id":-3,"in":"whatever"},"geometry":{"type":"MultiPolygon","coordinates":[[`+ring+`]]}}`,
	))
	if got, want := s.Locations(), []int64{-3, 22}; !slices.Equal(got, want) {
		t.Errorf("locations %v, want %v", got, want)
	}
	zones := s.Plan(22).Zones()
	want := []Zone{
		{ID: "queue", Name: "Queue <1>", Kind: "queue", Service: "7", Capacity: 12, EnterAfter: 90e6, ExitAfter: 250e3, WaitTarget: 180e6},
		{ID: "7", Name: "7", EnterAfter: Unset, ExitAfter: Unset, WaitTarget: Unset},
	}
	if !reflect.DeepEqual(zones, want) {
		t.Errorf("zones %+v, want %+v", zones, want)
	}
	lines := s.Plan(-3).Lines()
	if want := []Line{{ID: "door", Name: "door", Kind: "entrance", EnterAfter: 2e6, RightToLeft: true}}; !reflect.DeepEqual(lines, want) {
		t.Errorf("lines %+v, want %+v", lines, want)
	}
	if w := s.Warnings(); len(w) != 0 {
		t.Errorf("warnings %v, want none", w)
	}
}

func TestPlanOfUnknownLocationIsEmpty(t *testing.T) {
	for _, s := range []*Set{Empty(), mustParse(t, collectionWith()), mustParse(t, collectionWith(till))} {
		p := s.Plan(99)
		if len(p.Zones()) != 0 || p.HasLines() || p.NewLocator().Locate(1, 1) != 0 {
			t.Error("the plan of an unknown location is not empty")
		}
		if _, _, _, _, ok := p.Bounds(); ok {
			t.Error("an empty plan has bounds")
		}
		mustParse(t, string(p.GeoJSON()))
	}
}

func TestBoundsSpanZonesAndLines(t *testing.T) {
	s := mustParse(t, collectionWith(till, `{"type":"Feature","id":"l","properties":{"location_id":1},"geometry":{"type":"LineString","coordinates":[[-5,3],[2,30]]}}`))
	x0, y0, x1, y1, ok := s.Plan(1).Bounds()
	if got := fmt.Sprint(x0, y0, x1, y1, ok); got != "-5 0 10 30 true" {
		t.Errorf("bounds %s", got)
	}
}

func TestAltitudeIsIgnored(t *testing.T) {
	s := mustParse(t, collectionWith(polygon(`[[[0,0,5],[10,0,1e300],[10,10],[0,10,5,6],[0,0]]]`)))
	l := s.Plan(1).NewLocator()
	if len(l.Members(l.Locate(5, 5))) != 1 {
		t.Error("a zone with altitudes has no point in its middle")
	}
}

func TestGeoJSONKeepsWhatItDoesNotKnow(t *testing.T) {
	feature := `{"type":"Feature","id":"z","bbox":[0,0,10,10],"colour":"<red>","properties":{"location_id":1,"shelf":{"n":[1,2.50]}},` + shop + `}`
	s := mustParse(t, `{"type":"FeatureCollection","bbox":[0,0,99,99],"floor":"ground & first","features":[`+feature+`,`+
		strings.Replace(till, `:1`, `:2`, 1)+`]}`)
	var got struct {
		Type, Floor string
		BBox        []float64
		Features    []json.RawMessage
	}
	if err := json.Unmarshal(s.Plan(1).GeoJSON(), &got); err != nil {
		t.Fatal(err)
	}
	if got.Type != "FeatureCollection" || got.Floor != "ground & first" || got.BBox != nil || len(got.Features) != 1 {
		t.Errorf("collection %+v", got)
	}
	if string(got.Features[0]) != feature {
		t.Errorf("feature\n%s\nwant\n%s", got.Features[0], feature)
	}
	again := mustParse(t, string(s.Plan(1).GeoJSON()))
	if !reflect.DeepEqual(again.Plan(1).Zones(), s.Plan(1).Zones()) {
		t.Error("the plan's GeoJSON parses to other zones")
	}
}

func TestParseKeepsNoReference(t *testing.T) {
	data := []byte(collectionWith(till))
	s, err := Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	for i := range data {
		data[i] = 'x'
	}
	mustParse(t, string(s.Plan(1).GeoJSON()))
}

func TestWarnings(t *testing.T) {
	for _, test := range []struct{ feature, want string }{
		{polygon(`[` + ring + `,[[8,8],[8,12],[12,12],[8,8]]]`), "hole 1 lies partly outside"},
		{geometry(`{"type":"MultiPolygon","coordinates":[[` + ring + `],[[[20,0],[30,0],[20,9],[20,0]],[[19,1],[25,1],[22,2],[19,1]]]]}`), "polygon 2: hole 1 lies partly outside"},
		{zone(`,"kind":"queue"`), `without "service"`},
		{zone(`,"wait_target":5`), `"wait_target" is for zones of kind "queue"`},
	} {
		got := mustParse(t, collectionWith(till, test.feature)).Warnings()
		if len(got) != 1 || got[0].Feature != 1 || got[0].ID != "a" || !strings.Contains(got[0].Reason, test.want) {
			t.Errorf("warnings %v, want one of features[1] with %q", got, test.want)
		}
	}
}

func TestFaultsAreSaid(t *testing.T) {
	_, err := Parse([]byte(collectionWith(till, withID(`"till"`), geometry(`null`), `5`)))
	var faults Faults
	if !errors.As(err, &faults) {
		t.Fatalf("Parse returned a %T", err)
	}
	want := `features[1] "till": the id is already taken by features[0] of location 1; ids are unique within a location
features[2] "a": "geometry" must be a Polygon, MultiPolygon or LineString, but is null
features[3]: it must be a Feature, but is 5`
	if err.Error() != want {
		t.Errorf("faults:\n%v\nwant:\n%s", err, want)
	}
}

func TestFaultsAreListedUpToALimit(t *testing.T) {
	_, err := Parse([]byte(collectionWith(slices.Repeat([]string{`{}`}, 5000)...)))
	var faults Faults
	if !errors.As(err, &faults) || len(faults) != maxFaults+1 || faults[maxFaults].Feature != -1 {
		t.Errorf("%d faults, the last one %v", len(faults), faults[len(faults)-1])
	}
}
