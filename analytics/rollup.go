package analytics

import (
	"encoding/binary"
	"errors"
	"slices"

	"github.com/footfall/footfall/tracker"
)

// Microseconds in what rollups are cut by.
const (
	Second  int64 = 1_000_000
	Minute        = 60 * Second
	Quarter       = 15 * Minute
)

// ErrRollup means that a stored rollup cannot be read.
var ErrRollup = errors.New("a stored rollup cannot be read")

// Figure is one of a zone's additive figures.
type Figure int

// Additive figures. Times are person-microseconds.
const (
	EntriesCrossed Figure = iota
	EntriesAppeared
	ExitsCrossed
	ExitsLost
	ExitsExpired
	ExitsZoneRemoved
	Visits            // that ended
	Dwell             // of the visits that ended
	PersonTime        // integral of occupancy
	Covered           // time under data in which this rollup followed the zone
	CoveredPersonTime // integral of occupancy over that time
	EntriesReset      // that a reset of a location counted by gates made
	ExitsReset        // that a reset made
	Clamped           // crossings out while nobody was in
	Stitched          // tracks that continued another (tracker.Stitch)
	Ghosts            // tracks that were never counted (tracker.Ghost)
	OccupiedTime      // covered time with somebody there
	FullTime          // covered time with as many there as the capacity of then, or more
	UncappedTime      // of OccupiedTime, with no capacity set
	UnmeasuredTime    // covered, in rollups that know not how much of it was occupied
	Visitors          // entries that are the person's first to the zone
	Bounces           // visits that ended, shorter than the location's threshold of then
	Engaged           // visits that ended, as long as its other threshold or longer
	figures
)

// ZoneRollup is what happened in one zone in one interval. There is one for every
// minute in which the zone was occupied or anything happened: where one is missing
// the zone was empty, and End is 0 in the one before.
type ZoneRollup struct {
	Sum     [figures]int64
	Min     int64 // occupancy over the covered time; meaningless if Covered is 0
	Max     int64
	End     int64 // visits open at the interval's end: entered < end <= left
	Longest int64 // dwell
	Dwells  Sketch
	Classes []ClassSum // ascending by class
}

const classes = tracker.Genders * tracker.AgeBands

// ClassSum is the visits of one demographic class that ended.
type ClassSum struct {
	Class  int32 // tracker.Class.Index
	Visits int64
	Dwell  int64 // microseconds
}

// Entries are those of every reason.
func (z *ZoneRollup) Entries() int64 {
	return z.Sum[EntriesCrossed] + z.Sum[EntriesAppeared] + z.Sum[EntriesReset]
}

// Exits are those of every reason.
func (z *ZoneRollup) Exits() int64 {
	return z.Sum[ExitsCrossed] + z.Sum[ExitsLost] + z.Sum[ExitsExpired] + z.Sum[ExitsZoneRemoved] + z.Sum[ExitsReset]
}

var exitFigure = [...]Figure{
	tracker.Crossed: ExitsCrossed, tracker.Lost: ExitsLost,
	tracker.Expired: ExitsExpired, tracker.ZoneRemoved: ExitsZoneRemoved,
}

func (z *ZoneRollup) addEntry(e tracker.Entry) {
	if e.First {
		z.Sum[Visitors]++
	}
	if e.Reason == tracker.Appeared {
		z.Sum[EntriesAppeared]++
		return
	}
	z.Sum[EntriesCrossed]++
}

func (z *ZoneRollup) addExit(e tracker.Exit) {
	dwell := e.Left - e.Entered
	z.Sum[exitFigure[e.Reason]]++
	z.Sum[Visits]++
	z.Sum[Dwell] += dwell
	z.Longest = max(z.Longest, dwell)
	z.Dwells.Add(dwell)
	z.addClasses(ClassSum{Class: int32(e.Who.Index()), Visits: 1, Dwell: dwell})
}

// addClasses adds sums, ascending by class.
func (z *ZoneRollup) addClasses(sums ...ClassSum) {
	i := 0
	for _, c := range sums {
		for i < len(z.Classes) && z.Classes[i].Class < c.Class {
			i++
		}
		if i == len(z.Classes) || z.Classes[i].Class != c.Class {
			z.Classes = slices.Insert(z.Classes, i, c)
			continue
		}
		z.Classes[i].Visits += c.Visits
		z.Classes[i].Dwell += c.Dwell
	}
}

