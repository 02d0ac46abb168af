package api

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humaecho"
	"github.com/labstack/echo/v4"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/footfall/footfall/internal/edge"
)

// Server serves the API. It is safe for concurrent use.
type Server struct {
	cfg               Config
	log               *slog.Logger
	echo              *echo.Echo
	openAPI           *huma.OpenAPI
	proxies           *edge.Proxies
	limits            *edge.Limits
	throttles         throttles
	connections       *edge.Connections
	origins           *edge.Origins
	document          rendered            // the OpenAPI document
	routes            map[routeKey]*route // not changed once New returned
	durations         *prometheus.HistogramVec
	unauthorizedTotal prometheus.Counter
	boot              string // tells this run from all others
	requests          atomic.Uint64

	occupancy    sync.Map // by location: *renderedCounts
	allOccupancy atomic.Pointer[renderedAll]
	allRendered  atomic.Uint64

	progress time.Duration // within which each chunk of a report must be taken, or of an upload come
	spools   chan struct{} // one for each upload that is being received
	reports  chan struct{} // one for each report that is being made
	patience time.Duration // of a report that waits for others
	grace    time.Duration // for requests under way when Serve ends
}

// New makes a server; it listens to nothing yet. The error says what is missing in
// the configuration, or that the metrics have another server's collectors.
func New(cfg Config) (*Server, error) {
	if cfg.Live == nil || cfg.Reports == nil || cfg.Ready == nil {
		return nil, errors.New("api: Config needs Live, Reports and Ready")
	}
	s := &Server{
		cfg: cfg.withDefaults(), echo: echo.New(), routes: map[routeKey]*route{}, boot: bootID(),
		progress: 30 * time.Second, grace: 4 * time.Second, patience: reportPatience,
	}
	s.log = s.cfg.Logger
	s.limits = s.cfg.Edge.Limits
	s.spools, s.reports = make(chan struct{}, s.limits.Most.Uploads), make(chan struct{}, s.limits.Most.Reports)
	s.throttles, s.connections = newThrottles(s.limits), edge.NewConnections(s.limits, edge.NewProxies(s.cfg.Edge.TrustedProxies))
	s.proxies, s.origins = edge.NewProxies(s.cfg.Edge.TrustedProxies), edge.NewOrigins(s.cfg.Edge.Origins)
	s.durations = prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name:    "footfall_http_request_duration_seconds",
		Help:    "Time from a request's arrival to the end of its answer, by route and status.",
		Buckets: []float64{.0005, .001, .0025, .005, .01, .025, .1, .5, 1, 5, 30},
	}, []string{"route", "status"})
	s.unauthorizedTotal = prometheus.NewCounter(prometheus.CounterOpts{
		Name: "footfall_http_unauthorized_total", Help: "Requests without a valid token where one is required.",
	})
	for _, c := range []prometheus.Collector{s.durations, s.unauthorizedTotal} {
		if err := s.cfg.Metrics.Register(c); err != nil {
			return nil, err
		}
	}
	if err := s.cfg.Metrics.Register(edgeMetrics{s.limits, s.connections, s.cfg.Edge.Certificate}); err != nil {
		return nil, err
	}
	s.prepareEcho()
	if err := s.register(); err != nil {
		return nil, err
	}
	return s, nil
}

func (c Config) withDefaults() Config {
	if c.Metrics == nil {
		c.Metrics = prometheus.NewRegistry()
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if c.Edge.Limits == nil {
		c.Edge.Limits = edge.NewLimits(edge.DefaultMost(), c.Logger)
	}
	return c
}

// prepareEcho takes from Echo what we do ourselves: its log, its banner, its trust
// in forwarding headers.
func (s *Server) prepareEcho() {
	e := s.echo
	e.HideBanner, e.HidePort = true, true
	e.Logger.SetOutput(io.Discard)
	e.StdLogger.SetOutput(io.Discard)
	e.IPExtractor = echo.ExtractIPDirect()
	e.OnAddRouteHandler = s.addHead
	e.Use(s.entry)
}

// register puts up every route and renders the OpenAPI document.
func (s *Server) register() error {
	config := documentConfig()
	config.OnAddOperation = append(config.OnAddOperation, s.note)
	typed := humaecho.New(s.echo, config)
	s.openAPI = typed.OpenAPI()

	s.registerLocations(typed)
	s.registerOccupancy()
	s.registerReset()
	s.registerUpload()
	s.registerZones()
	s.registerPutZones()
	s.registerPreview()
	s.registerPlan()
	s.registerSession()
	s.registerReports()
	s.registerHealth(typed)
	s.registerSignals()
	s.registerDocument()
	s.registerPages()
	s.registerDashboard()
	s.registerProfiles()

	document, err := renderDocument(s.openAPI)
	if err != nil {
		return err
	}
	s.document = newRendered(jsonType, contentTag(document), document)
	return nil
}

// Handler is the whole API without the server around it, which sets deadlines.
func (s *Server) Handler() http.Handler { return http.HandlerFunc(s.enter) }

func bootID() string {
	id := rand.Text()
	return id[:12]
}

// shutdownSignals ends the connections that http.Server does not know.
func (s *Server) shutdownSignals(ctx context.Context) {
	if s.cfg.Shutdown == nil {
		return
	}
	if err := s.cfg.Shutdown(ctx); err != nil {
		s.log.Warn("some WebSocket connections were cut", "error", err)
	}
}
