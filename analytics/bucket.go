package analytics

import (
	"fmt"
	"strings"
)

// Bucket is how a report's interval is cut.
type Bucket uint8

// Buckets. Whole is one row for the whole interval.
const (
	Whole Bucket = iota
	Bucket1m
	Bucket5m
	Bucket15m
	Bucket30m
	Bucket1h
	Bucket1d
	Bucket1w
	Bucket1mo
)

var bucketNames = [...]string{"", "1m", "5m", "15m", "30m", "1h", "1d", "1w", "1mo"}

// bucketLengths are exact below a day; no day, week or month is longer than its.
var bucketLengths = [...]int64{
	Bucket1m: Minute, Bucket5m: 5 * Minute, Bucket15m: Quarter, Bucket30m: 2 * Quarter, Bucket1h: 4 * Quarter,
	Bucket1d: 2 * day, Bucket1w: 9 * day, Bucket1mo: 33 * day,
}

const day = 24 * 60 * Minute

func (b Bucket) known() bool { return int(b) < len(bucketNames) }

// atLeast is a number of buckets that an interval of a length is sure to have.
func (b Bucket) atLeast(length int64) int64 {
	if b == Whole {
		return 1
	}
	return max(1, length/bucketLengths[b])
}

func (b Bucket) String() string {
	if !b.known() {
		return fmt.Sprintf("bucket %d", uint8(b))
	}
	return bucketNames[b]
}

// ParseBucket reads a bucket's name; "" is Whole.
func ParseBucket(s string) (Bucket, error) {
	for i, name := range bucketNames {
		if s == name {
			return Bucket(i), nil
		}
	}
	return 0, fmt.Errorf("bucket %q is not known; use one of %s, or leave it out for one row", s, strings.Join(bucketNames[1:], ", "))
}
