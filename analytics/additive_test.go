package analytics_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/footfall/footfall/analytics"
)

// notAdditive are the figures that say something of an instant, or of a quotient, or
// the most of something. Every other figure of every kind is a sum.
func notAdditive(column string) bool {
	switch column {
	case "ongoing", "occupancy_from", "occupancy_to", "capacity", "utilization", "days", "suppressed":
		return true
	}
	for _, end := range []string{"_mean", "_median", "_p90", "_max", "_min", "_share", "rate_previous", "rate_first"} {
		if strings.HasSuffix(column, end) {
			return true
		}
	}
	return false
}

// checkSums: the sum over sub-intervals of every additive figure is the figure of the
// whole, of every kind there is by every bucket.
func (g *golden) checkSums(in interval, buckets ...analytics.Bucket) (figures int) {
	for _, kind := range analytics.Kinds() {
		if kind == "peaks" {
			continue // has no buckets
		}
		whole := g.sums(kind, analytics.Whole, in)
		figures += len(whole)
		for _, b := range buckets {
			parts := g.sums(kind, b, in)
			for figure, sum := range whole {
				if math.Abs(parts[figure]-sum) > 1e-6*float64(1+len(parts)) {
					g.t.Errorf("%s by %s: %s adds up to %g, and is %g of the whole", kind, b, figure, parts[figure], sum)
				}
			}
			if len(parts) != len(whole) {
				g.t.Errorf("%s by %s: %d figures, %d of the whole", kind, b, len(parts), len(whole))
			}
		}
	}
	return figures
}

// sums adds a kind's additive figures up over a report's rows, by their labels.
func (g *golden) sums(kind string, b analytics.Bucket, in interval) map[string]float64 {
	q := analytics.Query{Kind: kind, Locations: []int64{g.profile.Location}, From: in.from, To: in.to, Bucket: b, Now: g.now + 24*hour}
	out, err := run(g.store, q, nil)
	g.must(err)
	sums := map[string]float64{}
	for _, r := range out.rows {
		label := ""
		for i, c := range out.header.Columns {
			switch {
			case c.Label:
				label += fmt.Sprint(cellText(r.cells[i]), " ")
			case !notAdditive(c.Name):
				sums[label+c.Name] += float64(r.cells[i].Int) + r.cells[i].Float
			}
		}
	}
	return sums
}

// Every kind has an additive figure, so that a new one is not passed over.
func TestEveryKindHasASum(t *testing.T) {
	for _, kind := range analytics.Kinds() {
		sums := 0
		for _, c := range analytics.KindColumns(kind) {
			if !c.Label && !notAdditive(c.Name) {
				sums++
			}
		}
		if sums == 0 && kind != "utilization" && kind != "peaks" {
			t.Errorf("%s has no figure that adds up", kind)
		}
	}
}
