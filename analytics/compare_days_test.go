package analytics_test

import (
	"context"
	"errors"
	"runtime/debug"
	"testing"

	"github.com/footfall/footfall/analytics"
)

// A day of 25 hours beside one of 24 has one hour with nothing beside it.
func TestUnequalDaysAreNotStretched(t *testing.T) {
	q := analytics.Query{Kind: "occupancy", Locations: []int64{21}, Zones: []string{"location"}, Bucket: analytics.Bucket1h, Now: springEnd, Timezone: "Europe/Helsinki"}
	for _, tt := range []struct {
		from, to      string
		compare       string
		rows, without int
	}{
		{"2025-10-25T21:00:00Z", "2025-10-26T22:00:00Z", "", 25, 1},                      // Sunday the clock goes back
		{"2025-11-01T22:00:00Z", "2025-11-02T22:00:00Z", "", 24, 0},                      // the one after, beside 25 hours
		{"2025-03-29T22:00:00Z", "2025-03-30T21:00:00Z", "", 23, 0},                      // the clock goes forward
		{"2025-04-05T21:00:00Z", "2025-04-06T21:00:00Z", "", 24, 1},                      // beside 23 hours
		{"2025-04-05T21:00:00Z", "2025-04-06T21:00:00Z", "2025-03-29T22:00:00Z", 24, 1},  // the same, given
		{"2025-04-05T21:00:00Z", "2025-04-06T21:00:00Z", "2025-03-20T22:00:30Z", 24, 0},  // and widened
		{"2025-03-29T22:00:00Z", "2025-03-30T21:00:00Z", "2025-03-22T22:00:00Z", 23, 0},  // the rest of 24 is not shown
		{"2025-03-30T00:30:00Z", "2025-03-30T03:30:00Z", "2025-10-26T00:30:00Z", 4, 0},   // from the second 03:30
		{"2025-10-26T00:30:00Z", "2025-10-26T01:30:00Z", "2025-03-30T00:30:00Z", 2, 0},   // an hour that is there twice
		{"2025-03-30T00:00:00Z", "2025-03-30T01:00:00Z", "2025-10-25T23:00:00Z", 1, 0},   // before an hour that is not there
		{"2025-03-23T01:30:00Z", "2025-03-23T02:00:00Z", "2025-03-30T00:30:00.5Z", 1, 0}, // begins right before it
	} {
		q.From, q.To, q.Compare = instantOf(t, tt.from), instantOf(t, tt.to), analytics.ComparePrevious
		if tt.compare != "" {
			q.Compare, q.CompareFrom = analytics.CompareFrom, []int64{instantOf(t, tt.compare)}
		}
		out, err := run(spring(), q, nil)
		if err != nil {
			t.Fatal(err)
		}
		without := 0
		last := out.header.Locations[0].Previous.From - 1
		for _, r := range out.rows {
			previous := r.cells[len(analytics.KindColumns("occupancy"))]
			if previous.Type == analytics.Null {
				without++
				if f := r.cells[len(r.cells)-1]; f.Type != analytics.Null {
					t.Errorf("%s has %v beside it", clockTime(r.from), f)
				}
				continue
			}
			if previous.Int <= last {
				t.Errorf("%s stands beside %s, once more", clockTime(r.from), clockTime(previous.Int))
			}
			last = previous.Int
		}
		if len(out.rows) != tt.rows || without != tt.without {
			t.Errorf("%s: %d rows, %d without anything beside, want %d and %d", tt.from, len(out.rows), without, tt.rows, tt.without)
		}
	}
}

func TestComparisonOfSaturdays(t *testing.T) {
	q := analytics.Query{
		Kind: "occupancy", Locations: []int64{21}, Zones: []string{"location"}, Bucket: analytics.Bucket1d, Compare: analytics.ComparePrevious,
		From: instantOf(t, "2025-04-05T01:00:00Z"), To: instantOf(t, "2025-04-06T01:00:00Z"), Now: springEnd, // 4 o'clock, the day's start
	}
	out, err := run(spring(), q, nil)
	if err != nil || len(out.rows) != 1 {
		t.Fatalf("%d rows, %v", len(out.rows), err)
	}
	if got := out.header.Locations[0].Previous; got != (analytics.Interval{From: instantOf(t, "2025-03-29T02:00:00Z"), To: instantOf(t, "2025-03-30T01:00:00Z")}) {
		t.Errorf("beside %s to %s", clockTime(got.From), clockTime(got.To))
	}
}

