package api

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"

	"github.com/footfall/footfall/analytics"
)

// Reset is the body of POST …/occupancy/reset.
type Reset struct {
	Occupancy *int64 `json:"occupancy" required:"true" nullable:"false" minimum:"0" maximum:"10000000" doc:"How many people are in." example:"12"`
}

// ResetDone is its answer.
type ResetDone struct {
	LocationID int64  `json:"location_id" doc:"The location." example:"21"`
	Time       string `json:"time" format:"date-time" doc:"The instant at which the count was set. Crossings before it, confirmed or not by then, no longer matter to the count." example:"2026-03-02T09:00:00.04Z"`
	Occupancy  int64  `json:"occupancy" minimum:"0" doc:"The count that was set." example:"12"`
}

// resetBody is the most bytes that a reset may have.
const resetBody = 1 << 10

func (s *Server) registerReset() {
	s.handle(&huma.Operation{
		OperationID: "reset-occupancy", Method: http.MethodPost, Path: "/api/v1/locations/{location}/occupancy/reset",
		Tags: []string{tagLive}, Summary: "Set the count of a location counted by gates",
		Description: "For a location with `occupancy: gates`: how many are in is the last reset, plus the crossings in, minus those out. " +
			"This sets it from now on; the difference is in the `ledger` report as `entries_reset` or `exits_reset`. " +
			"Every such location is reset to 0 at its `day_start`, too. Answered once it is stored.",
		Parameters: []*huma.Param{locationParam},
		RequestBody: &huma.RequestBody{Required: true, Description: "How many are in.", Content: map[string]*huma.MediaType{
			jsonType: {Schema: s.schema(Reset{})},
		}},
		Responses: responses(
			response{"200", &huma.Response{Description: "It is set.", Content: map[string]*huma.MediaType{jsonType: {Schema: s.schema(ResetDone{})}}}},
			s.problems(http.StatusBadRequest, http.StatusForbidden, http.StatusNotFound, http.StatusConflict,
				http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType, http.StatusUnprocessableEntity)),
	}, s.postReset)
}

func (s *Server) postReset(c echo.Context) error {
	location, err := pathLocation(c)
	if err != nil {
		return err
	}
	r := c.Request()
	if media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || media != jsonType {
		return problem(http.StatusUnsupportedMediaType, "the body must be application/json, and say so in Content-Type")
	}
	occupancy, err := readReset(r)
	if err != nil {
		return err
	}
	if s.cfg.Live.Counts(location) == nil {
		return noLocation(location)
	}
	at, err := s.reset(r, location, occupancy)
	if errors.Is(err, analytics.ErrNotGated) {
		return problem(http.StatusConflict, fmt.Sprintf("location %d is counted by its people; a count can be set where the configuration says occupancy: gates", location))
	}
	if err != nil {
		return err
	}
	c.Response().Header().Set("Cache-Control", "no-store")
	return c.JSON(http.StatusOK, ResetDone{LocationID: location, Time: string(appendTime(nil, at)), Occupancy: occupancy})
}

func (s *Server) reset(r *http.Request, location, occupancy int64) (at int64, err error) {
	if s.cfg.Reset == nil {
		return 0, analytics.ErrNotGated
	}
	return s.cfg.Reset(r.Context(), location, occupancy)
}

// readReset reads a body that is one Reset and nothing else.
func readReset(r *http.Request) (occupancy int64, err error) {
	var body Reset
	decoder := json.NewDecoder(http.MaxBytesReader(nil, r.Body, resetBody))
	decoder.DisallowUnknownFields()
	err = decoder.Decode(&body)
	var long *http.MaxBytesError
	if err == nil {
		if _, after := decoder.Token(); !errors.Is(after, io.EOF) {
			err = cmp.Or(after, errors.New("something follows it"))
		}
	}
	var wrong *json.UnmarshalTypeError
	switch {
	case errors.As(err, &long):
		return 0, problem(http.StatusRequestEntityTooLarge, fmt.Sprintf("the body may have %d bytes", resetBody))
	case errors.As(err, &wrong) && wrong.Field != "":
		return 0, resetFault(fmt.Sprintf("%s must be a whole number of 0 to %d, and is a %s", wrong.Field, analytics.MaxOccupancy, wrong.Value), nil)
	case err != nil:
		return 0, problem(http.StatusBadRequest, `the body cannot be read as {"occupancy": n}: `+err.Error())
	case body.Occupancy == nil:
		return 0, resetFault("occupancy is missing", nil)
	case *body.Occupancy < 0 || *body.Occupancy > analytics.MaxOccupancy:
		return 0, resetFault(fmt.Sprintf("occupancy must be 0 to %d", analytics.MaxOccupancy), strconv.FormatInt(*body.Occupancy, 10))
	}
	return *body.Occupancy, nil
}

func resetFault(message string, value any) error {
	return problem(http.StatusUnprocessableEntity, message, &huma.ErrorDetail{Message: message, Location: "body.occupancy", Value: value})
}
