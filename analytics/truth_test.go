package analytics_test

import (
	"maps"
	"math"
	"slices"

	"github.com/footfall/footfall/tracker"
)

// truth is all that happened at a location, as plain lists. The figures are
// computed from it by their definitions: loops, no rollups.
type truth struct {
	visits    []visit
	flows     []tracker.Flow
	crossings []tracker.Crossing
	nets      []tracker.Net
	stitches  []tracker.Stitch
	ghosts    []tracker.Ghost
	covered   []interval             // the last one up to tracker.Never while data comes
	heat      map[tracker.Heat]int64 // by square and minute
	groups    []tracker.Group
	tracks    int           // begun
	track     map[int32]int // that a person is, by the tracker's number
	hours     *naiveHours   // that are asked for; nil for all
}

type visit struct {
	zone          int32
	entered, left int64 // left is tracker.Never while it is open
	entry, exit   tracker.Reason
	who           tracker.Class
	track         int   // whose it is
	person        int32 // as the tracker says
	first         bool
}

func (v visit) stay() interval { return interval{v.entered, v.left} }

func (h *truth) clone() truth {
	return truth{
		visits: slices.Clone(h.visits), flows: slices.Clone(h.flows), crossings: slices.Clone(h.crossings),
		nets: slices.Clone(h.nets), stitches: slices.Clone(h.stitches), ghosts: slices.Clone(h.ghosts), covered: slices.Clone(h.covered),
		heat: maps.Clone(h.heat), groups: slices.Clone(h.groups), tracks: h.tracks, track: maps.Clone(h.track), hours: h.hours,
	}
}

// known is the truth as of an instant, final before settled.
type known struct {
	truth
	now, settled int64
	grouped      int64 // before it no groups will come to be known
}

// pieces are the covered parts of an interval's settled time.
func (k *known) pieces(in interval) (pieces []interval) {
	in.to = min(in.to, k.settled, k.now)
	for _, c := range k.covered {
		for _, open := range k.hours.in(in) {
			if p := c.and(open); p.length() > 0 {
				pieces = append(pieces, p)
			}
		}
	}
	return pieces
}

// in reports whether an instant is one of an interval, and of the hours asked for.
func (h *truth) in(at int64, in interval) bool { return in.has(at) && h.hours.open(at) }

func total(pieces []interval) (sum int64) {
	for _, p := range pieces {
		sum += p.length()
	}
	return sum
}

func (k *known) coverage(in interval) float64 {
	length := total(k.hours.in(interval{in.from, min(in.to, k.settled)}))
	if length <= 0 {
		return 0
	}
	return float64(total(k.pieces(in))) / float64(length)
}

// zone is what a bucket knows of one zone.
type zone struct {
	entries, exits, ongoing int64
	personTime              int64
	ended                   []visit
	touched                 bool // a visit was open, began or ended
	least, most             int64
	coveredTime             int64 // person-time under data
}

func (k *known) zone(number int32, in interval) zone {
	z := zone{least: math.MaxInt64, most: -1}
	passed := k.hours.in(interval{in.from, min(in.to, k.now)})
	last := k.hours.last(in, k.now)
	for _, v := range k.visits {
		if v.zone != number {
			continue
		}
		if k.in(v.entered, in) {
			z.entries++
			z.touched = true
		}
		if k.in(v.left, in) {
			z.exits++
			z.ended = append(z.ended, v)
			z.touched = true
		}
		if last.length() > 0 && v.entered < last.to && v.left >= last.to {
			z.ongoing++
			z.touched = true
		}
		for _, p := range passed {
			if open := v.stay().and(p).length(); open > 0 {
				z.personTime += open
				z.touched = true
			}
		}
	}
	k.occupancy(number, in, &z)
	return z
}

// occupancy sees the zone at every instant at which it can change.
func (k *known) occupancy(number int32, in interval, z *zone) {
	visits := k.visitsTo(number, in)
	for _, p := range k.pieces(in) {
		instants := []int64{p.from}
		for _, v := range visits {
			z.coveredTime += v.stay().and(p).length()
			instants = append(instants, v.entered, v.left)
		}
		for _, at := range instants {
			if at >= p.from && at < p.to {
				here := inside(visits, at)
				z.least, z.most = min(z.least, here), max(z.most, here)
			}
		}
	}
}

// visitsTo are those to a zone that may have to do with an interval.
func (k *known) visitsTo(number int32, in interval) (visits []visit) {
	for _, v := range k.visits {
		if v.zone == number && v.entered < in.to && v.left > in.from {
			visits = append(visits, v)
		}
	}
	return visits
}

func inside(visits []visit, at int64) (n int64) {
	for _, v := range visits {
		if v.entered <= at && at < v.left {
			n++
		}
	}
	return n
}
