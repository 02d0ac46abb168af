package analytics

import (
	"math"
	"time"

	"github.com/footfall/footfall/tracker"
)

// steady is a time over which the local clock is ahead of UTC by the same offset.
type steady struct{ from, to, offset int64 }

// start is where the bucket of an instant begins: the clock shows a multiple of
// its length since midnight, or was changed.
func (s steady) start(length, at int64) int64 {
	return max(s.from, at-mod(at+s.offset, length))
}

func (s steady) next(length, start int64) int64 {
	return min(s.to, start+length-mod(start+s.offset, length))
}

func (c Calendar) steady(at int64) steady {
	t := microTime(at).In(c.Zone)
	_, offset := t.Zone()
	s := steady{from: math.MinInt64, to: tracker.Never, offset: int64(offset) * Second}
	for from, _ := t.ZoneBounds(); !from.IsZero(); { // a bound may change but the zone's name
		last := from.Add(-time.Microsecond)
		if _, o := last.Zone(); o != offset {
			s.from = from.UnixMicro()
			break
		}
		from, _ = last.ZoneBounds()
	}
	for to := zoneEnd(t); !to.IsZero(); to = zoneEnd(to) {
		if _, o := to.Zone(); o != offset {
			s.to = to.UnixMicro()
			break
		}
	}
	return s
}

// zoneEnd is the end of ZoneBounds. Of the last day of a leap year, in the years that go by
// the zone's rule, that ends no later than it began; the year's end does then.
func zoneEnd(t time.Time) time.Time {
	_, end := t.ZoneBounds()
	if !end.IsZero() && !end.After(t) {
		return time.Date(t.UTC().Year()+1, 1, 1, 0, 0, 0, 0, time.UTC).In(t.Location())
	}
	return end
}
