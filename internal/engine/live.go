package engine

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/footfall/footfall/analytics"
	"github.com/footfall/footfall/signals"
	"github.com/footfall/footfall/tracker"
)

// Locations lists what is counted, by id.
func (e *Engine) Locations() []analytics.LocationInfo {
	owners := *e.owners.Load()
	var all []analytics.LocationInfo
	for _, id := range slices.Sorted(maps.Keys(owners)) {
		c, connected := e.Config.Location(id), owners[id].counts.Load().connected
		all = append(all, analytics.LocationInfo{
			ID: id, Name: c.Name, Timezone: c.Timezone.String(), Capacity: c.Capacity,
			Connected: connected, Since: owners[id].since.Load(),
		})
	}
	return all
}

// Counts are a location's current counts, nil if there is no such location. They
// are immutable, and the same pointer until something changes.
func (e *Engine) Counts(location int64) *analytics.Counts {
	if o := e.owner(location); o != nil {
		return o.counts.Load().Counts()
	}
	return nil
}

// ZonesGeoJSON is a location's zones file part, nil if there is no such location.
func (e *Engine) ZonesGeoJSON(location int64) []byte {
	o := e.owner(location)
	if o == nil {
		return nil
	}
	return o.plan.Load().GeoJSON()
}

// Open is a copy of a location's open end, for analytics.Reports.
func (e *Engine) Open(ctx context.Context, location int64) (open *analytics.Open, err error) {
	o := e.owner(location)
	if o == nil {
		return nil, nil
	}
	err = o.do(ctx, func() { open = o.open(e.clock.Now()) })
	return open, err
}

// ErrNoLocation means that nothing is counted under an id.
var ErrNoLocation = errors.New("there is no such location")

// ResetOccupancy sets the count of a location that is counted by gates, and returns
// the time it is kept with, in Unix µs, once it is stored. The error is
// ErrNoLocation, analytics.ErrNotGated, the context's, or the store's: the reset
// then counts, and is stored as soon as the store can be written again.
func (e *Engine) ResetOccupancy(ctx context.Context, location, occupancy int64) (at int64, err error) {
	o := e.owner(location)
	if o == nil {
		return 0, ErrNoLocation
	}
	var refused error
	err = o.do(ctx, func() {
		at = e.clock.Now()
		refused = o.resetOccupancy(at, occupancy)
	})
	if err = cmp.Or(err, refused); err != nil {
		return 0, err
	}
	if err := e.flush(ctx); err != nil {
		return at, fmt.Errorf("the reset counts, but is not stored yet: %w", err)
	}
	return at, nil
}

// Now is the present on the engine's clock, Unix µs.
func (e *Engine) Now() int64 { return e.clock.Now() }

// FeedStatus is how one feed stands.
type FeedStatus struct {
	URL       string
	Locations []int64
	signals.Status
}

// Status is how the engine stands.
type Status struct {
	Feeds      []FeedStatus
	Flush      FlushHealth
	ClockAhead time.Duration // of the wall clock, 0 while they agree
	Locations  []LocationStatus
}

// LocationStatus is what one location's owner has met since the start.
type LocationStatus struct {
	ID        int64
	Connected bool
	Since     int64 // Unix µs: since when it is connected or not; 0 where it was not yet
	Messages  int64
	People    int64
	Tracker   tracker.Stats
}

// Status may be asked at any time.
func (e *Engine) Status() Status {
	s := Status{ClockAhead: e.clock.Ahead()}
	for i, client := range e.feeds {
		f := e.Config.Feeds[i]
		s.Feeds = append(s.Feeds, FeedStatus{URL: f.URL, Locations: f.Locations, Status: client.Status()})
	}
	if h := e.flusher.health.Load(); h != nil {
		s.Flush = *h
	}
	owners := *e.owners.Load()
	for _, id := range slices.Sorted(maps.Keys(owners)) {
		o := owners[id]
		s.Locations = append(s.Locations, LocationStatus{
			ID: id, Connected: o.counts.Load().connected, Since: o.since.Load(),
			Messages: o.received.Load(), People: o.people.Load(), Tracker: *o.stats.Load(),
		})
	}
	return s
}
