package analytics_test

import (
	"slices"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"pgregory.net/rapid"

	"github.com/footfall/footfall/analytics"
)

func calendarOf(t rapid.TB, zone string, dayStart int) analytics.Calendar {
	t.Helper()
	loc, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	return analytics.Calendar{Zone: loc, DayStart: dayStart}
}

func instant(t rapid.TB, s string) int64 {
	t.Helper()
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return at.UnixMicro()
}

func cut(c analytics.Calendar, b analytics.Bucket, from, to int64) (buckets []interval) {
	c.Cut(b, from, to, func(start, end int64) bool {
		buckets = append(buckets, interval{start, end})
		return true
	})
	return buckets
}

// starts are the local clock's readings at the beginnings of buckets.
func starts(c analytics.Calendar, b analytics.Bucket, from, to int64, layout string) string {
	var s []string
	for _, i := range cut(c, b, from, to) {
		s = append(s, time.UnixMicro(i.from).In(c.Zone).Format(layout))
	}
	return strings.Join(s, " ")
}

func TestBucketsOverClockChanges(t *testing.T) {
	for _, tt := range []struct {
		name, zone, from string
		hours            int
		bucket           analytics.Bucket
		want             string
	}{
		{"Helsinki loses an hour", "Europe/Helsinki", "2025-03-29T23:00:00Z", 4, analytics.Bucket1h,
			"01:00+0200 02:00+0200 04:00+0300 05:00+0300"},
		{"Helsinki has an hour twice", "Europe/Helsinki", "2025-10-25T22:00:00Z", 5, analytics.Bucket1h,
			"01:00+0300 02:00+0300 03:00+0300 03:00+0200 04:00+0200"},
		{"New York loses an hour", "America/New_York", "2025-03-09T05:00:00Z", 4, analytics.Bucket1h,
			"00:00-0500 01:00-0500 03:00-0400 04:00-0400"},
		{"New York has an hour twice", "America/New_York", "2025-11-02T04:00:00Z", 4, analytics.Bucket1h,
			"00:00-0400 01:00-0400 01:00-0500 02:00-0500"},
		{"Lord Howe loses half an hour", "Australia/Lord_Howe", "2025-10-04T14:30:00Z", 3, analytics.Bucket1h,
			"01:00+1030 02:30+1100 03:00+1100 04:00+1100"},
		{"Lord Howe has half an hour twice", "Australia/Lord_Howe", "2025-04-05T14:00:00Z", 3, analytics.Bucket1h,
			"01:00+1100 01:30+1030 02:00+1030 03:00+1030"},
		{"Lord Howe by the half hour", "Australia/Lord_Howe", "2025-04-05T14:00:00Z", 2, analytics.Bucket30m,
			"01:00+1100 01:30+1100 01:30+1030 02:00+1030"},
		{"Kathmandu is a quarter off", "Asia/Kathmandu", "2025-04-05T00:00:00Z", 3, analytics.Bucket1h,
			"05:45+0545 06:00+0545 07:00+0545 08:00+0545"},
		{"São Paulo jumps at midnight", "America/Sao_Paulo", "2018-11-04T02:00:00Z", 2, analytics.Bucket1h,
			"23:00-0300 01:00-0200"},
	} {
		from := instant(t, tt.from)
		got := starts(calendarOf(t, tt.zone, 0), tt.bucket, from, from+int64(tt.hours)*60*analytics.Minute, "15:04-0700")
		if got != tt.want {
			t.Errorf("%s:\n got %s\nwant %s", tt.name, got, tt.want)
		}
	}
}

