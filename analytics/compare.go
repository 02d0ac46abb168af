package analytics

import (
	"fmt"
	"time"
)

// CompareWith says which other interval's figures stand beside a report's.
type CompareWith uint8

// Comparisons, all by the clock that cuts the report's buckets, so that hours stand
// beside the same hours across a clock change.
const (
	CompareNone     CompareWith = iota
	ComparePrevious             // back by the fewest whole weeks that cover the interval
	CompareLastYear             // back by 52 weeks
	CompareFrom                 // from an instant on, for as long
)

// Columns that a comparison adds: the other interval's row begins at PreviousStart,
// and each figure is there again with PreviousSuffix.
const (
	PreviousStart  = "previous_start"
	PreviousSuffix = "_previous"
)

const week = 7 * day

// other is the interval that one is compared with, by a clock. Where an hour is
// there twice or not at all the clock may show no later time at the end than at the
// beginning: the other interval is then as long as this one.
func (w CompareWith) other(i Interval, from int64, zone *time.Location) Interval {
	first, end := wall(i.From, zone), wall(i.To, zone)
	var o Interval
	switch w {
	case ComparePrevious:
		back := max(1, (end-first+week-1)/week) * week
		o = Interval{atWall(first-back, zone), atWall(end-back, zone)}
	case CompareLastYear:
		o = Interval{atWall(first-52*week, zone), atWall(end-52*week, zone)}
	default:
		from = minuteOf(from)
		o = Interval{from, atWall(wall(from, zone)+end-first, zone)}
	}
	if o.To <= o.From {
		o.To = o.From + i.To - i.From
	}
	return o
}

// compareFrom is the instant of CompareFrom for a location, by its place.
func (q *Query) compareFrom(place int) int64 {
	if len(q.CompareFrom) == 0 {
		return 0
	}
	return q.CompareFrom[min(place, len(q.CompareFrom)-1)]
}

// checkCompare finds what is wrong with a comparison by itself.
func (q *Query) checkCompare() error {
	if q.Compare > CompareFrom {
		return &QueryError{Parameter: "compare", Reason: fmt.Sprintf("comparison %d is not known", q.Compare)}
	}
	if q.Compare == CompareFrom && len(q.CompareFrom) == 0 {
		return &QueryError{Parameter: "compare", Reason: "the instant is missing"}
	}
	for _, at := range q.CompareFrom {
		if at < earliest || at >= latest {
			return outOfRange("compare")
		}
	}
	return nil
}

// comparedColumns are a kind's columns with those of the comparison.
func comparedColumns(own []Column) []Column {
	all := append(append([]Column(nil), own...), Column{Name: PreviousStart})
	for _, c := range own {
		if !c.Label {
			all = append(all, Column{Name: c.Name + PreviousSuffix})
		}
	}
	return all
}
