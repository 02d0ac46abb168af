package recording

import "time"

const (
	microsPerSecond = 1_000_000
	secondsPerDay   = 86_400

	// earliest and latest bound the times of a recording: years 1970 to 2200 in UTC.
	earliest = 0
	latest   = 7_289_654_400*microsPerSecond - 1
)

// parseTime reads an RFC 3339 timestamp as Unix microseconds, digits beyond the
// microsecond cut off. It takes neither leap seconds nor anything but 'T' between
// date and time, and so agrees with time.Parse on what is well formed.
func parseTime(b []byte) (micros int64, ok bool) {
	if len(b) < len("2006-01-02T15:04:05Z") ||
		b[4] != '-' || b[7] != '-' || b[10] != 'T' || b[13] != ':' || b[16] != ':' {
		return 0, false
	}
	high, low := pair(b[0:]), pair(b[2:])
	month, day := pair(b[5:]), pair(b[8:])
	hour, minute, second := pair(b[11:]), pair(b[14:]), pair(b[17:])
	if high|low|month|day|hour|minute|second < 0 {
		return 0, false
	}
	year := high*100 + low
	if month < 1 || month > 12 || day < 1 || day > daysIn(year, month) || hour > 23 || minute > 59 || second > 59 {
		return 0, false
	}
	fraction, rest, ok := parseFraction(b[19:])
	if !ok {
		return 0, false
	}
	offset, ok := parseOffset(rest)
	if !ok {
		return 0, false
	}
	seconds := daysSince1970(year, month, day)*secondsPerDay + int64(hour*3600+minute*60+second) - offset
	return seconds*microsPerSecond + fraction, true
}

// pair reads two digits; negative where they are none.
func pair(b []byte) int {
	tens, ones := b[0]-'0', b[1]-'0'
	if tens > 9 || ones > 9 {
		return -1
	}
	return int(tens)*10 + int(ones)
}

// parseFraction reads an optional ".digits" as microseconds.
func parseFraction(b []byte) (micros int64, rest []byte, ok bool) {
	if b[0] != '.' {
		return 0, b, true
	}
	i, scale := 1, int64(microsPerSecond/10)
	for ; i < len(b) && b[i]-'0' <= 9; i++ {
		micros += int64(b[i]-'0') * scale
		scale /= 10
	}
	return micros, b[i:], i > 1
}

// parseOffset reads "Z" or "±hh:mm", the whole of b, as seconds east of Greenwich.
func parseOffset(b []byte) (seconds int64, ok bool) {
	if len(b) == 1 && b[0] == 'Z' {
		return 0, true
	}
	if len(b) != len("+00:00") || b[3] != ':' {
		return 0, false
	}
	hours, minutes := pair(b[1:]), pair(b[4:])
	if hours|minutes < 0 || hours > 23 || minutes > 59 {
		return 0, false
	}
	seconds = int64(hours*3600 + minutes*60)
	switch b[0] {
	case '+':
		return seconds, true
	case '-':
		return -seconds, true
	}
	return 0, false
}

func daysIn(year, month int) int {
	switch month {
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	}
	return 31
}

// daysSince1970 counts days of the proleptic Gregorian calendar, for years from 0.
// Years are taken to begin in March, so that the leap day is their last
// (Howard Hinnant, "chrono-compatible low-level date algorithms", days_from_civil).
func daysSince1970(year, month, day int) int64 {
	if month <= 2 {
		year--
		month += 12
	}
	year += 400 // keeps the divisions below on positive numbers
	dayOfYear := (153*(month-3)+2)/5 + day - 1
	return int64(365*year+year/4-year/100+year/400+dayOfYear) - 719_468 - 146_097
}

// appendTime writes Unix microseconds as RFC 3339 in UTC, with three digits of a
// second where they say it all, else six.
func appendTime(dst []byte, micros int64) []byte {
	layout := "2006-01-02T15:04:05.000Z"
	if micros%1000 != 0 {
		layout = "2006-01-02T15:04:05.000000Z"
	}
	return time.UnixMicro(micros).UTC().AppendFormat(dst, layout)
}

// inRange reports whether a time lies in the years 1970 to 2200.
func inRange(micros int64) bool { return micros >= earliest && micros <= latest }
