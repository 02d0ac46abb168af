package signals

import (
	"encoding/binary"
	"math"
	"math/bits"
	"strconv"
	"unsafe"
)

// load8 is the eight bytes from b[i] on, the first one lowest, with zeros for what
// lies beyond the end. b has at least eight bytes, i is not beyond its end.
func load8(b []byte, i int) uint64 {
	if i <= len(b)-8 {
		return binary.LittleEndian.Uint64(b[i:])
	}
	return binary.LittleEndian.Uint64(b[len(b)-8:]) >> (8 * uint(i+8-len(b)))
}

const ones = 0x0101010101010101

// nonDigits gives the values of eight characters as decimal digits and marks by
// its highest bit each byte that is none; what follows a byte beyond ASCII may be
// marked, too.
func nonDigits(chars uint64) (digits, marks uint64) {
	digits = chars ^ '0'*ones // all but digits become more than 9
	return digits, (digits | (digits + (0x7F-9)*ones)) & (0x80 * ones)
}

// joinDigits is the decimal number whose digits the bytes of d are, the lowest one
// first, in three multiplications (Lemire 2018, "Quickly parsing eight digits").
func joinDigits(d uint64) uint64 {
	d = d * (10<<8 + 1) >> 8 & 0x00FF00FF00FF00FF
	d = d * (100<<16 + 1) >> 16 & 0x0000FFFF0000FFFF
	return d * (10_000<<32 + 1) >> 32
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

// sign is 1 and the index after the sign if b[i] is a minus, else 0 and i. The
// signs of positions are as good as random, so there is no branch for them.
func sign(b []byte, i int) (minus, after int) {
	minus = int(((load8(b, i)&0xFF ^ '-') - 1) >> 63) // only 0 - 1 has the highest bit
	return minus, i + minus
}

// scanInt reads an integer of 64 bits.
func scanInt(b []byte, i int) (int64, int) {
	minus, start := sign(b, i)
	n, end := scanUnsigned(b, start)
	if end < 0 || n > math.MaxInt64 || !ends(b, end) {
		return 0, -1
	}
	return int64(n) * int64(1-2*minus), end
}

// scanUnsigned reads digits, whatever follows them.
func scanUnsigned(b []byte, i int) (uint64, int) {
	digits, marks := nonDigits(load8(b, i))
	width := bits.TrailingZeros64(marks) &^ 7 // in bits; 64 if all are digits
	n, end := joinDigits(digits<<(64-width)), i+width/8
	if width == 64 {
		n, end = scanDigits(b, end, n)
	}
	if !isInteger(b, i, end) || end-i > maxDigits {
		return 0, -1
	}
	return n, end
}

// ends reports whether a number may end before b[i].
func ends(b []byte, i int) bool {
	return i < len(b) && (b[i] == ',' || b[i] == '}' || isSpace(b[i]))
}

// pow10 holds the powers of ten that float64 holds exactly.
var pow10 = [...]float64{1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11,
	1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22}

// scanFloat reads a decimal without exponent.
func scanFloat(b []byte, i int) (float64, int) {
	f, end := scanDecimal(b, i)
	if end < 0 || !ends(b, end) {
		return 0, -1
	}
	return f, end
}

// scanDecimal is scanFloat whatever follows the number. Positions as sensors send
// them have up to seven characters, sign aside: those are read at once.
func scanDecimal(b []byte, i int) (float64, int) {
	minus, start := sign(b, i)
	chars := load8(b, start)
	digits, marks := nonDigits(chars)
	point := bits.TrailingZeros64(marks) &^ 7 // its place, in bits
	marks &= marks - 1
	end := bits.TrailingZeros64(marks) &^ 7
	if byte(chars>>point) != '.' || marks == 0 || end == point+8 || point == 0 || byte(chars) == '0' && point > 8 {
		return scanLongDecimal(b, i)
	}
	whole := uint64(1)<<point - 1
	digits = digits&whole | digits>>8&^whole // the point taken out
	f := float64(int64(joinDigits(digits<<(72-end)))) / pow10[(end-point)/8-1]
	return math.Float64frombits(math.Float64bits(f) | uint64(minus)<<63), start + end/8
}

// scanLongDecimal is scanDecimal for any number of digits. With all of them in
// less than 53 bits the quotient of two exact numbers is the nearest one (Clinger
// 1990).
func scanLongDecimal(b []byte, i int) (float64, int) {
	minus, start := sign(b, i)
	mantissa, end := scanDigits(b, start, 0)
	if !isInteger(b, start, end) {
		return 0, -1
	}
	digits, fraction := end-start, 0
	if end < len(b) && b[end] == '.' {
		point := end + 1
		mantissa, end = scanDigits(b, point, mantissa)
		if fraction = end - point; fraction == 0 {
			return 0, -1
		}
		digits += fraction
	}
	if digits > maxDigits || mantissa >= 1<<53 {
		f, err := strconv.ParseFloat(unsafe.String(&b[i], end-i), 64) //nolint:gosec // ParseFloat keeps no reference
		if err != nil {
			return 0, -1
		}
		return f, end
	}
	f := float64(int64(mantissa)) / pow10[fraction]
	return math.Float64frombits(math.Float64bits(f) | uint64(minus)<<63), end
}
