package analytics_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/footfall/footfall/analytics"
)

// A report over what is deleted says what is kept, and none is answered with less
// than all.
func TestReportsRefuseWhatIsDeleted(t *testing.T) {
	const days = 900
	store, h := derived(t, days)
	retainAll(t, store, keep)
	now := noon + days*aDay
	for name, tt := range map[string]struct {
		from, to int64
		bucket   analytics.Bucket
		tz, want string
	}{
		"minutes":                     {now - 91*aDay, now - 90*aDay, analytics.Bucket1m, "", "the minutes of location 21 are deleted before"},
		"minutes that are kept":       {now - 89*aDay, now - 88*aDay, analytics.Bucket1m, "", ""},
		"quarter hours":               {now - 91*aDay, now, analytics.Bucket15m, "", ""},
		"an end off the quarter hour": {now - 92*aDay, now - 91*aDay + 8*analytics.Minute, analytics.Whole, "", "or for whole quarter hours"},
		"a beginning off it":          {now - 92*aDay + analytics.Minute, now - 91*aDay, analytics.Whole, "", "and this report needs them from"},
		"hours":                       {now - 367*aDay, now - 366*aDay, analytics.Bucket1h, "", "beginning at 00:00 in Europe/Helsinki"},
		"days of elsewhere":           {now - 400*aDay - 12*hour, now, analytics.Bucket1d, "UTC", "the quarter hours of location 21 are deleted before"},
	} {
		t.Run(name, func(t *testing.T) {
			q := analytics.Query{Kind: "occupancy", Locations: []int64{21}, From: tt.from, To: tt.to, Bucket: tt.bucket, Timezone: tt.tz, Now: now}
			out, err := run(store, q, nil)
			if tt.want != "" {
				var wrong *analytics.QueryError
				if !errors.As(err, &wrong) || !wrong.Gone || !strings.Contains(err.Error(), tt.want) || out.begun != 0 {
					t.Fatalf("%v after %d rows, want %q", err, len(out.rows), tt.want)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			k := known{h, now, now, now}
			p := &analytics.Profile{Zones: []analytics.Subject{{Number: 1, ID: "door"}}}
			if d := differences(q.Kind, out.rows, k.expect(q, p, cut(calendarOf(t, "Europe/Helsinki", 0), q.Bucket, q.From, q.To))); d != "" {
				t.Fatal(d)
			}
		})
	}
}
