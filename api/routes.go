package api

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"

	"github.com/footfall/footfall/internal/edge"
)

// route is what is known of a path beyond its handler.
type route struct {
	template string          // as in OpenAPI, or the path
	strict   bool            // no query parameters but those of query
	query    map[string]bool // whether each may be repeated
	upgrades bool            // to another protocol
	polled   bool            // over and over, and answered by what is ready
	body     *edge.Limit     // on the bytes of a request; nil is the general one
	media    []string        // that a body may be of; nil takes none
	need     need            // of whoever asks
}

// routeKey is a path as Echo writes it, with a method; HEAD is GET.
type routeKey struct{ method, path string }

// routeOf is the route that a request was led to.
func (s *Server) routeOf(method, path string) *route {
	if method == http.MethodHead {
		method = http.MethodGet
	}
	if r := s.routes[routeKey{method, path}]; r != nil {
		return r
	}
	return &unmatched
}

// unmatched stands for every path that leads nowhere, so that what strangers ask
// for is no label of a metric.
var unmatched = route{template: "unmatched"}

// handle serves and documents an operation; HEAD comes with GET.
func (s *Server) handle(op *huma.Operation, h echo.HandlerFunc) {
	s.openAPI.AddOperation(op)
	s.echo.Add(op.Method, echoPath(op.Path), h)
}

// serve serves a page or a tool that is no part of the documented API.
func (s *Server) serve(path string, h echo.HandlerFunc) {
	r := &route{template: path}
	if strings.HasPrefix(path, "/debug/") {
		r.need = needAdmin
	}
	s.routes[routeKey{http.MethodGet, path}] = r
	s.echo.GET(path, h)
}

// note keeps what entry wants to know of an operation.
func (s *Server) note(_ *huma.OpenAPI, op *huma.Operation) {
	asks, known := needs[op.OperationID]
	if !known {
		panic("api: needs does not say what " + op.OperationID + " asks of whoever comes")
	}
	if asks != needNothing {
		op.Security = []map[string][]string{{bearerScheme: {}}, {cookieScheme: {}}, {}} // the last where none is required
		op.Responses["401"] = s.problems(http.StatusUnauthorized)[1].Response
		op.Responses["403"] = s.problems(http.StatusForbidden)[1].Response
	}
	r := &route{template: op.Path, need: asks, strict: strings.HasPrefix(op.Path, "/api/"), query: map[string]bool{}}
	for _, p := range op.Parameters {
		if p.In == "query" {
			r.query[p.Name] = p.Schema.Type == huma.TypeArray
		}
	}
	_, r.upgrades = op.Responses["101"]
	_, r.polled = op.Responses["304"]
	if op.RequestBody != nil {
		r.media = slices.Sorted(maps.Keys(op.RequestBody.Content))
		r.body = s.bodyLimit(op.RequestBody)
	}
	s.routes[routeKey{op.Method, echoPath(op.Path)}] = r
}

// bodyLimit is the limit on a body by what it may be, nil for the general one.
func (s *Server) bodyLimit(body *huma.RequestBody) *edge.Limit {
	switch {
	case body.Content[ndjsonType] != nil:
		return s.limits.UploadBody
	case body.Content[geoJSONType] != nil:
		return s.limits.ZonesBody
	case body.Content[pngType] != nil:
		return s.limits.PlanBody
	}
	return nil
}

// echoPath is a path as Echo writes it.
func echoPath(path string) string {
	return strings.NewReplacer("{", ":", "}", "").Replace(path)
}

// addHead makes whatever answers GET answer HEAD; net/http leaves out the body.
func (s *Server) addHead(_ string, r echo.Route, h echo.HandlerFunc, _ []echo.MiddlewareFunc) {
	if r.Method == http.MethodGet {
		s.echo.Router().Add(http.MethodHead, r.Path, h)
	}
}
