package api

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"

	"github.com/footfall/footfall/analytics"
)

// Occupancy is the answer of GET …/occupancy; it is written by appendCounts.
type Occupancy struct {
	LocationID int64           `json:"location_id" doc:"The location." example:"21"`
	Time       string          `json:"time" format:"date-time" doc:"When anything in this answer last changed." example:"2026-03-02T09:00:00.04Z"`
	Occupancy  int64           `json:"occupancy" minimum:"0" doc:"People at the location now; of one counted by gates, the last reset plus the crossings in, minus those out, and never below 0. Live counts hold what is believed now; reports hold what is settled." example:"12"`
	Connected  bool            `json:"connected" doc:"Whether data is coming in for the location. The counts stay the last known ones while it is not."`
	Zones      []ZoneOccupancy `json:"zones" nullable:"false" doc:"The location's zones, in the order of the zones file."`
}

// ZoneOccupancy is the count of one zone.
type ZoneOccupancy struct {
	ZoneID    string `json:"zone_id" doc:"The zone's id, unique within its location." example:"entrance"`
	Name      string `json:"name" doc:"The zone's name, its id where it has none." example:"Entrance"`
	Occupancy int64  `json:"occupancy" minimum:"0" doc:"People in the zone now: visits entered and not yet left." example:"3"`
	Capacity  *int   `json:"capacity" minimum:"1" doc:"How many people the zone is meant for; null where that is not set." example:"10"`
}

// Occupancies is the answer of GET /api/v1/occupancy.
type Occupancies struct {
	Locations []Occupancy `json:"locations" nullable:"false" doc:"Every location, in ascending order of id."`
}

// renderedCounts is the answer for the counts that it was made of.
type renderedCounts struct {
	counts *analytics.Counts
	rendered
}

// renderedAll is the answer for the counts of all locations.
type renderedAll struct {
	counts []*analytics.Counts
	rendered
}

func (s *Server) registerOccupancy() {
	s.handle(&huma.Operation{
		OperationID: "get-occupancy", Method: http.MethodGet, Path: "/api/v1/locations/{location}/occupancy",
		Tags: []string{tagLive}, Summary: "Current counts of a location",
		Description: "How many people are at a location and in each of its zones now. Poll it as often as once a second: " +
			"while nothing has changed, a request with `If-None-Match` is answered 304 without a body.",
		Parameters: []*huma.Param{locationParam, ifNoneMatchParam},
		Responses: responses(
			taggedJSON(s.schema(Occupancy{}), "The current counts."), notModified,
			s.problems(http.StatusBadRequest, http.StatusNotFound)),
	}, s.getOccupancy)
	s.handle(&huma.Operation{
		OperationID: "get-all-occupancy", Method: http.MethodGet, Path: "/api/v1/occupancy",
		Tags: []string{tagLive}, Summary: "Current counts of all locations",
		Description: "The same as for one location, for every location, in one answer.",
		Parameters:  []*huma.Param{ifNoneMatchParam},
		Responses: responses(
			taggedJSON(s.schema(Occupancies{}), "The current counts."), notModified,
			s.problems(http.StatusBadRequest)),
	}, s.getAllOccupancy)
}

func (s *Server) getOccupancy(c echo.Context) error {
	location, err := pathLocation(c)
	if err != nil {
		return err
	}
	counts := s.cfg.Live.Counts(location)
	if counts == nil {
		return noLocation(location)
	}
	return s.renderedFor(location, counts).write(c.Response(), c.Request())
}

// renderedFor renders counts once, whoever asks.
func (s *Server) renderedFor(location int64, counts *analytics.Counts) *renderedCounts {
	if last, ok := s.occupancy.Load(location); ok {
		if last := last.(*renderedCounts); last.counts == counts {
			return last
		}
	}
	tag := fmt.Sprintf(`"%d-%s-%d"`, location, s.boot, counts.Version)
	r := &renderedCounts{counts, newRendered(jsonType, tag, append(appendCounts(nil, counts), '\n'))}
	s.occupancy.Store(location, r)
	return r
}

func (s *Server) getAllOccupancy(c echo.Context) error {
	var counts []*analytics.Counts
	grant := grantIn(c.Request().Context())
	for _, l := range s.cfg.Live.Locations() {
		if now := s.cfg.Live.Counts(l.ID); now != nil && (grant == nil || grant.Allows(l.ID)) {
			counts = append(counts, now)
		}
	}
	if grant != nil { // one of several that see each their own
		body := allCounts(counts)
		answer := newRendered(jsonType, contentTag(body), body)
		return answer.write(c.Response(), c.Request())
	}
	last := s.allOccupancy.Load()
	if last == nil || !slices.Equal(last.counts, counts) {
		last = s.renderAll(counts)
		s.allOccupancy.Store(last)
	}
	return last.write(c.Response(), c.Request())
}

func (s *Server) renderAll(counts []*analytics.Counts) *renderedAll {
	tag := fmt.Sprintf(`"all-%s-%d"`, s.boot, s.allRendered.Add(1))
	return &renderedAll{counts, newRendered(jsonType, tag, allCounts(counts))}
}

func allCounts(counts []*analytics.Counts) []byte {
	body := []byte(`{"locations":[`)
	for i, one := range counts {
		if i > 0 {
			body = append(body, ",\n"...)
		}
		body = appendCounts(body, one)
	}
	return append(body, "]}\n"...)
}

func appendCounts(b []byte, counts *analytics.Counts) []byte {
	b = append(b, `{"location_id":`...)
	b = strconv.AppendInt(b, counts.LocationID, 10)
	b = append(b, `,"time":"`...)
	b = appendTime(b, counts.Time)
	b = append(b, `","occupancy":`...)
	b = strconv.AppendInt(b, counts.Occupancy, 10)
	b = append(b, `,"connected":`...)
	b = strconv.AppendBool(b, counts.Connected)
	b = append(b, `,"zones":[`...)
	for i := range counts.Zones {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendZoneCount(b, &counts.Zones[i])
	}
	return append(b, "]}"...)
}

func appendZoneCount(b []byte, z *analytics.ZoneCount) []byte {
	name := z.Name
	if name == "" {
		name = z.ID
	}
	b = append(b, `{"zone_id":`...)
	b = appendText(b, z.ID)
	b = append(b, `,"name":`...)
	b = appendText(b, name)
	b = append(b, `,"occupancy":`...)
	b = strconv.AppendInt(b, z.Occupancy, 10)
	b = append(b, `,"capacity":`...)
	if z.Capacity <= 0 {
		return append(b, "null}"...)
	}
	b = strconv.AppendInt(b, int64(z.Capacity), 10)
	return append(b, '}')
}