// Beside a time that the clock shows twice stands the first of them.
func TestComparisonWithAnHourThatIsThereTwice(t *testing.T) {
	q := analytics.Query{
		Kind: "occupancy", Locations: []int64{21}, Compare: analytics.ComparePrevious, Now: springEnd,
		From: instantOf(t, "2025-11-02T01:30:00Z"), To: instantOf(t, "2025-11-02T03:30:00Z"),
	}
	out, err := run(spring(), q, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := out.header.Locations[0].Previous; got != (analytics.Interval{From: instantOf(t, "2025-10-26T00:30:00Z"), To: instantOf(t, "2025-10-26T03:30:00Z")}) {
		t.Errorf("beside %s to %s", clockTime(got.From), clockTime(got.To))
	}
}

// Rows of a bucket stand beside those with the same labels, wherever these are.
func TestRowsFindTheirLike(t *testing.T) {
	columns := []analytics.Column{{Name: "x", Label: true}, {Name: "zone_id", Label: true}, {Name: "seconds"}}
	rows := func(start int64, cells ...[3]int64) (all []analytics.Row) {
		for _, c := range cells {
			all = append(all, analytics.Row{Start: start, End: start + 1, Cells: []analytics.Cell{integer(c[0]), text(string(rune('a' + c[1]))), integer(c[2])}})
		}
		return all
	}
	writing := func(all []analytics.Row, out analytics.Output) error {
		row := analytics.Row{Cells: make([]analytics.Cell, 3)} // reused, as reports do
		for _, r := range all {
			copy(row.Cells, r.Cells)
			row.Start, row.End = r.Start, r.End
			if err := out.Row(&row); err != nil {
				return err
			}
		}
		return nil
	}
	others := append(rows(100, [3]int64{1, 0, 10}, [3]int64{2, 0, 20}, [3]int64{2, 1, 21}), rows(101, [3]int64{2, 0, 30})...)
	got := &collected{}
	beside, stop := analytics.Beside(columns, got, func(out analytics.Output) error { return writing(others, out) })
	defer stop()
	own := append(rows(200, [3]int64{2, 1, 1}, [3]int64{2, 0, 2}, [3]int64{3, 0, 3}, [3]int64{1, 0, 4}), rows(201, [3]int64{1, 0, 5}, [3]int64{2, 0, 6})...)
	own = append(own, rows(202, [3]int64{2, 0, 7})...)
	if err := writing(own, beside); err != nil {
		t.Fatal(err)
	}
	for i, want := range [][2]analytics.Cell{
		{integer(100), integer(21)}, {integer(100), integer(20)}, {integer(100), null}, {integer(100), integer(10)},
		{integer(101), null}, {integer(101), integer(30)}, {null, null},
	} {
		if want[0] != null {
			want[0].Type = analytics.Time
		}
		cells := got.rows[i].cells
		if cells[2].Int != int64(i+1) || cells[3] != want[0] || cells[4] != want[1] {
			t.Errorf("row %d: %v, want %v beside it", i, cells, want)
		}
	}
}

// A store that maps a file turns faults into panics, and these into errors: so they
// must be wherever it is read.
func TestComparisonsInheritTheFaults(t *testing.T) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	var inherited bool
	beside, stop := analytics.Beside(nil, &collected{}, func(analytics.Output) error {
		inherited = debug.SetPanicOnFault(true)
		panic("the disk failed")
	})
	defer stop()
	defer func() {
		if cause := recover(); cause != "the disk failed" || !inherited {
			t.Errorf("panicked with %v, faults inherited: %t", cause, inherited)
		}
	}()
	_ = beside.Row(&analytics.Row{})
}

// Rows are compared as they come: a year by the minute holds a bucket at a time.
func TestComparisonsStopWithTheirReader(t *testing.T) {
	q := analytics.Query{
		Kind: "dwell", Locations: []int64{21}, Bucket: analytics.Bucket1h, Compare: analytics.ComparePrevious,
		From: springEnd - 7*24*hour, To: springEnd, Now: springEnd,
	}
	rs := &analytics.Reports{Store: spring(), Open: nobody}
	if err := rs.Run(context.Background(), q, &counter{fails: 10}); !errors.Is(err, errFull) {
		t.Errorf("the reader's error became %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	if err := rs.Run(ctx, q, &counter{begin: cancel}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestComparisonsThatCannotBeMade(t *testing.T) {
	for want, change := range map[string]func(*analytics.Query){
		"compare: the instant is missing":                func(q *analytics.Query) { q.Compare = analytics.CompareFrom },
		"compare: it must lie in the years 1 to 9999":    func(q *analytics.Query) { q.Compare, q.CompareFrom = analytics.CompareFrom, []int64{253e18 / 100} },
		"compare: comparison 9 is not known":             func(q *analytics.Query) { q.Compare = 9 },
		`sort: "entries_previous" is no figure of lines`: func(q *analytics.Query) { q.Kind, q.Sort = "lines", "entries_previous" },
	} {
		_, err := run(kiosk(t), query(change), nil)
		var q *analytics.QueryError
		if !errors.As(err, &q) || q.NotFound || q.TooLarge || len(q.Error()) < len(want) || q.Error()[:len(want)] != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
	q := query(func(q *analytics.Query) {
		q.Compare, q.From, q.Bucket = analytics.ComparePrevious, q.To-200_000*analytics.Minute, analytics.Bucket1m
	})
	var fault *analytics.QueryError
	if _, err := run(kiosk(t), q, nil); !errors.As(err, &fault) || !fault.TooLarge {
		t.Error("the rows of both intervals are not counted:", err)
	}
}
