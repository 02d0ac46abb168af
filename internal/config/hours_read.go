package config

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

const spansAllowed = `a list of HH:MM-HH:MM in quarter hours, such as ["09:00-13:00", "14:00-18:00"], to 24:00 or past midnight as 18:00-02:00; [] is closed`

// mostSpans is the number of quarter hours in a day.
const mostSpans = dayMinutes / 15

// weekdays are the keys of opening_hours, at their time.Weekday.
var weekdays = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

var weekFields = func() []field[Opening] {
	var all []field[Opening]
	for i := range weekdays {
		d := (i + 1) % 7
		all = append(all, field[Opening]{weekdays[d], func(r *reader, n *yaml.Node, key string, o *Opening) {
			o.Week[d] = readSpans(r, n, key)
		}})
	}
	return all
}()

func readWeek(r *reader, n *yaml.Node, key string, l *Location) {
	l.Opening.Given = true
	l.Opening.Week = [7][]Span{}
	fields(r, n, key, &l.Opening, weekFields)
}

func readClosures(r *reader, n *yaml.Node, key string, l *Location) {
	entries, ok := r.entries(n, key)
	if !ok {
		return
	}
	l.Opening.Closures = make(map[Date][]Span, len(entries))
	for _, e := range entries {
		at := join(key, shown(e.name))
		day, err := time.Parse(time.DateOnly, e.name)
		if err != nil || day.Year() < 1970 {
			r.fault(e.key, at, "is not a date that exists", "a date as YYYY-MM-DD")
			continue
		}
		l.Opening.Closures[DateOf(day)] = readSpans(r, e.value, at)
	}
}

// readSpans is the valid spans of one day in order.
func readSpans(r *reader, n *yaml.Node, key string) []Span {
	items, ok := r.items(n, key, spansAllowed)
	if !ok {
		return nil
	}
	if len(items) > mostSpans {
		r.fault(n, key, fmt.Sprintf("has %d spans", len(items)), spansAllowed)
		return nil
	}
	var spans []Span
	for i, item := range items {
		at := fmt.Sprintf("%s[%d]", key, i)
		s, ok := value(r, item, at, spanKind())
		if !ok {
			continue
		}
		if other := slices.IndexFunc(spans, func(o Span) bool { return s.Start < o.End && o.Start < s.End }); other >= 0 {
			r.fault(item, at, fmt.Sprintf("%s overlaps %s", s, spans[other]), "")
			continue
		}
		spans = append(spans, s)
	}
	slices.SortFunc(spans, func(a, b Span) int { return a.Start - b.Start })
	return spans
}

// checkNights looks for spans past midnight that run into the next day's.
func checkNights(r *reader, given map[string]*yaml.Node, key string, o Opening) {
	if n := given["opening_hours"]; n != nil {
		for d := range weekdays {
			next := (d + 1) % 7
			if a, b, ok := clash(o.Week[d], o.Week[next]); ok {
				r.fault(n, key+".opening_hours", fmt.Sprintf("%s of %s runs into %s of %s", a, weekdays[d], b, weekdays[next]), "")
			}
		}
	}
	n := given["closures"]
	if n == nil {
		return
	}
	dates := slices.SortedFunc(maps.Keys(o.Closures), func(a, b Date) int { return strings.Compare(a.String(), b.String()) })
	for _, d := range dates {
		before, after := d.AddDays(-1), d.AddDays(1)
		if a, b, ok := clash(o.begun(before), o.begun(d)); ok {
			r.fault(n, key+".closures", fmt.Sprintf("%s of %s runs into %s of %s", a, before, b, d), "")
		}
		if _, dated := o.Closures[after]; dated {
			continue
		}
		if a, b, ok := clash(o.begun(d), o.begun(after)); ok {
			r.fault(n, key+".closures", fmt.Sprintf("%s of %s runs into %s of %s", a, d, b, after), "")
		}
	}
}

// clash is a span of one day and one of the next that overlap.
func clash(day, next []Span) (a, b Span, found bool) {
	for _, a := range day {
		for _, b := range next {
			if a.End-dayMinutes > b.Start {
				return a, b, true
			}
		}
	}
	return Span{}, Span{}, false
}

// String is the span as in the file: 18:00-02:00.
func (s Span) String() string {
	end := s.End
	if end > dayMinutes {
		end -= dayMinutes
	}
	return clock(s.Start) + "-" + clock(end)
}

func clock(minutes int) string { return fmt.Sprintf("%02d:%02d", minutes/60, minutes%60) }

func spanKind() kind[Span] {
	return kind[Span]{"text", `HH:MM-HH:MM in quarter hours, such as 09:00-18:00, 18:00-24:00 or, past midnight, 18:00-02:00`, []string{tagText},
		func(text string) (Span, string) {
			from, to, ok := strings.Cut(text, "-")
			start, ok1 := parseClock(strings.TrimSpace(from))
			end, ok2 := parseClock(strings.TrimSpace(to))
			switch {
			case !ok || !ok1 || !ok2 || start == dayMinutes:
				return Span{}, quoted(text) + " is not a span of a day"
			case start%15 != 0 || end%15 != 0:
				return Span{}, quoted(text) + " is not in quarter hours"
			case start == end:
				return Span{}, quoted(text) + " has no length (the whole day is 00:00-24:00)"
			case end < start && end == 0:
				return Span{start, dayMinutes}, ""
			case end < start:
				return Span{start, end + dayMinutes}, ""
			}
			return Span{start, end}, ""
		}}
}

func clockKind() kind[int] {
	return kind[int]{"text", "a time of day in quarter hours from 00:00 to 23:45", []string{tagText},
		func(text string) (int, string) {
			minutes, ok := parseClock(text)
			switch {
			case !ok || minutes == dayMinutes:
				return 0, quoted(text) + " is not a time of day"
			case minutes%15 != 0:
				return 0, quoted(text) + " is not a quarter hour"
			}
			return minutes, ""
		}}
}

// parseClock reads H:MM or HH:MM, up to 24:00, as minutes.
func parseClock(text string) (int, bool) {
	hours, minutes, ok := strings.Cut(text, ":")
	h, err1 := strconv.ParseUint(hours, 10, 8)
	m, err2 := strconv.ParseUint(minutes, 10, 8)
	if !ok || err1 != nil || err2 != nil || len(hours) > 2 || len(minutes) != 2 || m > 59 {
		return 0, false
	}
	total := int(h*60 + m)
	return total, total <= dayMinutes
}
