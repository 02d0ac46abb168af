package zones

import (
	"cmp"
	"slices"

	"github.com/paulmach/orb"
)

// A zone has a point where the sum, modulo 2, of its terms is 1. At first its
// terms are its edges, each 1 where the point's ray crosses it. Within a box
// most of them come to nothing, or are 1 throughout, or say no more than "the
// point is lower than h": such a threshold is itself an edge, far to the right
// and from far below up to h. All of this is exact, because edge.at is monotone.
type term struct {
	edge
	low, high uint32 // the thresholds at the edge's ends
}

const (
	farRight = 1e300
	farDown  = -1e300
)

// pair says that a zone has a term.
type pair struct {
	term uint32
	zone int32
}

// oddPairs sorts pairs in place and returns what is there an odd number of times.
func oddPairs(list []pair) []pair {
	slices.SortFunc(list, func(a, b pair) int {
		return cmp.Or(cmp.Compare(a.term, b.term), cmp.Compare(a.zone, b.zone))
	})
	return keepOdd(list)
}

// run returns how many of the first pairs are of one term.
func run(pairs []pair) int {
	n := 1
	for n < len(pairs) && pairs[n].term == pairs[0].term {
		n++
	}
	return n
}

func countTerms(pairs []pair) int {
	k := 0
	for ; len(pairs) > 0; k++ {
		pairs = pairs[run(pairs):]
	}
	return k
}

// termsOf returns the distinct edges of all zones, then the thresholds at their
// ends; how many are edges; and which zone has which. Level edges are left out,
// since no ray crosses them.
func termsOf(zones [][]orb.Ring) (terms []term, edges int, pairs []pair) {
	number := map[edge]uint32{}
	var heights []float64
	for z, rings := range zones {
		for e := range edgesOf(rings) {
			if e.ya == e.yb {
				continue
			}
			n, ok := number[e]
			if !ok {
				n = uint32(len(terms))
				number[e] = n
				terms = append(terms, term{edge: e})
				heights = append(heights, e.ya, e.yb)
			}
			pairs = append(pairs, pair{n, int32(z)})
		}
	}
	edges = len(terms)
	return addThresholds(terms, heights), edges, oddPairs(pairs)
}

func addThresholds(terms []term, heights []float64) []term {
	slices.Sort(heights)
	heights = slices.Compact(heights)
	first := uint32(len(terms))
	thresholdAt := func(h float64) uint32 {
		i, _ := slices.BinarySearch(heights, h)
		return first + uint32(i)
	}
	for i := range terms {
		terms[i].low, terms[i].high = thresholdAt(terms[i].ya), thresholdAt(terms[i].yb)
	}
	for i, h := range heights {
		own := first + uint32(i)
		terms = append(terms, term{edge{farRight, farDown, farRight, h}, own, own})
	}
	return terms
}

// box is the points with x0 <= x < x1 and y0 <= y < y1.
type box struct{ x0, y0, x1, y1 float64 }

// verdict is what a term comes to within a box.
type verdict uint8

const (
	never   verdict = iota // 0 throughout
	itself                 // what it is
	between                // the sum of the thresholds at its ends
)

func (b *box) judge(e *edge) verdict {
	low, high := max(e.ya, b.y0), min(e.yb, b.y1)
	if low >= high {
		return never
	}
	from, to := e.at(low), e.at(high)
	switch {
	case max(from, to) <= b.x0:
		return never
	case min(from, to) >= b.x1:
		return between
	}
	return itself
}
