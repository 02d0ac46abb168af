package api

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/footfall/footfall/analytics"
)

// Timezone tells a location's time zone and the minutes after midnight at which
// its days begin; nil is UTC.
type Timezone func(location int64) (zone *time.Location, dayStart int)

// NewQuery makes a query of a report's parameters from, to, bucket, tz and zone as
// the API takes them; other values are ignored. Left out, from is the beginning of
// the business day that now lies in (the earliest of the locations' days), and to
// the end of the minute that now lies in. timezone may be nil. The error is an
// *analytics.QueryError.
func NewQuery(kind string, locations []int64, values url.Values, now time.Time, timezone Timezone) (analytics.Query, error) {
	q := analytics.Query{
		Kind: kind, Locations: locations, Zones: values["zone"], Timezone: values.Get("tz"),
		Now: now.UnixMicro(), To: now.Truncate(time.Minute).Add(time.Minute).UnixMicro(),
	}
	if kinds := analytics.Kinds(); !slices.Contains(kinds, kind) {
		return q, &analytics.QueryError{Parameter: "kind", NotFound: true, Reason: fmt.Sprintf("there is no report %q; there are %s", kind, strings.Join(kinds, ", "))}
	}
	var err error
	if q.Bucket, err = analytics.ParseBucket(values.Get("bucket")); err != nil {
		return q, &analytics.QueryError{Parameter: "bucket", Reason: err.Error()}
	}
	calendars, err := calendarsFor(locations, q.Timezone, timezone)
	if err != nil {
		return q, err
	}
	q.From = today(calendars, q.Now)
	for _, end := range []struct {
		name string
		at   *int64
	}{{"from", &q.From}, {"to", &q.To}} {
		if text := values.Get(end.name); text != "" {
			if *end.at, err = parseByAll(text, calendars); err != nil {
				return q, &analytics.QueryError{Parameter: end.name, Reason: err.Error()}
			}
		}
	}
	if q.To <= q.From {
		return q, &analytics.QueryError{Parameter: "to", Reason: fmt.Sprintf("%s is not after from, which is %s", appendTime(nil, q.To), appendTime(nil, q.From))}
	}
	return q, nil
}

// calendarsFor gives the different calendars of the locations, at least one.
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
		if !slices.ContainsFunc(calendars, func(o analytics.Calendar) bool {
			return o.DayStart == c.DayStart && o.Zone.String() == c.Zone.String()
		}) {
			calendars = append(calendars, c)
		}
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

// today is the earliest beginning of the business day that now lies in.
func today(calendars []analytics.Calendar, now int64) int64 {
	first := now
	for _, c := range calendars {
		first = min(first, c.Start(analytics.Bucket1d, now))
	}
	return first
}

// parseByAll reads an instant that must be the same by every calendar.
func parseByAll(text string, calendars []analytics.Calendar) (int64, error) {
	at, err := ParseInstant(text, calendars[0])
	if err != nil {
		return 0, err
	}
	for _, c := range calendars[1:] {
		if other, err := ParseInstant(text, c); err != nil || other != at {
			return 0, fmt.Errorf("%q is not the same instant by the clocks of all these locations; give it with an offset, or give tz", text)
		}
	}
	return at, nil
}
