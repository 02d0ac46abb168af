package api

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/footfall/footfall/signals"
)

// Liveness is the answer of GET /livez.
type Liveness struct {
	Status  string `json:"status" enum:"live" doc:"The server answers."`
	Version string `json:"version" doc:"The program's version." example:"0.1.0"`
}

// Ready is the answer of GET /readyz.
type Ready struct {
	Ready              bool        `json:"ready" doc:"Every feed is connected, and what is counted is being written."`
	Feeds              []FeedState `json:"feeds" nullable:"false" doc:"The feeds, in the order of the configuration."`
	ClockBehindSeconds float64     `json:"clock_behind_seconds" minimum:"0" doc:"How far the wall clock is behind the time stamps after it was set back; until the two agree, stamps run at 0.9 of the speed. This does not make the server unready."`
	Damaged            int         `json:"damaged" minimum:"0" doc:"Places of the database found damaged, by reading or by the check in the background: the log names them. What is stored there is left out of reports. This does not make the server unready."`
	Store              *string     `json:"store" doc:"Why what is counted cannot be written, null while it can. Counting goes on meanwhile."`
}

// FeedState is one feed of Ready.
type FeedState struct {
	Feed      string  `json:"feed" doc:"The feed's address." example:"wss://signals.example.com/websocket_realtime"`
	Locations []int64 `json:"locations" nullable:"false" doc:"The locations that it is asked for." example:"[21]"`
	State     string  `json:"state" enum:"connecting,connected,no_token,refused_token,refused_location,refused,network_fault,stopped" doc:"connecting: no attempt has come out yet. no_token: the token cannot be read. refused_token, refused_location, refused: the server does not accept the token, does not allow a location, or refuses for another reason. network_fault: not reachable, cut off, or silent for too long."`
	Since     string  `json:"since" format:"date-time" doc:"Since when it is in this state." example:"2026-03-02T09:00:00Z"`
	Error     string  `json:"error,omitempty" doc:"Why it is not connected, in words." example:"the server refuses the token: unknown token"`
}

// NotReady is the problem that /readyz answers otherwise: an item of errors for
// each reason, and the members of Ready.
type NotReady struct {
	huma.ErrorModel
	Ready
}

type livezOutput struct {
	CacheControl string `header:"Cache-Control" doc:"no-store"`
	Body         Liveness
}

func (s *Server) registerHealth(typed huma.API) {
	huma.Register(typed, huma.Operation{
		OperationID: "livez", Method: http.MethodGet, Path: "/livez", Tags: []string{tagOperation},
		Summary: "Whether the server lives", Description: "Answers 200 as long as the process answers at all.",
		Responses: responses(response{"200", &huma.Response{Description: "It lives."}}, s.problems()),
	}, func(context.Context, *struct{}) (*livezOutput, error) {
		return &livezOutput{CacheControl: "no-store", Body: Liveness{"live", s.cfg.Version}}, nil
	})
	s.handle(&huma.Operation{
		OperationID: "readyz", Method: http.MethodGet, Path: "/readyz", Tags: []string{tagOperation},
		Summary:     "Whether the server is ready",
		Description: "Answers 503 while a feed is not connected or what is counted cannot be written, and says which and why. It tells no counts.",
		Responses: responses(
			response{"200", &huma.Response{Description: "Ready.", Content: content(jsonType, s.schema(Ready{}))}},
			response{"503", &huma.Response{Description: "Not ready.", Content: content(problemType, s.schema(NotReady{}))}},
			s.problems()),
	}, s.getReady)
	metrics := promhttp.HandlerFor(s.cfg.Metrics, promhttp.HandlerOpts{MaxRequestsInFlight: 8, Timeout: writeTimeout / 2})
	s.handle(&huma.Operation{
		OperationID: "metrics", Method: http.MethodGet, Path: "/metrics", Tags: []string{tagOperation},
		Summary: "Metrics", Description: "For Prometheus, in its text format or in OpenMetrics, as the Accept header asks.",
		Responses: responses(
			response{"200", &huma.Response{Description: "The metrics.", Content: content("text/plain", &huma.Schema{Type: huma.TypeString})}},
			s.problems(http.StatusServiceUnavailable)),
	}, func(c echo.Context) error { return withProblems(metrics, c) })
}

func (s *Server) getReady(c echo.Context) error {
	state, reasons := readyOf(s.cfg.Ready())
	c.Response().Header().Set("Cache-Control", "no-store")
	if state.Ready {
		return c.JSON(http.StatusOK, state)
	}
	var texts []string
	for _, r := range reasons {
		texts = append(texts, r.Location+" "+r.Message)
	}
	p := problem(http.StatusServiceUnavailable, "not ready: "+strings.Join(texts, "; "), reasons...)
	return writeProblem(c.Response(), p.Status, NotReady{*p, state})
}

// readyOf says in which state the server is, and what keeps it from being ready.
func readyOf(r Readiness) (Ready, []*huma.ErrorDetail) {
	state := Ready{Feeds: []FeedState{}, ClockBehindSeconds: r.ClockBehind.Seconds(), Damaged: r.Damaged}
	var reasons []*huma.ErrorDetail
	for _, f := range r.Feeds {
		state.Feeds = append(state.Feeds, FeedState{
			Feed: f.Name, Locations: append([]int64{}, f.Locations...), State: f.State,
			Since: string(appendTime(nil, f.Since)), Error: f.Error,
		})
		if f.State == signals.StateConnected.String() {
			continue
		}
		message := "is not connected since " + time.UnixMicro(f.Since).UTC().Format(time.RFC3339) + ": " + f.State
		if f.Error != "" {
			message += fmt.Sprintf(" (%s)", f.Error)
		}
		reasons = append(reasons, &huma.ErrorDetail{Location: "feed " + f.Name, Message: message, Value: f.State})
	}
	if r.Store != "" {
		state.Store = &r.Store
		reasons = append(reasons, &huma.ErrorDetail{Location: "store", Message: "cannot be written: " + r.Store})
	}
	state.Ready = len(reasons) == 0
	return state, reasons
}
