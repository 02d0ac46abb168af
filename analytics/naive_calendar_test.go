package analytics_test

import (
	"time"

	"github.com/footfall/footfall/analytics"
)

// naiveCut cuts [from, to), whole minutes, by looking at the local clock of every
// minute of it, and of a good while before.
func naiveCut(c analytics.Calendar, b analytics.Bucket, from, to int64) (buckets []interval) {
	if b == analytics.Whole {
		return []interval{{from, to}}
	}
	if b >= analytics.Bucket1d {
		return naiveDates(c, b, from, to)
	}
	start := from
	for at := from + analytics.Minute; at < to; at += analytics.Minute {
		if naiveBegins(c, b, at) {
			buckets = append(buckets, interval{start, at})
			start = at
		}
	}
	return append(buckets, interval{start, to})
}

// naiveBegins: the local clock shows a multiple since midnight, or was changed.
func naiveBegins(c analytics.Calendar, b analytics.Bucket, at int64) bool {
	length := map[analytics.Bucket]int{
		analytics.Bucket1m: 1, analytics.Bucket5m: 5, analytics.Bucket15m: 15, analytics.Bucket30m: 30, analytics.Bucket1h: 60,
	}[b]
	local, before := time.UnixMicro(at).In(c.Zone), time.UnixMicro(at-1).In(c.Zone)
	_, offset := local.Zone()
	_, old := before.Zone()
	return offset != old || (local.Hour()*60+local.Minute())%length == 0
}

// naiveDates: a date begins at the first minute at which the local clock has
// reached its day start.
func naiveDates(c analytics.Calendar, b analytics.Bucket, from, to int64) (buckets []interval) {
	latest, start := -1<<62, from
	for at := from - 3*24*60*analytics.Minute; at < to; at += analytics.Minute {
		day := naiveDay(c, at)
		if day <= latest {
			continue
		}
		if at > from && naivePeriod(b, day) != naivePeriod(b, latest) {
			buckets = append(buckets, interval{start, at})
			start = at
		}
		latest = day
	}
	return append(buckets, interval{start, to})
}

// naiveDay numbers the business day that the local clock alone shows.
func naiveDay(c analytics.Calendar, at int64) int {
	local := time.UnixMicro(at).In(c.Zone)
	wall := time.Date(local.Year(), local.Month(), local.Day(), local.Hour(), local.Minute()-c.DayStart, 0, 0, time.UTC)
	return int(floor(wall.Unix(), 24*60*60) / (24 * 60 * 60))
}

// naivePeriod is equal for days of one bucket.
func naivePeriod(b analytics.Bucket, day int) int {
	date := time.Unix(int64(day)*24*60*60, 0).UTC()
	switch b {
	case analytics.Bucket1w:
		year, week := date.ISOWeek() // Monday to Sunday
		return year*100 + week
	case analytics.Bucket1mo:
		return date.Year()*100 + int(date.Month())
	default:
		return day
	}
}

// interval is half-open.
type interval struct{ from, to int64 }

func (i interval) length() int64 { return max(0, i.to-i.from) }

func (i interval) and(o interval) interval { return interval{max(i.from, o.from), min(i.to, o.to)} }

func floor(a, b int64) int64 {
	if m := a % b; m < 0 {
		return a - m - b
	}
	return a - a%b
}

func ceil(a, b int64) int64 { return -floor(-a, b) }
