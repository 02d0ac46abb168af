package signals

import (
	"math"
	"strconv"
	"unsafe"
)

// The scanners below read one plain value that begins at b[i] and return it with
// the index after it, or with -1 where the value is not what they read, be it
// malformed or only unusual. Where they compare with a literal they do so at the
// spot: the compiler then makes one or two loads of it instead of a call.

func skipSpace(b []byte, i int) int {
	for i < len(b) && b[i] <= ' ' && isSpace(b[i]) {
		i++
	}
	return i
}

func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' }

// scanType reads the name of a hot kind.
func scanType(b []byte, i int) (Kind, int) {
	v := b[i:]
	if len(v) >= 16 && string(v[:16]) == `"realtime_person` {
		if len(v) >= 26 && string(v[16:26]) == `_position"` {
			return KindPosition, i + 26
		}
		if len(v) >= 22 && string(v[16:22]) == `_lost"` {
			return KindLost, i + 22
		}
	}
	if len(v) >= 23 && string(v[:12]) == `"realtime_de` && string(v[12:23]) == `mographics"` {
		return KindDemographics, i + 23
	}
	return KindUnknown, -1
}

// scanInt reads an integer of 64 bits.
func scanInt(b []byte, i int) (int64, int) {
	neg := i < len(b) && b[i] == '-'
	if neg {
		i++
	}
	n, end := scanDigits(b, i, 0)
	if !isInteger(b, i, end) || end-i > maxDigits || n > math.MaxInt64 || !ends(b, end) {
		return 0, -1
	}
	if neg {
		return -int64(n), end
	}
	return int64(n), end
}

// maxDigits is how many decimal digits any uint64 holds.
const maxDigits = 19

// scanDigits reads the digits from b[i] on as if they followed those of v, and
// returns the index after them. Beyond maxDigits the value means nothing.
func scanDigits(b []byte, i int, v uint64) (uint64, int) {
	for ; i < len(b); i++ {
		digit := b[i] - '0'
		if digit > 9 {
			break
		}
		v = v*10 + uint64(digit)
	}
	return v, i
}

// isInteger reports whether the digits b[start:end] are one or more and have no
// leading zero.
func isInteger(b []byte, start, end int) bool {
	return end > start && (b[start] != '0' || end == start+1)
}

// ends reports whether a number may end before b[i].
func ends(b []byte, i int) bool {
	return i < len(b) && (b[i] == ',' || b[i] == '}' || isSpace(b[i]))
}

// pow10 holds the powers of ten that float64 holds exactly.
var pow10 = [...]float64{1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11,
	1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22}

// scanFloat reads a decimal without exponent. With all digits in less than 53
// bits the quotient of two exact numbers is the nearest one (Clinger 1990).
func scanFloat(b []byte, i int) (float64, int) {
	number := i
	neg := i < len(b) && b[i] == '-'
	if neg {
		i++
	}
	mantissa, end := scanDigits(b, i, 0)
	if !isInteger(b, i, end) {
		return 0, -1
	}
	digits, fraction := end-i, 0
	if end < len(b) && b[end] == '.' {
		point := end + 1
		mantissa, end = scanDigits(b, point, mantissa)
		if fraction = end - point; fraction == 0 {
			return 0, -1
		}
		digits += fraction
	}
	if !ends(b, end) {
		return 0, -1
	}
	if digits > maxDigits || mantissa >= 1<<53 {
		f, err := strconv.ParseFloat(unsafe.String(&b[number], end-number), 64) //nolint:gosec // ParseFloat keeps no reference
		if err != nil {
			return 0, -1
		}
		return f, end
	}
	f := float64(mantissa) / pow10[fraction]
	if neg {
		f = -f
	}
	return f, end
}

// skipMember reads a member of no interest whose value is a number, a plain
// string or a literal.
func skipMember(b []byte, i int) int {
	if i = skipString(b, i); i < 0 || i == len(b) || b[i] != ':' {
		return -1
	}
	i = skipSpace(b, i+1)
	if i == len(b) {
		return -1
	}
	switch b[i] {
	case '"':
		return skipString(b, i)
	case 't':
		return skipLiteral(b, i, "true")
	case 'f':
		return skipLiteral(b, i, "false")
	case 'n':
		return skipLiteral(b, i, "null")
	}
	_, i = scanFloat(b, i)
	return i
}

func skipLiteral(b []byte, i int, literal string) int {
	if len(b)-i < len(literal) || string(b[i:i+len(literal)]) != literal {
		return -1
	}
	return i + len(literal)
}

// skipString skips a string of printable ASCII without escapes.
func skipString(b []byte, i int) int {
	if i == len(b) || b[i] != '"' {
		return -1
	}
	for i++; i < len(b); i++ {
		switch c := b[i]; {
		case c == '"':
			return i + 1
		case c == '\\' || c < ' ' || c > '~':
			return -1
		}
	}
	return -1
}
