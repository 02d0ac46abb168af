package zones

import (
	"maps"
	"slices"
)

// Set is every location's zones and lines as read from one file. It is
// immutable and safe for concurrent use.
type Set struct {
	plans     map[int64]*Plan
	locations []int64
	warnings  []Fault
}

// Empty returns a set without zones and lines.
func Empty() *Set { return newSet(nil, nil) }

func newSet(plans map[int64]*Plan, warnings []Fault) *Set {
	return &Set{plans: plans, locations: slices.Sorted(maps.Keys(plans)), warnings: warnings}
}

// Locations returns the locations that the file names, ascending.
func (s *Set) Locations() []int64 { return slices.Clone(s.locations) }

// Plan returns the plan of a location. It is never nil: a location that the
// file does not name has an empty plan.
func (s *Set) Plan(location int64) *Plan {
	if p, ok := s.plans[location]; ok {
		return p
	}
	return emptyPlan
}

// Warnings returns what the file may say but its author hardly meant, in file
// order: a hole partly outside its zone, a queue without a service zone.
func (s *Set) Warnings() []Fault { return slices.Clone(s.warnings) }
