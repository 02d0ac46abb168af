package analytics_test

import (
	"time"

	"github.com/footfall/footfall/analytics"
)

// goldenHours are off the hour, in two parts on some days, past midnight into the clock
// change, and have a holiday.
func goldenHours() *analytics.OpeningHours {
	o := &analytics.OpeningHours{Dates: map[string][]analytics.OpenSpan{"2026-03-30": {}}}
	for d := range o.Week {
		o.Week[d] = []analytics.OpenSpan{{From: 9*60 + 30, To: 13 * 60}, {From: 13*60 + 45, To: 20*60 + 15}}
	}
	o.Week[time.Saturday] = []analytics.OpenSpan{{From: 10 * 60, To: 28*60 + 30}}
	return o
}

// checkOpen compares what happened in the opening hours.
func (g *golden) checkOpen(month interval, clockChange int64) {
	g.hours = analytics.HoursOpen
	defer func() { g.hours = analytics.HoursAll }()
	for _, kind := range analytics.Kinds() {
		if kind == "ledger" {
			continue
		}
		if kind != "peaks" {
			g.check(kind, analytics.Bucket1d, month, "")
			g.check(kind, analytics.Bucket1mo, month, "")
		}
		g.check(kind, analytics.Bucket1h, interval{clockChange - 12*hour, clockChange + 24*hour}, "")
		g.check(kind, analytics.Bucket15m, interval{clockChange + 12*hour, clockChange + 15*hour}, "Asia/Kathmandu")
	}
}
