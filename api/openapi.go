package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"

	"github.com/footfall/footfall/analytics"
)

const (
	bearerScheme = "token"
	cookieScheme = "session"

	jsonType    = "application/json"
	csvType     = "text/csv"
	geoJSONType = "application/geo+json"

	tagLive      = "Live"
	tagReports   = "Reports"
	tagOperation = "Operation"
)

const aboutText = `Live counts, reports and zones of Footfall, which counts people from the positions that ceiling sensors send.

Times are instants (RFC 3339), in answers always in UTC; every interval is half-open: its beginning belongs to it, its end does not. Figures without data are null, never zero.

Errors are problems (RFC 9457); their errors name each parameter that is wrong. Parameters that a path does not know are errors, so that a misspelt one cannot give other figures unnoticed. The server's log has what there is to say of a problem under its X-Request-Id. Whatever answers GET answers HEAD.

Where access is required, a request brings a token in Authorization (Bearer), or a browser its session; a location that the token does not allow is not there (404). A server without required access answers to localhost, 127.0.0.1 and [::1] only.`

// documentConfig is the OpenAPI document without its paths, and huma without pages
// of its own.
func documentConfig() huma.Config {
	return huma.Config{
		OpenAPI: &huma.OpenAPI{
			OpenAPI: "3.1.0",
			Info:    &huma.Info{Title: "Footfall", Version: "1", Description: aboutText},
			Servers: []*huma.Server{{URL: "/", Description: "This server."}},
			Tags: []*huma.Tag{
				{Name: tagLive, Description: "What is now."},
				{Name: tagReports, Description: "What was: counts by zone and time."},
				{Name: tagOperation, Description: "How the server is."},
			},
			Components: &huma.Components{
				Schemas: huma.NewMapRegistry("#/components/schemas/", schemaName),
				SecuritySchemes: map[string]*huma.SecurityScheme{
					bearerScheme: {Type: "http", Scheme: "bearer", BearerFormat: "JWT", Description: "A token, made by `footfall token create`. Required unless the server listens on loopback alone, or `auth.required` says otherwise."},
					cookieScheme: {Type: "apiKey", In: "cookie", Name: sessionCookie, Description: "A browser's session, as POST /api/v1/session starts it."},
				},
			},
		},
		Formats: huma.DefaultFormats, DefaultFormat: jsonType,
	}
}

// schemaName is the name of a Go type in the document.
func schemaName(t reflect.Type, hint string) string {
	switch t {
	case reflect.TypeFor[huma.ErrorModel]():
		return "Problem"
	case reflect.TypeFor[huma.ErrorDetail](), reflect.TypeFor[*huma.ErrorDetail]():
		return "ProblemDetail"
	}
	return huma.DefaultSchemaNamer(t, hint)
}

func (s *Server) registerDocument() {
	s.handle(&huma.Operation{
		OperationID: "openapi", Method: http.MethodGet, Path: "/openapi.json", Tags: []string{tagOperation},
		Summary: "This document", Description: "OpenAPI 3.1.",
		Parameters: []*huma.Param{ifNoneMatchParam},
		Responses: responses(taggedJSON(&huma.Schema{Type: huma.TypeObject, AdditionalProperties: true}, "The document."), notModified,
			s.problems()),
	}, func(c echo.Context) error { return s.document.write(c.Response(), c.Request()) })
}

// renderDocument renders the document as it is committed.
func renderDocument(o *huma.OpenAPI) ([]byte, error) {
	compact, err := json.Marshal(o)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := json.Indent(&b, compact, "", "  "); err != nil {
		return nil, err
	}
	b.WriteByte('\n')
	return b.Bytes(), nil
}

// response is one of an operation's, by status or "default".
type response struct {
	status string
	*huma.Response
}

// several are responses of one kind.
type several []response

func (r response) all() []response { return []response{r} }
func (r several) all() []response  { return r }

func responses(groups ...interface{ all() []response }) map[string]*huma.Response {
	m := map[string]*huma.Response{}
	for _, g := range groups {
		for _, r := range g.all() {
			m[r.status] = r.Response
		}
	}
	return m
}

func content(mediaType string, schema *huma.Schema) map[string]*huma.MediaType {
	return map[string]*huma.MediaType{mediaType: {Schema: schema}}
}

var tagHeaders = map[string]*huma.Param{
	"ETag":          {Description: "Tells this answer from all others, for If-None-Match.", Schema: &huma.Schema{Type: huma.TypeString}},
	"Cache-Control": {Description: "no-cache: ask again each time.", Schema: &huma.Schema{Type: huma.TypeString}},
}

func tagged(mediaType string, schema *huma.Schema, description string) response {
	return response{"200", &huma.Response{Description: description, Headers: tagHeaders, Content: content(mediaType, schema)}}
}

func taggedJSON(schema *huma.Schema, description string) response {
	return tagged(jsonType, schema, description)
}

var notModified = response{"304", &huma.Response{Description: "Nothing has changed since the answer that If-None-Match names. No body.", Headers: tagHeaders}}

