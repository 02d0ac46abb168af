package analytics

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// HoursOf says which hours a report is of.
type HoursOf uint8

// The hours of a report: all, or those in which its location is open.
const (
	HoursAll HoursOf = iota
	HoursOpen
)

var hoursNames = [...]string{"all", "open"}

func (h HoursOf) String() string {
	if int(h) >= len(hoursNames) {
		return fmt.Sprintf("hours %d", uint8(h))
	}
	return hoursNames[h]
}

// ParseHours reads the name of hours; "" is all.
func ParseHours(s string) (HoursOf, error) {
	if s == "" {
		return HoursAll, nil
	}
	for i, name := range hoursNames {
		if s == name {
			return HoursOf(i), nil
		}
	}
	return 0, fmt.Errorf("%q are no hours of a report; there are all, and open: the location's opening hours", s)
}

// OpeningHours are when a location is open, by its local clock.
type OpeningHours struct {
	Week  [7][]OpenSpan         `json:"week"`            // by time.Weekday: Sunday is 0
	Dates map[string][]OpenSpan `json:"dates,omitempty"` // 2006-01-02: these replace the weekday's
}

// OpenSpan is a time of opening, in minutes after its date's midnight, half-open and a
// multiple of 15. It may end on the next day.
type OpenSpan struct {
	From int `json:"from"`
	To   int `json:"to"`
}

// sane reports whether every span is one that OpenSpan describes.
func (o *OpeningHours) sane() bool {
	wrong := func(s OpenSpan) bool { return s.From < 0 || s.From >= 24*60 || s.To <= s.From || s.To > 48*60 }
	for _, spans := range o.Week {
		if slices.ContainsFunc(spans, wrong) {
			return false
		}
	}
	for _, spans := range o.Dates {
		if slices.ContainsFunc(spans, wrong) {
			return false
		}
	}
	return true
}

// begun are the spans that begin on a date, given as its midnight in UTC.
func (o *OpeningHours) begun(date time.Time) []OpenSpan {
	if len(o.Dates) > 0 {
		if spans, ok := o.Dates[date.Format(time.DateOnly)]; ok {
			return spans
		}
	}
	return o.Week[date.Weekday()]
}

// within is the open time of an interval, in whole minutes: when the clock of a zone
// shows a time within the hours. So an hour that the clock shows twice is open twice,
// and one that it skips is not there. Spans ascend and do not touch.
func (o *OpeningHours) within(zone *time.Location, interval span) (open []span) {
	c := Calendar{Zone: zone}
	for at := interval.from; at < interval.to; {
		s := c.steady(at)
		open = o.steadily(open, s.offset, span{at, min(s.to, interval.to)})
		at = s.to
	}
	return open
}

