package signals

import (
	"math"
	"math/rand/v2"
	"regexp"
	"strconv"
	"testing"
)

// drawNumber is something like a number, at any distance from both ends.
func drawNumber(r *rand.Rand) (b []byte, at int) {
	const alphabet = "0123456789012345678901234567890123456789..--,}eE/:\x00\xA0\xB0\xB9\xFF"
	b = make([]byte, r.IntN(10), 50)
	at = len(b)
	for range r.IntN(25) {
		b = append(b, alphabet[r.IntN(len(alphabet))])
	}
	for len(b) < 8 || r.IntN(3) > 0 {
		b = append(b, '}')
	}
	return b, at
}

// The numbers are those that regular expressions and strconv make of them.
func TestScanNumbersAgainstStrconv(t *testing.T) {
	decimal := regexp.MustCompile(`^-?[0-9]+(\.[0-9]*)?`)
	wellFormed := regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?$`)
	unsigned := regexp.MustCompile(`^(0|[1-9][0-9]{0,18})([^0-9]|$)`)
	r := rand.New(rand.NewPCG(7, 7))
	numbers := 0
	for range 100_000 {
		b, at := drawNumber(r)
		text := string(decimal.Find(b[at:]))
		got, end := scanDecimal(b, at)
		if !wellFormed.MatchString(text) {
			if end != -1 {
				t.Fatalf("%q: a decimal up to %d", b[at:], end-at)
			}
		} else if want, err := strconv.ParseFloat(text, 64); err != nil || end != at+len(text) || math.Float64bits(got) != math.Float64bits(want) {
			t.Fatalf("%q: %v up to %d, want %v", b[at:], got, end-at, text)
		} else {
			numbers++
		}
		n, end := scanUnsigned(b, at)
		digits := unsigned.FindSubmatch(b[at:])
		if digits == nil {
			if end != -1 {
				t.Fatalf("%q: an integer up to %d", b[at:], end-at)
			}
		} else if want, err := strconv.ParseUint(string(digits[1]), 10, 64); err != nil || n != want || end != at+len(digits[1]) {
			t.Fatalf("%q: %d up to %d, want %d", b[at:], n, end-at, want)
		}
	}
	if numbers < 20_000 {
		t.Errorf("only %d numbers among them", numbers)
	}
}
