package analytics_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/footfall/footfall/analytics"
)

// figures reads a report and adds each of the named figures up over its rows, by
// the first labels.
func (s *shop) figures(kind string, b analytics.Bucket, in interval, columns ...string) map[string][]float64 {
	q := analytics.Query{Kind: kind, Locations: []int64{s.profile.Location}, Bucket: b, From: in.from, To: in.to, Now: s.now}
	out, err := run(s.store, q, s.recorder.Open(s.clock, s.now))
	s.must(err)
	sums := map[string][]float64{}
	for _, r := range out.rows {
		label := r.cells[0].Text
		if kind == "flows" || kind == "funnel" {
			label += " to " + r.cells[1].Text
		}
		if sums[label] == nil {
			sums[label] = make([]float64, len(columns))
		}
		for i, name := range columns {
			for j, c := range out.header.Columns {
				if c.Name == name {
					sums[label][i] += float64(r.cells[j].Int) + r.cells[j].Float // null is nothing
				}
			}
		}
	}
	return sums
}

func (s *shop) same(what string, got, want map[string][]float64) {
	for label, sums := range want {
		for i, sum := range sums {
			if len(got[label]) != len(sums) || math.Abs(got[label][i]-sum) > 1e-5 {
				s.t.Fatalf("%s of %s: %v, want %v", what, label, got[label], sums)
			}
		}
	}
}

// Identities of the definitions, of reports alone.
func TestIdentities(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := newShop(t)
		s.live()
		s.settle()
		if s.retained > 0 {
			return // reports of what is deleted are refused
		}
		if rapid.Bool().Draw(t, "derived") {
			s.derive()
		}
		from := floor(s.dated(s.first, s.now, "from"), analytics.Minute)
		in := interval{from, ceil(s.dated(from+1, s.now+1, "to"), analytics.Minute)}
		b := rapid.SampledFrom(buckets[3:]).Draw(t, "bucket")
		if in.length() > 6*hour && b < analytics.Bucket1h {
			b = analytics.Bucket1h
		}
		for kind, additive := range map[string][]string{
			"occupancy": {"entries", "exits", "person_seconds"}, "dwell": {"visits"}, "demographics": {"visits"},
			"flows": {"count"}, "lines": {"in", "out", "net_in", "net_out"},
			"visits": {"entries", "visitors", "visits", "bounces", "engaged"}, "funnel": {"count"}, "queue": {"joined", "served", "abandoned", "over_target"},
		} {
			s.same("sums of "+kind, s.figures(kind, b, in, additive...), s.figures(kind, analytics.Whole, in, additive...))
		}
		s.same("visits by class", s.figures("demographics", b, in, "visits"), s.figures("dwell", b, in, "visits"))
		s.same("exits", s.figures("occupancy", b, in, "exits"), s.figures("dwell", b, in, "visits"))

		start := floor(s.first, analytics.Minute)
		before, after := s.figures("dwell", analytics.Whole, interval{start - analytics.Minute, in.from}, "ongoing"), s.figures("dwell", analytics.Whole, interval{start - analytics.Minute, in.to}, "ongoing")
		for label, n := range s.figures("occupancy", analytics.Whole, in, "entries", "exits", "occupancy_min") {
			if after[label][0] != before[label][0]+n[0]-n[1] {
				t.Fatalf("%s: %g are in at the end, want %g + %g - %g", label, after[label][0], before[label][0], n[0], n[1])
			}
			if n[2] < 0 || after[label][0] < 0 {
				t.Fatalf("%s: occupancy below 0", label)
			}
		}
	})
}
