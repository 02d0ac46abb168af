package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"github.com/footfall/footfall/analytics"
	"github.com/footfall/footfall/api"
	"github.com/footfall/footfall/internal/access"
	"github.com/footfall/footfall/internal/boltstore"
	"github.com/footfall/footfall/internal/config"
	"github.com/footfall/footfall/internal/engine"
	"github.com/footfall/footfall/signals"
	"github.com/footfall/footfall/zones"
)

// service is a running engine with its API.
type service struct {
	engine *engine.Engine
	api    *api.Server
	zones  *zonesFile
	edge   api.Edge
	socket string // where footfall token and db backup ask
	asked  *controlled
	keys   *access.Keys // of an external issuer, or nil
	logger *slog.Logger
}

func newService(cfg *config.Config, file *zonesFile, store *boltstore.Store, tokens *access.Registry, logger *slog.Logger) (*service, error) {
	warnOfOpenDoors(cfg, logger)
	warnOfGatesWithoutLines(cfg, file.set, logger)
	warnOfFunnelsWithoutZones(cfg, file.set, logger)
	front, err := edgeOf(cfg, logger)
	if err != nil {
		return nil, err
	}
	floors, err := openPlans(cfg, logger)
	if err != nil {
		return nil, err
	}
	keys, err := trustIssuer(cfg, tokens, logger)
	if err != nil {
		return nil, err
	}
	e, err := engine.New(engine.Options{Config: cfg, Zones: file.set, Store: store, Logger: logger, Wall: time.Now})
	if err != nil {
		return nil, err
	}
	relay := signals.NewServer(signals.ServerConfig{
		Authorize: authorizer(cfg, tokens), Source: e, Logger: logger,
		MaxConnections: int(cfg.Limits.Sockets), MaxFrame: int(cfg.Limits.Frame),
		CheckOrigin: func(*http.Request) bool { return true }, // the API has checked
	})
	countedElsewhere(front.Limits, relay, e)
	file.most = front.Limits.Zones
	registry := prometheus.NewRegistry()
	registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		&metrics{engine: e, relay: relay, store: store, keys: keys})
	server, err := api.New(api.Config{
		Live:    live{e},
		Reports: &analytics.Reports{Store: store, Open: e.Open, MinCell: cfg.Privacy.MinCell, MaxRows: cfg.Limits.ReportRows},
		Reset:   e.ResetOccupancy,
		Upload:  live{e}.upload,
		ReplaceZones: func(location int64, match func([]byte) bool, collection []byte) error {
			return file.replace(e, location, match, collection)
		},
		PreviewZones: func(ctx context.Context, location int64, collection []byte) (*api.Preview, error) {
			return previewZones(ctx, e, location, collection)
		},
		Plans:    floors,
		Signals:  relay,
		Shutdown: relay.Shutdown,
		Ready:    func() api.Readiness { return readiness(e.Status(), len(store.Damage())) },
		Metrics:  registry,
		Edge:     front,
		Required: cfg.AuthRequired(),
		Access:   door{tokens},
		Timezone: func(id int64) (*time.Location, int) {
			l := cfg.Location(id)
			return l.Timezone, l.DayStart
		},
		Now:     func() time.Time { return time.UnixMicro(e.Now()) },
		Logger:  logger,
		Version: version(),
	})
	if err != nil {
		return nil, err
	}
	return &service{engine: e, api: server, zones: file, edge: front, socket: controlPath(cfg.Database), asked: &controlled{tokens: tokens, store: store}, keys: keys, logger: logger}, nil
}

// warnOfOpenDoors says so where whoever reaches the address may read everything.
func warnOfOpenDoors(cfg *config.Config, logger *slog.Logger) {
	if !cfg.AuthRequired() && !config.IsLoopback(cfg.Listen) {
		logger.Warn("auth.required is false: whoever reaches this address can read everything", "listen", cfg.Listen)
	}
}

// warnOfGatesWithoutLines names the locations whose count could only be reset.
func warnOfGatesWithoutLines(cfg *config.Config, set *zones.Set, logger *slog.Logger) {
	for _, l := range cfg.Locations {
		if l.Occupancy == config.Gates && len(set.Plan(l.ID).Lines()) == 0 {
			logger.Warn("the location is counted by gates, but the zones file has no line for it: nobody comes in or goes out", "location", l.ID)
		}
	}
}

// warnOfFunnelsWithoutZones names the stages that nobody can reach.
func warnOfFunnelsWithoutZones(cfg *config.Config, set *zones.Set, logger *slog.Logger) {
	for _, l := range cfg.Locations {
		there := set.Plan(l.ID).Zones()
		for _, id := range l.Funnel {
			if id != zones.LocationZone && !slices.ContainsFunc(there, func(z zones.Zone) bool { return z.ID == id }) {
				logger.Warn("the location's funnel names a zone that the zones file does not have: nobody reaches that stage", "location", l.ID, "zone", id)
			}
		}
	}
}

// patrolEvery is the pause between two readings of the whole database.
const patrolEvery = 6 * time.Hour

// run serves until ctx is done or something fails, and returns when everything
// is stored and put away. ready is called once it serves.
func (s *service) run(ctx context.Context, listener net.Listener, ready func()) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var wait sync.WaitGroup
	var counting, serving error
	wait.Go(func() {
		defer cancel()
		counting = s.engine.Run(ctx)
	})
	wait.Go(func() {
		defer cancel()
		serving = s.api.Serve(ctx, listener)
	})
	if s.edge.Certificate != nil {
		wait.Go(func() { s.edge.Certificate.Watch(ctx, time.Second) })
	}
	if s.keys != nil {
		wait.Go(func() { s.keys.Run(ctx) })
	}
	wait.Go(func() { s.asked.store.Patrol(ctx, patrolEvery) })
	control := openControl(s.socket, s.asked, s.logger)
	wait.Go(func() { control(ctx) })
	ready()
	wait.Wait()
	return errors.Join(counting, serving)
}

// awaitFeeds waits until every feed is connected, for some seconds at most.
func (s *service) awaitFeeds(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	connected := func() bool {
		return !slices.ContainsFunc(s.engine.Status().Feeds, func(f engine.FeedStatus) bool { return f.State != signals.StateConnected })
	}
	for !connected() && ctx.Err() == nil {
		time.Sleep(5 * time.Millisecond)
	}
}

// live shows the engine as the API wants to see it.
type live struct{ *engine.Engine }

func (l live) Zones(location int64) []byte { return l.ZonesGeoJSON(location) }

func readiness(s engine.Status, damaged int) api.Readiness {
	r := api.Readiness{ClockBehind: s.ClockAhead, Damaged: damaged}
	for _, f := range s.Feeds {
		r.Feeds = append(r.Feeds, api.FeedReadiness{
			Name: f.URL, Locations: f.Locations, State: f.State.String(), Since: f.Since, Error: f.LastError,
		})
	}
	if s.Flush.Error != nil {
		r.Store = s.Flush.Error.Error()
		if s.Flush.Full {
			r.Store += "; as much waits in memory as may (limits.unwritten): feeds are stopped until it is written"
		}
	}
	return r
}
