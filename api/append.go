package api

import (
	"encoding/json"
	"math"
	"strconv"
	"time"
)

// appendTime appends an instant in Unix microseconds as RFC 3339 in UTC, with a
// fraction only where there is one.
func appendTime(b []byte, at int64) []byte {
	return time.UnixMicro(at).UTC().AppendFormat(b, time.RFC3339Nano)
}

// appendNumber appends the shortest decimal that reads back as f, never with an
// exponent. f is finite.
func appendNumber(b []byte, f float64) []byte {
	// Most figures are whole, or seconds to the microsecond: with at most 15 digits
	// their decimal is the shortest one.
	if micro := f * 1e6; math.Abs(micro) < 1e15 {
		if n := int64(math.Round(micro)); float64(n)/1e6 == f {
			return appendMillionths(b, n)
		}
	}
	return strconv.AppendFloat(b, f, 'f', -1, 64)
}

func appendMillionths(b []byte, n int64) []byte {
	if n < 0 {
		b, n = append(b, '-'), -n
	}
	b = strconv.AppendInt(b, n/1e6, 10)
	fraction := n % 1e6
	if fraction == 0 {
		return b
	}
	b = append(b, '.')
	for unit := int64(1e5); fraction > 0; unit /= 10 {
		b = append(b, byte('0'+fraction/unit))
		fraction %= unit
	}
	return b
}

// appendText appends a JSON string.
func appendText(b []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			quoted, _ := json.Marshal(s) // cannot fail: invalid UTF-8 is replaced
			return append(b, quoted...)
		}
	}
	b = append(b, '"')
	b = append(b, s...)
	return append(b, '"')
}
