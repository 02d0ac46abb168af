package engine

import (
	"github.com/footfall/footfall/analytics"
	"github.com/footfall/footfall/internal/config"
	"github.com/footfall/footfall/tracker"
)

// trackerSettings are the configured rules of counting.
func trackerSettings(all *config.Config) tracker.Settings {
	c := all.Tracking
	return tracker.Settings{
		MaxPeople:    int(all.Limits.People),
		EnterAfter:   c.EnterAfter.Microseconds(),
		ExitAfter:    c.ExitAfter.Microseconds(),
		ExpireAfter:  c.ExpireAfter.Microseconds(),
		StitchWithin: c.Stitch.Within.Microseconds(),
		StitchRadius: c.Stitch.Radius,
		Corrections:  c.Corrections,
		MaxWindow:    c.Filter.MaxWindow.Microseconds(),
		MaxMargin:    c.Margin.Max,
		ProveAfter:   c.Ghosts.ProveAfter.Microseconds(),
		ProveMoved:   c.Ghosts.Moved,
		HeatSquare:   int32(all.Heatmap.Cell),
	}
}

// describe brings a stored profile, or a new one, up to the configuration.
func describe(p *analytics.Profile, cfg *config.Config, location int64) *analytics.Profile {
	c, r := cfg.Location(location), cfg.Reports
	if p == nil {
		p = &analytics.Profile{Location: c.ID}
	}
	p.Name, p.Capacity = c.Name, c.Capacity
	p.Timezone, p.DayStart = c.Timezone.String(), c.DayStart
	p.Gates = c.Occupancy == config.Gates
	p.BounceUnder, p.EngagedOver, p.QueueGrace = r.BounceUnder.Microseconds(), r.EngagedOver.Microseconds(), r.QueueGrace.Microseconds()
	p.Opening = openingHours(c.Opening)
	p.TakeFunnel(c.Funnel)
	return p
}

// openingHours are the configured ones, nil where the location is open throughout.
func openingHours(o config.Opening) *analytics.OpeningHours {
	if !o.Given && len(o.Closures) == 0 {
		return nil
	}
	hours := &analytics.OpeningHours{}
	for weekday, spans := range o.Week {
		hours.Week[weekday] = openSpans(spans)
	}
	if len(o.Closures) > 0 {
		hours.Dates = make(map[string][]analytics.OpenSpan, len(o.Closures))
	}
	for date, spans := range o.Closures {
		hours.Dates[date.String()] = openSpans(spans)
	}
	return hours
}

func openSpans(spans []config.Span) []analytics.OpenSpan {
	open := make([]analytics.OpenSpan, 0, len(spans))
	for _, s := range spans {
		open = append(open, analytics.OpenSpan{From: s.Start, To: s.End})
	}
	return open
}
