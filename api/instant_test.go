package api

import (
	"errors"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/footfall/footfall/analytics"
)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func TestParseInstant(t *testing.T) {
	for _, c := range []struct{ zone, dayStart, text, want string }{
		{"Europe/Helsinki", "0h", "2026-03-02T09:00:00Z", "2026-03-02T09:00:00Z"},
		{"Europe/Helsinki", "0h", "2026-03-02T09:00:00.040Z", "2026-03-02T09:00:00.04Z"},
		{"Europe/Helsinki", "0h", "2026-03-02T09:00+05:30", "2026-03-02T03:30:00Z"},
		{"Europe/Helsinki", "0h", "2026-03-02T09:00:00 02:00", "2026-03-02T07:00:00Z"}, // a plus sign that was not escaped
		{"Europe/Helsinki", "0h", "2026-03-02 09:00", "2026-03-02T07:00:00Z"},
		{"Europe/Helsinki", "0h", "2026-03-02T09:00:30.5", "2026-03-02T07:00:30.5Z"},
		{"Europe/Helsinki", "0h", "2026-03-02", "2026-03-01T22:00:00Z"},
		{"Europe/Helsinki", "4h", "2026-03-02", "2026-03-02T02:00:00Z"},
		{"Europe/Helsinki", "23h45m", "2026-03-02", "2026-03-02T21:45:00Z"},
		{"Europe/Helsinki", "4h", "2026-03-02T03:00", "2026-03-02T01:00:00Z"},
		// The clock goes from 3 to 4 on 29 March, and back from 4 to 3 on 25 October.
		{"Europe/Helsinki", "3h30m", "2026-03-29", "2026-03-29T01:00:00Z"},
		{"Europe/Helsinki", "0h", "2026-10-25", "2026-10-24T21:00:00Z"},
		{"Europe/Helsinki", "0h", "2026-10-26", "2026-10-25T22:00:00Z"},
		{"Europe/Helsinki", "0h", "2026-10-25T03:30", "2026-10-25T00:30:00Z"},
		{"Europe/Helsinki", "0h", "2026-10-25T04:30", "2026-10-25T02:30:00Z"},
		{"Australia/Lord_Howe", "0h", "2026-04-05", "2026-04-04T13:00:00Z"},
		{"America/Havana", "0h", "2026-03-08", "2026-03-08T05:00:00Z"}, // its midnight is skipped
		{"UTC", "0h", "2026-02-28", "2026-02-28T00:00:00Z"},
	} {
		dayStart, _ := time.ParseDuration(c.dayStart)
		at, err := ParseInstant(c.text, analytics.Calendar{Zone: zone(t, c.zone), DayStart: int(dayStart.Minutes())})
		if got := string(appendTime(nil, at)); err != nil || got != c.want {
			t.Errorf("%s in %s at %s: %s, %v; want %s", c.text, c.zone, c.dayStart, got, err, c.want)
		}
	}
}

func TestParseInstantRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"":                     "is not a time",
		"yesterday":            `"yesterday" is not a time; use 2026-03-02T09:00:00Z, 2026-03-02T09:00 or 2026-03-02`,
		"2026-02-29":           "is not a time",
		"2026-03-02T24:30":     "is not a time",
		"1772442000":           "is not a time",
		"2026-03-02T09":        "is not a time",
		"1969-12-31T00:00:00Z": "not between the years 1970 and 9999",
		"2026-03-29T03:30":     "2026-03-29T03:30:00 does not exist in Europe/Helsinki, where the clock skips it",
	} {
		if _, err := ParseInstant(text, analytics.Calendar{Zone: zone(t, "Europe/Helsinki")}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v; want %q", text, err, want)
		}
	}
}

func FuzzParseInstant(f *testing.F) {
	for _, seed := range []string{"2026-03-02T09:00:00Z", "2026-03-02", "2026-03-29T03:30", "2026-03-02 09:00", "9999-12-31T23:59:59.999999999+14:00", "0001-01-01", "2026-03-02T09:00:00 02:00"} {
		f.Add(seed, 0)
		f.Add(seed, 23*60+45)
	}
	havana := zone(f, "America/Havana")
	f.Fuzz(func(t *testing.T, text string, dayStart int) {
		c := analytics.Calendar{Zone: havana, DayStart: int(uint(dayStart) % 1440)}
		at, err := ParseInstant(text, c)
		if err != nil {
			return
		}
		written := string(appendTime(nil, at))
		if again, err := ParseInstant(written, c); err != nil || again != at {
			t.Errorf("%q is %s, which is read as %d, %v", text, written, again, err)
		}
	})
}

