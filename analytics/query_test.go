package analytics_test

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/footfall/footfall/analytics"
)

func TestQueriesThatCannotBeAnswered(t *testing.T) {
	year := 365 * 24 * hour
	for name, tt := range map[string]struct {
		change   func(*analytics.Query)
		want     string
		notFound bool
		tooLarge bool
	}{
		"unknown kind": {func(q *analytics.Query) { q.Kind = "weather" },
			`kind: there is no report "weather"; there are occupancy, dwell, demographics, flows, lines, visits, funnel, queue, utilization, peaks, heatmap, groups, ledger`, true, false},
		"unknown location": {func(q *analytics.Query) { q.Locations = []int64{21, 99} },
			"location: there is no location 99", true, false},
		"no location": {func(q *analytics.Query) { q.Locations = nil }, "location: none is given", false, false},
		"unknown zone": {func(q *analytics.Query) { q.Zones = []string{"door", "attic"} },
			`zone: there is no zone "attic" at location 21`, true, false},
		"unknown zone of many": {func(q *analytics.Query) { q.Locations, q.Zones = []int64{21, 22}, []string{"attic"} },
			`zone: there is no zone "attic" at any of these locations`, true, false},
		"a line where a zone is meant": {func(q *analytics.Query) { q.Zones = []string{"front"} },
			`zone: there is no zone "front" at location 21`, true, false},
		"a zone where a line is meant": {func(q *analytics.Query) { q.Kind, q.Zones = "lines", []string{"door"} },
			`zone: there is no line "door" at location 21`, true, false},
		"the location has no flows": {func(q *analytics.Query) { q.Kind, q.Zones = "flows", []string{"location"} },
			`zone: there is no zone "location" at location 21`, true, false},
		"unknown time zone": {func(q *analytics.Query) { q.Timezone = "Europe/Atlantis" },
			`tz: time zone "Europe/Atlantis" is not known; use an IANA name such as Europe/Helsinki`, false, false},
		"the server's time zone": {func(q *analytics.Query) { q.Timezone = "Local" },
			`tz: time zone "Local" is not known; use an IANA name such as Europe/Helsinki`, false, false},
		"unknown bucket": {func(q *analytics.Query) { q.Bucket = 9 }, "bucket: bucket 9 is not known", false, false},
		"to at from":     {func(q *analytics.Query) { q.To = q.From }, "to: 2025-03-30T12:00:00Z is not after from, which is 2025-03-30T12:00:00Z", false, false},
		"to before from": {func(q *analytics.Query) { q.To = q.From - 1 }, "to: 2025-03-30T11:59:59.999999Z is not after from, which is 2025-03-30T12:00:00Z", false, false},
		"before year 1":  {func(q *analytics.Query) { q.From = math.MinInt64 }, "from: it must lie in the years 1 to 9999", false, false},
		"after 9999":     {func(q *analytics.Query) { q.To = math.MaxInt64 }, "to: it must lie in the years 1 to 9999", false, false},
		"minutes of years": {func(q *analytics.Query) { q.From, q.Bucket = q.To-2*year, analytics.Bucket1m },
			"bucket: the report would have more than 1000000 rows; ask for a longer bucket, fewer zones or a shorter interval", false, true},
		"minutes of for ever": {func(q *analytics.Query) { q.From, q.To, q.Bucket = -62e15, 253e15, analytics.Bucket1m },
			"bucket: the report would have more than 1000000 rows; ask for a longer bucket, fewer zones or a shorter interval", false, true},
		"flows by the minute of for ever": {func(q *analytics.Query) { q.Kind, q.From, q.Bucket = "flows", 0, analytics.Bucket1m },
			"bucket: the report would have more than 1000000 rows; ask for a longer bucket, fewer zones or a shorter interval", false, true},
		"demographics by the minute": {func(q *analytics.Query) {
			q.Kind, q.From, q.Bucket = "demographics", q.To-13_889*analytics.Minute, analytics.Bucket1m // times 72 is 1,000,008
		}, "bucket: the report would have more than 1000000 rows; ask for a longer bucket, fewer zones or a shorter interval", false, true},
		"many locations": {func(q *analytics.Query) {
			q.Locations, q.From, q.Bucket = []int64{21, 22, 21}, q.To-180*24*hour, analytics.Bucket1m
		}, "bucket: the report would have more than 1000000 rows; ask for a longer bucket, fewer zones or a shorter interval", false, true},
	} {
		store := kiosk(t)
		out, err := run(store, query(tt.change), nil)
		var q *analytics.QueryError
		if !errors.As(err, &q) || q.Error() != tt.want || q.NotFound != tt.notFound || q.TooLarge != tt.tooLarge {
			t.Errorf("%s: %#v, want %s", name, err, tt.want)
		}
		if out.begun != 0 || store.keys != 0 {
			t.Errorf("%s: output began, or %d rollups were read, before it was refused", name, store.keys)
		}
	}
}

