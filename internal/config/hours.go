package config

import (
	"fmt"
	"slices"
	"time"
)

// Span is a time of opening on a day's local clock, in minutes after that day's midnight,
// half-open: [Start, End). Both are multiples of 15, 0 ≤ Start < 1440, Start < End. An End
// above 1440 is past midnight, on the next day: 18:00-02:00 is {1080, 1560}.
type Span struct{ Start, End int }

const dayMinutes = 24 * 60

// Opening is the opening hours of a location.
type Opening struct {
	// Given is false where no opening_hours are configured; the week is then open throughout.
	Given bool
	// Week is each weekday's spans in order, not overlapping; index it with time.Weekday, in
	// which Sunday is 0. A weekday that opening_hours leaves out is closed.
	Week [7][]Span
	// Closures are the dates whose spans replace those of their weekday; no spans: closed.
	Closures map[Date][]Span
}

// Date is a day of the local calendar.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// DateOf is the date that the clock of t's zone shows.
func DateOf(t time.Time) Date {
	year, month, day := t.Date()
	return Date{year, month, day}
}

func (d Date) midday() time.Time { return time.Date(d.Year, d.Month, d.Day, 12, 0, 0, 0, time.UTC) }

// AddDays is the date n days later.
func (d Date) AddDays(n int) Date { return DateOf(d.midday().AddDate(0, 0, n)) }

// Weekday is the date's.
func (d Date) Weekday() time.Weekday { return d.midday().Weekday() }

// String is the date as 2026-12-25.
func (d Date) String() string { return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day) }

// begun are the spans that begin on the date.
func (o Opening) begun(d Date) []Span {
	if spans, ok := o.Closures[d]; ok {
		return spans
	}
	return o.Week[d.Weekday()]
}

// On is when the location is open on the date: spans within [0, 1440] in order, with a gap
// between any two, the end of a span that began the evening before among them.
func (o Opening) On(d Date) []Span {
	var spans []Span
	for _, s := range o.begun(d.AddDays(-1)) {
		if s.End > dayMinutes {
			spans = append(spans, Span{0, s.End - dayMinutes})
		}
	}
	for _, s := range o.begun(d) {
		spans = append(spans, Span{s.Start, min(s.End, dayMinutes)})
	}
	return union(spans)
}

func union(spans []Span) []Span {
	slices.SortFunc(spans, func(a, b Span) int { return a.Start - b.Start })
	var out []Span
	for _, s := range spans {
		if last := len(out) - 1; last >= 0 && s.Start <= out[last].End {
			out[last].End = max(out[last].End, s.End)
			continue
		}
		out = append(out, s)
	}
	return out
}

func alwaysOpen() Opening {
	var o Opening
	for i := range o.Week {
		o.Week[i] = []Span{{0, dayMinutes}}
	}
	return o
}
