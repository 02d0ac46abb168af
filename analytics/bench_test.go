package analytics_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/footfall/footfall/analytics"
	"github.com/footfall/footfall/analytics/storetest"
	"github.com/footfall/footfall/tracker"
)

const benchZones = 100

// One op is an entry, the exit 20 s before by another visit, and now and then a
// Follow, at 100 visits a second; minutes that are closed are flushed.
func BenchmarkRecorder(b *testing.B) {
	r := analytics.NewRecorder(21, noon)
	r.Connected(noon)
	at, followed := noon, noon
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		at += 10_000
		zone := int32(i % benchZones)
		r.Entry(tracker.Entry{Zone: zone, At: at})
		if i >= 2000 {
			r.Exit(tracker.Exit{Zone: zone, Entered: at - 20*analytics.Second, Left: at, Who: tracker.ClassAt(i % 24)})
		}
		if at-followed >= analytics.Second {
			r.Follow(at)
			followed = at
			if at%analytics.Minute == 0 {
				r.FlushClosed(&analytics.Batch{})
			}
		}
	}
	if r.Misplaced() > 0 {
		b.Fatal("events were misplaced")
	}
}

// One op is what every second brings: something happened in each of 100 zones.
func BenchmarkFlush(b *testing.B) {
	r := analytics.NewRecorder(21, noon)
	r.Connected(noon)
	at, batch := noon, int64(0)
	b.ReportAllocs()
	for b.Loop() {
		at += analytics.Second
		for zone := range int32(benchZones) {
			r.Entry(tracker.Entry{Zone: zone, At: at})
			r.Exit(tracker.Exit{Zone: zone, Entered: at, Left: at})
		}
		r.Follow(at)
		batch++
		r.Flush(&analytics.Batch{}, analytics.State{At: at, Batch: batch})
		r.Committed(batch)
	}
}

func BenchmarkOpen(b *testing.B) {
	r := analytics.NewRecorder(21, noon)
	r.Connected(noon)
	for zone := range int32(benchZones) {
		r.Entry(tracker.Entry{Zone: zone, At: noon})
	}
	r.Follow(noon + 90*analytics.Second)
	clock := tracker.New(tracker.DefaultSettings(), tracker.Layout{Plan: noZones()}, discard{})
	clock.Advance(noon + 100*analytics.Second)
	b.ReportAllocs()
	for b.Loop() {
		r.Open(clock, noon+95*analytics.Second)
	}
}

// year is a store with a year of quarter hours of some zones and the location,
// twelve hours a day.
func year(b testing.TB, zones int32) (store analytics.Store, from, to int64, rollups int) {
	b.Helper()
	store = storetest.NewMemory()
	from, to = instant(b, "2025-01-01T00:00:00Z"), instant(b, "2026-01-01T00:00:00Z")
	var z analytics.ZoneRollup
	z.Sum[analytics.Covered] = analytics.Quarter
	z.Max, z.Longest = 4, 90*analytics.Second
	for i := range int64(20) {
		z.Sum[analytics.EntriesCrossed]++
		z.Sum[analytics.ExitsCrossed]++
		z.Sum[analytics.Visits]++
		z.Sum[analytics.PersonTime] += i * analytics.Second
		z.Dwells.Add(i % 7 * 13 * analytics.Second)
	}
	z.Sum[analytics.Dwell], z.Sum[analytics.CoveredPersonTime] = z.Sum[analytics.PersonTime], z.Sum[analytics.PersonTime]
	z.Classes = []analytics.ClassSum{{Class: 0, Visits: 12, Dwell: 9e7}, {Class: 11, Visits: 8, Dwell: 9e7}}
	p := &analytics.Profile{Location: 21, Timezone: "Europe/Helsinki"}
	for n := range zones {
		p.Zones = append(p.Zones, analytics.Subject{Number: n + 1, ID: fmt.Sprint("zone-", n)})
	}
	batch := &analytics.Batch{}
	if err := analytics.PutSummed(batch, 21, to); err != nil {
		b.Fatal(err)
	}
	if err := p.Put(batch); err != nil {
		b.Fatal(err)
	}
	for at := from; at < to; at += analytics.Quarter {
		if clock := (at - from) / hour % 24; clock < 8 || clock >= 20 {
			continue
		}
		analytics.PutCovered(batch, 21, at)
		for n := range zones + 1 {
			analytics.PutZoneRollup(batch, analytics.Quarters, 21, at, n, &z)
			rollups++
		}
		if batch.Len() > 100_000 || at+12*hour > to {
			if err := store.Apply(batch); err != nil {
				b.Fatal(err)
			}
			batch = &analytics.Batch{}
		}
	}
	return store, from, to, rollups
}

func BenchmarkReportYearHourly(b *testing.B) {
	store, from, to, rollups := year(b, benchZones)
	rs := &analytics.Reports{Store: store, Open: nobody}
	for _, kind := range []string{"occupancy", "dwell"} {
		b.Run(kind, func(b *testing.B) {
			q := analytics.Query{Kind: kind, Locations: []int64{21}, From: from, To: to, Bucket: analytics.Bucket1h, Now: to}
			out := &counter{}
			b.ReportAllocs()
			for b.Loop() {
				if err := rs.Run(context.Background(), q, out); err != nil {
					b.Fatal(err)
				}
			}
			took := b.Elapsed()
			b.ReportMetric(float64(out.rows)/took.Seconds(), "rows/s")
			b.ReportMetric(float64(took.Nanoseconds())/float64(b.N)/float64(rollups), "ns/rollup")
		})
	}
}

// What suppression costs: a year by the day and by the month, and a
// week by the hour.
func BenchmarkReportDemographics(b *testing.B) {
	store, from, to, _ := year(b, benchZones)
	for _, span := range []struct {
		name   string
		bucket analytics.Bucket
		to     int64
	}{{"year by day", analytics.Bucket1d, to}, {"year by month", analytics.Bucket1mo, to}, {"week by hour", analytics.Bucket1h, from + 7*24*hour}} {
		for _, least := range []int{0, 15} {
			b.Run(fmt.Sprintf("%s/min_cell=%d", span.name, least), func(b *testing.B) {
				rs := &analytics.Reports{Store: store, Open: nobody, MinCell: least}
				q := analytics.Query{Kind: "demographics", Locations: []int64{21}, From: from, To: span.to, Bucket: span.bucket, Now: to}
				b.ReportAllocs()
				for b.Loop() {
					if err := rs.Run(context.Background(), q, &counter{}); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
