package analytics_test

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/footfall/footfall/analytics"
	"github.com/footfall/footfall/analytics/storetest"
	"github.com/footfall/footfall/tracker"
)

// storeOf has a location of a profile, in which nothing was counted.
func storeOf(t rapid.TB, p *analytics.Profile) analytics.Store {
	t.Helper()
	s, b := storetest.NewMemory(), &analytics.Batch{}
	if err := p.Put(b); err != nil {
		t.Fatal(err)
	}
	if err := s.Apply(b); err != nil {
		t.Fatal(err)
	}
	return s
}

func intervalsOf(t rapid.TB, s analytics.Store, q analytics.Query) (rows []interval) {
	t.Helper()
	out, err := run(s, q, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range out.rows {
		rows = append(rows, r.interval)
	}
	return rows
}

// Over the nights on which clocks change, by any bucket, a report over opening hours has
// the buckets in which the local clock shows an open minute, and no others: by the
// minute it is these minutes themselves, none twice and none left out.
func TestOpenHoursOverClockChanges(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		night := rapid.SampledFrom(nights).Draw(t, "night")
		c := calendarOf(t, night.zone, drawDayStart(t))
		p := &analytics.Profile{Location: 21, Timezone: night.zone, DayStart: c.DayStart, Opening: drawOpening(t)}
		near := instant(t, night.at)
		from := near - rapid.Int64Range(0, 2*24*60).Draw(t, "minutes before")*analytics.Minute
		to := from + rapid.Int64Range(1, 3*24*60).Draw(t, "minutes")*analytics.Minute
		var open *naiveHours
		if p.Opening != nil {
			open = newNaiveHours(p.Opening, c.Zone, interval{from, to})
		}
		for _, b := range buckets {
			q := analytics.Query{Kind: "occupancy", Locations: []int64{21}, From: from, To: to, Bucket: b, Hours: analytics.HoursOpen, Now: to}
			got, want := intervalsOf(t, storeOf(t, p), q), open.some(naiveCut(c, b, from, to))
			if !slices.Equal(got, want) {
				t.Fatalf("%s from %s to %s by %q, %+v:\n got %s\nwant %s", night.zone, clockTime(from), clockTime(to), b, p.Opening, show(got), show(want))
			}
		}
	})
}

// bar is open in two parts, the second past midnight: the night of the clocks' change is
// one hour shorter there.
func bar() *analytics.Profile {
	p := &analytics.Profile{Location: 21, Timezone: "Europe/Helsinki", Capacity: 4, Opening: &analytics.OpeningHours{
		Dates: map[string][]analytics.OpenSpan{"2025-03-31": {}},
	}}
	for d := range p.Opening.Week {
		p.Opening.Week[d] = []analytics.OpenSpan{{From: 11 * 60, To: 14 * 60}, {From: 20 * 60, To: 29 * 60}}
	}
	return p
}

// evening has somebody in from 13:30 to 15:00 on 29 March, and two from 23:00 to 06:00.
func evening(t *testing.T) analytics.Store {
	s := storeOf(t, bar())
	first := instant(t, "2025-03-29T00:00:00+02:00")
	r := analytics.NewRecorder(21, first)
	r.GoBy(bar())
	r.Connected(first)
	for _, v := range [][2]string{
		{"2025-03-29T13:30:00+02:00", "2025-03-29T15:00:00+02:00"},
		{"2025-03-29T23:00:00+02:00", "2025-03-30T06:00:00+03:00"},
		{"2025-03-29T23:00:00+02:00", "2025-03-30T06:00:00+03:00"},
	} {
		entered, left := instant(t, v[0]), instant(t, v[1])
		r.Entry(tracker.Entry{At: entered, First: true})
		r.Exit(tracker.Exit{Entered: entered, Left: left})
	}
	now := first + 5*24*hour
	r.Follow(now)
	b := &analytics.Batch{}
	r.Flush(b, analytics.State{At: now, Batch: 1})
	if err := analytics.Commit(s, b); err != nil {
		t.Fatal(err)
	}
	if err := analytics.Derive(s, 21); err != nil {
		t.Fatal(err)
	}
	return s
}

func open(q analytics.Query) analytics.Query {
	q.Locations, q.Hours, q.Now = []int64{21}, analytics.HoursOpen, noon+100*24*hour
	return q
}