func TestNewQueryDefaults(t *testing.T) {
	now := noon.Add(30*time.Second + time.Microsecond)
	for _, c := range []struct {
		locations          []int64
		query, from, until string
	}{
		{[]int64{21}, "", "2026-03-01T22:00:00Z", "2026-03-02T10:01:00Z"},
		{[]int64{22}, "", "2026-03-02T05:00:00Z", "2026-03-02T10:01:00Z"},
		{[]int64{21, 22}, "", "2026-03-01T22:00:00Z", "2026-03-02T10:01:00Z"}, // the earlier day
		{[]int64{21, 22}, "tz=UTC", "2026-03-02T00:00:00Z", "2026-03-02T10:01:00Z"},
		{nil, "", "2026-03-02T00:00:00Z", "2026-03-02T10:01:00Z"},
		{[]int64{21}, "from=2026-03-02&to=2026-03-03", "2026-03-01T22:00:00Z", "2026-03-02T22:00:00Z"},
		{[]int64{21}, "from=2026-03-02&tz=America/New_York", "2026-03-02T05:00:00Z", "2026-03-02T10:01:00Z"},
		{[]int64{21, 22}, "from=2026-03-02T08:00:00%2B02:00", "2026-03-02T06:00:00Z", "2026-03-02T10:01:00Z"},
	} {
		values, _ := url.ParseQuery(c.query)
		q, err := NewQuery("dwell", c.locations, values, now, helsinki)
		if got, until := string(appendTime(nil, q.From)), string(appendTime(nil, q.To)); err != nil || got != c.from || until != c.until {
			t.Errorf("%v?%s: from %s to %s, %v; want %s to %s", c.locations, c.query, got, until, err, c.from, c.until)
		}
	}
}

// At the very beginning of a day there is a minute to report on.
func TestNewQueryByEachLocationsClock(t *testing.T) {
	day := func(from, to string) analytics.Interval {
		at := func(s string) int64 {
			parsed, err := time.Parse(time.RFC3339, s)
			if err != nil {
				t.Fatal(err)
			}
			return parsed.UnixMicro()
		}
		return analytics.Interval{From: at(from), To: at(to)}
	}
	for query, want := range map[string][]analytics.Interval{
		"":                                     {day("2026-03-01T22:00:00Z", "2026-03-02T10:01:00Z"), day("2026-03-02T05:00:00Z", "2026-03-02T10:01:00Z")},
		"from=2026-02-28&to=2026-03-01":        {day("2026-02-27T22:00:00Z", "2026-02-28T22:00:00Z"), day("2026-02-28T05:00:00Z", "2026-03-01T05:00:00Z")},
		"from=2026-02-28&to=2026-03-01&tz=UTC": nil,
		"from=2026-02-28T00:00Z&to=2026-03-01T00:00Z": nil,
	} {
		values, _ := url.ParseQuery(query)
		q, err := NewQuery("dwell", []int64{21, 22}, values, noon.Add(30*time.Second), helsinki)
		if err != nil || !slices.Equal(q.Intervals, want) {
			t.Errorf("%s: %v, %v; want %v", query, q.Intervals, err, want)
		}
		for _, i := range q.Intervals {
			if i.From < q.From || i.To > q.To {
				t.Errorf("%s: %v beyond %d to %d", query, i, q.From, q.To)
			}
		}
	}
}

func TestNewQueryComparesAndRanks(t *testing.T) {
	values, _ := url.ParseQuery("from=2026-03-01&to=2026-03-02&compare=2026-02-01&sort=-visits&limit=3")
	q, err := NewQuery("dwell", []int64{21, 22}, values, noon, helsinki)
	if err != nil || q.Compare != analytics.CompareFrom || len(q.CompareFrom) != 2 || q.CompareFrom[1]-q.CompareFrom[0] != 7*3600e6 || q.Sort != "-visits" || q.Limit != 3 {
		t.Errorf("%+v, %v", q, err)
	}
	for text, want := range map[string]analytics.CompareWith{"previous": analytics.ComparePrevious, "last_year": analytics.CompareLastYear} {
		q, err := NewQuery("dwell", []int64{21}, url.Values{"compare": {text}}, noon, helsinki)
		if err != nil || q.Compare != want || q.CompareFrom != nil {
			t.Errorf("%s: %+v, %v", text, q, err)
		}
	}
}

func TestNewQueryAtDayStart(t *testing.T) {
	midnight := time.Date(2026, 3, 1, 22, 0, 0, 0, time.UTC)
	q, err := NewQuery("dwell", []int64{21}, nil, midnight, helsinki)
	if err != nil || q.From != midnight.UnixMicro() || q.To != midnight.Add(time.Minute).UnixMicro() {
		t.Errorf("%d to %d, %v", q.From, q.To, err)
	}
}

// Whatever is asked, the answer is a query that makes sense or a QueryError.
func FuzzNewQuery(f *testing.F) {
	for _, seed := range []string{
		"", "from=2026-03-02&to=2026-03-03&bucket=1h&tz=Asia/Tokyo&zone=a&zone=b", "tz=Local", "tz=../UTC", "bucket=", "from=2026-03-29T03:30", "to=9999-12-31", "compare=previous&sort=-visits&limit=2", "compare=2026-02-01",
	} {
		f.Add("occupancy", seed)
	}
	f.Add("nonsense", "")
	f.Fuzz(func(t *testing.T, kind, query string) {
		values, err := url.ParseQuery(query)
		if err != nil {
			return
		}
		q, err := NewQuery(kind, []int64{21, 22}, values, noon, helsinki)
		var fault *analytics.QueryError
		switch {
		case err != nil && !errors.As(err, &fault):
			t.Errorf("%v is no QueryError", err)
		case err == nil && (q.From >= q.To || analytics.KindColumns(q.Kind) == nil):
			t.Errorf("asked for %+v", q)
		}
	})
}
