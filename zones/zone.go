package zones

// LocationZone is the reserved id of the location as a whole, which no zone or
// line may have.
const LocationZone = "location"

// Unset stands where a feature leaves a duration to the configuration's default.
const Unset int64 = -1

// KindQueue is the kind of a zone whose visits are waits for its Service zone.
const KindQueue = "queue"

// Zone is one polygon zone. Its fields are read-only.
type Zone struct {
	ID   string // unique among the zones and lines of its location
	Name string // the id where the file gives no name
	Kind string // empty where the file gives none

	// Service is the id of the zone of the same location where the people who
	// wait in this one are served. Only a zone of KindQueue has one.
	Service string

	Capacity   int   // people; 0: none
	EnterAfter int64 // microseconds, or Unset
	ExitAfter  int64 // microseconds, or Unset
	WaitTarget int64 // microseconds, or Unset
}

// Line is one counting line. Its fields are read-only.
type Line struct {
	ID   string // unique among the zones and lines of its location
	Name string // the id where the file gives no name
	Kind string // empty where the file gives none

	EnterAfter int64 // microseconds, or Unset

	// RightToLeft says that "in" is from the line's right to its left side as
	// one looks from its first to its last vertex; otherwise it is from left to
	// right.
	RightToLeft bool
}
