package api

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/footfall/footfall/analytics"
)

// Config is what a Server needs. Live, Reports and Ready are required.
type Config struct {
	Live    Live
	Reports Reporter
	// Reset sets the count of a location that is counted by gates, and returns the
	// time it is kept with in Unix microseconds; the error is analytics.ErrNotGated
	// where it is not counted so. nil: none is.
	Reset func(ctx context.Context, location, occupancy int64) (at int64, err error)
	// Upload counts a recording; what it refuses is an *UploadError. nil: none is taken.
	Upload func(ctx context.Context, u Upload) (answer []byte, err error)
	// ReplaceZones puts the features of a FeatureCollection in the place of a location's,
	// if match holds of its GeoJSON as it counts now, and else returns ErrChanged. Other
	// errors for the client are ZonesFaults and *Conflict. Where there is an error
	// nothing has changed. nil: none are taken.
	ReplaceZones func(location int64, match func(geoJSON []byte) bool, collection []byte) error
	// PreviewZones counts the last hour by the features of a FeatureCollection; it
	// refuses as ReplaceZones does. nil: no positions are kept.
	PreviewZones PreviewFunc
	// Plans keeps floor plans; nil: there are none.
	Plans Plans
	// Signals serves /websocket_realtime; nil leaves the path out. Shutdown, if set,
	// is called once when Serve ends and must end the connections that Signals took
	// over, for http.Server does not.
	Signals  http.Handler
	Shutdown func(context.Context) error
	// Ready says how the feeds, the clock and the store are; it must not block.
	Ready func() Readiness
	// Metrics is what /metrics shows and where the server registers its own
	// collectors; nil is a registry of its own.
	Metrics Metrics
	// Timezone reads dates and times without an offset.
	Timezone Timezone

	// Required says that whoever asks must bring a token. Else the server is open, and
	// only this machine may ask.
	Required bool
	// Access tells what a token allows, where one is required.
	Access Access
	Edge   Edge

	// Now is the present of reports; deadlines and durations run on the real clock.
	Now     func() time.Time // default time.Now
	Logger  *slog.Logger     // default: discards
	Version string           // of the program, for /livez
}

// Live is the present. Every method may be called from many goroutines at once
// and returns at once; what it returns must not be changed by anybody.
type Live interface {
	// Locations are in ascending order of id.
	Locations() []analytics.LocationInfo
	// Counts is nil where there is no such location. The pointer stays the same
	// until something changes.
	Counts(location int64) *analytics.Counts
	// Zones is the location's GeoJSON FeatureCollection, nil where there is no such
	// location.
	Zones(location int64) []byte
}

// Reporter answers queries; *analytics.Reports is one.
type Reporter interface {
	Run(context.Context, analytics.Query, analytics.Output) error
}

// Metrics is a *prometheus.Registry.
type Metrics interface {
	prometheus.Registerer
	prometheus.Gatherer
}

// Readiness is what /readyz tells. It is ready unless a feed is not connected or
// the store has trouble.
type Readiness struct {
	Feeds []FeedReadiness
	// ClockBehind is how far the wall clock is behind the stamps, which run slower
	// until the two agree; 0 while they do. It is told, and hinders nothing.
	ClockBehind time.Duration
	// Damaged is how many places of the store are known to be damaged. It is told, and
	// hinders nothing.
	Damaged int
	// Store says why what is counted cannot be written; "" while it can.
	Store string
}

// FeedReadiness is the state of one feed.
type FeedReadiness struct {
	Name      string // its URL, without credentials
	Locations []int64
	State     string // a signals.State as text; "connected" is ready
	Since     int64  // Unix microseconds
	Error     string // why it is not connected, without the token
}
