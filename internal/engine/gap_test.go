package engine

import (
	"context"
	"testing"
	"time"

	"github.com/footfall/footfall/analytics"
	"github.com/footfall/footfall/analytics/storetest"
	"github.com/footfall/footfall/internal/config"
	"github.com/footfall/footfall/signals"
	"github.com/footfall/footfall/signals/signalstest"
)

// Between two recordings nothing is received: the visit goes on over a gap of less than
// expire_after (60 s) and ends when last heard of before a longer one. The gap is
// coverage, and never zero people.
func TestGapBetweenRecordings(t *testing.T) {
	for name, c := range map[string]struct {
		again                 float64 // s, the first message after the gap
		visits                int64
		seconds, coverage     float64
		expired               int64
		inGap                 any // person-seconds of the minute from 60 s on
		coveredInThirdOfThree float64
	}{
		"just not too long": {69.9, 1, 79.9, 20. / 180, 0, 19.9, 0},
		"just too long":     {70, 2, 20, 20. / 180, 1, 10.0, 0},
		"much too long":     {125, 2, 20, 20. / 180, 1, nil, 10. / 60},
	} {
		t.Run(name, func(t *testing.T) {
			store := storetest.NewMemory()
			r := NewReplayer(store, plain(), mustParse(t, shop))
			for _, s := range []*script{
				scriptOf(position(0, 1, 50, 50), position(10, 1, 50, 50)),
				scriptOf(position(c.again, 1, 50, 50), lost(c.again+10, 1)),
			} {
				if err := r.Add(context.Background(), "a", s); err != nil {
					t.Fatal(err)
				}
			}
			if err := r.Finish(); err != nil {
				t.Fatal(err)
			}
			q := analytics.Query{Kind: "occupancy", From: at(0), To: at(180), Zones: []string{"west"}}
			row := runReport(t, fromStore(store), q)[0]
			if row["entries"] != c.visits || row["exits"] != c.visits || !near(row["person_seconds"], c.seconds) || !near(row["coverage"], c.coverage) {
				t.Errorf("%v, want %d visits of %v s, coverage %v", row, c.visits, c.seconds, c.coverage)
			}
			q.Kind = "ledger"
			if row := runReport(t, fromStore(store), q)[0]; row["exits_expired"] != c.expired || row["exits_lost"] != int64(1) {
				t.Errorf("%v, want %d expired and 1 lost", row, c.expired)
			}
			q.Kind, q.Bucket = "occupancy", analytics.Bucket1m
			minutes := runReport(t, fromStore(store), q)
			if got := minutes[1]["person_seconds"]; got != c.inGap {
				t.Errorf("in the minute of the gap %v person-seconds, want %v", got, c.inGap)
			}
			if got := minutes[2]["coverage"]; !near(got, c.coveredInThirdOfThree) {
				t.Errorf("coverage of the third minute %v", got)
			}
		})
	}
}

func near(got any, want float64) bool {
	f, is := got.(float64)
	return is && f > want-1e-6 && f < want+1e-6
}

// A connection that breaks off: the counts stay the last known ones, it is told since
// when, and the visit goes on with the next connection.
func TestGapInALiveFeed(t *testing.T) {
	sender, store := signalstest.NewSender(t), storetest.NewMemory()
	e := start(t, withFeed(plain(), sender.URL(), 7), mustParse(t, shop), store)
	if l := e.Locations()[0]; l.Connected || l.Since != 0 {
		t.Errorf("before any connection: %+v", l)
	}
	send(t, sender, position(0, 1, 50, 50))
	eventually(t, "the person", func() bool { return occupancyOf(e.Counts(7), "west") == 1 })
	began := e.Locations()[0]
	sender.HangUp()
	eventually(t, "the gap", func() bool { return !e.Counts(7).Connected })
	gap := e.Locations()[0]
	if gap.Connected || gap.Since <= began.Since || occupancyOf(e.Counts(7), "west") != 1 {
		t.Errorf("connected %+v, then in the gap %+v and %+v", began, gap, e.Counts(7))
	}
	if f := e.Status().Feeds[0]; f.State == signals.StateConnected || f.Since < gap.Since {
		t.Errorf("the feed is %v since %d, the gap began at %d", f.State, f.Since, gap.Since)
	}
	send(t, sender, position(0, 1, 50, 60), position(0, 1, 150, 50))
	eventually(t, "the step after the gap", func() bool { return occupancyOf(e.Counts(7), "east") == 1 })
	if l := e.Locations()[0]; !l.Connected || l.Since <= gap.Since {
		t.Errorf("after the gap %+v", l)
	}
	row := zoneRow(t, runReport(t, e.reports(store), today(analytics.Query{Kind: "ledger"})), "west")
	if row["entries_appeared"] != int64(1) || row["entries_crossed"] != int64(0) || row["exits_crossed"] != int64(1) || row["exits_expired"] != int64(0) {
		t.Errorf("%v, want one visit over the gap", row)
	}
}

