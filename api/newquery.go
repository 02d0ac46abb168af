package api

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/footfall/footfall/analytics"
)

// Timezone tells a location's time zone and the minutes after midnight at which
// its days begin; nil is UTC.
type Timezone func(location int64) (zone *time.Location, dayStart int)

// NewQuery makes a query of a report's parameters from, to, bucket, hours, tz, zone,
// compare, sort and limit as the API takes them; other values are ignored. Dates and
// local times are each location's own, by tz or its clock. Left out, from is the
// beginning of the business day that now lies in, and to the end of the minute that
// now lies in. timezone may be nil. The error is an *analytics.QueryError.
func NewQuery(kind string, locations []int64, values url.Values, now time.Time, timezone Timezone) (analytics.Query, error) {
	q := analytics.Query{
		Kind: kind, Locations: locations, Zones: values["zone"], Timezone: values.Get("tz"),
		Now: now.UnixMicro(), Sort: values.Get("sort"),
	}
	if kinds := analytics.Kinds(); !slices.Contains(kinds, kind) {
		return q, &analytics.QueryError{Parameter: "kind", NotFound: true, Reason: fmt.Sprintf("there is no report %q; there are %s", kind, strings.Join(kinds, ", "))}
	}
	var err error
	if q.Bucket, err = analytics.ParseBucket(values.Get("bucket")); err != nil {
		return q, &analytics.QueryError{Parameter: "bucket", Reason: err.Error()}
	}
	if q.Hours, err = analytics.ParseHours(values.Get("hours")); err != nil {
		return q, &analytics.QueryError{Parameter: "hours", Reason: err.Error()}
	}
	if q.Limit, err = parseLimit(values.Get("limit")); err != nil {
		return q, err
	}
	calendars, err := calendarsFor(locations, q.Timezone, timezone)
	if err != nil {
		return q, err
	}
	for _, c := range calendars {
		if err := addInterval(&q, values, now, c); err != nil {
			return q, err
		}
	}
	if len(q.Intervals) == 1 || same(q.Intervals) {
		q.Intervals = nil
	}
	return q, nil
}

// addInterval adds what the parameters say by the calendar of one location.
func addInterval(q *analytics.Query, values url.Values, now time.Time, c analytics.Calendar) error {
	i := analytics.Interval{From: c.Start(analytics.Bucket1d, q.Now), To: now.Truncate(time.Minute).Add(time.Minute).UnixMicro()}
	for _, end := range []struct {
		name string
		at   *int64
	}{{"from", &i.From}, {"to", &i.To}} {
		if text := values.Get(end.name); text != "" {
			var err error
			if *end.at, err = ParseInstant(text, c); err != nil {
				return &analytics.QueryError{Parameter: end.name, Reason: err.Error()}
			}
		}
	}
	if i.To <= i.From {
		return &analytics.QueryError{Parameter: "to", Reason: fmt.Sprintf("%s is not after from, which is %s", appendTime(nil, i.To), appendTime(nil, i.From))}
	}
	if len(q.Intervals) == 0 {
		q.From, q.To = i.From, i.To
	}
	q.From, q.To = min(q.From, i.From), max(q.To, i.To)
	q.Intervals = append(q.Intervals, i)
	return addCompare(q, values.Get("compare"), c)
}

// addCompare reads what to compare with, an instant by the calendar of one location.
func addCompare(q *analytics.Query, text string, c analytics.Calendar) error {
	switch text {
	case "":
		return nil
	case "previous":
		q.Compare = analytics.ComparePrevious
		return nil
	case "last_year":
		q.Compare = analytics.CompareLastYear
		return nil
	}
	at, err := ParseInstant(text, c)
	if err != nil {
		return &analytics.QueryError{Parameter: "compare", Reason: err.Error() + "; or previous or last_year"}
	}
	q.Compare, q.CompareFrom = analytics.CompareFrom, append(q.CompareFrom, at)
	return nil
}

func parseLimit(text string) (int, error) {
	if text == "" {
		return 0, nil
	}
	limit, err := strconv.Atoi(text)
	if err != nil || limit < 1 || limit > analytics.MaxRows {
		return 0, &analytics.QueryError{Parameter: "limit", Reason: fmt.Sprintf("%q is no whole number from 1 to %d", text, analytics.MaxRows)}
	}
	return limit, nil
}

func same(intervals []analytics.Interval) bool {
	return !slices.ContainsFunc(intervals, func(i analytics.Interval) bool { return i != intervals[0] })
}

// calendarsFor gives the calendar of each location, at least one.
func calendarsFor(locations []int64, tz string, timezone Timezone) ([]analytics.Calendar, error) {
	var asked *time.Location
	if tz != "" {
		var err error
		if asked, err = time.LoadLocation(tz); err != nil || tz == "Local" {
			return nil, &analytics.QueryError{Parameter: "tz", Reason: fmt.Sprintf("time zone %q is not known; use an IANA name such as Europe/Helsinki", tz)}
		}
	}
	var calendars []analytics.Calendar
	for _, location := range locations {
		c := calendarOf(timezone, location)
		if asked != nil {
			c.Zone = asked
		}
		calendars = append(calendars, c)
	}
	if len(calendars) > 0 {
		return calendars, nil
	}
	if asked == nil {
		asked = time.UTC
	}
	return []analytics.Calendar{{Zone: asked}}, nil
}

func calendarOf(timezone Timezone, location int64) analytics.Calendar {
	if timezone == nil {
		return analytics.Calendar{Zone: time.UTC}
	}
	zone, dayStart := timezone(location)
	if zone == nil {
		return analytics.Calendar{Zone: time.UTC}
	}
	return analytics.Calendar{Zone: zone, DayStart: dayStart}
}
