package api

import (
	"bytes"
	"encoding/json"
	"flag"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/pb33f/libopenapi"
	validator "github.com/pb33f/libopenapi-validator"

	"github.com/footfall/footfall/analytics"
)

var update = flag.Bool("update", false, "write openapi.json anew")

func TestOpenAPIIsCommitted(t *testing.T) {
	s := start(t, nil)
	served := s.get(t, "/openapi.json")
	served.wantStatus(t, http.StatusOK)
	if *update {
		if err := os.WriteFile("openapi.json", served.body, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	committed, err := os.ReadFile("openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(served.body, committed) {
		t.Error("openapi.json is not what is served; run go test ./api -run TestOpenAPI -update")
	}
}

type apiDocument struct {
	OpenAPI string                             `json:"openapi"`
	Paths   map[string]map[string]apiOperation `json:"paths"`
}

type apiOperation struct {
	OperationID, Summary, Description string
	Parameters                        []struct {
		Name, In, Description string
		Example               any
		Schema                map[string]any
	}
	Responses map[string]struct {
		Description string
		Content     map[string]struct{ Schema map[string]any }
	}
}

func readDocument(t *testing.T, s *site) apiDocument {
	t.Helper()
	var doc apiDocument
	if err := json.Unmarshal(s.get(t, "/openapi.json").body, &doc); err != nil {
		t.Fatal(err)
	}
	return doc
}

// undocumented is everything that may be served without being in the document.
var undocumented = []string{
	"/docs", "/assets/docs.js", "/assets/scalar.js", "/assets/icon.svg",
	"/debug/pprof/", "/debug/pprof/:name",
}

// ofDashboard reports whether a path is a view or a file of the page.
func ofDashboard(path string) bool {
	return slices.Contains(dashboardViews, path) || dashboardFiles()[path] != nil
}

func TestOpenAPIAgreesWithRoutes(t *testing.T) {
	s := start(t, nil)
	documented := map[string]bool{}
	for path, operations := range readDocument(t, s).Paths {
		for method := range operations {
			documented[strings.ToUpper(method)+" "+echoPath(path)] = true
		}
	}
	routed := map[string]bool{}
	for _, r := range s.echo.Routes() {
		if r.Method == http.MethodHead || slices.Contains(undocumented, r.Path) || ofDashboard(r.Path) {
			continue
		}
		routed[r.Method+" "+r.Path] = true
		if !documented[r.Method+" "+r.Path] {
			t.Errorf("%s %s is served and not documented", r.Method, r.Path)
		}
	}
	for operation := range documented {
		if !routed[operation] {
			t.Errorf("%s is documented and not served", operation)
		}
	}
	if len(routed) < 10 {
		t.Errorf("only %d routes", len(routed))
	}
}

func TestOpenAPISaysEverything(t *testing.T) {
	s := start(t, nil)
	doc := readDocument(t, s)
	if !strings.HasPrefix(doc.OpenAPI, "3.1") {
		t.Errorf("openapi %q", doc.OpenAPI)
	}
	for path, operations := range doc.Paths {
		for method, o := range operations {
			name := method + " " + path
			if o.OperationID == "" || o.Summary == "" || o.Description == "" {
				t.Errorf("%s lacks an id, a summary or a description", name)
			}
			for _, p := range o.Parameters {
				if p.Description == "" || p.Example == nil || p.Schema["type"] == nil {
					t.Errorf("%s: parameter %s lacks a description, an example or a type", name, p.Name)
				}
			}
			if _, ok := o.Responses["default"].Content[problemType]; !ok {
				t.Errorf("%s documents no problem", name)
			}
			for status, r := range o.Responses {
				if r.Description == "" {
					t.Errorf("%s: response %s has no description", name, status)
				}
			}
		}
	}
}

// Every column that a report has is described, and no other.
func TestOpenAPIDescribesEveryColumn(t *testing.T) {
	var kinds []string
	for _, k := range kindTexts {
		kinds = append(kinds, k.kind)
		var described, there []string
		for _, c := range k.columns {
			described = append(described, c.name)
			if c.text == "" {
				t.Errorf("%s of %s is not described", c.name, k.kind)
			}
		}
		for i, c := range analytics.KindColumns(k.kind) {
			there = append(there, c.Name)
			if i < len(k.columns) && c.Label == k.columns[i].null {
				t.Errorf("%s of %s: label %t, may be null %t: one of these, else analytics.labels lacks it", c.Name, k.kind, c.Label, k.columns[i].null)
			}
		}
		if !slices.Equal(described, there) {
			t.Errorf("%s: described %v, there are %v", k.kind, described, there)
		}
	}
	if !slices.Equal(kinds, analytics.Kinds()) {
		t.Errorf("described %v, there are %v", kinds, analytics.Kinds())
	}
}

// Answers of every operation and status are as the document says.
func TestOpenAPIHolds(t *testing.T) {
	var unready bool
	s := start(t, func(c *Config) {
		c.Reset = (&doors{}).reset
		c.Ready = func() Readiness {
			r := Readiness{Feeds: []FeedReadiness{{Name: "wss://a/websocket_realtime", Locations: []int64{21}, State: "connected", Since: noon.UnixMicro()}}}
			if unready {
				r.Feeds[0].State, r.Feeds[0].Error, r.Store = "refused_token", "no", "disk full"
			}
			return r
		}
	})
	raw, err := os.ReadFile("openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := libopenapi.NewDocument(raw)
	if err != nil {
		t.Fatal(err)
	}
	v, errs := validator.NewValidator(doc)
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	if ok, faults := v.ValidateDocument(); !ok {
		for _, f := range faults {
			t.Error(f.Message, f.Reason, f.SchemaValidationErrors)
		}
	}
	checkAnswer := func(a answer, path string, status int) {
		t.Helper()
		a.wantStatus(t, status)
		again := *a.Response
		again.Body = readCloser(a.body)
		validate := v.ValidateHttpResponse
		if status < 300 {
			validate = v.ValidateHttpRequestResponse
		}
		if ok, faults := validate(a.Request, &again); !ok {
			for _, f := range faults {
				t.Errorf("%s: %s: %s %v", path, f.Message, f.Reason, f.SchemaValidationErrors)
			}
		}
	}
	check := func(path string, status int, headers ...string) {
		t.Helper()
		checkAnswer(s.get(t, path, headers...), path, status)
	}
	for _, path := range []string{
		"/api/v1/locations", "/api/v1/locations/21/occupancy", "/api/v1/locations/22/occupancy", "/api/v1/occupancy",
		"/api/v1/locations/21/zones", "/livez", "/readyz", "/openapi.json",
	} {
		check(path, 200)
	}
	for _, kind := range analytics.Kinds() {
		check("/api/v1/locations/21/reports/"+kind, 200)
		check("/api/v1/locations/21/reports/"+kind+"?format=csv", 200)
		check("/api/v1/locations/21/reports/"+kind+"?from=2026-03-02T09:00:01Z&to=2026-03-02T18:00:00Z&bucket=1h&tz=UTC&zone=a&zone=b", 200)
		check("/api/v1/reports/"+kind+"?tz=UTC", 200)
		check("/api/v1/reports/"+kind+"?tz=UTC&hours=open", 200)
		check("/api/v1/reports/"+kind+"?from=2026-03-02&compare=previous&limit=5", 200)
		check("/api/v1/locations/21/reports/"+kind+"?compare=2026-02-01&bucket=1d", 200)
		check("/api/v1/locations/21/reports/"+kind+"?compare=last_year&format=parquet", 200)
		check("/api/v1/reports/"+kind+",occupancy?compare=last_year&format=xlsx&tz=UTC", 200)
		check("/api/v1/reports/"+kind+"?location=22&location=21&tz=UTC&format=csv", 200)
	}
	check("/api/v1/locations/21/occupancy", 304, "If-None-Match", "*")
	check("/api/v1/locations/9/occupancy", 404)
	check("/api/v1/locations/x/zones", 400)
	check("/api/v1/locations/21/reports/occupancy?bucket=2h", 400)
	check("/api/v1/locations/21/reports/nonsense", 404)
	check("/api/v1/reports/flows?tz=UTC", 406, "Accept", "image/png")
	check("/websocket_realtime", 426)
	for location, status := range map[string]int{"21": 200, "22": 409, "9": 404} {
		path := "/api/v1/locations/" + location + "/occupancy/reset"
		a := s.post(t, path, `{"occupancy":12}`, "Content-Type", jsonType)
		a.Request.Body = readCloser([]byte(`{"occupancy":12}`))
		checkAnswer(a, path, status)
	}
	unready = true
	check("/readyz", 503)
}
