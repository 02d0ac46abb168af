package analytics

import (
	"math"
	"time"

	"github.com/footfall/footfall/tracker"
)

// Calendar cuts time by a location's clock. Days, weeks (from Monday) and months
// begin at DayStart, minutes after midnight.
type Calendar struct {
	Zone     *time.Location
	DayStart int
}

func microTime(at int64) time.Time { return time.UnixMicro(at) }

// Start is the beginning of the bucket that an instant lies in; Whole begins
// anywhere.
func (c Calendar) Start(b Bucket, at int64) int64 {
	switch {
	case b == Whole:
		return at
	case b < Bucket1d:
		return c.steady(at).start(bucketLengths[b], at)
	default:
		return c.dateStart(firstDate(b, c.date(at)))
	}
}

// Next is the beginning of the bucket after the one that begins at start.
func (c Calendar) Next(b Bucket, start int64) int64 {
	if b == Whole {
		return tracker.Never
	}
	if b < Bucket1d {
		return c.steady(start).next(bucketLengths[b], start)
	}
	date := c.date(start)
	switch b {
	case Bucket1w:
		date.day += 7
	case Bucket1mo:
		date.month++
	default:
		date.day++
	}
	return c.dateStart(date)
}

// Cut gives the buckets of [from, to), the first and last clipped to it, until
// yield returns false.
func (c Calendar) Cut(b Bucket, from, to int64, yield func(start, end int64) bool) {
	if b == Whole {
		yield(from, to)
		return
	}
	next := c.nexts(b)
	for start := c.Start(b, from); start < to; {
		end := next(start)
		if !yield(max(start, from), min(end, to)) {
			return
		}
		start = end
	}
}

// nexts is Next for a bucket's beginnings in ascending order.
func (c Calendar) nexts(b Bucket) func(start int64) int64 {
	if b >= Bucket1d {
		return func(start int64) int64 { return c.Next(b, start) }
	}
	s, length := steady{to: math.MinInt64}, bucketLengths[b]
	return func(start int64) int64 {
		if start >= s.to {
			s = c.steady(start)
		}
		return s.next(length, start)
	}
}

// localDate is a calendar date; day and month may run over.
type localDate struct {
	year  int
	month time.Month
	day   int
}

// date is the business day of an instant.
func (c Calendar) date(at int64) localDate {
	t := microTime(at).In(c.Zone)
	date := localDate{t.Year(), t.Month(), t.Day()}
	// Across a clock change the wall clock alone does not tell: ask the starts.
	if c.dateStart(date) > at {
		date.day--
	} else if next := (localDate{date.year, date.month, date.day + 1}); c.dateStart(next) <= at {
		date = next
	}
	n := time.Date(date.year, date.month, date.day, 12, 0, 0, 0, time.UTC)
	return localDate{n.Year(), n.Month(), n.Day()}
}

func firstDate(b Bucket, d localDate) localDate {
	if b == Bucket1w {
		weekday := time.Date(d.year, d.month, d.day, 12, 0, 0, 0, time.UTC).Weekday()
		d.day -= (int(weekday) + 6) % 7
	}
	if b == Bucket1mo {
		d.day = 1
	}
	return d
}

// dateStart is the first instant at which the local clock has reached DayStart on
// a date: the earlier one where the clock shows it twice, the end of the gap where
// it never does.
func (c Calendar) dateStart(d localDate) int64 {
	wall := time.Date(d.year, d.month, d.day, 0, c.DayStart, 0, 0, time.UTC)
	noon := time.Date(d.year, d.month, d.day, 12, 0, 0, 0, time.UTC)
	first := tracker.Never
	for _, hours := range []int{-36, -12, 0, 12, 36} { // offsets in force around the date
		_, offset := noon.Add(time.Duration(hours) * time.Hour).In(c.Zone).Zone()
		at := wall.Add(-time.Duration(offset) * time.Second)
		if _, there := at.In(c.Zone).Zone(); there == offset {
			first = min(first, at.UnixMicro())
		}
	}
	if first < tracker.Never {
		return first
	}
	// The clock jumps over it: the day begins where the clock lands.
	_, before := wall.Add(-36 * time.Hour).In(c.Zone).Zone()
	start, _ := wall.Add(-time.Duration(before) * time.Second).In(c.Zone).ZoneBounds()
	return start.UnixMicro()
}