func TestLengthOfDays(t *testing.T) {
	for _, tt := range []struct {
		zone     string
		dayStart int
		date     string // an instant in the day
		begins   string // on the local clock
		hours    float64
	}{
		{"Europe/Helsinki", 0, "2025-03-30T12:00:00Z", "00:00", 23},
		{"Europe/Helsinki", 0, "2025-10-26T12:00:00Z", "00:00", 25},
		{"Europe/Helsinki", 0, "2025-10-27T12:00:00Z", "00:00", 24},
		{"America/New_York", 0, "2025-03-09T12:00:00Z", "00:00", 23},
		{"America/New_York", 0, "2025-11-02T12:00:00Z", "00:00", 25},
		{"Australia/Lord_Howe", 0, "2025-10-05T00:00:00Z", "00:00", 23.5},
		{"Australia/Lord_Howe", 0, "2025-04-06T00:00:00Z", "00:00", 24.5},
		{"Asia/Kathmandu", 0, "2025-03-30T12:00:00Z", "00:00", 24},
		{"UTC", 0, "2025-03-30T12:00:00Z", "00:00", 24},
		// Midnight is skipped: the day begins where the clock lands.
		{"America/Sao_Paulo", 0, "2018-11-04T12:00:00Z", "01:00", 23},
		{"America/Sao_Paulo", 0, "2018-11-03T12:00:00Z", "00:00", 24},
		{"Asia/Beirut", 0, "2022-03-27T12:00:00Z", "01:00", 23},
		// Midnight comes twice: the first one counts.
		{"America/Havana", 0, "2025-11-02T12:00:00Z", "00:00", 25},
		{"America/St_Johns", 0, "2010-11-07T12:00:00Z", "00:00", 25},
		// The clock goes back over midnight without showing it: 24:00 is 23:00.
		{"America/Sao_Paulo", 0, "2018-02-17T12:00:00Z", "00:00", 25},
		{"America/Sao_Paulo", 0, "2018-02-18T12:00:00Z", "00:00", 24},
		// Day starts in the gap and in the hour shown twice.
		{"Europe/Helsinki", 210, "2025-03-30T12:00:00Z", "04:00", 23.5},
		{"Europe/Helsinki", 210, "2025-03-29T12:00:00Z", "03:30", 23.5},
		{"Europe/Helsinki", 210, "2025-10-26T12:00:00Z", "03:30", 25},
		{"Europe/Helsinki", 210, "2025-10-25T12:00:00Z", "03:30", 24},
		{"Europe/Helsinki", 240, "2025-03-29T12:00:00Z", "04:00", 23},
		{"Europe/Helsinki", 240, "2025-10-26T12:00:00Z", "04:00", 24},
		{"Europe/Helsinki", 240, "2025-10-25T12:00:00Z", "04:00", 25},
		// Samoa had no 30 December 2011.
		{"Pacific/Apia", 0, "2011-12-30T03:00:00Z", "00:00", 24},
		{"Pacific/Apia", 0, "2011-12-30T12:00:00Z", "00:00", 24},
	} {
		c := calendarOf(t, tt.zone, tt.dayStart)
		start := c.Start(analytics.Bucket1d, instant(t, tt.date))
		hours := float64(c.Next(analytics.Bucket1d, start)-start) / float64(60*analytics.Minute)
		begins := time.UnixMicro(start).In(c.Zone).Format("15:04")
		if begins != tt.begins || hours != tt.hours {
			t.Errorf("%s, day start %d, %s: begins %s and has %g hours, want %s and %g",
				tt.zone, tt.dayStart, tt.date, begins, hours, tt.begins, tt.hours)
		}
	}
}

func TestWeeksAndMonths(t *testing.T) {
	c := calendarOf(t, "Europe/Helsinki", 240)
	from, to := instant(t, "2025-03-03T02:00:00Z"), instant(t, "2025-04-07T01:00:00Z")
	if got, want := starts(c, analytics.Bucket1w, from, to, "Mon2Jan15:04"), "Mon3Mar04:00 Mon10Mar04:00 Mon17Mar04:00 Mon24Mar04:00 Mon31Mar04:00"; got != want {
		t.Errorf("weeks begin %s, want %s", got, want)
	}
	from, to = instant(t, "2024-12-31T22:00:00Z"), instant(t, "2025-12-01T02:00:00Z")
	if got, want := starts(c, analytics.Bucket1mo, from, to, "2Jan06"),
		"1Jan25 1Jan25 1Feb25 1Mar25 1Apr25 1May25 1Jun25 1Jul25 1Aug25 1Sep25 1Oct25 1Nov25"; got != want {
		t.Errorf("months begin %s, want %s", got, want)
	}
}