func TestFiguresOverOpeningHours(t *testing.T) {
	s := evening(t)
	from, to := instant(t, "2025-03-29T00:00:00+02:00"), instant(t, "2025-04-01T00:00:00+03:00")
	for kind, want := range map[string][][]analytics.Cell{
		// 29 March: 11 to 14 and 20 to 24, and from midnight what began on the 28th: 12 h.
		// 30 March: 0 to 5 without the hour that is not there, 11 to 14, 20 to 24: 11 h.
		// 31 March is closed, but for what began on the 30th: 5 h.
		"occupancy": {
			{text("location"), integer(3), integer(0), integer(0), decimal(2.5 / 12), integer(2), decimal(2.5 * 3600)},
			{text("location"), integer(0), integer(0), integer(0), decimal(8.0 / 11), integer(2), decimal(8 * 3600)},
			{text("location"), integer(0), integer(0), integer(0), decimal(0), integer(0), decimal(0)},
		},
		"utilization": {
			{text("location"), integer(4), decimal(2.5 / 12 / 4), decimal(1.5 / 12), decimal(0)},
			{text("location"), integer(4), decimal(8.0 / 11 / 4), decimal(4.0 / 11), decimal(0)},
			{text("location"), integer(4), decimal(0), decimal(0), decimal(0)},
		},
		// Those of 29 March are still in at its end, at midnight; nobody is at that of the 30th,
		// though somebody was when the bar closed at 5.
		"dwell": {
			{text("location"), integer(0), null, null, null, null, integer(2)},
			{text("location"), integer(0), null, null, null, null, integer(0)},
			{text("location"), integer(0), null, null, null, null, integer(0)},
		},
	} {
		out, err := run(s, open(analytics.Query{Kind: kind, From: from, To: to, Bucket: analytics.Bucket1d}), nil)
		if err != nil {
			t.Fatal(err)
		}
		var rows []row
		for i, cells := range want {
			day := []int64{from, from + 24*hour, from + 47*hour, to}
			rows = append(rows, row{interval{day[i], day[i+1]}, 1, false, cells})
		}
		if d := differences(kind, out.rows, rows); d != "" {
			t.Errorf("%s:\n%s", kind, d)
		}
	}
}

// The peaks of a week are those of its open hours; the hour that the clock skips is not
// there, nor one that is closed.
func TestPeaksOfOpeningHours(t *testing.T) {
	from, to := instant(t, "2025-03-29T00:00:00+02:00"), instant(t, "2025-03-31T00:00:00+03:00")
	out, err := run(evening(t), open(analytics.Query{Kind: "peaks", From: from, To: to}), nil)
	if err != nil {
		t.Fatal(err)
	}
	var hours []int64
	for _, r := range out.rows {
		hours = append(hours, 100*r.cells[1].Int+r.cells[2].Int)
		if r.coverage != 1 {
			t.Errorf("%v has the coverage %g", r.cells, r.coverage)
		}
	}
	want := []int64{
		600, 601, 602, 603, 604, 611, 612, 613, 620, 621, 622, 623,
		700, 701, 702, 704, 711, 712, 713, 720, 721, 722, 723,
	}
	if !slices.Equal(hours, want) {
		t.Errorf("weekdays and hours %v, want %v", hours, want)
	}
}

// A day that is closed stands beside one that is open, whichever is which, and no other
// is shifted for it; where both are closed there is no row.
func TestClosedDaysAreCompared(t *testing.T) {
	p := bar()
	p.Timezone, p.Zones = "UTC", []analytics.Subject{{Number: 1, ID: "door"}, {Number: 2, ID: "till"}}
	for d := range p.Opening.Week {
		p.Opening.Week[d] = []analytics.OpenSpan{{From: 600, To: 1200}}
	}
	p.Opening.Week[0] = nil
	p.Opening.Dates = map[string][]analytics.OpenSpan{"2025-03-05": {}, "2025-03-13": {}}
	from, week := instant(t, "2025-03-10T00:00:00Z"), 7*24*hour
	q := open(analytics.Query{Kind: "occupancy", From: from, To: from + week, Bucket: analytics.Bucket1d, Compare: analytics.ComparePrevious})
	out, err := run(storeOf(t, p), q, nil)
	if err != nil {
		t.Fatal(err)
	}
	var days []int64
	for _, r := range out.rows {
		days = append(days, (r.from-from)/(24*hour))
		want := analytics.Cell{Type: analytics.Time, Int: r.from - week}
		if r.from == from+2*24*hour { // the 5th was closed
			want = null
		}
		if r.cells[7] != want {
			t.Errorf("%s stands beside %v, want %v", clockTime(r.from), r.cells[7], want)
		}
	}
	if !slices.Equal(days, []int64{0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 5, 5, 5}) {
		t.Errorf("days %v, want Monday to Saturday of three zones", days)
	}
}

