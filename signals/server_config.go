package signals

import (
	"cmp"
	"log/slog"
	"net/http"
	"time"
)

// ServerConfig says what a Server serves, to whom, and within which bounds.
// Authorize and Source are required; a zero value of the rest means its default.
type ServerConfig struct {
	Authorize Authorizer
	Source    Source
	Logger    *slog.Logger // default: none

	// CheckOrigin decides whether a request may open a connection; what it turns
	// down is answered 403. Default: requests without an Origin, as programs
	// send them, and those of pages of the same host.
	CheckOrigin func(*http.Request) bool

	RegisterWithin  time.Duration // from connecting to a successful registration; default 5 s
	HeartbeatWithin time.Duration // from one heartbeat to the next; default 60 s
	WriteTimeout    time.Duration // for a client to take what one write holds; default 10 s
	CloseTimeout    time.Duration // for a client to hang up after our close; default 1 s

	MaxFrame       int // bytes of a client's message, above which it is closed; default MaxFrame
	MaxConnections int // at once, above which requests are answered 503; default 1024
	MaxLocations   int // in one registration; default 1024
	QueueBytes     int // waiting for one client, above which it is dropped; default 4 MiB
	QueueBatches   int // the same in batches; default 1024
}

func (cfg ServerConfig) withDefaults() ServerConfig {
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	cfg.RegisterWithin = cmp.Or(cfg.RegisterWithin, 5*time.Second)
	cfg.HeartbeatWithin = cmp.Or(cfg.HeartbeatWithin, 60*time.Second)
	cfg.WriteTimeout = cmp.Or(cfg.WriteTimeout, 10*time.Second)
	cfg.CloseTimeout = cmp.Or(cfg.CloseTimeout, time.Second)
	cfg.MaxFrame = cmp.Or(cfg.MaxFrame, MaxFrame)
	cfg.MaxConnections = cmp.Or(cfg.MaxConnections, 1024)
	cfg.MaxLocations = cmp.Or(cfg.MaxLocations, 1024)
	cfg.QueueBytes = cmp.Or(cfg.QueueBytes, 4<<20)
	cfg.QueueBatches = cmp.Or(cfg.QueueBatches, 1024)
	return cfg
}

// ServerStatus is what a Server tells about itself. Counts are since NewServer.
type ServerStatus struct {
	Connections int // open now
	Registered  int // of these, successfully registered

	Accepted        uint64 // connections
	TurnedAway      uint64 // requests beyond MaxConnections
	Registrations   uint64 // successful
	RefusedToken    uint64 // registrations
	RefusedLocation uint64 // registrations, for a location or for how they are listed
	TooLarge        uint64 // connections closed for a message larger than MaxFrame, Violations too
	Violations      uint64 // connections closed for what they sent
	TimedOut        uint64 // connections closed for a registration or heartbeat that did not come
	DroppedSlow     uint64 // connections dropped for not reading fast enough
}
