package config

import (
	"slices"
	"strings"
	"time"
)

// Key is one key outside lists.
type Key struct {
	Name    string // as in the file, nested names joined by dots: "tracking.enter_after"
	Flag    string // the flag's name without its dashes
	Env     string // the environment variable
	Type    string // "text", "duration", "number", "size", "bool" or "list"
	Default string // as one would write it; "" where Help says what holds without it
	Help    string // one sentence without a full stop, with the unit
	Allowed string // what values it takes
}

// The environment variables that begin like a key's and are none.
const (
	ConfigVariable = "FOOTFALL_CONFIG" // the configuration file, instead of --config
	TokenVariable  = "FOOTFALL_TOKEN"  // the token that the command line sends to a server
)

const envPrefix = "FOOTFALL_"

// Keys lists every key outside lists, in the order of the documentation. The caller owns it.
func Keys() []Key {
	keys := make([]Key, len(settings))
	for i, s := range settings {
		keys[i] = s.Key
	}
	return keys
}

// setting is a key with the way from its text into a Config.
type setting struct {
	Key
	tags  []string
	parse func(text string) (value any, problem string)
	store func(c *Config, value any)
}

func define[T any](name, value, help string, k kind[T], store func(*Config, T)) setting {
	return setting{
		Key: Key{
			Name: name, Flag: name,
			Env:  envPrefix + strings.ToUpper(strings.ReplaceAll(name, ".", "_")),
			Type: k.name, Default: value, Help: help, Allowed: k.allowed,
		},
		tags:  k.tags,
		parse: func(text string) (any, string) { return k.parse(text) },
		store: func(c *Config, v any) { store(c, v.(T)) },
	}
}

var settings = slices.Concat(mainSettings, edgeSettings, limitSettings)

