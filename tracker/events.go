package tracker

import "math"

// LocationZone is the number of the location as a whole, which has no edge: its
// visits are the people themselves.
const LocationZone int32 = 0

// Never is a time after every other: that of a visit which has not ended.
const Never int64 = math.MaxInt64

// maxTime bounds the times that are taken as they are, either way, so that sums
// of them do not overflow: a good 36,000 years.
const maxTime int64 = 1 << 60

// Reason says why a visit began or ended.
type Reason uint8

// Reasons of entries are Crossed and Appeared; of exits all but Appeared.
const (
	Crossed     Reason = iota // was seen on the other side
	Appeared                  // was never seen outside
	Lost                      // the sensor said so
	Expired                   // was not heard of for ExpireAfter
	ZoneRemoved               // a reload took the zone away
)

func (r Reason) String() string {
	return [...]string{"crossed", "appeared", "lost", "expired", "zone_removed"}[r]
}

// Entry is the beginning of a visit, at the first sample inside. Person is the same in
// all events of a track, and another track's only once all that the first one did is
// told; what they did is not later than what the other does.
type Entry struct {
	Zone   int32
	Person int32
	Reason Reason // Crossed or Appeared
	First  bool   // the person was not in the zone before
	At     int64
}

// Exit is the end of a visit; its dwell is Left - Entered. Who is classified by
// the estimates stamped no later than Left.
type Exit struct {
	Zone    int32
	Person  int32 // as Entry
	Reason  Reason
	Entered int64
	Left    int64
	Who     Class
}

// Flow is a step from one zone to the next in a person's order of visits, dated
// at the entry to To. It may be told long after At, and At may lie before
// Sweep's Final: when To is one of several zones entered at one instant it is
// known only when the first of them is left.
type Flow struct {
	From, To int32
	At       int64
}

// Crossing is a confirmed crossing of a line, at the first sample beyond it.
type Crossing struct {
	Line      int32
	Direction int8 // +1 in, -1 out
	At        int64
}

// Net is what a track's crossings of a line came to, told once when it ends.
type Net struct {
	Line      int32
	Direction int8 // +1 in, -1 out
	At        int64
}

// Stitch is a track that continued one that was lost. It is told for LocationZone
// and for each zone in which the person's visit ran on across the gap: begun before
// it, and the person in the zone again at the first sample after it.
type Stitch struct {
	Zone int32
	At   int64 // the first sample after the gap
}

// Ghost is a track that never earned being counted. It is told for LocationZone
// and for each zone that its first sample lay in.
type Ghost struct {
	Zone int32
	At   int64 // the first sample
}

// Sink hears of what is final. Its methods are called from the Tracker's own
// calls, in no particular order of time, and must not call the Tracker.
type Sink interface {
	Entry(Entry)
	Exit(Exit)
	Flow(Flow)
	Crossing(Crossing)
	Net(Net)
	Stitch(Stitch)
	Ghost(Ghost)
	Heat(Heat)
	Group(Group)
}