func TestHoursThatCannotBe(t *testing.T) {
	for name, tt := range map[string]struct {
		change func(*analytics.Query)
		want   string
	}{
		"ledger":  {func(q *analytics.Query) { q.Kind = "ledger" }, "hours: ledger follows a count from its beginning to its end, which opening hours interrupt; leave hours out"},
		"unknown": {func(q *analytics.Query) { q.Hours = 2 }, "hours: hours 2 are not known"},
		"ages":    {func(q *analytics.Query) { q.From = q.To - 101*366*24*hour }, "to: with hours=open a report may be of 100 years at most"},
		"minutes": {func(q *analytics.Query) { q.From, q.Bucket = q.To-10*366*24*hour, analytics.Bucket1m },
			"bucket: the report would have more than 1000000 rows; ask for a longer bucket, fewer zones or a shorter interval"},
		"ages of many": {func(q *analytics.Query) {
			q.From, q.Locations = q.To-99*365*24*hour, slices.Repeat([]int64{21}, 20)
		}, "to: these locations open more than 1000000 times in that time; ask for a shorter interval or fewer locations"},
		"minutes of many": {func(q *analytics.Query) {
			q.From, q.Bucket, q.Locations = q.To-2*366*24*hour, analytics.Bucket1m, []int64{21, 21, 21, 21}
		}, "bucket: the report would have more than 1000000 rows; ask for a longer bucket, fewer zones or a shorter interval"},
	} {
		q := open(analytics.Query{Kind: "occupancy", From: noon, To: noon + hour})
		tt.change(&q)
		_, err := run(storeOf(t, bar()), q, nil)
		var wrong *analytics.QueryError
		if !errors.As(err, &wrong) || wrong.Error() != tt.want {
			t.Errorf("%s: %v, want %s", name, err, tt.want)
		}
	}
}

// Hours of the configuration go for all history, as its time zone does.
func TestChangedOpeningHours(t *testing.T) {
	s := evening(t)
	p := bar()
	p.Opening.Dates = map[string][]analytics.OpenSpan{"2025-03-29": {{From: 22 * 60, To: 24 * 60}}}
	p.Timezone = "UTC"
	b := &analytics.Batch{}
	if err := errors.Join(p.Put(b), s.Apply(b)); err != nil {
		t.Fatal(err)
	}
	for range 2 { // before the days are summed anew, and after
		q := open(analytics.Query{Kind: "visits", From: instant(t, "2025-03-29T00:00:00Z"), To: instant(t, "2025-03-30T00:00:00Z"), Bucket: analytics.Bucket1d})
		out, err := run(s, q, nil)
		if err != nil || len(out.rows) != 1 || out.rows[0].cells[1] != integer(0) {
			t.Errorf("%+v, %v", out.rows, err) // both came at 21:00 UTC
		}
		if err := analytics.Derive(s, 21); err != nil {
			t.Fatal(err)
		}
	}
}

// Reports over opening hours stop when their client does.
func TestCancelledReportOverOpeningHours(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	out := &counter{begin: cancel}
	rs := &analytics.Reports{Store: evening(t), Open: nobody}
	q := open(analytics.Query{Kind: "occupancy", From: noon - 20*24*hour, To: noon, Bucket: analytics.Bucket1m})
	if err := rs.Run(ctx, q, out); !errors.Is(err, context.Canceled) {
		t.Errorf("%v after %d rows", err, out.rows)
	}
}

// What is refused is refused before its buckets are cut.
func TestRefusingOpenMinutesIsCheap(t *testing.T) {
	q := open(analytics.Query{Kind: "occupancy", From: noon - 50*366*24*hour, To: noon, Bucket: analytics.Bucket1m})
	s := storeOf(t, bar())
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := run(s, q, nil)
	runtime.ReadMemStats(&after)
	if taken := after.TotalAlloc - before.TotalAlloc; err == nil || taken > 8<<20 {
		t.Errorf("%v, after %d bytes", err, taken)
	}
}
