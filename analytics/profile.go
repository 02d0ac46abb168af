package analytics

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/footfall/footfall/tracker"
	"github.com/footfall/footfall/zones"
)

// Profile is what reports need to know of a location: its calendar and the names
// and lasting numbers of its zones and lines, those that are gone included.
type Profile struct {
	Location int64  `json:"location_id"`
	Name     string `json:"name,omitempty"`
	Timezone string `json:"timezone"`
	DayStart int    `json:"day_start"` // minutes after midnight
	Capacity int    `json:"capacity,omitempty"`
	Gates    bool   `json:"gates,omitempty"` // counted by its lines' crossings

	BounceUnder int64 `json:"bounce_under"` // µs: a shorter visit is a bounce
	EngagedOver int64 `json:"engaged_over"` // µs: a visit of at least this length is engaged
	QueueGrace  int64 `json:"queue_grace"`  // µs: a shorter step out of a queue does not end the wait

	Opening *OpeningHours `json:"opening_hours,omitempty"` // nil: open throughout

	Funnels [][]string `json:"funnels,omitempty"` // every list of zone ids that was the funnel
	Funnel  int32      `json:"funnel,omitempty"`  // the one that is, from 1; 0 is none; see TakeFunnel

	Zones []Subject `json:"zones,omitempty"`
	Lines []Subject `json:"lines,omitempty"`
}

// Subject is a zone or a line.
type Subject struct {
	Number     int32  `json:"number"`
	ID         string `json:"id"`
	Name       string `json:"name,omitempty"`
	Kind       string `json:"kind,omitempty"`
	Capacity   int    `json:"capacity,omitempty"`
	Service    string `json:"service,omitempty"`
	WaitTarget int64  `json:"wait_target,omitempty"` // µs, of a queue
	Gone       bool   `json:"gone,omitempty"`        // not in the current zones file
}

// Adopt takes a plan's zones and lines into the profile: known ids keep their
// number, new ones get the next, missing ones are gone. Those present come first,
// in the plan's order.
func (p *Profile) Adopt(plan *zones.Plan) tracker.Layout {
	layout := tracker.Layout{Plan: plan}
	present := make([]Subject, 0, len(plan.Zones()))
	for _, z := range plan.Zones() {
		present = append(present, Subject{ID: z.ID, Name: z.Name, Kind: z.Kind, Capacity: z.Capacity, Service: z.Service, WaitTarget: waitTarget(z)})
	}
	p.Zones, layout.Zones = renumber(p.Zones, present)
	present = present[:0]
	for _, l := range plan.Lines() {
		present = append(present, Subject{ID: l.ID, Name: l.Name})
	}
	p.Lines, layout.Lines = renumber(p.Lines, present)
	return layout
}

func waitTarget(z zones.Zone) int64 {
	switch {
	case z.Kind != zones.KindQueue:
		return 0
	case z.WaitTarget == zones.Unset:
		return defaultWaitTarget
	}
	return z.WaitTarget
}

// renumber numbers from 1: 0 is the location.
func renumber(known, present []Subject) (all []Subject, numbers []int32) {
	byID := make(map[string]int32, len(known))
	next := int32(1)
	for _, s := range known {
		byID[s.ID] = s.Number
		next = max(next, s.Number+1)
	}
	for _, s := range present {
		number, ok := byID[s.ID]
		if !ok {
			number = next
			next++
		}
		delete(byID, s.ID)
		s.Number = number
		all, numbers = append(all, s), append(numbers, number)
	}
	for _, s := range known {
		if _, left := byID[s.ID]; left {
			s.Gone = true
			all = append(all, s)
		}
	}
	return all, numbers
}

// Calendar is the profile's own.
func (p *Profile) Calendar() (Calendar, error) {
	loc, err := time.LoadLocation(p.Timezone)
	if err != nil {
		return Calendar{}, fmt.Errorf("time zone %q of location %d is not known", p.Timezone, p.Location)
	}
	return Calendar{Zone: loc, DayStart: p.DayStart}, nil
}

func (p *Profile) calendarKey() string { return fmt.Sprintf("%s+%d", p.Timezone, p.DayStart) }

// Put puts the profile into a batch.
func (p *Profile) Put(b *Batch) error {
	value, err := json.Marshal(p)
	if err != nil {
		return err
	}
	b.Put(Locations, locationKey(p.Location, partProfile), value)
	return nil
}

// LoadProfile reads a location's profile, or nil if the store does not know it.
func LoadProfile(v View, location int64) (*Profile, error) {
	value, err := v.Get(Locations, locationKey(location, partProfile))
	if value == nil || err != nil {
		return nil, err
	}
	p := &Profile{}
	if err := json.Unmarshal(value, p); err != nil {
		return nil, fmt.Errorf("%w: location %d: %w", ErrState, location, err)
	}
	if err := p.check(); err != nil {
		return nil, fmt.Errorf("%w: location %d: %w", ErrState, location, err)
	}
	return p, nil
}

// check finds what Put has never written.
func (p *Profile) check() error {
	numbered := func(all []Subject) bool {
		return !slices.ContainsFunc(all, func(s Subject) bool { return s.Number < 1 || int(s.Number) > mostSubjects })
	}
	switch {
	case p.Funnel < 0 || int(p.Funnel) > len(p.Funnels):
		return fmt.Errorf("there is no funnel %d", p.Funnel)
	case p.DayStart < 0 || p.DayStart >= 24*60:
		return fmt.Errorf("a day cannot begin at minute %d", p.DayStart)
	case !numbered(p.Zones) || !numbered(p.Lines):
		return errors.New("a zone or a line has a number that none can have")
	case p.Opening != nil && !p.Opening.sane():
		return errors.New("its opening hours are none")
	}
	return nil
}

// mostSubjects bounds the numbers of zones, or of lines, that a location ever had.
const mostSubjects = 1 << 20

// LocationIDs are those that the store knows, ascending.
func LocationIDs(v View) ([]int64, error) {
	var ids []int64
	err := v.Scan(Locations, nil, nil, func(key, _ []byte) error {
		if len(key) == 9 && key[8] == partProfile {
			ids = append(ids, readLocation(key))
		}
		return nil
	})
	return ids, err
}
