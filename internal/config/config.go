package config

import (
	"net/netip"
	"time"

	"github.com/footfall/footfall/internal/edge"
)

// Config is the whole configuration, validated, with the defaults filled in.
type Config struct {
	Listen    string     // HOST:PORT; an empty host is every interface, port 0 any free one
	Database  string     // path, relative to the working directory
	Zones     string     // path, relative to the working directory; "" for no zones
	Locations []Location // in the file's order; see [Config.Location]
	Feeds     []Feed     // in the file's order
	Tracking  Tracking
	Auth      Auth
	Privacy   Privacy
	Reports   Reports
	Retention Retention
	Heatmap   Heatmap

	TLS            TLS
	TrustedProxies []netip.Prefix
	CORS           CORS
	Limits         edge.Most

	origins map[string]origin // of the keys that are given
}

// origin is where a key's value comes from, and the value as [Config.Text] has it.
type origin struct{ source, text string }

// Tracking says how positions become visits.
type Tracking struct {
	EnterAfter  time.Duration // inside for at least this long is an entry; 0: at once
	ExitAfter   time.Duration // outside for at least this long is an exit; 0: at once
	ExpireAfter time.Duration // without a position for this long a track ends; above 0 and above Stitch.Within
	Stitch      Stitch
	Filter      Filter
	Margin      Margin
	Ghosts      Ghosts
	Corrections bool // false: no stitching, filter, margin or ghost rejection
}

// Filter says how positions are smoothed.
type Filter struct {
	MaxWindow time.Duration // before and after a position, as far as the noise asks for; 0: none
}

// Margin says how clear of an edge somebody must be who changes its side.
type Margin struct {
	Max float64 // cm, as far as the noise asks for; 0: not at all
}

// Ghosts says when a new track is believed to be somebody.
type Ghosts struct {
	ProveAfter time.Duration // 0: at once
	Moved      float64       // cm, which proves it earlier
}

// Stitch says when a track that appears continues one that was lost.
type Stitch struct {
	Within time.Duration // 0: never
	Radius float64       // cm, 0 or more
}

// Auth says who may read.
type Auth struct {
	Required *bool // nil: not given; see [Config.AuthRequired]
	External External
}

// External is whose tokens are good beside our own; without an issuer nobody's.
type External struct {
	Issuer         string
	Audience       string
	JWKSURL        string
	ScopeClaim     string
	LocationsClaim string
}

// Privacy says what is kept and shown of people.
type Privacy struct {
	MinCell      int  // demographic cells of 1 to MinCell-1 people are suppressed; 0: none are
	Demographics bool // false: no estimates of gender and age are kept
	Preview      bool // the last hour's positions are held in memory
}

// Reports holds the thresholds of reports.
type Reports struct {
	BounceUnder time.Duration // a visit shorter than this is a bounce
	EngagedOver time.Duration // a visit of at least this length is engaged
	QueueGrace  time.Duration // a step out of a queue shorter than this does not end the wait
}

// Retention is for how long counts are kept, by the time that they are about; 0 is for ever.
// A coarser level is never kept for less than a finer one.
type Retention struct {
	Minutes  time.Duration
	Quarters time.Duration // quarter hours
	Days     time.Duration
}

// Heatmap is the grid of the heatmap.
type Heatmap struct {
	Cell int // cm, the side of a cell
}

// Default is the configuration without file, environment and flags.
func Default() *Config {
	c := &Config{origins: make(map[string]origin)}
	for _, s := range settings {
		if s.Default == "" {
			continue
		}
		value, _ := s.parse(s.Default)
		s.store(c, value)
	}
	return c
}

// Location is the entry of the location, or the defaults where it has none.
func (c *Config) Location(id int64) Location {
	for _, l := range c.Locations {
		if l.ID == id {
			return l
		}
	}
	return defaultLocation(id)
}

// AuthRequired says whether a token is required: auth.required where that is given, otherwise
// unless Listen is a loopback address.
func (c *Config) AuthRequired() bool {
	if c.Auth.Required != nil {
		return *c.Auth.Required
	}
	return !IsLoopback(c.Listen)
}

// Source says where the value of a key outside lists comes from: "footfall.yaml:3",
// "FOOTFALL_LISTEN", "--listen", "--set" or "default". It is for messages about that value.
func (c *Config) Source(key string) string {
	if o, given := c.origins[key]; given {
		return o.source
	}
	return sourceDefault
}