var mainSettings = []setting{
	define("listen", "127.0.0.1:8080",
		"address and port of API and dashboard; port 0 picks a free one",
		addressKind(), func(c *Config, v string) { c.Listen = v }),
	define("database", "footfall.db",
		"path of the database file, created where it is missing",
		pathKind("a path"), func(c *Config, v string) { c.Database = v }),
	define("zones", "zones.geojson",
		"path of the zones file; empty for none",
		optionalPathKind(), func(c *Config, v string) { c.Zones = v }),

	define("tracking.enter_after", "1s",
		"time inside a zone before it is an entry, dated back; 0 turns the delay off",
		durationKind(0), func(c *Config, v time.Duration) { c.Tracking.EnterAfter = v }),
	define("tracking.exit_after", "1s",
		"time outside a zone before it is an exit, dated back; 0 turns the delay off",
		durationKind(0), func(c *Config, v time.Duration) { c.Tracking.ExitAfter = v }),
	define("tracking.expire_after", "60s",
		"time without a position after which a person is gone; longer than tracking.stitch.within",
		durationKind(time.Microsecond), func(c *Config, v time.Duration) { c.Tracking.ExpireAfter = v }),
	define("tracking.stitch.within", "3s",
		"time after a loss in which a new track nearby is the same person; 0 turns stitching off",
		durationKind(0), func(c *Config, v time.Duration) { c.Tracking.Stitch.Within = v }),
	define("tracking.stitch.radius", "150",
		"distance in cm from a loss within which a new track is the same person",
		centimetresKind(0, 100_000), func(c *Config, v float64) { c.Tracking.Stitch.Radius = v }),
	define("tracking.filter.max_window", "1s",
		"time around a position over which noise is smoothed at most, twice that for who stands; 0 turns the filter off",
		durationBetween(0, 2*time.Second), func(c *Config, v time.Duration) { c.Tracking.Filter.MaxWindow = v }),
	define("tracking.margin.max", "50",
		"distance in cm from an edge at which a change of side counts at most, half the noise; 0 turns the margin off",
		centimetresKind(0, 1000), func(c *Config, v float64) { c.Tracking.Margin.Max = v }),
	define("tracking.ghosts.prove_after", "1300ms",
		"time after which a new track counts, dated back, that has not moved; 0 counts all at once",
		durationBetween(0, 5*time.Second), func(c *Config, v time.Duration) { c.Tracking.Ghosts.ProveAfter = v }),
	define("tracking.ghosts.moved", "50",
		"distance in cm by which a new track must move to count earlier",
		centimetresKind(0, 1000), func(c *Config, v float64) { c.Tracking.Ghosts.Moved = v }),
	define("tracking.corrections", "true",
		"correct for the sensor's faults; false counts everything as it was sent, after the delays",
		boolKind(), func(c *Config, v bool) { c.Tracking.Corrections = v }),

	define("auth.required", "",
		"require a token; without this key, unless listening on loopback",
		boolKind(), func(c *Config, v bool) { c.Auth.Required = &v }),
	define("auth.external.issuer", "",
		"issuer (iss) whose JWTs are good beside footfall's own tokens, with auth.external.audience and .jwks_url",
		optionalTextKind(500), func(c *Config, v string) { c.Auth.External.Issuer = v }),
	define("auth.external.audience", "",
		"audience (aud) that the issuer's tokens must name",
		optionalTextKind(500), func(c *Config, v string) { c.Auth.External.Audience = v }),
	define("auth.external.jwks_url", "",
		"address of the issuer's keys (JWK Set)",
		keysURLKind(), func(c *Config, v string) { c.Auth.External.JWKSURL = v }),
	define("auth.external.scope_claim", "scope",
		"claim with footfall:read, footfall:write or footfall:admin in it",
		textKind(100), func(c *Config, v string) { c.Auth.External.ScopeClaim = v }),
	define("auth.external.locations_claim", "footfall_locations",
		`claim with the ids of the token's locations, or "all"`,
		textKind(100), func(c *Config, v string) { c.Auth.External.LocationsClaim = v }),

	define("privacy.min_cell", "5",
		"suppress demographic cells of fewer people than this (but not of 0); 0 suppresses none",
		numberKind(0, 1000, "people"), func(c *Config, v int64) { c.Privacy.MinCell = int(v) }),
	define("privacy.demographics", "true",
		"keep estimates of gender and age",
		boolKind(), func(c *Config, v bool) { c.Privacy.Demographics = v }),
	define("privacy.preview", "true",
		"hold the last hour's positions, in memory alone, for the preview of a changed zone",
		boolKind(), func(c *Config, v bool) { c.Privacy.Preview = v }),

	define("reports.bounce_under", "30s",
		"time under which a visit is a bounce",
		durationKind(0), func(c *Config, v time.Duration) { c.Reports.BounceUnder = v }),
	define("reports.engaged_over", "120s",
		"time from which a visit is engaged",
		durationKind(0), func(c *Config, v time.Duration) { c.Reports.EngagedOver = v }),
	define("reports.queue_grace", "30s",
		"time out of a queue that does not end the wait",
		durationKind(0), func(c *Config, v time.Duration) { c.Reports.QueueGrace = v }),

	define("retention.minutes", "90d",
		"time for which minutes are kept; 0 is for ever",
		ageKind(), func(c *Config, v time.Duration) { c.Retention.Minutes = v }),
	define("retention.quarters", "730d",
		"time for which quarter hours are kept, at least that of minutes; 0 is for ever",
		ageKind(), func(c *Config, v time.Duration) { c.Retention.Quarters = v }),
	define("retention.days", "0d",
		"time for which days are kept, at least that of quarter hours; 0 is for ever",
		ageKind(), func(c *Config, v time.Duration) { c.Retention.Days = v }),

	define("heatmap.cell", "50",
		"side of a heatmap cell in cm",
		numberKind(10, 1000, "cm"), func(c *Config, v int64) { c.Heatmap.Cell = int(v) }),
}

func settingNamed(name string) (setting, bool) {
	i := slices.IndexFunc(settings, func(s setting) bool { return s.Name == name })
	if i < 0 {
		return setting{}, false
	}
	return settings[i], true
}

// sectionKeys are the names directly below a section ("" for the top), sections among them.
func sectionKeys(section string) []string {
	var names []string
	for _, s := range settings {
		name := s.Name
		if section != "" {
			var below bool
			if name, below = strings.CutPrefix(name, section+"."); !below {
				continue
			}
		}
		name, _, _ = strings.Cut(name, ".")
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

func isSection(name string) bool { return name != "" && len(sectionKeys(name)) > 0 }