// steadily adds the open time of an interval in which the clock is ahead of UTC by
// one offset.
func (o *OpeningHours) steadily(open []span, offset int64, in span) []span {
	first := in.from + offset
	first -= mod(first, day) + day // the evening before may be open past midnight
	var here []span
	for midnight := first; midnight < in.to+offset; midnight += day {
		for _, s := range o.begun(microTime(midnight).UTC()) {
			from := minuteOf(max(in.from, midnight+int64(s.From)*Minute-offset))
			to := minuteOf(min(in.to, midnight+int64(s.To)*Minute-offset))
			if from < to {
				here = append(here, span{from, to})
			}
		}
	}
	slices.SortFunc(here, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	for _, s := range here {
		if last := len(open) - 1; last >= 0 && s.from <= open[last].to {
			open[last].to = max(open[last].to, s.to)
			continue
		}
		open = append(open, s)
	}
	return open
}

// openTime is what is open of a plan's interval; all of it where it is not restricted.
type openTime struct {
	restricted bool
	spans      []span
}

// stretches are those of an interval that are to be read.
func (o *openTime) stretches(all span) []span {
	if !o.restricted {
		return []span{all}
	}
	return o.spans
}

// from is the place of the first span that ends after an instant.
func (o *openTime) from(at int64) int {
	i, _ := slices.BinarySearchFunc(o.spans, at, func(s span, at int64) int { return cmp.Compare(s.to, at+1) })
	return i
}

// length is how much of an interval is open.
func (o *openTime) length(in span) (length int64) {
	if !o.restricted {
		return max(0, in.to-in.from)
	}
	for _, s := range o.spans[o.from(in.from):] {
		if s.from >= in.to {
			break
		}
		length += min(in.to, s.to) - max(in.from, s.from)
	}
	return length
}

// last is the last open span of an interval that begins by an instant, empty where
// none is.
func (o *openTime) last(in span, begun int64) (last span) {
	if !o.restricted {
		return in
	}
	for _, s := range o.spans[o.from(in.from):] {
		if s.from >= in.to || s.from > begun {
			break
		}
		last = span{max(in.from, s.from), min(in.to, s.to)}
	}
	return last
}

// has reports whether an instant is open.
func (o *openTime) has(at int64) bool {
	if !o.restricted {
		return true
	}
	i := o.from(at)
	return i < len(o.spans) && o.spans[i].from <= at
}

// piece is the first part of an interval that is all open or all closed.
func (o *openTime) piece(in span) (piece span, open bool) {
	if !o.restricted {
		return in, true
	}
	i := o.from(in.from)
	switch {
	case i == len(o.spans) || o.spans[i].from >= in.to:
		return in, false
	case o.spans[i].from <= in.from:
		return span{in.from, min(in.to, o.spans[i].to)}, true
	}
	return span{in.from, o.spans[i].from}, false
}

// maxOpen is the longest interval of a report over opening hours.
const maxOpen = 100 * 366 * day

// checkHours finds what is wrong with a query's hours by themselves.
func (q *Query) checkHours(k *reportKind) error {
	if int(q.Hours) >= len(hoursNames) {
		return &QueryError{Parameter: "hours", Reason: q.Hours.String() + " are not known"}
	}
	if q.Hours == HoursAll {
		return nil
	}
	if k.unbroken {
		return &QueryError{Parameter: "hours", Reason: k.name + " follows a count from its beginning to its end, which opening hours interrupt; leave hours out"}
	}
	if q.To-q.From > maxOpen {
		return &QueryError{Parameter: "to", TooLarge: true, Reason: "with hours=open a report may be of 100 years at most"}
	}
	return nil
}

// restrict takes the location's opening hours, where the query asks and it has any.
func (p *plan) restrict(r *report) error {
	if r.query.Hours == HoursAll || p.profile.Opening == nil {
		return nil
	}
	p.opened = openTime{restricted: true, spans: p.profile.Opening.within(p.own.Zone, p.interval)}
	if r.openSpans += len(p.opened.spans); r.openSpans > MaxRows {
		return &QueryError{Parameter: "to", TooLarge: true, Reason: fmt.Sprintf("these locations open more than %d times in that time; ask for a shorter interval or fewer locations", MaxRows)}
	}
	return nil
}

// cut cuts the interval. Buckets without any open time are left out, unless rows are
// paired by their order.
func (p *plan) cut(b Bucket) {
	if p.opened.restricted && !p.paired {
		p.cutOpen(b)
	} else {
		p.calendar.Cut(b, p.interval.from, p.interval.to, func(start, end int64) bool {
			p.buckets = append(p.buckets, span{start, end})
			return len(p.buckets) <= MaxRows
		})
	}
	p.parts = p.levels()
}

func (p *plan) cutOpen(b Bucket) {
	if b == Whole {
		if len(p.opened.spans) > 0 {
			p.buckets = []span{p.interval}
		}
		return
	}
	next, upto := p.calendar.nexts(b), p.interval.from
	for _, s := range p.opened.spans {
		if s.to <= upto {
			continue
		}
		for start := p.calendar.Start(b, max(s.from, upto)); start < s.to; {
			end := next(start)
			p.buckets = append(p.buckets, span{max(start, p.interval.from), min(end, p.interval.to)})
			if len(p.buckets) > MaxRows {
				return
			}
			start, upto = end, end
		}
	}
}
