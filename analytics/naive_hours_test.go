package analytics_test

import (
	"time"

	"pgregory.net/rapid"

	"github.com/footfall/footfall/analytics"
)

// naiveHours are the open minutes of an interval, each looked up on the local clock.
// nil are all.
type naiveHours struct{ spans []interval }

func newNaiveHours(o *analytics.OpeningHours, zone *time.Location, in interval) *naiveHours {
	h := &naiveHours{}
	for at := in.from; at < in.to; at += analytics.Minute {
		last := len(h.spans) - 1
		switch {
		case !naiveOpen(o, time.UnixMicro(at).In(zone)):
		case last >= 0 && h.spans[last].to == at:
			h.spans[last].to += analytics.Minute
		default:
			h.spans = append(h.spans, interval{at, at + analytics.Minute})
		}
	}
	return h
}

// naiveOpen: the clock shows a time of a span of the date, or of one of the date before
// that goes on past midnight.
func naiveOpen(o *analytics.OpeningHours, local time.Time) bool {
	minute := local.Hour()*60 + local.Minute()
	for _, back := range []int{0, 1} {
		date := time.Date(local.Year(), local.Month(), local.Day()-back, 12, 0, 0, 0, time.UTC)
		spans, dated := o.Dates[date.Format("2006-01-02")]
		if !dated {
			spans = o.Week[date.Weekday()]
		}
		for _, s := range spans {
			if at := minute + back*24*60; s.From <= at && at < s.To {
				return true
			}
		}
	}
	return false
}

// in are the hours' parts of an interval.
func (h *naiveHours) in(in interval) (parts []interval) {
	if in.length() == 0 {
		return nil
	}
	if h == nil {
		return []interval{in}
	}
	for _, s := range h.spans {
		if p := s.and(in); p.length() > 0 {
			parts = append(parts, p)
		}
	}
	return parts
}

func (h *naiveHours) open(at int64) bool {
	if h == nil {
		return true
	}
	for _, s := range h.spans {
		if s.has(at) {
			return true
		}
	}
	return false
}

// last is the last part of an interval that has begun by an instant.
func (h *naiveHours) last(in interval, begun int64) (last interval) {
	for _, p := range h.in(in) {
		if p.from <= begun {
			last = p
		}
	}
	return last
}

// some are the buckets with any of the hours.
func (h *naiveHours) some(buckets []interval) (some []interval) {
	for _, b := range buckets {
		if len(h.in(b)) > 0 {
			some = append(some, b)
		}
	}
	return some
}

// drawOpening draws opening hours, often past midnight, or none.
func drawOpening(t *rapid.T) *analytics.OpeningHours {
	if rapid.IntRange(0, 3).Draw(t, "has opening hours") == 0 {
		return nil
	}
	o := &analytics.OpeningHours{}
	for d := range o.Week {
		o.Week[d] = drawSpans(t)
	}
	if rapid.Bool().Draw(t, "dates") {
		o.Dates = map[string][]analytics.OpenSpan{}
		for _, date := range []string{"2025-03-30", "2025-10-26", "2025-11-02", "2025-04-06"} {
			o.Dates[date] = drawSpans(t)
		}
	}
	return o
}

// drawSpans may make spans that overlap those of another day, which a configuration
// refuses.
func drawSpans(t *rapid.T) (spans []analytics.OpenSpan) {
	for from := 0; from < 96 && rapid.IntRange(0, 3).Draw(t, "more") > 0; {
		start := rapid.IntRange(from, 95).Draw(t, "opens")
		end := rapid.IntRange(start+1, start+60).Draw(t, "closes")
		spans = append(spans, analytics.OpenSpan{From: start * 15, To: end * 15})
		from = end + 1
	}
	return spans
}