// Nights worth looking at: zone and an instant near a change of its clock.
var nights = []struct{ zone, at string }{
	{"UTC", "2025-03-30T00:00:00Z"},
	{"Europe/Helsinki", "2025-03-30T01:00:00Z"},
	{"Europe/Helsinki", "2025-10-26T01:00:00Z"},
	{"America/New_York", "2025-03-09T07:00:00Z"},
	{"America/New_York", "2025-11-02T06:00:00Z"},
	{"Australia/Lord_Howe", "2025-10-04T15:30:00Z"},
	{"Australia/Lord_Howe", "2025-04-05T15:00:00Z"},
	{"Asia/Kathmandu", "2025-04-05T00:00:00Z"},
	{"America/Sao_Paulo", "2018-11-04T03:00:00Z"},
	{"America/Sao_Paulo", "2018-02-18T02:00:00Z"},
	{"America/Havana", "2025-11-02T05:00:00Z"},
	{"America/St_Johns", "2010-11-07T02:31:00Z"},
	{"Asia/Beirut", "2022-03-26T22:00:00Z"},
	{"Pacific/Apia", "2011-12-30T10:00:00Z"},
	{"Antarctica/Troll", "2025-03-30T01:00:00Z"},
	{"Africa/Casablanca", "2025-03-30T01:00:00Z"},
	{"Asia/Tokyo", "2025-03-30T15:00:00Z"},
	{"Asia/Kolkata", "1969-12-31T12:00:00Z"},
}

var buckets = []analytics.Bucket{
	analytics.Whole, analytics.Bucket1m, analytics.Bucket5m, analytics.Bucket15m, analytics.Bucket30m,
	analytics.Bucket1h, analytics.Bucket1d, analytics.Bucket1w, analytics.Bucket1mo,
}

func drawDayStart(t *rapid.T) int {
	return rapid.OneOf(rapid.SampledFrom([]int{0, 60, 120, 150, 180, 210, 240}), rapid.IntRange(0, 24*60-1)).Draw(t, "day start")
}

func TestBucketsAreThoseOfTheLocalClock(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		night := rapid.SampledFrom(nights).Draw(t, "night")
		c := calendarOf(t, night.zone, drawDayStart(t))
		near := instant(t, night.at)
		from := near - rapid.Int64Range(-24*60, 3*24*60).Draw(t, "minutes before")*analytics.Minute
		to := from + rapid.Int64Range(1, 3*24*60).Draw(t, "minutes")*analytics.Minute
		for _, b := range buckets {
			if got, want := cut(c, b, from, to), naiveCut(c, b, from, to); !slices.Equal(got, want) {
				t.Fatalf("%s from %s to %s by %q:\n got %s\nwant %s", night.zone, clockTime(from), clockTime(to), b, show(got), show(want))
			}
		}
	})
}

// Days, weeks and months over some months around the nights.
func TestLongBucketsAreThoseOfTheLocalClock(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		night := rapid.SampledFrom(nights).Draw(t, "night")
		c := calendarOf(t, night.zone, drawDayStart(t))
		from := instant(t, night.at) - rapid.Int64Range(0, 40*24*60).Draw(t, "minutes before")*analytics.Minute
		to := from + rapid.Int64Range(1, 70*24*60).Draw(t, "minutes")*analytics.Minute
		for _, b := range []analytics.Bucket{analytics.Bucket1d, analytics.Bucket1w, analytics.Bucket1mo} {
			if got, want := cut(c, b, from, to), naiveCut(c, b, from, to); !slices.Equal(got, want) {
				t.Fatalf("%s from %s to %s by %q:\n got %s\nwant %s", night.zone, clockTime(from), clockTime(to), b, show(got), show(want))
			}
		}
	})
}

