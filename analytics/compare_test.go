package analytics_test

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/footfall/footfall/analytics"
)

// plain runs a query without its comparison.
func plain(t interface{ Fatal(...any) }, q analytics.Query, i analytics.Interval) *collected {
	q.Compare, q.CompareFrom, q.From, q.To = analytics.CompareNone, nil, i.From, i.To
	out, err := run(spring(), q, nil)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// labelled are the rows of a report's buckets, in order, by their labels.
func labelled(c *collected) (starts []int64, byLabels []map[string]row) {
	for _, r := range c.rows {
		if len(starts) == 0 || starts[len(starts)-1] != r.from {
			starts, byLabels = append(starts, r.from), append(byLabels, map[string]row{})
		}
		byLabels[len(starts)-1][labelText(c.header.Columns, r.cells)] = r
	}
	return starts, byLabels
}

func labelText(columns []analytics.Column, cells []analytics.Cell) (text string) {
	for i, c := range columns {
		if c.Label {
			text += cellText(cells[i]) + "|"
		}
	}
	return text
}

// naiveOther is the interval compared with, by the calendar of package time.
func naiveOther(q analytics.Query, zone *time.Location) analytics.Interval {
	from, to := time.UnixMicro(q.From).In(zone), time.UnixMicro(q.To).In(zone)
	back := func(weeks int) analytics.Interval {
		return analytics.Interval{From: from.AddDate(0, 0, -7*weeks).UnixMicro(), To: to.AddDate(0, 0, -7*weeks).UnixMicro()}
	}
	if q.Compare == analytics.CompareLastYear {
		return back(52)
	}
	for weeks := 1; ; weeks++ {
		if other := back(weeks); other.To <= q.From {
			return other
		}
	}
}

func TestComparedRowsAreThoseOfBothReports(t *testing.T) {
	helsinki := zoneOf(t, "Europe/Helsinki")
	rapid.Check(t, func(rt *rapid.T) {
		quarter := rapid.Int64Range(0, 4*24*14)
		q := analytics.Query{
			Kind: rapid.SampledFrom(analytics.Kinds()).Draw(rt, "kind"), Locations: []int64{21}, Now: springEnd,
			Bucket:  rapid.SampledFrom([]analytics.Bucket{analytics.Whole, analytics.Bucket30m, analytics.Bucket1h, analytics.Bucket1d, analytics.Bucket1w}).Draw(rt, "bucket"),
			Compare: rapid.SampledFrom([]analytics.CompareWith{analytics.ComparePrevious, analytics.CompareLastYear}).Draw(rt, "compare"),
		}
		if q.Kind == "peaks" {
			q.Bucket = analytics.Whole
		}
		q.From = instantOf(t, "2025-03-24T00:00:00Z") + quarter.Draw(rt, "from")*analytics.Quarter
		q.To = q.From + (1+quarter.Draw(rt, "length"))*analytics.Quarter
		if time.UnixMicro(q.From).In(helsinki).Hour() == 3 || time.UnixMicro(q.To).In(helsinki).Hour() == 3 {
			rt.Skip("package time has another idea of hours that the clock skips")
		}
		out, err := run(spring(), q, nil)
		if err != nil {
			rt.Fatal(err)
		}
		other := naiveOther(q, helsinki)
		if got := out.header.Locations[0].Previous; got != other {
			rt.Fatalf("compared with %s to %s, want %s to %s", clockTime(got.From), clockTime(got.To), clockTime(other.From), clockTime(other.To))
		}
		checkCompared(rt, out, plain(rt, q, analytics.Interval{From: q.From, To: q.To}), plain(rt, q, other))
	})
}

// checkCompared compares a comparison with the two reports that it is made of.
func checkCompared(t *rapid.T, out, own, other *collected) {
	starts, got := labelled(out)
	ownStarts, ownRows := labelled(own)
	otherStarts, otherRows := labelled(other)
	figures := len(own.header.Columns)
	if len(own.rows) > 0 && !slices.Equal(starts, ownStarts) && own.header.Kind != "flows" {
		t.Fatalf("buckets at %v, want %v", starts, ownStarts)
	}
	for bucket, rows := range got {
		mine := bucketAt(ownStarts, ownRows, starts[bucket])
		previous, beside := analytics.Cell{}, map[string]row{}
		if bucket < len(otherStarts) && own.header.Kind != "flows" {
			previous, beside = analytics.Cell{Type: analytics.Time, Int: otherStarts[bucket]}, otherRows[bucket]
		} else if own.header.Kind == "flows" {
			previous = firstOf(rows).cells[figures]
			beside = bucketAt(otherStarts, otherRows, previous.Int)
		}
		for label, r := range rows {
			if r.cells[figures] != previous {
				t.Fatalf("%s of %s has previous_start %v, want %v", label, clockTime(r.from), r.cells[figures], previous)
			}
			want := mine[label]
			if own.header.Kind == "peaks" && (want.cells == nil || beside[label].cells == nil) {
				continue // of a zone that one interval alone has, the other has its days
			}
			at := figures + 1
			for i, column := range own.header.Columns {
				if !sameFigure(want, r.cells[i], i) {
					t.Fatalf("%s of %s: %s is %v, and alone %v", label, clockTime(r.from), column.Name, r.cells[i], want.cells[i])
				}
				if column.Label {
					continue
				}
				if !sameFigure(beside[label], r.cells[at], i) {
					t.Fatalf("%s of %s: %s is %v, and alone %v", label, clockTime(r.from), out.header.Columns[at].Name, r.cells[at], beside[label].cells)
				}
				at++
			}
		}
		for label := range mine {
			if _, there := rows[label]; !there {
				t.Fatalf("%s of %s is missing", label, clockTime(starts[bucket]))
			}
		}
	}
}

// sameFigure: a row that the report alone does not have is zero or null here.
func sameFigure(alone row, got analytics.Cell, column int) bool {
	if alone.cells == nil {
		return got.Type != analytics.Integer && got.Type != analytics.Float || got.Int == 0 && got.Float == 0
	}
	return got == alone.cells[column]
}

func bucketAt(starts []int64, rows []map[string]row, start int64) map[string]row {
	if i := slices.Index(starts, start); i >= 0 {
		return rows[i]
	}
	return nil
}

func firstOf(rows map[string]row) (first row) {
	for _, r := range rows {
		return r
	}
	return first
}
