package analytics

// Counts are the current counts of one location as of its last change. A value is
// immutable once published.
type Counts struct {
	LocationID int64
	Time       int64  // when anything in here last changed, Unix microseconds
	Version    uint64 // differs for every published value of a location within one run
	Occupancy  int64  // people at the location
	Connected  bool   // whether data is coming in for it
	Zones      []ZoneCount
}

// ZoneCount is the current count of one zone.
type ZoneCount struct {
	ID, Name  string
	Occupancy int64
	Capacity  int // 0 is none
}

// LocationInfo describes a location.
type LocationInfo struct {
	ID        int64
	Name      string // "" is none
	Timezone  string // IANA name
	Capacity  int    // 0 is none
	Connected bool
	Since     int64 // Unix microseconds: since when it is connected or not; 0 where it was not yet
}