func TestBucketsTile(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		night := rapid.SampledFrom(nights).Draw(t, "night")
		c := calendarOf(t, night.zone, drawDayStart(t))
		b := rapid.SampledFrom(buckets[1:]).Draw(t, "bucket")
		at := instant(t, night.at) + rapid.Int64Range(-40*24*3600, 40*24*3600).Draw(t, "seconds")*analytics.Second + rapid.Int64Range(0, 999_999).Draw(t, "microseconds")
		start := c.Start(b, at)
		next := c.Next(b, start)
		if start > at || at >= next {
			t.Fatalf("%s is not in its bucket %s", clockTime(at), show([]interval{{start, next}}))
		}
		if again := c.Start(b, start); again != start {
			t.Fatalf("bucket of %s begins %s, and that one's %s", clockTime(at), clockTime(start), clockTime(again))
		}
		if last := c.Start(b, next-1); last != start {
			t.Fatalf("the last instant before %s is of a bucket from %s, not %s", clockTime(next), clockTime(last), clockTime(start))
		}
		to := at + rapid.Int64Range(1, 1<<33).Draw(t, "length")
		upto := at
		for _, i := range cut(c, b, at, to) {
			if i.from != upto || i.length() <= 0 {
				t.Fatalf("a bucket %s after %s", show([]interval{i}), clockTime(upto))
			}
			upto = i.to
		}
		if upto != to {
			t.Fatalf("buckets end %s, not %s", clockTime(upto), clockTime(to))
		}
	})
}

func TestYearOfMinutes(t *testing.T) {
	c := calendarOf(t, "Europe/Helsinki", 0)
	from, to := instant(t, "2025-01-01T00:00:00Z"), instant(t, "2026-01-01T00:00:00Z")
	n := 0
	c.Cut(analytics.Bucket1m, from, to, func(int64, int64) bool { n++; return true })
	if n != 525_600 {
		t.Errorf("a year has %d minutes", n)
	}
	c.Cut(analytics.Bucket1m, from, to, func(int64, int64) bool { n--; return n > 525_590 })
	if n != 525_590 {
		t.Errorf("Cut goes on after it was stopped")
	}
}

func BenchmarkCutYearOfMinutes(b *testing.B) {
	c := calendarOf(b, "Europe/Helsinki", 0)
	from, to := instant(b, "2025-01-01T00:00:00Z"), instant(b, "2026-01-01T00:00:00Z")
	b.ReportAllocs()
	for b.Loop() {
		c.Cut(analytics.Bucket1m, from, to, func(int64, int64) bool { return true })
	}
}

func clockTime(at int64) string {
	return time.UnixMicro(at).UTC().Format("2006-01-02T15:04:05.999999Z")
}

func show(intervals []interval) string {
	var s []string
	for _, i := range intervals {
		s = append(s, clockTime(i.from)+"/"+clockTime(i.to))
		if len(s) > 20 {
			s = append(s, "…")
			break
		}
	}
	return strings.Join(s, " ")
}

// TestTheLastDayOfALeapYear: in the years that go by a zone's rule, the standard library
// says of that day that its offset ends no later than it began.
func TestTheLastDayOfALeapYear(t *testing.T) {
	for _, zone := range []string{"Europe/Helsinki", "America/New_York", "Australia/Sydney", "Antarctica/Troll", "UTC", "Pacific/Apia"} {
		c := calendarOf(t, zone, 0)
		for _, day := range []string{"2040-12-30T00:00:00Z", "2096-12-30T12:15:00Z", "2099-12-30T12:15:00Z"} {
			from := instant(t, day)
			to := from + 4*24*60*analytics.Minute
			if got, want := cut(c, analytics.Bucket1h, from, to), naiveCut(c, analytics.Bucket1h, from, to); !slices.Equal(got, want) {
				t.Errorf("%s from %s: %d buckets, want %d", zone, day, len(got), len(want))
			}
		}
	}
}
