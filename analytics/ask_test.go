package analytics_test

import (
	"pgregory.net/rapid"

	"github.com/footfall/footfall/analytics"
)

// ask compares one report with the truth: through a copy of the open end, fresh
// or older, or from the store alone.
func (s *shop) ask() {
	q := s.drawQuery()
	s.compare(q, s.drawReading(q))
}

func (s *shop) drawReading(q analytics.Query) reading {
	how := rapid.SampledFrom([]string{"fresh", "older", "stored"}).Draw(s.t, "reading")
	if how == "stored" && s.stored.now != 0 {
		return s.fromStore(q)
	}
	if how == "older" && len(s.copies) > 0 {
		return rapid.SampledFrom(s.copies).Draw(s.t, "copy")
	}
	settled := s.dated(s.final, s.now, "settled")
	c := reading{s.recorder.Open(s.clock, settled), known{s.truth.clone(), s.now, settled, s.clock.Grouped()}}
	s.copies = append(s.copies, c)
	return c
}

// fromStore reads as if nobody counted the location now.
func (s *shop) fromStore(q analytics.Query) reading {
	h := s.stored.truth.clone()
	s.endCoverage(&h)
	return reading{analytics.OpenStored(s.load(), q.Now), known{h, s.stored.now, q.Now, q.Now}}
}

func (s *shop) drawQuery() analytics.Query {
	t := s.t
	q := analytics.Query{
		Kind: rapid.SampledFrom(append(analytics.Kinds(), "occupancy", "flows", "flows")).Draw(t, "kind"), Locations: []int64{s.profile.Location},
		Bucket:   rapid.SampledFrom(buckets).Draw(t, "bucket"),
		Timezone: rapid.SampledFrom([]string{"", "UTC", "Europe/Helsinki", "Australia/Lord_Howe", "Asia/Kathmandu"}).Draw(t, "tz"),
		Now:      s.now,
	}
	if q.Kind != "ledger" && rapid.IntRange(0, 2).Draw(t, "hours") == 0 {
		q.Hours = analytics.HoursOpen
	}
	longest := 4 * 24 * hour
	if q.Bucket == analytics.Bucket1m || q.Bucket == analytics.Bucket5m {
		longest = 3 * hour
	}
	q.From = s.dated(s.first-hour, s.now+hour/4, "from")
	q.To = min(q.From+longest, s.dated(q.From+1, max(q.From+1, s.now+hour), "to"))
	if rapid.Bool().Draw(t, "minutes") {
		q.From, q.To = floor(q.From, analytics.Minute), ceil(q.To, analytics.Minute)
	}
	if q.Kind != "lines" && q.Kind != "heatmap" && q.Kind != "groups" && rapid.IntRange(0, 3).Draw(t, "some") == 0 {
		q.Zones = []string{rapid.SampledFrom([]string{"door", "till"}).Draw(t, "zone")}
	}
	return q
}

func (s *shop) compare(q analytics.Query, r reading) {
	from, to := floor(q.From, analytics.Minute), ceil(q.To, analytics.Minute)
	zone := s.profile.Timezone
	if q.Timezone != "" {
		zone = q.Timezone
	}
	calendar := calendarOf(s.t, zone, s.profile.DayStart)
	if q.Hours == analytics.HoursOpen && s.profile.Opening != nil {
		r.hours = newNaiveHours(s.profile.Opening, calendarOf(s.t, s.profile.Timezone, 0).Zone, interval{from, to})
	}
	var want []row
	if q.Kind == "peaks" {
		q.Bucket = analytics.Whole
		want = r.typicalWeek(q, s.profile, r.hours.some(naiveCut(calendar, analytics.Bucket1h, from, to)), interval{from, to}, calendar.Zone)
	} else {
		want = r.expect(q, s.profile, r.hours.some(naiveCut(calendar, q.Bucket, from, to)))
	}
	out, err := run(s.store, q, r.open)
	if s.refused(q, err) {
		return
	}
	if err != nil {
		s.t.Fatalf("%+v: %v", q, err)
	}
	if out.begun != 1 || out.header.From != from || out.header.To != to || out.header.Widened != (from != q.From || to != q.To) {
		s.t.Fatalf("header %+v, want %s to %s", out.header, clockTime(from), clockTime(to))
	}
	if out.header.Hours != q.Hours {
		s.t.Fatalf("header %+v, want the hours %s", out.header, q.Hours)
	}
	if d := differences(q.Kind, out.rows, want); d != "" {
		s.t.Fatalf("%s by %q over %s hours in %s from %s to %s, now %s, settled %s:\n%s", q.Kind, q.Bucket, q.Hours, zone, clockTime(from), clockTime(to), clockTime(r.now), clockTime(r.settled), d)
	}
}

// askEverything compares every kind by every bucket over the whole history.
func (s *shop) askEverything() {
	for _, kind := range analytics.Kinds() {
		for _, b := range []analytics.Bucket{analytics.Whole, analytics.Bucket15m, analytics.Bucket1h, analytics.Bucket1d} {
			q := analytics.Query{Kind: kind, Locations: []int64{s.profile.Location}, Bucket: b, From: s.first, To: s.now + 1, Now: s.now}
			if kind != "ledger" && rapid.Bool().Draw(s.t, "open hours") {
				q.Hours = analytics.HoursOpen
			}
			if (b == analytics.Bucket15m || kind == "demographics") && b != analytics.Whole && q.To-q.From > 24*60*analytics.Minute {
				q.From = q.To - 24*60*analytics.Minute
			}
			open := s.recorder.Open(s.clock, s.now)
			s.compare(q, reading{open, known{s.truth, s.now, s.now, s.clock.Grouped()}})
			s.compare(q, s.fromStore(q))
		}
	}
}
