package analytics_test

import (
	"maps"

	"github.com/footfall/footfall/analytics"
	"github.com/footfall/footfall/tracker"
)

// checkLevels compares every stored zone rollup with the truth of its interval,
// and misses none in which something happened.
func (s *shop) checkLevels() {
	if s.retained > 0 {
		return
	}
	c := calendarOf(s.t, s.profile.Timezone, s.profile.DayStart)
	ends := map[analytics.Table]func(int64) int64{
		analytics.Minutes:  func(start int64) int64 { return start + analytics.Minute },
		analytics.Quarters: func(start int64) int64 { return start + analytics.Quarter },
		analytics.Days:     func(start int64) int64 { return c.Next(analytics.Bucket1d, start) },
	}
	k := known{s.truth, s.now, s.now, s.now}
	for t, end := range ends {
		sums := map[int32]int64{}
		s.must(s.store.View(func(v analytics.View) error {
			return analytics.EachZoneRollup(v, t, s.profile.Location, func(start int64, number int32, z *analytics.ZoneRollup) {
				in := interval{start, end(start)}
				if in.to <= s.now { // else it is still open
					s.checkRollup(t, in, number, z, k.zone(number, in))
				}
				if changes := z.Entries() + z.Exits(); changes > 0 {
					sums[number] += changes
				}
			})
		}))
		if t == analytics.Minutes && !maps.Equal(sums, s.changes()) {
			s.t.Fatalf("the minutes have %v entries and exits by zone, want %v", sums, s.changes())
		}
	}
}

func (s *shop) changes() map[int32]int64 {
	n := map[int32]int64{}
	for _, v := range s.truth.visits {
		n[v.zone]++
		if v.left != tracker.Never {
			n[v.zone]++
		}
	}
	return n
}

func (s *shop) checkRollup(t analytics.Table, in interval, number int32, got *analytics.ZoneRollup, want zone) {
	var sum [len(got.Sum)]int64
	for _, v := range s.truth.visits {
		if v.zone == number && v.entered >= in.from && v.entered < in.to {
			if v.entry == tracker.Appeared {
				sum[analytics.EntriesAppeared]++
			} else {
				sum[analytics.EntriesCrossed]++
			}
		}
	}
	longest := int64(0)
	visits, dwell := map[int32]int64{}, map[int32]int64{}
	for _, v := range want.ended {
		switch v.exit {
		case tracker.Lost:
			sum[analytics.ExitsLost]++
		case tracker.Expired:
			sum[analytics.ExitsExpired]++
		case tracker.ZoneRemoved:
			sum[analytics.ExitsZoneRemoved]++
		default:
			sum[analytics.ExitsCrossed]++
		}
		length := v.left - v.entered
		longest = max(longest, length)
		visits[int32(v.who.Index())]++
		dwell[int32(v.who.Index())] += length
		sum[analytics.Dwell] += length
	}
	sum[analytics.Visits] = int64(len(want.ended))
	k := &known{s.truth, s.now, s.now, s.now}
	came := visitsCells(k, number, s.profile, in)
	sum[analytics.Visitors], sum[analytics.Bounces], sum[analytics.Engaged] = came[1].Int, came[3].Int, came[4].Int
	counted := k.ledger(number, in)
	sum[analytics.Stitched], sum[analytics.Ghosts] = counted[11], counted[12]
	sum[analytics.PersonTime], sum[analytics.CoveredPersonTime] = want.personTime, want.coveredTime
	sum[analytics.Covered] = got.Sum[analytics.Covered] // of the minutes that it has: reports fill the rest
	sum[analytics.OccupiedTime] = k.timeAtLeast(number, 1, in)
	if limit := capacityOf(s.profile, number); limit > 0 {
		sum[analytics.FullTime] = k.timeAtLeast(number, limit, in)
	} else {
		sum[analytics.UncappedTime] = sum[analytics.OccupiedTime]
	}
	ended := int64(0)
	for _, c := range got.Classes {
		ended += c.Visits
		if c.Visits != visits[c.Class] || c.Dwell != dwell[c.Class] {
			s.t.Fatalf("%v zone %d at %s: class %d has %d visits of %d, want %d of %d", t, number, clockTime(in.from), c.Class, c.Visits, c.Dwell, visits[c.Class], dwell[c.Class])
		}
	}
	if got.Sum != sum || got.Longest != longest || got.End != want.ongoing || ended != sum[analytics.Visits] {
		s.t.Fatalf("%v zone %d at %s:\n got %+v\nwant sums %v, longest %d, end %d", t, number, clockTime(in.from), got, sum, longest, want.ongoing)
	}
}
