package analytics_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/footfall/footfall/analytics"
)

// Opening hours are read from quarter hours, and refused where these are deleted, though
// the days are there.
func TestOpeningHoursOfWhatIsKept(t *testing.T) {
	const days = 900
	store, h := derived(t, days)
	retainAll(t, store, keep)
	p := &analytics.Profile{
		Location: 21, Timezone: "Europe/Helsinki", Zones: []analytics.Subject{{Number: 1, ID: "door"}}, Opening: &analytics.OpeningHours{},
	}
	for d := range p.Opening.Week {
		p.Opening.Week[d] = []analytics.OpenSpan{{From: 9*60 + 15, To: 14 * 60}, {From: 17 * 60, To: 25*60 + 45}}
	}
	b := &analytics.Batch{}
	if err := errors.Join(p.Put(b), store.Apply(b)); err != nil {
		t.Fatal(err)
	}
	helsinki := calendarOf(t, p.Timezone, 0)
	now := helsinki.Start(analytics.Bucket1d, noon+days*aDay)
	for name, tt := range map[string]struct {
		from, to int64
		want     string
	}{
		"of minutes":  {now - 20*aDay, now - 10*aDay, ""},
		"of quarters": {now - 340*aDay, now - 320*aDay, ""},
		"of days":     {now - 400*aDay, now - 390*aDay, ", or over all hours for whole days of the location"},
	} {
		t.Run(name, func(t *testing.T) {
			q := analytics.Query{Kind: "occupancy", Locations: []int64{21}, From: tt.from, To: tt.to, Bucket: analytics.Bucket1d, Hours: analytics.HoursOpen, Now: noon + days*aDay}
			out, err := run(store, q, nil)
			if tt.want != "" {
				var wrong *analytics.QueryError
				if !errors.As(err, &wrong) || !wrong.Gone || !strings.Contains(err.Error(), tt.want) {
					t.Fatalf("%v, want %q", err, tt.want)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			k := known{h, q.Now, q.Now, q.Now}
			k.hours = newNaiveHours(p.Opening, helsinki.Zone, interval{tt.from, tt.to})
			if d := differences(q.Kind, out.rows, k.expect(q, p, cut(helsinki, q.Bucket, q.From, q.To))); d != "" {
				t.Fatal(d)
			}
		})
	}
}