func TestRefusingMillionsOfRowsIsCheap(t *testing.T) {
	store := kiosk(t)
	q := query(func(q *analytics.Query) { q.From, q.To, q.Bucket = 0, 253e15, analytics.Bucket1m })
	if n := testing.AllocsPerRun(5, func() { _, _ = run(store, q, nil) }); n > 300 {
		t.Errorf("refusing takes %g allocations", n)
	}
}

func TestMillionRowsAreAllowed(t *testing.T) {
	q := query(func(q *analytics.Query) {
		q.From, q.Bucket, q.Zones = q.To-1_000_000*analytics.Minute, analytics.Bucket1m, []string{"till"}
	})
	out := &counter{}
	rs := &analytics.Reports{Store: kiosk(t), Open: nobody}
	if err := rs.Run(context.Background(), q, out); err != nil || out.rows != 1_000_000 {
		t.Errorf("%d rows, %v", out.rows, err)
	}
}

func TestWideningAndClipping(t *testing.T) {
	for _, tt := range []struct {
		from, to int64 // seconds after noon
		widened  bool
		want     []interval // minutes after noon
	}{
		{0, 3600, false, []interval{{0, 30}, {30, 60}}},
		{1, 3600, true, []interval{{0, 30}, {30, 60}}},
		{-1, 3600, true, []interval{{-1, 0}, {0, 30}, {30, 60}}},
		{0, 3601, true, []interval{{0, 30}, {30, 60}, {60, 61}}},
		{600, 2400, false, []interval{{10, 30}, {30, 40}}},
		{600, 660, false, []interval{{10, 11}}},
	} {
		q := query(func(q *analytics.Query) {
			q.From, q.To, q.Bucket, q.Zones = noon+tt.from*analytics.Second, noon+tt.to*analytics.Second, analytics.Bucket30m, []string{"location"}
		})
		out, err := run(kiosk(t), q, nil)
		if err != nil {
			t.Fatal(err)
		}
		var got []interval
		for _, r := range out.rows {
			got = append(got, interval{(r.from - noon) / analytics.Minute, (r.to - noon) / analytics.Minute})
		}
		h := out.header
		if !slices.Equal(got, tt.want) || h.Widened != tt.widened || h.From != noon+tt.want[0].from*analytics.Minute || h.To != noon+tt.want[len(got)-1].to*analytics.Minute {
			t.Errorf("%d s to %d s: rows %v widened %t, want %v and %t", tt.from, tt.to, got, h.Widened, tt.want, tt.widened)
		}
	}
}

// labels are the first cells of a report's rows.
func labels(t *testing.T, change func(*analytics.Query)) string {
	t.Helper()
	out, err := run(kiosk(t), query(change), nil)
	if err != nil {
		t.Fatal(err)
	}
	var s []string
	for _, r := range out.rows {
		s = append(s, r.cells[0].Text)
	}
	return strings.Join(s, " ")
}

func TestGoneZonesAreThereWhileTheyWere(t *testing.T) {
	whole := func(q *analytics.Query) { q.Bucket = analytics.Whole }
	later := func(q *analytics.Query) { q.From, q.To, q.Bucket = noon+hour, noon+2*hour, analytics.Whole }
	lines := func(also func(*analytics.Query)) func(*analytics.Query) {
		return func(q *analytics.Query) { also(q); q.Kind = "lines" }
	}
	bar := func(also func(*analytics.Query)) func(*analytics.Query) {
		return func(q *analytics.Query) { also(q); q.Zones = []string{"bar"} }
	}
	for name, tt := range map[string]struct {
		change func(*analytics.Query)
		want   string
	}{
		"then":           {whole, "location door till bar"},
		"later":          {later, "location door till"},
		"lines then":     {lines(whole), "front gate"},
		"lines later":    {lines(later), "front"},
		"asked for":      {bar(whole), "bar"},
		"asked too late": {bar(later), ""},
	} {
		if got := labels(t, tt.change); got != tt.want {
			t.Errorf("%s: rows of %q, want %q", name, got, tt.want)
		}
	}
}

