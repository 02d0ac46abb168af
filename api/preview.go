package api

import (
	"context"
	"io"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"
)

// PreviewFunc makes a Preview of a FeatureCollection; see Config.PreviewZones.
type PreviewFunc func(ctx context.Context, location int64, collection []byte) (*Preview, error)

// Preview is what the last hour's positions count by other zones, beside those there are.
type Preview struct {
	From, To int64 // Unix microseconds; both 0 where there are no positions
	Zones    []PreviewZone
	Lines    []PreviewLine
}

// PreviewZone is a zone's figures by what was drawn, and by what counts now; nil where
// it is not there.
type PreviewZone struct {
	ID         string
	Drawn, Now *PreviewVisits
}

// PreviewVisits are figures of a zone.
type PreviewVisits struct {
	Entries, Exits int64
	Dwell          int64 // of the visits that ended, microseconds
	Most           int64
}

// PreviewLine is a line's, as PreviewZone.
type PreviewLine struct {
	ID         string
	Drawn, Now *PreviewCrossings
}

// PreviewCrossings are figures of a line.
type PreviewCrossings struct{ In, Out int64 }

type previewAnswer struct {
	LocationID int64             `json:"location_id" doc:"The location." example:"21"`
	From       *string           `json:"from" format:"date-time" doc:"Time of the first position that is held; null without any." example:"2026-03-02T09:00:00Z"`
	To         *string           `json:"to" format:"date-time" doc:"Time of the last one; null without any." example:"2026-03-02T10:00:00Z"`
	Zones      []previewZoneJSON `json:"zones" nullable:"false" doc:"The zones of the body in their order, then those that count now and are not in it."`
	Lines      []previewLineJSON `json:"lines" nullable:"false" doc:"The lines, likewise."`
}

type previewZoneJSON struct {
	ZoneID          string   `json:"zone_id" doc:"The zone's id." example:"promo"`
	Entries         *int64   `json:"entries" doc:"Entries by the zone as it is in the body; null where it is not." example:"41"`
	Exits           *int64   `json:"exits" doc:"Exits, likewise." example:"40"`
	DwellMean       *float64 `json:"dwell_mean" doc:"Mean length of the visits that ended, in seconds; null without any." example:"72.5"`
	OccupancyMax    *int64   `json:"occupancy_max" doc:"Most people at one instant." example:"6"`
	EntriesNow      *int64   `json:"entries_now" doc:"Entries by the zone as it counts now; null where it is not there." example:"38"`
	ExitsNow        *int64   `json:"exits_now" doc:"Exits, likewise." example:"38"`
	DwellMeanNow    *float64 `json:"dwell_mean_now" doc:"Mean length, likewise." example:"70.1"`
	OccupancyMaxNow *int64   `json:"occupancy_max_now" doc:"Most people, likewise." example:"5"`
}

type previewLineJSON struct {
	LineID string `json:"line_id" doc:"The line's id." example:"door"`
	In     *int64 `json:"in" doc:"Crossings inwards by the line as it is in the body; null where it is not." example:"41"`
	Out    *int64 `json:"out" doc:"Crossings outwards, likewise." example:"40"`
	InNow  *int64 `json:"in_now" doc:"Crossings inwards by the line as it counts now; null where it is not there." example:"38"`
	OutNow *int64 `json:"out_now" doc:"Crossings outwards, likewise." example:"38"`
}

const previewText = "What the last hour would have counted by the zones of the body, a GeoJSON FeatureCollection as for PUT, beside the zones there are. Nothing is changed. " +
	"It counts the positions of the last hour, which are kept in memory alone (of each person at most one every 0.4 s, 1,048,576 in all), and not at all with `privacy.preview: false`; after a start the hour begins anew. " +
	"Both sides count the same positions by the same rules, so that they can be compared; people who were there at the beginning appear then."

func (s *Server) registerPreview() {
	s.handle(&huma.Operation{
		OperationID: "preview-zones", Method: http.MethodPost, Path: "/api/v1/locations/{location}/zones/preview",
		Tags: []string{tagLive}, Summary: "What other zones would have counted", Description: previewText,
		Parameters: []*huma.Param{locationParam},
		RequestBody: &huma.RequestBody{Required: true, Description: "The zones and lines.", Content: map[string]*huma.MediaType{
			geoJSONType: {Schema: featureCollection()}, jsonType: {Schema: featureCollection()},
		}},
		Responses: responses(
			response{"200", &huma.Response{Description: "The figures.", Content: map[string]*huma.MediaType{jsonType: {Schema: s.schema(previewAnswer{})}}}},
			s.problems(http.StatusBadRequest, http.StatusForbidden, http.StatusNotFound, http.StatusConflict,
				http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType, http.StatusUnprocessableEntity)),
	}, s.postPreview)
}

func (s *Server) postPreview(c echo.Context) error {
	location, err := pathLocation(c)
	if err != nil {
		return err
	}
	if s.cfg.Live.Zones(location) == nil {
		return noLocation(location)
	}
	collection, err := io.ReadAll(c.Request().Body)
	if err != nil {
		return bodyProblem(err)
	}
	if s.cfg.PreviewZones == nil {
		return problem(http.StatusConflict, "no positions are kept here that could be counted")
	}
	p, err := s.cfg.PreviewZones(c.Request().Context(), location, collection)
	if err != nil {
		return s.zonesProblem(err, location)
	}
	s.extendWrite(c)
	c.Response().Header().Set("Cache-Control", "no-store")
	return c.JSON(http.StatusOK, p.answer(location))
}

func (p *Preview) answer(location int64) previewAnswer {
	a := previewAnswer{LocationID: location, Zones: []previewZoneJSON{}, Lines: []previewLineJSON{}}
	if p.From != 0 {
		from, to := string(appendTime(nil, p.From)), string(appendTime(nil, p.To))
		a.From, a.To = &from, &to
	}
	for _, z := range p.Zones {
		j := previewZoneJSON{ZoneID: z.ID}
		j.Entries, j.Exits, j.DwellMean, j.OccupancyMax = z.Drawn.figures()
		j.EntriesNow, j.ExitsNow, j.DwellMeanNow, j.OccupancyMaxNow = z.Now.figures()
		a.Zones = append(a.Zones, j)
	}
	for _, l := range p.Lines {
		j := previewLineJSON{LineID: l.ID}
		if l.Drawn != nil {
			j.In, j.Out = &l.Drawn.In, &l.Drawn.Out
		}
		if l.Now != nil {
			j.InNow, j.OutNow = &l.Now.In, &l.Now.Out
		}
		a.Lines = append(a.Lines, j)
	}
	return a
}

func (v *PreviewVisits) figures() (entries, exits *int64, dwell *float64, most *int64) {
	if v == nil {
		return nil, nil, nil, nil
	}
	if v.Exits > 0 {
		mean := float64(v.Dwell/v.Exits) / 1e6
		dwell = &mean
	}
	return &v.Entries, &v.Exits, dwell, &v.Most
}
