package analytics_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/footfall/footfall/analytics"
	"github.com/footfall/footfall/tracker"
)

// A heatmap has rows only where somebody was. Its buckets are paired all the same, one in
// which nobody was among them; a cell that one interval alone has is a row.
func TestHeatmapsAreCompared(t *testing.T) {
	s := storeOf(t, &analytics.Profile{Location: 21, Timezone: "UTC"})
	const aWeek = 7 * 24 * hour
	first := noon - noon%(24*hour)
	r := analytics.NewRecorder(21, first)
	r.Connected(first)
	r.Follow(first + 2*aWeek)
	heat := func(at int64, x int32, seconds int64) {
		r.Heat(tracker.Heat{Square: tracker.Square{Size: 50, X: x}, Minute: at, Time: seconds * analytics.Second})
	}
	for _, h := range []struct {
		hours   int64
		x       int32
		seconds int64
	}{
		{10, 1, 11}, {10, 2, 12}, {11, 3, 13}, // of the week before; nobody at 12
		{7*24 + 10, 2, 22}, {7*24 + 12, 4, 24}, // nobody at 11
	} {
		heat(first+h.hours*hour, h.x, h.seconds)
	}
	b := &analytics.Batch{}
	r.Flush(b, analytics.State{At: first + 2*aWeek, Batch: 1})
	if err := analytics.Commit(s, b); err != nil {
		t.Fatal(err)
	}
	from := first + aWeek + 10*hour
	out, err := run(s, analytics.Query{
		Kind: "heatmap", Locations: []int64{21}, From: from, To: from + 3*hour, Bucket: analytics.Bucket1h,
		Compare: analytics.ComparePrevious, Now: first + 2*aWeek,
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, row := range out.rows {
		if row.cells[4].Int != row.from-aWeek {
			t.Errorf("%s stands beside %s", clockTime(row.from), clockTime(row.cells[4].Int))
		}
		got = append(got, fmt.Sprintf("%d: x %s: %s, was %s", (row.from-from)/hour, cellText(row.cells[0]), cellText(row.cells[3]), cellText(row.cells[5])))
	}
	want := []string{"0: x 100: 22, was 12", "0: x 50: 0, was 11", "1: x 150: 0, was 13", "2: x 200: 24, was null"}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
