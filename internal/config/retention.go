package config

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// The bounds of a time for which something is kept. More days are no duration.
const (
	leastAge    = 24 * time.Hour
	mostAgeDays = 36_500
	mostAge     = mostAgeDays * 24 * time.Hour
)

// ageKind is a duration that may be written in days, 0 for ever.
func ageKind() kind[time.Duration] {
	allowed := fmt.Sprintf("a number of days from 1d to %dd, or a duration of as long such as 2160h; 0 is for ever", mostAgeDays)
	return kind[time.Duration]{"duration", allowed, []string{tagText, tagInt, tagFloat},
		func(text string) (time.Duration, string) {
			d, ok := parseAge(text)
			switch {
			case !ok:
				return 0, quoted(text) + " is not a duration"
			case d < 0:
				return 0, quoted(text) + " is negative"
			case d > 0 && d < leastAge:
				return 0, quoted(text) + " is too short"
			case d > mostAge:
				return 0, quoted(text) + " is too long"
			}
			return d, ""
		}}
}

func parseAge(text string) (time.Duration, bool) {
	number, inDays := strings.CutSuffix(text, "d")
	if !inDays {
		return parseDuration(text)
	}
	days, err := strconv.ParseInt(number, 10, 32)
	if err != nil {
		return 0, false
	}
	return time.Duration(min(max(days, -1), mostAgeDays+1)) * 24 * time.Hour, true
}

// age is how one writes it.
func age(d time.Duration) string {
	switch {
	case d == 0:
		return "0, for ever"
	case d%(24*time.Hour) == 0:
		return fmt.Sprintf("%dd", d/(24*time.Hour))
	}
	return brief(d)
}

// retentions checks that no level is kept for less than a finer one.
func (l *loader) retentions(c *Config) {
	keys := [...]string{"retention.minutes", "retention.quarters", "retention.days"}
	kept := [...]time.Duration{c.Retention.Minutes, c.Retention.Quarters, c.Retention.Days}
	for i := 1; i < len(keys); i++ {
		fine, coarse := kept[i-1], kept[i]
		if l.wrong[keys[i-1]] || l.wrong[keys[i]] || coarse == 0 || fine > 0 && fine <= coarse {
			continue
		}
		key := keys[i]
		if c.Source(key) == sourceDefault {
			key = keys[i-1]
		}
		l.faults = append(l.faults, Fault{
			Source: c.Source(key), Key: key,
			Problem: fmt.Sprintf("%s (%s, %s) is shorter than %s (%s, %s)",
				keys[i], age(coarse), c.Source(keys[i]), keys[i-1], age(fine), c.Source(keys[i-1])),
			Allowed: "coarser counts are kept at least as long as finer ones, or for ever (0)",
		})
	}
}
