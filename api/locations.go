package api

import (
	"context"
	"fmt"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"

	"github.com/footfall/footfall/analytics"
)

// Location is one of GET /api/v1/locations.
type Location struct {
	LocationID int64      `json:"location_id" doc:"The location's id, as the sensors send it." example:"21"`
	Name       string     `json:"name" doc:"The location's name, its id where it has none." example:"Kamppi"`
	Timezone   string     `json:"timezone" doc:"The IANA time zone whose calendar cuts its reports." example:"Europe/Helsinki"`
	Capacity   *int       `json:"capacity" minimum:"1" doc:"How many people the location is meant for; null where that is not set." example:"120"`
	Connected  bool       `json:"connected" doc:"Whether data is coming in for it."`
	Plan       *PlanPlace `json:"plan,omitempty" doc:"Where its floor plan lies, whose picture is at GET …/plan; left out where there is none."`
	Since      *string    `json:"since" format:"date-time" doc:"Since when it is so: when the gap began that it is in, or ended; null where no feed has connected since the start." example:"2026-03-02T09:00:00Z"`
}

// Locations is the answer of GET /api/v1/locations.
type Locations struct {
	Locations []Location `json:"locations" nullable:"false" doc:"In ascending order of id."`
}

type locationsOutput struct {
	CacheControl string `header:"Cache-Control" doc:"no-cache: ask again each time."`
	Body         Locations
}

func (s *Server) registerLocations(typed huma.API) {
	huma.Register(typed, huma.Operation{
		OperationID: "list-locations", Method: http.MethodGet, Path: "/api/v1/locations",
		Tags: []string{tagLive}, Summary: "Locations",
		Description: "Every location that is counted: those configured, and those that the zones file, a feed or a recording names.",
		Responses: responses(
			response{"200", &huma.Response{Description: "The locations."}}, s.problems(http.StatusBadRequest)),
	}, func(ctx context.Context, _ *struct{}) (*locationsOutput, error) {
		out := &locationsOutput{CacheControl: "no-cache", Body: Locations{[]Location{}}}
		for _, l := range s.cfg.Live.Locations() {
			if allows(ctx, l.ID) {
				out.Body.Locations = append(out.Body.Locations, s.locationOf(l))
			}
		}
		return out, nil
	})
}

func (s *Server) locationOf(l analytics.LocationInfo) Location {
	out := Location{Plan: s.placeOf(l.ID), LocationID: l.ID, Name: l.Name, Timezone: l.Timezone, Connected: l.Connected}
	if out.Name == "" {
		out.Name = strconv.FormatInt(l.ID, 10)
	}
	if l.Since != 0 {
		since := string(appendTime(nil, l.Since))
		out.Since = &since
	}
	if l.Capacity > 0 {
		out.Capacity = &l.Capacity
	}
	return out
}

// pathLocation is the location that a path names.
func pathLocation(c echo.Context) (int64, error) {
	text := c.Param("location")
	location, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		message := fmt.Sprintf("location %q is not an integer", text)
		return 0, problem(http.StatusBadRequest, message, &huma.ErrorDetail{Message: message, Location: "path.location", Value: text})
	}
	return location, nil
}

func noLocation(location int64) error {
	message := fmt.Sprintf("there is no location %d", location)
	return problem(http.StatusNotFound, message, &huma.ErrorDetail{Message: message, Location: "path.location", Value: strconv.FormatInt(location, 10)})
}
