package api

import (
	"fmt"
	"regexp"
	"time"

	"github.com/footfall/footfall/analytics"
)

const (
	localMinutes = "2006-01-02T15:04"
	localSeconds = "2006-01-02T15:04:05"
)

// lostPlus is an offset whose plus sign came as a space, as it does in a query
// that was not escaped.
var lostPlus = regexp.MustCompile(`^(.{10}[T ].*[0-9]) ([0-9]{2}:[0-9]{2})$`)

// ParseInstant reads what from and to may be, as Unix microseconds: an instant
// (2026-03-02T09:00:00Z, seconds and their fraction may be left out), a local time
// (2026-03-02T09:00), read by the calendar's zone, or a date, which is the
// beginning of that business day. A local time that the clock shows twice is the
// earlier of the two; one that it skips is an error.
func ParseInstant(s string, c analytics.Calendar) (int64, error) {
	text := lostPlus.ReplaceAllString(s, "$1+$2")
	if len(text) > 10 && text[10] == ' ' {
		text = text[:10] + "T" + text[11:]
	}
	at, err := parseInstant(text, c)
	if err != nil {
		return 0, err
	}
	if year := at.UTC().Year(); year < 1970 || year > 9999 {
		return 0, fmt.Errorf("%q is not between the years 1970 and 9999", s)
	}
	return at.UnixMicro(), nil
}

func parseInstant(s string, c analytics.Calendar) (time.Time, error) {
	if day, err := time.Parse(time.DateOnly, s); err == nil {
		// Some hours into the day, past any clock change at its beginning.
		into := day.Add(time.Duration(c.DayStart)*time.Minute + 6*time.Hour)
		wall := time.Date(into.Year(), into.Month(), into.Day(), into.Hour(), into.Minute(), 0, 0, c.Zone)
		return time.UnixMicro(c.Start(analytics.Bucket1d, wall.UnixMicro())), nil
	}
	for _, layout := range []string{localSeconds + "Z07:00", localMinutes + "Z07:00"} {
		if at, err := time.Parse(layout, s); err == nil {
			return at, nil
		}
	}
	for _, layout := range []string{localSeconds, localMinutes} {
		if wall, err := time.Parse(layout, s); err == nil {
			return localTime(wall, c.Zone)
		}
	}
	return time.Time{}, fmt.Errorf("%q is not a time; use 2026-03-02T09:00:00Z, 2026-03-02T09:00 or 2026-03-02", s)
}

// localTime is the first instant at which the clock of a zone shows what wall
// shows in UTC.
func localTime(wall time.Time, zone *time.Location) (time.Time, error) {
	var first time.Time
	for _, around := range []time.Duration{-36 * time.Hour, 0, 36 * time.Hour} {
		_, offset := wall.Add(around).In(zone).Zone()
		at := wall.Add(-time.Duration(offset) * time.Second)
		if _, there := at.In(zone).Zone(); there != offset {
			continue
		}
		if first.IsZero() || at.Before(first) {
			first = at
		}
	}
	if first.IsZero() {
		return first, fmt.Errorf("%s does not exist in %s, where the clock skips it", wall.Format(localSeconds), zone)
	}
	return first, nil
}
