package api

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"
)

// Plan is a location's floor plan and where it lies.
type Plan struct {
	Picture Picture
	Placing

	tagged sync.Once
	etag   string
}

// Placing is where a picture lies on a floor.
type Placing struct {
	Scale float64 // cm for each pixel
	X, Y  float64 // of the picture's lower left corner, cm
}

// Plans keeps floor plans. Its methods may be called from many goroutines at once.
type Plans interface {
	// Plan is nil where there is none. What it points to is not changed.
	Plan(location int64) *Plan
	// Put keeps a plan, nil none, if match holds of the one there is; else it returns
	// ErrChanged. Where there is an error nothing has changed.
	Put(location int64, match func(now *Plan) bool, p *Plan) error
}

// Valid reports whether a picture can lie so.
func (p Placing) Valid() bool {
	const most = 1e8
	return p.Scale >= 0.001 && p.Scale <= 10_000 && p.X >= -most && p.X <= most && p.Y >= -most && p.Y <= most
}

// PlanPlace is the plan of one of GET /api/v1/locations.
type PlanPlace struct {
	ETag   string  `json:"etag" doc:"The plan's ETag." example:"\"8c1f0a3e5b7d9f2c4e6a8b0d\""`
	Scale  float64 `json:"scale" doc:"Centimetres for each pixel." example:"2.5"`
	X      float64 `json:"x" doc:"Of the picture's lower left corner, in centimetres." example:"-350"`
	Y      float64 `json:"y" doc:"Likewise, upwards." example:"-420"`
	Width  float64 `json:"width" doc:"Of the picture on the floor, in centimetres." example:"2500"`
	Height float64 `json:"height" doc:"Likewise." example:"1650"`
}

func (s *Server) planOf(location int64) *Plan {
	if s.cfg.Plans == nil {
		return nil
	}
	return s.cfg.Plans.Plan(location)
}

func (s *Server) placeOf(location int64) *PlanPlace {
	p := s.planOf(location)
	if p == nil {
		return nil
	}
	return &PlanPlace{p.tag(), p.Scale, p.X, p.Y, p.Picture.Width * p.Scale, p.Picture.Height * p.Scale}
}

// tag is of the picture and its place.
func (p *Plan) tag() string {
	p.tagged.Do(func() {
		p.etag = contentTag(fmt.Appendf(nil, "%v %v %v %s\n%s", p.Scale, p.X, p.Y, p.Picture.Media, p.Picture.Body))
	})
	return p.etag
}

const (
	getPlanText = "The picture of the location's floor plan. Where it lies, GET /api/v1/locations says. An SVG is served so that nothing in it runs; show it by `<img>`."
	putPlanText = "Puts a picture (PNG or SVG, told by its content) in the place of the location's floor plan, and says where it lies. It takes the place of a configured one until it is deleted.\n\n" +
		"`If-Match` must have the ETag of the plan that is replaced, and is left out where there is none: if somebody else changed it meanwhile nothing is done."
	deletePlanText = "Removes the uploaded plan; a configured one shows again. `If-Match` must have its ETag."
)

func planMatchParam(required bool) *huma.Param {
	return &huma.Param{
		Name: "If-Match", In: "header", Required: required, Description: "The ETag of the plan there is.",
		Schema: &huma.Schema{Type: huma.TypeString}, Example: `"8c1f0a3e5b7d9f2c4e6a8b0d"`,
	}
}

func pictureContent() map[string]*huma.MediaType {
	schema := &huma.Schema{Type: huma.TypeString, Format: "binary"}
	return map[string]*huma.MediaType{pngType: {Schema: schema}, svgType: {Schema: schema}}
}

func placingParam(name, description string, example float64) *huma.Param {
	return &huma.Param{Name: name, In: "query", Required: true, Description: description, Schema: &huma.Schema{Type: huma.TypeNumber}, Example: example}
}

func (s *Server) registerPlan() {
	const path = "/api/v1/locations/{location}/plan"
	s.handle(&huma.Operation{
		OperationID: "get-plan", Method: http.MethodGet, Path: path, Tags: []string{tagLive}, Summary: "Floor plan of a location", Description: getPlanText,
		Parameters: []*huma.Param{locationParam, ifNoneMatchParam, {
			Name: "v", In: "query", Description: "Anything, such as the ETag: a page that shows the plan at another address after a change never shows the old one.",
			Schema: &huma.Schema{Type: huma.TypeString}, Example: "8c1f0a3e",
		}},
		Responses: responses(response{"200", &huma.Response{Description: "The picture.", Headers: tagHeaders, Content: pictureContent()}},
			notModified, s.problems(http.StatusBadRequest, http.StatusNotFound)),
	}, s.getPlan)
	s.handle(&huma.Operation{
		OperationID: "put-plan", Method: http.MethodPut, Path: path, Tags: []string{tagLive}, Summary: "Replace the floor plan of a location", Description: putPlanText,
		Parameters: []*huma.Param{
			locationParam, placingParam("scale", "Centimetres for each pixel, 0.001 to 10000.", 2.5),
			placingParam("x", "Of the picture's lower left corner, in centimetres.", -350), placingParam("y", "Likewise, upwards.", -420), planMatchParam(false),
		},
		RequestBody: &huma.RequestBody{Required: true, Description: "The picture.", Content: pictureContent()},
		Responses: responses(s.planPlaced(), s.problems(http.StatusBadRequest, http.StatusNotFound, http.StatusConflict, http.StatusPreconditionFailed,
			http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType, http.StatusUnprocessableEntity, http.StatusPreconditionRequired)),
	}, s.putPlan)
	s.handle(&huma.Operation{
		OperationID: "delete-plan", Method: http.MethodDelete, Path: path, Tags: []string{tagLive}, Summary: "Remove the uploaded floor plan of a location", Description: deletePlanText,
		Parameters: []*huma.Param{locationParam, planMatchParam(true)},
		Responses: responses(response{"204", &huma.Response{Description: "It is gone."}},
			s.problems(http.StatusBadRequest, http.StatusNotFound, http.StatusConflict, http.StatusPreconditionFailed, http.StatusPreconditionRequired)),
	}, s.deletePlan)
}

