package analytics

import (
	"fmt"
	"strings"
	"time"
)

// Bucket is how a report's interval is cut.
type Bucket uint8

// Buckets. Whole is one row for the whole interval.
const (
	Whole Bucket = iota
	Bucket1m
	Bucket5m
	Bucket15m
	Bucket30m
	Bucket1h
	Bucket1d
	Bucket1w
	Bucket1mo
)

var bucketNames = [...]string{"", "1m", "5m", "15m", "30m", "1h", "1d", "1w", "1mo"}

var bucketLengths = [...]int64{
	Bucket1m: Minute, Bucket5m: 5 * Minute, Bucket15m: Quarter, Bucket30m: 2 * Quarter, Bucket1h: 4 * Quarter, Bucket1mo: 0,
}

func (b Bucket) String() string { return bucketNames[b] }

// ParseBucket reads a bucket's name; "" is Whole.
func ParseBucket(s string) (Bucket, error) {
	for i, name := range bucketNames {
		if s == name {
			return Bucket(i), nil
		}
	}
	return 0, fmt.Errorf("bucket %q is not known; use one of %s, or leave it out for one row", s, strings.Join(bucketNames[1:], ", "))
}

// Calendar cuts time by a location's clock. Days, weeks (from Monday) and months
// begin at DayStart, minutes after midnight.
type Calendar struct {
	Zone     *time.Location
	DayStart int
}

func microTime(at int64) time.Time { return time.UnixMicro(at) }

// Start is the beginning of the bucket that an instant lies in.
func (c Calendar) Start(b Bucket, at int64) int64 {
	switch b {
	case Whole:
		return at
	case Bucket1d, Bucket1w, Bucket1mo:
		return c.dateStart(c.firstDate(b, c.date(at)))
	}
	start := at - mod(clock(microTime(at).In(c.Zone)), bucketLengths[b])
	if changed := c.lastChange(at); changed > start {
		return changed
	}
	return start
}

// Next is the beginning of the bucket after the one that begins at start.
func (c Calendar) Next(b Bucket, start int64) int64 {
	switch b {
	case Bucket1d, Bucket1w, Bucket1mo:
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
	length := bucketLengths[b]
	next := start + length - mod(clock(microTime(start).In(c.Zone)), length)
	if changed := c.nextChange(start); changed < next {
		return changed
	}
	return next
}

// clock is the time of day on the local clock, in microseconds.
func clock(t time.Time) int64 {
	return int64(t.Hour())*60*Minute + int64(t.Minute())*Minute + int64(t.Second())*Second + int64(t.Nanosecond()/1000)
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

func (c Calendar) firstDate(b Bucket, d localDate) localDate {
	switch b {
	case Bucket1w:
		weekday := time.Date(d.year, d.month, d.day, 12, 0, 0, 0, time.UTC).Weekday()
		d.day -= (int(weekday) + 6) % 7
	case Bucket1mo:
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
	first := int64(1<<63 - 1)
	for _, hours := range []int{-36, -12, 0, 12, 36} { // offsets in force around the date
		_, offset := noon.Add(time.Duration(hours) * time.Hour).In(c.Zone).Zone()
		at := wall.Add(-time.Duration(offset) * time.Second)
		if _, there := at.In(c.Zone).Zone(); there == offset {
			first = min(first, at.UnixMicro())
		}
	}
	if first < 1<<63-1 {
		return first
	}
	// The clock jumps over it: the day begins where the clock lands.
	_, before := wall.Add(-36 * time.Hour).In(c.Zone).Zone()
	start, _ := wall.Add(-time.Duration(before) * time.Second).In(c.Zone).ZoneBounds()
	return start.UnixMicro()
}

// nextChange is the next instant after at at which the UTC offset changes.
func (c Calendar) nextChange(at int64) int64 {
	t := microTime(at).In(c.Zone)
	_, offset := t.Zone()
	for range 8 {
		_, end := t.ZoneBounds()
		if end.IsZero() {
			break
		}
		if _, o := end.In(c.Zone).Zone(); o != offset {
			return end.UnixMicro()
		}
		t = end.In(c.Zone)
	}
	return 1<<63 - 1
}

// lastChange is the last instant up to at at which it changed.
func (c Calendar) lastChange(at int64) int64 {
	t := microTime(at).In(c.Zone)
	_, offset := t.Zone()
	for range 8 {
		start, _ := t.ZoneBounds()
		if start.IsZero() {
			break
		}
		if _, o := start.Add(-time.Microsecond).In(c.Zone).Zone(); o != offset {
			return start.UnixMicro()
		}
		t = start.Add(-time.Microsecond).In(c.Zone)
	}
	return -1 << 63
}

// Cut gives the buckets of [from, to), the first and last clipped to it.
func (c Calendar) Cut(b Bucket, from, to int64, yield func(start, end int64) bool) {
	if b == Whole {
		yield(from, to)
		return
	}
	for start := c.Start(b, from); start < to; {
		next := c.Next(b, start)
		if !yield(max(start, from), min(next, to)) {
			return
		}
		start = next
	}
}