var problemTexts = map[int]string{
	http.StatusBadRequest:            "A parameter is wrong or not known; errors names it.",
	http.StatusPreconditionFailed:    "The zones have changed since the answer that If-Match names; nothing was done.",
	http.StatusPreconditionRequired:  "If-Match is missing.",
	http.StatusUnauthorized:          "A token is required, or the one that was brought is not valid.",
	http.StatusForbidden:             "The token's scope is not enough, or the page that asks is of another origin.",
	http.StatusNotFound:              "What the path or a parameter names is not there.",
	http.StatusNotAcceptable:         "None of the formats is accepted: JSON, CSV, XLSX, Parquet, of a heatmap PNG.",
	http.StatusConflict:              "The location does not allow it now: its count is not one by gates; or, of an upload, what is counted there reaches beyond its beginning, data is coming in, or another upload is being counted; or the zones file is not what was read.",
	http.StatusRequestTimeout:        "The body stopped coming.",
	http.StatusRequestEntityTooLarge: "The body is too long.",
	http.StatusUnsupportedMediaType:  "The body is of a media type, or compressed in a way, that is not taken.",
	http.StatusUnprocessableEntity:   "What was asked can be read, but not done: the report would have more rows than it may (`limits.report_rows`), or more than can be ranked, a figure in the body is out of its range, a line of an upload is wrong, its Idempotency-Key was used for another one, or zones have faults, which errors names.",
	http.StatusUpgradeRequired:       "The request does not ask for a WebSocket.",
	http.StatusServiceUnavailable:    "No more of these are served at the moment, or it took too long.",
}

// problems are the errors that an operation may answer, and any other.
func (s *Server) problems(codes ...int) several {
	model := s.schema(huma.ErrorModel{})
	s.openAPI.Components.Schemas.Map()["ProblemDetail"].Properties["value"].Type = huma.TypeString // as queries and paths have it
	all := several{{"default", &huma.Response{Description: "Any other error.", Content: content(problemType, model)}}}
	for _, code := range codes {
		all = append(all, response{strconv.Itoa(code), &huma.Response{Description: problemTexts[code], Content: content(problemType, model)}})
	}
	return all
}

// reportResponse is a report, as JSON under a name of its own, or as CSV.
func (s *Server) reportResponse(name string, schema *huma.Schema) response {
	columns := "start,end,coverage,partial,zone_id,entries,exits,occupancy_min,occupancy_mean,occupancy_max,person_seconds"
	example := "2026-03-02T09:00:00Z,2026-03-02T10:00:00Z,1,false,entrance,41,40,0,2.400139,9,8640.5"
	if name == "Reports" {
		columns, example = "location_id,"+columns, "21,"+example
	}
	return response{"200", &huma.Response{
		Description: "The report.",
		Headers: map[string]*huma.Param{
			"Content-Disposition": {Description: "But of JSON: a file name.", Schema: &huma.Schema{Type: huma.TypeString}},
		},
		Content: map[string]*huma.MediaType{
			jsonType: {Schema: s.component(name, schema), Example: reportExample(name == "Report")},
			csvType: {Example: columns + "\r\n" + example + "\r\n", Schema: &huma.Schema{
				Type: huma.TypeString, Description: "RFC 4180: the columns of the JSON's rows under a header line; empty cells for null. A text that a spreadsheet might take for a formula has an apostrophe put before it.",
			}},
			xlsxType: {Schema: &huma.Schema{
				Type: huma.TypeString, Format: "binary", Description: "A workbook with a sheet for each kind: the columns of CSV under a frozen header row, typed cells, empty ones for null, texts never formulas. `start` and `end` are UTC; the last two columns, `start_local` and `end_local`, are what the clock showed that cut the row. Made whole before it is sent.",
			}},
			pngType: {Schema: &huma.Schema{
				Type: huma.TypeString, Format: "binary", Description: "Of `heatmap`, one location and no bucket: the picture of it, y up, transparent where nobody was, the colour by the square root of the person-seconds. Its text chunk `Extent` has the rectangle of the floor that it shows: least x, least y, greatest x, greatest y, in cm.",
			}},
			parquetType: {Schema: &huma.Schema{
				Type: huma.TypeString, Format: "binary", Description: "Parquet: the columns of CSV, times as timestamps in UTC, null for null; the kind, the bucket, the interval and the time zones are in the file's metadata.",
			}},
		},
	}}
}

// reportExample is an occupancy report.
func reportExample(single bool) any {
	row := map[string]any{
		"start": "2026-03-02T09:00:00Z", "end": "2026-03-02T10:00:00Z", "coverage": 1, "partial": false, "zone_id": "entrance",
		"entries": 41, "exits": 40, "occupancy_min": 0, "occupancy_mean": 2.400139, "occupancy_max": 9, "person_seconds": 8640.5,
	}
	report := map[string]any{"from": "2026-03-02T09:00:00Z", "to": "2026-03-02T10:00:00Z", "bucket": "1h", "rows": []any{row}}
	place := map[string]any{"location_id": 21, "timezone": "Europe/Helsinki"}
	if single {
		maps.Copy(report, place)
	} else {
		report["locations"], row["location_id"] = []any{place}, 21
	}
	return report
}

func kindParam() *huma.Param {
	kinds := analytics.Kinds()
	one := &huma.Schema{Type: huma.TypeString}
	for _, kind := range kinds {
		one.Enum = append(one.Enum, kind)
	}
	names := strings.Join(kinds, "|")
	several := &huma.Schema{Type: huma.TypeString, Pattern: fmt.Sprintf("^(%s)(,(%s))+$", names, names), Description: "Kinds separated by commas, each a sheet of a workbook: `format=xlsx` only. `peaks` among them takes no notice of bucket."}
	return &huma.Param{Name: "kind", In: "path", Required: true, Description: "The kind of report; with `format=xlsx`, kinds separated by commas.",
		Schema: &huma.Schema{Type: huma.TypeString, AnyOf: []*huma.Schema{one, several}}, Example: "occupancy"}
}