// Nobody is heard of for longer than expire_after: the visit ended when the person was
// last heard of, and the same id is then a new track.
func TestGapTooLongInALiveFeed(t *testing.T) {
	sender, store := signalstest.NewSender(t), storetest.NewMemory()
	cfg := withFeed(plain(), sender.URL(), 7)
	cfg.Tracking.ExpireAfter = 400 * time.Millisecond
	e := start(t, cfg, mustParse(t, shop), store)
	send(t, sender, position(0, 1, 50, 50))
	eventually(t, "the person", func() bool { return e.Counts(7).Occupancy == 1 })
	sender.HangUp()
	eventually(t, "the end", func() bool { return e.Counts(7).Occupancy == 0 })
	send(t, sender, position(0, 1, 50, 50), lost(0, 1))
	eventually(t, "both to be over", func() bool { return e.Status().Locations[0].Messages == 3 && e.Counts(7).Occupancy == 0 })
	row := zoneRow(t, runReport(t, e.reports(store), today(analytics.Query{Kind: "ledger"})), "west")
	if row["exits_expired"] != int64(1) || row["exits_lost"] != int64(1) || row["entries_appeared"] != int64(2) {
		t.Errorf("%v, want one who expired and one who was lost", row)
	}
	row = zoneRow(t, runReport(t, e.reports(store), today(analytics.Query{Kind: "dwell"})), "west")
	if most, is := row["dwell_max"].(float64); !is || most >= 0.4 {
		t.Errorf("%v: a dwell of more than from the first to the last sample", row)
	}
}

// After a reconnect ids begin anew: who appears under one too far away to have walked
// there is somebody else, and who appears near is the same.
func TestReusedIDsAfterAReconnect(t *testing.T) {
	for name, c := range map[string]struct {
		x      float64
		people int64
	}{"near": {60, 1}, "far": {9000, 2}} {
		t.Run(name, func(t *testing.T) {
			sender, store := signalstest.NewSender(t), storetest.NewMemory()
			cfg := config.Default()
			cfg.Tracking.Ghosts.ProveAfter = 0
			e := start(t, withFeed(cfg, sender.URL(), 7), mustParse(t, shop), store)
			send(t, sender, position(0, 1, 50, 50))
			eventually(t, "the person", func() bool { return e.Status().Locations[0].Messages == 1 })
			sender.HangUp()
			send(t, sender, position(0, 1, c.x, 50))
			eventually(t, "the other", func() bool { return e.Status().Locations[0].Messages == 2 })
			eventually(t, "them all", func() bool { return e.Status().Locations[0].Tracker.Tracks == c.people })
			if got := e.Status().Locations[0].Tracker.Reused; got != c.people-1 {
				t.Errorf("%d ids reused, want %d", got, c.people-1)
			}
		})
	}
}

// feedHeard is when a feed gave a sign of life.
type feedHeard struct{ at int64 }

func (f *feedHeard) SignOfLife() int64 { return f.at }

// A peer that dies without a word is found out later: coverage ends at its last sign of
// life, though the counts were swept since. Where another feed brings the same
// location's data it ends with the later of the two.
func TestCoverageEndsAtTheLastSignOfLife(t *testing.T) {
	for name, c := range map[string]struct {
		other float64 // s, when the other feed ends in order, 0 without one
		until float64
	}{"alone": {0, 10}, "beside another": {25, 25}} {
		t.Run(name, func(t *testing.T) {
			cfg, dead, other := plain(), &feedHeard{at(0)}, &feedHeard{}
			l, err := newLocation(describe(nil, cfg, 7), cfg, mustParse(t, shop).Plan(7), nil, at(0))
			if err != nil {
				t.Fatal(err)
			}
			l.heard = []signOfLife{dead, other}
			l.connected(at(0))
			if c.other > 0 {
				l.connected(at(0))
			}
			for second := 0.; second < 60; second += 0.5 {
				dead.at = min(at(second), at(10))
				if second < c.other {
					other.at = at(second)
				}
				if second == c.other && second > 0 {
					l.disconnected(at(c.other))
				}
				l.sweep(at(second))
				open := l.open(at(second))
				if limit := max(at(10), at(c.other)); open == nil || l.settled > limit || l.recorder.Followed() > limit {
					t.Fatalf("after %v s settled up to %v s", second, float64(l.settled-at(0))/1e6)
				}
			}
			l.disconnected(at(10))
			l.sweep(at(60))
			store, _ := storeLocation(t, l)
			row := runReport(t, fromStore(store), analytics.Query{Kind: "occupancy", From: at(0), To: at(60), Zones: []string{"location"}})[0]
			if !near(row["coverage"], c.until/60) {
				t.Errorf("coverage %v, want %v s of a minute", row["coverage"], c.until)
			}
			if l.since != at(c.until) {
				t.Errorf("the gap began %v s after the start, want %v", float64(l.since-at(0))/1e6, c.until)
			}
		})
	}
}
