package analytics_test

import (
	"cmp"
	"errors"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/footfall/footfall/analytics"
)

// Ranked rows are those of the report, sorted: the greatest or least first, null
// last, equal ones in the report's order.
func TestRankedRowsAreSorted(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		q := analytics.Query{
			Kind: rapid.SampledFrom([]string{"occupancy", "dwell", "flows", "ledger"}).Draw(rt, "kind"), Locations: []int64{21}, Now: springEnd,
			From: springEnd - rapid.Int64Range(1, 34*24).Draw(rt, "hours")*hour, To: springEnd, Bucket: analytics.Bucket1d,
		}
		if rapid.Bool().Draw(rt, "compared") {
			q.Compare = analytics.ComparePrevious
		}
		all, err := run(spring(), q, nil)
		if err != nil {
			rt.Fatal(err)
		}
		var figures []int
		for i, c := range all.header.Columns {
			if !c.Label && c.Name != analytics.PreviousStart {
				figures = append(figures, i)
			}
		}
		column := rapid.SampledFrom(figures).Draw(rt, "figure")
		q.Sort, q.Limit = all.header.Columns[column].Name, rapid.IntRange(0, 40).Draw(rt, "limit")
		sign := 1
		if rapid.Bool().Draw(rt, "falling") {
			q.Sort, sign = "-"+q.Sort, -1
		}
		want := slices.Clone(all.rows)
		slices.SortStableFunc(want, func(a, b row) int {
			x, y := a.cells[column], b.cells[column]
			if none, other := x.Type == analytics.Null, y.Type == analytics.Null; none || other {
				return cmp.Compare(b2i(none), b2i(other))
			}
			return sign * cmp.Or(cmp.Compare(x.Int, y.Int), cmp.Compare(x.Float, y.Float))
		})
		if q.Limit > 0 {
			want = want[:min(q.Limit, len(want))]
		}
		got, err := run(spring(), q, nil)
		if err != nil {
			rt.Fatal(err)
		}
		same := func(a, b row) bool { return a.interval == b.interval && slices.Equal(a.cells, b.cells) }
		if !slices.EqualFunc(got.rows, want, same) {
			rt.Fatalf("by %s, %d rows:\n%v\nwant %d:\n%v", q.Sort, len(got.rows), got.rows, len(want), want)
		}
	})
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Long reports are cut while they come: of 10,000 rows the last three are found.
func TestRankingOfManyRows(t *testing.T) {
	q := analytics.Query{Kind: "occupancy", Locations: []int64{21}, Now: springEnd, From: springEnd - 30*24*hour, To: springEnd, Bucket: analytics.Bucket15m}
	all, err := run(spring(), q, nil)
	if err != nil {
		t.Fatal(err)
	}
	q.Sort, q.Limit = "-person_seconds", 3
	out, err := run(spring(), q, nil)
	if err != nil || len(out.rows) != 3 {
		t.Fatalf("%d rows, %v", len(out.rows), err)
	}
	above := 0
	for _, r := range all.rows {
		if r.cells[6].Float > out.rows[2].cells[6].Float {
			above++
		}
	}
	if len(all.rows) < 8000 || above > 2 {
		t.Errorf("%d of %d rows are above the third", above, len(all.rows))
	}
}

func TestLimitAlone(t *testing.T) {
	store := kiosk(t)
	q := query(func(q *analytics.Query) { q.Locations, q.Limit = []int64{21, 22}, 3 })
	out, err := run(store, q, nil)
	if err != nil || out.begun != 1 || len(out.rows) != 3 || !slices.Equal(out.byLoc, []int64{21, 21, 21}) {
		t.Errorf("%d rows of %v, %v", len(out.rows), out.byLoc, err)
	}
}

// Ranks are of the whole answer: the busiest hour of all shops.
func TestRankingOfManyLocations(t *testing.T) {
	out, err := run(kiosk(t), query(func(q *analytics.Query) {
		q.Locations, q.Sort, q.Limit, q.Zones = []int64{22, 21}, "-entries", 2, []string{"location"}
	}), nil)
	if err != nil || !slices.Equal(out.byLoc, []int64{21, 21}) || out.rows[0].cells[1].Int != 1 {
		t.Errorf("%v of %v, %v", out.rows, out.byLoc, err)
	}
}

func TestRankingsThatCannotBeMade(t *testing.T) {
	for want, change := range map[string]func(*analytics.Query){
		`sort: "entires" is no figure of occupancy; there are entries, exits, occupancy_min`: func(q *analytics.Query) { q.Sort = "-entires" },
		`sort: "zone_id" is no figure of occupancy`:                                          func(q *analytics.Query) { q.Sort = "zone_id" },
		`sort: "previous_start" is no figure of occupancy`: func(q *analytics.Query) {
			q.Sort, q.Compare = "previous_start", analytics.ComparePrevious
		},
		`sort: "" is no figure of occupancy`: func(q *analytics.Query) { q.Sort = "-" },
		"limit: it must be from 1":           func(q *analytics.Query) { q.Limit = -1 },
		"limit: with sort it can be 100000":  func(q *analytics.Query) { q.Sort, q.Limit = "entries", analytics.MaxRanked+1 },
		"sort: the report has more than 100000 rows to sort": func(q *analytics.Query) {
			q.Sort, q.From, q.Bucket, q.Zones = "entries", q.To-100_001*analytics.Minute, analytics.Bucket1m, []string{"till"}
		},
	} {
		out, err := run(kiosk(t), query(change), nil)
		var q *analytics.QueryError
		if !errors.As(err, &q) || !strings.HasPrefix(q.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
		if len(out.rows) != 0 {
			t.Errorf("%d rows and %v", len(out.rows), err)
		}
	}
}

// Each location may have an interval of its own.
func TestIntervalsByLocation(t *testing.T) {
	out, err := run(kiosk(t), query(func(q *analytics.Query) {
		q.Locations, q.Bucket, q.From, q.To = []int64{21, 22}, analytics.Whole, noon-hour, noon+2*hour
		q.Intervals = []analytics.Interval{{From: noon, To: noon + 2*hour}, {From: noon - hour, To: noon + hour/2 + 1}}
		q.Zones = []string{"location"}
	}), nil)
	if err != nil || len(out.rows) != 2 || !out.header.Widened {
		t.Fatalf("%v, %v", out, err)
	}
	for i, want := range []analytics.Interval{{From: noon, To: noon + 2*hour}, {From: noon - hour, To: noon + hour/2 + analytics.Minute}} {
		if got := out.header.Locations[i].Interval; got != want || out.rows[i].interval != (interval{want.From, want.To}) {
			t.Errorf("location %d: %v and a row of %v, want %v", out.byLoc[i], got, out.rows[i].interval, want)
		}
	}
	_, err = run(kiosk(t), query(func(q *analytics.Query) { q.Intervals = []analytics.Interval{{From: noon, To: noon}} }), nil)
	var q *analytics.QueryError
	if !errors.As(err, &q) || q.Parameter != "to" {
		t.Errorf("an empty interval: %v", err)
	}
}
