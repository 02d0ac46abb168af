package api

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"

	"github.com/footfall/footfall/analytics"
)

const problemType = "application/problem+json"

// problem is an error in the form that the client gets it: RFC 9457.
func problem(status int, detail string, errs ...*huma.ErrorDetail) *huma.ErrorModel {
	return &huma.ErrorModel{Status: status, Title: http.StatusText(status), Detail: detail, Errors: errs}
}

// problemOf is the problem of any error. What is not the client's doing is told
// to the log alone.
func (s *Server) problemOf(err error, c echo.Context, requestID string) *huma.ErrorModel {
	var ready *huma.ErrorModel
	if errors.As(err, &ready) {
		return ready
	}
	r := c.Request()
	var routed *echo.HTTPError
	switch {
	case errors.Is(err, echo.ErrNotFound):
		return problem(http.StatusNotFound, fmt.Sprintf("there is nothing at %s; /openapi.json lists what there is", r.URL.Path))
	case errors.Is(err, echo.ErrMethodNotAllowed):
		return problem(http.StatusMethodNotAllowed, fmt.Sprintf("%s is not possible at %s, but %s", r.Method, r.URL.Path, c.Response().Header().Get("Allow")))
	case errors.As(err, &routed):
		return problem(routed.Code, fmt.Sprint(routed.Message))
	}
	s.log.Error("request failed", "request", requestID, "error", err)
	return internalProblem(requestID)
}

func internalProblem(requestID string) *huma.ErrorModel {
	return problem(http.StatusInternalServerError, "something went wrong here; the server's log says what, under request "+requestID)
}

// queryProblem is the problem of a report that was asked for wrongly. in says
// where each parameter was.
func queryProblem(q *analytics.QueryError, in string, value any) *huma.ErrorModel {
	status := http.StatusBadRequest
	switch {
	case q.NotFound:
		status = http.StatusNotFound
	case q.TooLarge:
		status = http.StatusUnprocessableEntity
	}
	return problem(status, q.Error(), &huma.ErrorDetail{Message: q.Reason, Location: in + "." + q.Parameter, Value: value})
}

// writeProblem writes an ErrorModel or what extends it.
func writeProblem(w http.ResponseWriter, status int, p any) error {
	body, err := json.Marshal(p)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", problemType)
	h.Set("Cache-Control", "no-store")
	if status == http.StatusUnauthorized {
		h.Set("WWW-Authenticate", `Bearer realm="footfall"`)
	}
	h.Set("Content-Length", strconv.Itoa(len(body)+1))
	for _, name := range []string{"Etag", "Content-Disposition", "Content-Encoding"} {
		h.Del(name)
	}
	w.WriteHeader(status)
	_, err = w.Write(append(body, '\n'))
	return err
}
