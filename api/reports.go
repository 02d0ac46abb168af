package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"

	"github.com/footfall/footfall/analytics"
)

func (s *Server) registerReports() {
	s.handle(&huma.Operation{
		OperationID: "get-report", Method: http.MethodGet, Path: "/api/v1/locations/{location}/reports/{kind}",
		Tags: []string{tagReports}, Summary: "Report of a location", Description: "The figures of one location by zone and time, of the kind that the path names:\n\n" + reportText(),
		Parameters: append([]*huma.Param{locationParam, kindParam()}, reportParams()...),
		Responses: responses(
			s.reportResponse("Report", s.reportSchema(true)),
			s.problems(http.StatusBadRequest, http.StatusNotFound, http.StatusNotAcceptable, http.StatusUnprocessableEntity)),
	}, func(c echo.Context) error {
		location, err := pathLocation(c)
		if err != nil {
			return err
		}
		return s.report(c, []int64{location}, true)
	})
	s.handle(&huma.Operation{
		OperationID: "get-reports", Method: http.MethodGet, Path: "/api/v1/reports/{kind}",
		Tags: []string{tagReports}, Summary: "Report of many locations",
		Description: "The same rows for many locations, each with its `location_id`, one location after the other unless `sort` ranks them, each cut by its own calendar unless `tz` is given; a date or local time is each location's own:\n\n" + reportText(),
		Parameters:  append([]*huma.Param{kindParam(), locationsParam}, reportParams()...),
		Responses: responses(
			s.reportResponse("Reports", s.reportSchema(false)),
			s.problems(http.StatusBadRequest, http.StatusNotFound, http.StatusNotAcceptable, http.StatusUnprocessableEntity)),
	}, func(c echo.Context) error {
		locations, err := s.askedLocations(c.Request().Context(), c.QueryParams()["location"])
		if err != nil {
			return err
		}
		return s.report(c, locations, false)
	})
}

// askedLocations are those of the query, each once, or all.
func (s *Server) askedLocations(ctx context.Context, texts []string) ([]int64, error) {
	var locations []int64
	for _, text := range texts {
		location, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			message := fmt.Sprintf("location %q is not an integer", text)
			return nil, problem(http.StatusBadRequest, message, &huma.ErrorDetail{Message: message, Location: "query.location", Value: text})
		}
		if !allows(ctx, location) {
			message := fmt.Sprintf("there is no location %d", location)
			return nil, problem(http.StatusNotFound, message, &huma.ErrorDetail{Message: message, Location: "query.location", Value: text})
		}
		if !slices.Contains(locations, location) {
			locations = append(locations, location)
		}
	}
	if len(texts) > 0 {
		return locations, nil
	}
	for _, l := range s.cfg.Live.Locations() {
		if allows(ctx, l.ID) {
			locations = append(locations, l.ID)
		}
	}
	return locations, nil
}

func (s *Server) report(c echo.Context, locations []int64, single bool) error {
	r, values := c.Request(), c.QueryParams()
	kinds := askedKinds(c.Param("kind"))
	format, err := formatOf(r, values, kinds)
	if err != nil {
		return err
	}
	ctx, done, err := s.admitReport(r.Context(), c.Response().Header())
	if err != nil {
		return err
	}
	defer done()
	out := newReportWriter(c, format, kinds, single, s.progress)
	defer out.Discard()
	err = s.runAll(ctx, kinds, locations, values, out)
	if errors.Is(err, errHead) {
		c.Response().WriteHeader(http.StatusOK)
		return nil
	}
	if errors.Is(err, context.DeadlineExceeded) && context.Cause(ctx) == errReportTime { //nolint:errorlint // it is that very error
		return s.overtime()
	}
	return s.reportError(r, err, c.Param("kind"), single, values)
}

// runAll answers for one kind after the other, all checked before the first is read.
func (s *Server) runAll(ctx context.Context, kinds []string, locations []int64, values url.Values, out Encoder) error {
	now := s.cfg.Now()
	var queries []analytics.Query
	for _, kind := range kinds {
		q, err := NewQuery(kind, locations, values, now, s.cfg.Timezone)
		if err != nil {
			return err
		}
		if len(kinds) > 1 {
			q.Bucket = analytics.BucketOf(kind, q.Bucket)
		}
		queries = append(queries, q)
	}
	for _, q := range queries {
		if err := s.run(ctx, q, out); err != nil {
			return err
		}
	}
	return out.Close()
}

// askedKinds are the kinds that a path names, separated by commas, each once.
func askedKinds(path string) (kinds []string) {
	for kind := range strings.SplitSeq(path, ",") {
		if !slices.Contains(kinds, kind) {
			kinds = append(kinds, kind)
		}
	}
	return kinds
}

func (s *Server) run(ctx context.Context, q analytics.Query, out analytics.Output) error {
	if len(q.Locations) > 0 {
		return s.cfg.Reports.Run(ctx, q, out)
	}
	h, err := analytics.HeaderOf(q)
	if err != nil {
		return err
	}
	return out.Begin(h) // of no location at all, no rows
}

// reportError tells apart what the client asked, what it did and what went wrong.
func (s *Server) reportError(r *http.Request, err error, kind string, single bool, values url.Values) error {
	if err == nil {
		return nil
	}
	if r.Context().Err() != nil || errors.Is(err, errNotRead) {
		s.log.Debug("report not taken", "kind", kind, "error", err)
		panic(http.ErrAbortHandler) // nobody is there to be told
	}
	var q *analytics.QueryError
	if !errors.As(err, &q) {
		return err
	}
	s.countRows(q)
	switch {
	case q.Parameter == "kind":
		return queryProblem(q, "path", kind)
	case q.Parameter == "location" && single:
		return queryProblem(q, "path", nil)
	case values.Get(q.Parameter) == "":
		return queryProblem(q, "query", nil)
	default:
		return queryProblem(q, "query", strings.Join(values[q.Parameter], ", "))
	}
}

// formatOf is what the query asks for, or else what the client likes best.
func formatOf(r *http.Request, values url.Values, kinds []string) (Format, error) {
	asked := Format(values.Get("format"))
	if asked == "" {
		offered := mediaTypesFor(kinds)
		media := accepted(r.Header.Values("Accept"), offered...)
		if media == "" {
			return "", problem(http.StatusNotAcceptable, "the Accept header takes none of "+strings.Join(offered, ", "))
		}
		asked = formatOfMedia(media)
	}
	var message string
	switch {
	case !slices.Contains(Formats, asked):
		message = fmt.Sprintf("format %q is not known; use one of %s", asked, formatNames())
	case len(kinds) > 1 && asked != FormatXLSX:
		message = fmt.Sprintf("several kinds in one answer are sheets of a workbook: ask for format=xlsx, or for one kind as %s", asked)
	default:
		return asked, nil
	}
	return "", problem(http.StatusBadRequest, message, &huma.ErrorDetail{Message: message, Location: "query.format", Value: string(asked)})
}