func (s *Server) planPlaced() response {
	return response{"200", &huma.Response{Description: "Where it lies.", Headers: tagHeaders, Content: content(jsonType, s.schema(PlanPlace{}))}}
}

// planLocation is the location of a request, if there is one.
func (s *Server) planLocation(c echo.Context) (int64, error) {
	location, err := pathLocation(c)
	if err == nil && s.cfg.Live.Zones(location) == nil {
		err = noLocation(location)
	}
	return location, err
}

func (s *Server) getPlan(c echo.Context) error {
	location, err := s.planLocation(c)
	if err != nil {
		return err
	}
	p := s.planOf(location)
	if p == nil {
		return problem(http.StatusNotFound, fmt.Sprintf("location %d has no floor plan", location))
	}
	h := c.Response().Header()
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'; style-src 'unsafe-inline'")
	h.Set("X-Content-Type-Options", "nosniff")
	answer := newRendered(p.Picture.Media, p.tag(), p.Picture.Body)
	return answer.write(c.Response(), c.Request())
}

func (s *Server) putPlan(c echo.Context) error {
	location, err := s.planLocation(c)
	if err != nil {
		return err
	}
	placing, err := placingOf(c)
	if err != nil {
		return err
	}
	if media, _, err := mime.ParseMediaType(c.Request().Header.Get("Content-Type")); err != nil || media != pngType && media != svgType {
		return problem(http.StatusUnsupportedMediaType, "the body must be "+pngType+" or "+svgType+", and say so in Content-Type")
	}
	body, err := io.ReadAll(c.Request().Body)
	if err != nil {
		return bodyProblem(err)
	}
	picture, err := ReadPicture(body)
	if err != nil {
		return problem(http.StatusUnprocessableEntity, err.Error(), &huma.ErrorDetail{Message: err.Error(), Location: "body"})
	}
	if err := s.keepPlan(c, location, &Plan{Picture: picture, Placing: placing}); err != nil {
		return err
	}
	place := s.placeOf(location)
	c.Response().Header().Set("ETag", place.ETag)
	c.Response().Header().Set("Cache-Control", "no-store")
	return c.JSON(http.StatusOK, place)
}

func (s *Server) deletePlan(c echo.Context) error {
	location, err := s.planLocation(c)
	if err != nil {
		return err
	}
	if s.planOf(location) == nil {
		return problem(http.StatusNotFound, fmt.Sprintf("location %d has no floor plan", location))
	}
	if err := s.keepPlan(c, location, nil); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

// keepPlan puts a plan where If-Match allows it.
func (s *Server) keepPlan(c echo.Context, location int64, p *Plan) error {
	if s.cfg.Plans == nil {
		return problem(http.StatusConflict, "floor plans cannot be changed here")
	}
	given := c.Request().Header.Values("If-Match")
	if len(given) == 0 && s.planOf(location) != nil {
		return problem(http.StatusPreconditionRequired, "If-Match is missing: there is a plan already; GET it first and send its ETag")
	}
	err := s.cfg.Plans.Put(location, func(now *Plan) bool {
		if now == nil {
			return len(given) == 0
		}
		return matchesStrongly(given, now.tag())
	}, p)
	var conflict *Conflict
	switch {
	case errors.Is(err, ErrChanged):
		return problem(http.StatusPreconditionFailed, fmt.Sprintf("the floor plan of location %d is no longer that of If-Match: somebody else has changed it", location))
	case errors.As(err, &conflict):
		return problem(http.StatusConflict, conflict.Reason)
	}
	return err
}

func placingOf(c echo.Context) (Placing, error) {
	var p Placing
	for name, to := range map[string]*float64{"scale": &p.Scale, "x": &p.X, "y": &p.Y} {
		n, err := strconv.ParseFloat(c.QueryParam(name), 64)
		if err != nil {
			message := name + " must be a number"
			return p, problem(http.StatusBadRequest, message, &huma.ErrorDetail{Message: message, Location: "query." + name, Value: c.QueryParam(name)})
		}
		*to = n
	}
	if !p.Valid() {
		message := "scale must be from 0.001 to 10000 cm for each pixel, x and y within 1e8 cm of the origin"
		return p, problem(http.StatusBadRequest, message, &huma.ErrorDetail{Message: message, Location: "query.scale"})
	}
	return p, nil
}
