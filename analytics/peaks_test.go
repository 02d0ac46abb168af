package analytics_test

import (
	"math"
	"slices"
	"testing"
	"time"

	"github.com/footfall/footfall/analytics"
)

// typicalWeek folds the occupancy of hours into the hours of a week, as peaks do.
func (k *known) typicalWeek(q analytics.Query, p *analytics.Profile, hours []interval, whole interval, clock *time.Location) (rows []row) {
	type cell struct {
		zone          string
		weekday, hour int
	}
	type sum struct {
		length, covered int64
		people          float64
		most            int64
		days            map[string]bool
		partial         bool
	}
	q.Kind = "occupancy"
	sums, zones := map[cell]*sum{}, []string{}
	for _, r := range k.expect(q, p, hours) {
		local := time.UnixMicro(r.from).In(clock)
		c := cell{r.cells[0].Text, (int(local.Weekday())+6)%7 + 1, local.Hour()}
		if !slices.Contains(zones, c.zone) {
			zones = append(zones, c.zone)
		}
		s := sums[c]
		if s == nil {
			s = &sum{days: map[string]bool{}}
			sums[c] = s
		}
		s.partial = s.partial || r.partial
		settled := total(k.hours.in(interval{r.from, min(r.to, k.settled)}))
		s.length += settled
		if r.coverage == 0 {
			continue
		}
		covered := math.Round(r.coverage * float64(settled))
		s.covered += int64(covered)
		s.people += r.cells[4].Float * covered
		s.most = max(s.most, r.cells[5].Int)
		s.days[local.Format(time.DateOnly)] = true
	}
	for _, zone := range zones {
		for i := range 7 * 24 {
			s := sums[cell{zone, i/24 + 1, i % 24}]
			if s == nil && k.hours != nil {
				continue
			}
			if s == nil {
				s = &sum{}
			}
			r := row{interval: whole, partial: s.partial, cells: []analytics.Cell{text(zone), integer(int64(i/24 + 1)), integer(int64(i % 24)), integer(int64(len(s.days))), null, null}}
			if s.covered > 0 {
				r.coverage = float64(s.covered) / float64(s.length)
				r.cells[4] = analytics.Cell{Type: analytics.Float, Float: s.people / float64(s.covered)}
				r.cells[5] = integer(s.most)
			}
			rows = append(rows, r)
		}
	}
	return rows
}

// The rows of peaks are hours already.
func TestPeaksHaveNoBuckets(t *testing.T) {
	q := analytics.Query{Kind: "peaks", Locations: []int64{7}, To: analytics.Minute, Bucket: analytics.Bucket1d}
	if _, err := analytics.HeaderOf(q); err == nil || err.Error() != "bucket: peaks has a row for each hour of the week; leave bucket out" {
		t.Errorf("error %v", err)
	}
}
