package api

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"
)

// ErrChanged means that the zones are not those that the client has seen.
var ErrChanged = errors.New("the zones have changed")

// ZonesFaults are all that is wrong with the zones that a client sent.
type ZonesFaults []ZonesFault //nolint:errname // as zones.Faults

// ZonesFault is one thing wrong.
type ZonesFault struct {
	Feature int    // its place in features, from 0; -1: the collection as a whole
	ID      string // the feature's, where it has one
	Reason  string
}

func (f ZonesFaults) Error() string { return fmt.Sprintf("%d faults", len(f)) }

// Conflict means that zones or a plan cannot be replaced as things are.
type Conflict struct{ Reason string }

func (e *Conflict) Error() string { return e.Reason }

func (s *Server) registerZones() {
	s.handle(&huma.Operation{
		OperationID: "get-zones", Method: http.MethodGet, Path: "/api/v1/locations/{location}/zones",
		Tags: []string{tagLive}, Summary: "Zones of a location",
		Description: "The location's zones (`Polygon`, `MultiPolygon`) and counting lines (`LineString`) as a GeoJSON FeatureCollection (RFC 7946). " +
			"Coordinates are centimetres from the location's origin, not degrees.",
		Parameters: []*huma.Param{locationParam, ifNoneMatchParam},
		Responses: responses(
			tagged(geoJSONType, featureCollection(), "The zones and lines."), notModified,
			s.problems(http.StatusBadRequest, http.StatusNotFound)),
	}, s.getZones)
}

func (s *Server) getZones(c echo.Context) error {
	location, err := pathLocation(c)
	if err != nil {
		return err
	}
	zones := s.cfg.Live.Zones(location)
	if zones == nil {
		return noLocation(location)
	}
	answer := newRendered(geoJSONType, contentTag(zones), zones)
	return answer.write(c.Response(), c.Request())
}

const putZonesText = "Puts the features of the body, a GeoJSON FeatureCollection as GET gives it, in the place of all zones and lines of this location, in the zones file and in what counts, at one instant. " +
	"Visits to zones that keep their `id` go on; those to zones that are gone end. Other locations' features stay as they are. " +
	"Every feature needs this location's `location_id`.\n\n" +
	"`If-Match` must have the ETag of the zones that were changed (or `*`): if somebody else changed them meanwhile nothing is done, so that nobody's work is lost. " +
	"All faults are told at once, in `errors`. If it can't be done, the file and the counts stay as they are."

func (s *Server) registerPutZones() {
	s.handle(&huma.Operation{
		OperationID: "put-zones", Method: http.MethodPut, Path: "/api/v1/locations/{location}/zones",
		Tags: []string{tagLive}, Summary: "Replace the zones of a location", Description: putZonesText,
		Parameters: []*huma.Param{locationParam, {
			Name: "If-Match", In: "header", Required: true, Description: "The ETag of the zones that are to be replaced.",
			Schema: &huma.Schema{Type: huma.TypeString}, Example: `"8c1f0a3e5b7d9f2c4e6a8b0d"`,
		}},
		RequestBody: &huma.RequestBody{Required: true, Description: "The zones and lines.", Content: map[string]*huma.MediaType{
			geoJSONType: {Schema: featureCollection()}, jsonType: {Schema: featureCollection()},
		}},
		Responses: responses(
			tagged(geoJSONType, featureCollection(), "They count, and are in the file: the zones and lines as GET gives them now."),
			s.problems(http.StatusBadRequest, http.StatusForbidden, http.StatusNotFound, http.StatusConflict, http.StatusPreconditionFailed,
				http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType, http.StatusUnprocessableEntity, http.StatusPreconditionRequired)),
	}, s.putZones)
}

func (s *Server) putZones(c echo.Context) error {
	location, err := pathLocation(c)
	if err != nil {
		return err
	}
	r := c.Request()
	if media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || media != geoJSONType && media != jsonType {
		return problem(http.StatusUnsupportedMediaType, "the body must be "+geoJSONType+" or "+jsonType+", and say so in Content-Type")
	}
	if s.cfg.Live.Zones(location) == nil {
		return noLocation(location)
	}
	match := r.Header.Values("If-Match")
	if len(match) == 0 {
		return problem(http.StatusPreconditionRequired, "If-Match is missing: GET the zones first and send their ETag, so that nobody else's changes are lost")
	}
	collection, err := io.ReadAll(r.Body)
	if err != nil {
		return bodyProblem(err)
	}
	if s.cfg.ReplaceZones == nil {
		return problem(http.StatusConflict, "zones cannot be changed here")
	}
	if err := s.cfg.ReplaceZones(location, func(now []byte) bool { return matchesStrongly(match, contentTag(now)) }, collection); err != nil {
		return s.zonesProblem(err, location)
	}
	zones := s.cfg.Live.Zones(location)
	answer := newRendered(geoJSONType, contentTag(zones), zones)
	return answer.write(c.Response(), r)
}

// matchesStrongly compares as If-Match does (RFC 9110, 13.1.1).
func matchesStrongly(header []string, tag string) bool {
	for _, list := range header {
		for one := range strings.SplitSeq(list, ",") {
			if one = strings.TrimSpace(one); one == "*" || one == tag {
				return true
			}
		}
	}
	return false
}

// bodyProblem tells why a body could not be read.
func bodyProblem(err error) error {
	var long *http.MaxBytesError
	if errors.As(err, &long) {
		return problem(http.StatusRequestEntityTooLarge, fmt.Sprintf("the body may have %d bytes", long.Limit))
	}
	return problem(http.StatusBadRequest, "the body stopped before its end")
}

func (s *Server) zonesProblem(err error, location int64) error {
	var conflict *Conflict
	var faults ZonesFaults
	switch {
	case errors.Is(err, ErrChanged):
		return problem(http.StatusPreconditionFailed, fmt.Sprintf("the zones of location %d are no longer those of If-Match: somebody else has changed them. GET them again, and make your changes to what they are now", location))
	case errors.As(err, &conflict):
		return problem(http.StatusConflict, conflict.Reason)
	case errors.As(err, &faults) && len(faults) > 0:
		p := problem(http.StatusUnprocessableEntity, fmt.Sprintf("the zones have %d faults, and nothing was changed; the first: %s", len(faults), faults[0].Reason))
		for _, f := range faults {
			p.Errors = append(p.Errors, f.detail())
		}
		return p
	}
	return err
}

func (f ZonesFault) detail() *huma.ErrorDetail {
	d := &huma.ErrorDetail{Message: f.Reason, Location: "body"}
	if f.Feature >= 0 {
		d.Location = fmt.Sprintf("body.features[%d]", f.Feature)
	}
	if f.ID != "" {
		d.Value = f.ID
	}
	return d
}