func TestFlowsOfOneZone(t *testing.T) {
	for zone, want := range map[string]string{"bar": "bar", "door": "bar", "till": ""} {
		got := labels(t, func(q *analytics.Query) { q.Kind, q.Zones, q.Bucket = "flows", []string{zone}, analytics.Whole })
		if got != want {
			t.Errorf("flows of %s: from %q, want %q", zone, got, want)
		}
	}
}

func TestManyLocationsEachInItsCalendar(t *testing.T) {
	out, err := run(kiosk(t), query(func(q *analytics.Query) {
		q.Locations, q.To, q.Bucket, q.Zones = []int64{22, 21}, noon+24*hour, analytics.Bucket1d, []string{"yard", "door"}
	}), nil)
	if err != nil {
		t.Fatal(err)
	}
	asked := analytics.Interval{From: out.header.From, To: out.header.To}
	want := []analytics.LocationHeader{{Location: 22, Timezone: "Asia/Kathmandu", Interval: asked}, {Location: 21, Timezone: "Europe/Helsinki", Interval: asked}}
	if !slices.Equal(out.header.Locations, want) || !slices.Equal(out.byLoc, []int64{22, 22, 21, 21}) {
		t.Errorf("header %v, rows of %v", out.header.Locations, out.byLoc)
	}
	for i, cut := range []string{"2025-03-30T22:15:00Z", "2025-03-30T21:00:00Z"} {
		if got := clockTime(out.rows[2*i].to); got != cut {
			t.Errorf("location %d is cut at %s, want %s", want[i].Location, got, cut)
		}
	}
	for _, r := range out.rows[:2] {
		if r.cells[1] != null || r.coverage != 0 {
			t.Errorf("a location without any data has %v", r)
		}
	}
}

func TestTimesBefore1970(t *testing.T) {
	for _, from := range []int64{-2 * hour, -30 * analytics.Minute} {
		out, err := run(kiosk(t), query(func(q *analytics.Query) { q.From, q.To, q.Zones = from, from+hour, []string{"door"} }), nil)
		if err != nil || len(out.rows) != 4 || out.rows[0].cells[1] != null {
			t.Errorf("%v, %v", out.rows, err)
		}
	}
	if _, err := run(kiosk(t), query(func(q *analytics.Query) { q.From, q.Bucket = -62e15, analytics.Bucket1mo }), nil); err != nil {
		t.Errorf("two thousand years by the month: %v", err)
	}
}

func TestCancelledReports(t *testing.T) {
	q := query(func(q *analytics.Query) { q.To, q.Bucket = noon+48*hour, analytics.Bucket1m })
	for _, when := range []int{1, 1500, 2881} { // in the coverage, and after it
		ctx, cancel := context.WithCancel(context.Background())
		store := kiosk(t)
		store.enough = func(keys int) {
			if keys == when {
				cancel()
			}
		}
		rs := &analytics.Reports{Store: store, Open: nobody}
		if err := rs.Run(ctx, q, &counter{}); !errors.Is(err, context.Canceled) || store.keys > when+1024 {
			t.Errorf("cancelled at %d: %v, read %d", when, err, store.keys)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	rs := &analytics.Reports{Store: kiosk(t), Open: nobody}
	out := &counter{begin: cancel}
	if err := rs.Run(ctx, q, out); !errors.Is(err, context.Canceled) || out.rows > 10 {
		t.Errorf("cancelled at the first row: %v, %d rows", err, out.rows)
	}
}

func TestErrorsOfOthersEndAReport(t *testing.T) {
	out := &counter{fails: 3}
	rs := &analytics.Reports{Store: kiosk(t), Open: nobody}
	if err := rs.Run(context.Background(), query(nil), out); !errors.Is(err, errFull) || out.rows != 3 {
		t.Errorf("the output failed: %v after %d rows", err, out.rows)
	}
	rs.Open = func(context.Context, int64) (*analytics.Open, error) { return nil, errFull }
	if err := rs.Run(context.Background(), query(nil), out); !errors.Is(err, errFull) {
		t.Errorf("Open failed: %v", err)
	}
}

func TestRowsMayBeFewer(t *testing.T) {
	q := query(func(q *analytics.Query) {
		q.From, q.Bucket, q.Zones = q.To-10*analytics.Minute, analytics.Bucket1m, []string{"till"}
	})
	for most, want := range map[int64]bool{9: false, 10: true} {
		rs := &analytics.Reports{Store: kiosk(t), Open: nobody, MaxRows: most}
		var fault *analytics.QueryError
		if err := rs.Run(context.Background(), q, &counter{}); (err == nil) != want || err != nil && (!errors.As(err, &fault) || !fault.TooLarge) {
			t.Errorf("10 rows where there may be %d: %v", most, err)
		}
	}
}
