package config

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// kind is a type of value: what it accepts, in words, and the way from text to it. parse
// returns what is wrong, or "".
type kind[T any] struct {
	name    string
	allowed string
	tags    []string // the YAML types it may be written as
	parse   func(text string) (value T, problem string)
}

const (
	tagText  = "!!str"
	tagInt   = "!!int"
	tagFloat = "!!float"
	tagBool  = "!!bool"
	tagNull  = "!!null"
	tagTime  = "!!timestamp"

	typeList = "list"
)

// mostDuration bounds every duration; nothing that is counted live waits for longer.
const mostDuration = 24 * time.Hour

func durationKind(least time.Duration) kind[time.Duration] {
	return durationBetween(least, mostDuration)
}

func durationBetween(least, most time.Duration) kind[time.Duration] {
	bounds := "from 0"
	if least > 0 {
		bounds = "above 0 and up"
	}
	allowed := fmt.Sprintf("a duration %s to %s, such as 250ms, 1s or 1h, or a number of seconds", bounds, brief(most))
	return kind[time.Duration]{"duration", allowed, []string{tagText, tagInt, tagFloat},
		func(text string) (time.Duration, string) {
			d, ok := parseDuration(text)
			switch {
			case !ok:
				return 0, quoted(text) + " is not a duration"
			case d < 0:
				return 0, quoted(text) + " is negative"
			case d < least:
				return 0, quoted(text) + " is too short"
			case d > most:
				return 0, quoted(text) + " is too long"
			}
			return d, ""
		}}
}

// parseDuration reads "1s" or a number of seconds, rounded to microseconds.
func parseDuration(text string) (time.Duration, bool) {
	if d, err := time.ParseDuration(text); err == nil {
		return d.Round(time.Microsecond), true
	}
	seconds, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(seconds) || math.Abs(seconds) > 1e9 {
		return 0, false
	}
	return time.Duration(math.Round(seconds*1e6)) * time.Microsecond, true
}

func numberKind(least, most int64, unit string) kind[int64] {
	allowed := fmt.Sprintf("a whole number from %d to %d", least, most)
	if unit != "" {
		allowed = fmt.Sprintf("a whole number of %s from %d to %d", unit, least, most)
	}
	return kind[int64]{"number", allowed, []string{tagInt, tagFloat}, func(text string) (int64, string) {
		n, err := strconv.ParseInt(text, 10, 64)
		switch {
		case err != nil:
			return 0, quoted(text) + " is not such a whole number"
		case n < 0 && least >= 0:
			return 0, quoted(text) + " is negative"
		case n < least:
			return 0, quoted(text) + " is too small"
		case n > most:
			return 0, quoted(text) + " is too large"
		}
		return n, ""
	}}
}

func centimetresKind(least, most float64) kind[float64] {
	allowed := fmt.Sprintf("a number of cm from %g to %.0f", least, most)
	return kind[float64]{"number", allowed, []string{tagInt, tagFloat}, func(text string) (float64, string) {
		x, err := strconv.ParseFloat(text, 64)
		switch {
		case err != nil || math.IsNaN(x) || math.IsInf(x, 0):
			return 0, quoted(text) + " is not such a number"
		case x < 0:
			return 0, quoted(text) + " is negative"
		case x < least || x > most:
			return 0, quoted(text) + " is out of range"
		}
		return x, ""
	}}
}

func boolKind() kind[bool] {
	return kind[bool]{"bool", "true or false", []string{tagBool}, func(text string) (bool, string) {
		switch strings.ToLower(text) {
		case "true":
			return true, ""
		case "false":
			return false, ""
		}
		return false, quoted(text) + " is neither true nor false"
	}}
}

func pathKind(allowed string) kind[string] {
	return kind[string]{"text", allowed, []string{tagText}, func(text string) (string, string) {
		if text == "" {
			return "", "is empty"
		}
		return text, unprintable(text)
	}}
}

func optionalPathKind() kind[string] {
	return kind[string]{"text", `a path, or "" for none`, []string{tagText}, func(text string) (string, string) {
		return text, unprintable(text)
	}}
}

// textKind is one line of 1 to most characters.
func textKind(most int) kind[string] {
	allowed := fmt.Sprintf("text of 1 to %d characters in one line", most)
	return kind[string]{"text", allowed, []string{tagText}, func(text string) (string, string) {
		switch {
		case strings.TrimSpace(text) == "":
			return "", "is empty"
		case utf8.RuneCountInString(text) > most:
			return "", fmt.Sprintf("has %d characters", utf8.RuneCountInString(text))
		}
		return text, unprintable(text)
	}}
}

// optionalTextKind is textKind, or nothing.
func optionalTextKind(most int) kind[string] {
	given := textKind(most)
	return kind[string]{"text", given.allowed + `, or "" for none`, given.tags, func(text string) (string, string) {
		if text == "" {
			return "", ""
		}
		return given.parse(text)
	}}
}

func unprintable(text string) string {
	if !utf8.ValidString(text) {
		return "is not valid UTF-8"
	}
	if strings.ContainsFunc(text, unicode.IsControl) {
		return "has a control character or line break in it"
	}
	return ""
}

// quoted is text for a message: in quotes, and cut where it is long.
func quoted(text string) string {
	const most = 60
	if utf8.RuneCountInString(text) > most {
		text = string([]rune(text)[:most]) + "…"
	}
	return strconv.Quote(text)
}

// brief is a duration without the zero units at its end: 24h, not 24h0m0s.
func brief(d time.Duration) string {
	if d == 0 {
		return "0"
	}
	text := d.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}
