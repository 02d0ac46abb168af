package analytics

import "time"

// Interval is a half-open stretch of time, in Unix microseconds.
type Interval struct{ From, To int64 }

// widened is the interval of whole minutes around it.
func (i Interval) widened() Interval {
	return Interval{minuteOf(i.From), i.To + mod(-i.To, Minute)}
}

// interval is what a query asks of a location, by its place among the locations.
func (q *Query) interval(place int) Interval {
	if place < len(q.Intervals) {
		return q.Intervals[place]
	}
	return Interval{q.From, q.To}
}

// wall is what the clock of a zone shows at an instant, as if it were UTC.
func wall(at int64, zone *time.Location) int64 {
	_, offset := microTime(at).In(zone).Zone()
	return at + int64(offset)*1e6
}

// atWall is the first instant at which the clock of a zone shows what wall tells;
// where the clock skips it, the instant at which it does.
func atWall(wall int64, zone *time.Location) int64 {
	const around = day * 3 / 2
	_, before := microTime(wall - around).In(zone).Zone()
	for _, near := range []int64{wall - around, wall, wall + around} { // offsets in force around it, the earlier first
		_, offset := microTime(near).In(zone).Zone()
		at := wall - int64(offset)*1e6
		if _, there := microTime(at).In(zone).Zone(); there == offset {
			return at
		}
	}
	start, _ := microTime(wall - int64(before)*1e6).In(zone).ZoneBounds()
	return start.UnixMicro()
}