// addOccupancy follows the zone at a steady occupancy for a time, covered of it
// under data.
func (z *ZoneRollup) addOccupancy(occupancy, length, covered int64) {
	z.Sum[PersonTime] += occupancy * length
	if covered == 0 {
		return
	}
	z.seeOccupancy(occupancy, occupancy)
	z.Sum[Covered] += covered
	z.Sum[CoveredPersonTime] += occupancy * covered
}

func (z *ZoneRollup) seeOccupancy(low, high int64) {
	if z.Sum[Covered] == 0 {
		z.Min, z.Max = low, high
		return
	}
	z.Min, z.Max = min(z.Min, low), max(z.Max, high)
}

// merge adds a later interval. End becomes the later one's.
func (z *ZoneRollup) merge(later *ZoneRollup) {
	if later.Sum[Covered] > 0 {
		z.seeOccupancy(later.Min, later.Max)
	}
	for i := range z.Sum {
		z.Sum[i] += later.Sum[i]
	}
	z.End = later.End
	z.Longest = max(z.Longest, later.Longest)
	z.Dwells.Merge(&later.Dwells)
	z.addClasses(later.Classes...)
}

func (z *ZoneRollup) reset() {
	*z = ZoneRollup{Dwells: Sketch{z.Dwells.bins[:0]}, Classes: z.Classes[:0]}
}

func (z *ZoneRollup) clone() *ZoneRollup {
	c := *z
	c.Dwells.bins = slices.Clone(z.Dwells.bins)
	c.Classes = slices.Clone(z.Classes)
	return &c
}

func (z *ZoneRollup) append(b []byte) []byte {
	b = append(b, codecVersion)
	b = appendSparse(b, z.Sum[:])
	b = appendSparse(b, []int64{z.Min, z.Max, z.End, z.Longest})
	b = z.Dwells.append(b)
	b = binary.AppendUvarint(b, uint64(len(z.Classes)))
	for _, c := range z.Classes {
		b = append(b, byte(c.Class))
		b = binary.AppendUvarint(b, uint64(c.Visits))
		b = binary.AppendUvarint(b, uint64(c.Dwell))
	}
	return b
}

// reach is how far into a stored rollup one reads: what follows stays empty.
type reach uint8

const (
	reachFigures reach = iota
	reachDwells
	reachAll
)

func (z *ZoneRollup) read(value []byte, far reach) error {
	z.reset()
	r := reader{b: value}
	r.version()
	r.sparse(z.Sum[:])
	z.measure()
	var rest [4]int64
	r.sparse(rest[:])
	z.Min, z.Max, z.End, z.Longest = rest[0], rest[1], rest[2], rest[3]
	if far == reachFigures {
		return r.errSoFar(ErrRollup)
	}
	z.Dwells.read(&r)
	if far == reachDwells {
		return r.errSoFar(ErrRollup)
	}
	last := int32(-1)
	for range r.count(3) {
		c := ClassSum{Class: int32(r.byte()), Visits: int64(r.uvarint()), Dwell: int64(r.uvarint())}
		r.require(c.Class > last && c.Class < classes)
		last = c.Class
		z.Classes = append(z.Classes, c)
	}
	return r.err(ErrRollup)
}

// LineRollup is what crossed one line in one interval.
type LineRollup struct{ Sum [lineFigures]int64 }

// Additive figures of a line, as indices of LineRollup.Sum.
const (
	LineIn = iota
	LineOut
	LineNetIn
	LineNetOut
	lineFigures
)

func (l *LineRollup) merge(o *LineRollup) {
	for i := range l.Sum {
		l.Sum[i] += o.Sum[i]
	}
}

func (l *LineRollup) append(b []byte) []byte {
	return appendSparse(append(b, codecVersion), l.Sum[:])
}

func (l *LineRollup) read(value []byte) error {
	*l = LineRollup{}
	r := reader{b: value}
	r.version()
	r.sparse(l.Sum[:])
	return r.err(ErrRollup)
}

// A flow's and a location's rollup is one number: the count, and the covered
// microseconds.
func appendNumber(b []byte, n int64) []byte {
	return binary.AppendVarint(append(b, codecVersion), n)
}

func readNumber(value []byte) (int64, error) {
	r := reader{b: value}
	r.version()
	n := r.varint()
	return n, r.err(ErrRollup)
}
