package engine

import (
	"context"
	"errors"
	"testing"

	"github.com/footfall/footfall/analytics"
	"github.com/footfall/footfall/analytics/storetest"
	"github.com/footfall/footfall/signals"
	"github.com/footfall/footfall/signals/signalstest"
)

// Live: the count follows the line at once, a reset is kept with its time, and a
// restart goes on with it.
func TestGatesLive(t *testing.T) {
	sender, store := signalstest.NewSender(t), storetest.NewMemory()
	cfg := gated(withFeed(plain(), sender.URL(), 7), 7)
	cfg.Locations[0].DayStart = 12 * 60 // never mind midnight
	e := start(t, cfg, mustParse(t, shop), store)
	send(t, sender, position(0, 1, 50, 50), position(0, 2, 50, 50), position(0, 3, 150, 50))
	eventually(t, "all three", func() bool { return occupancyOf(e.Counts(7), "west") == 2 && occupancyOf(e.Counts(7), "east") == 1 })
	if n := e.Counts(7).Occupancy; n != 0 {
		t.Errorf("%d are in, and nobody has crossed the line", n)
	}
	send(t, sender, position(0, 1, 150, 50), position(0, 2, 150, 50))
	eventually(t, "two in", func() bool { return e.Counts(7).Occupancy == 2 })
	began := e.Now()
	set, err := e.ResetOccupancy(context.Background(), 7, 40)
	if err != nil || set < began || set > e.Now() {
		t.Fatalf("reset at %d, %v", set, err)
	}
	eventually(t, "forty", func() bool { return e.Counts(7).Occupancy == 40 })
	send(t, sender, position(0, 3, 50, 50), lost(0, 1))
	eventually(t, "one out", func() bool { return e.Counts(7).Occupancy == 39 })
	e.stop()
	sender.Drop()
	e = start(t, cfg, mustParse(t, shop), store)
	if n := e.Counts(7).Occupancy; n != 39 {
		t.Errorf("%d are in after the restart, want 39", n)
	}
	row := zoneRow(t, runReport(t, e.reports(store), today(analytics.Query{Kind: "ledger"})), "location")
	for figure, want := range map[string]int64{"occupancy_from": 0, "entries_crossed": 2, "entries_reset": 38, "exits_crossed": 1, "exits_lost": 0, "clamped": 0, "occupancy_to": 39} {
		if row[figure] != want {
			t.Errorf("%s is %v, want %d", figure, row[figure], want)
		}
	}
	if _, err := e.ResetOccupancy(context.Background(), 8, 1); !errors.Is(err, ErrNoLocation) {
		t.Errorf("reset of no location: %v", err)
	}
}

// A crossing counts live once its delay has passed on the clock, whether the person
// is heard of again or not.
func TestGatesBelieveAfterTheDelay(t *testing.T) {
	sender, store := signalstest.NewSender(t), storetest.NewMemory()
	cfg := withFeed(config1s(), sender.URL(), 7)
	e := start(t, cfg, mustParse(t, shop), store)
	if _, err := e.ResetOccupancy(context.Background(), 7, 1); !errors.Is(err, analytics.ErrNotGated) {
		t.Errorf("reset of a location counted by people: %v", err)
	}
	e.stop()
	sender.Drop()
	e = start(t, gated(cfg, 7), mustParse(t, shop), store)
	send(t, sender, position(0, 1, 50, 50), position(0, 1, 150, 50))
	eventually(t, "the position", func() bool { return e.Status().Locations[0].Messages == 2 })
	if n := e.Counts(7).Occupancy; n != 0 {
		t.Errorf("%d are in before the delay has passed", n)
	}
	eventually(t, "the crossing", func() bool { return e.Counts(7).Occupancy == 1 })
}

// gatedDoor is location 7 counted by gates, its days beginning at ten, with nobody there
// and no feed, but one who came in by the count at 9:00:01.
func gatedDoor(t *testing.T, stored *analytics.Stored) *location {
	t.Helper()
	cfg := gated(plain(), 7)
	cfg.Locations[0].DayStart = 10 * 60
	l, err := newLocation(describe(nil, cfg, 7), cfg, mustParse(t, shop).Plan(7), stored, at(0))
	if err != nil {
		t.Fatal(err)
	}
	if stored == nil {
		l.connected(at(0))
		for _, m := range []signals.Message{position(0, 1, 50, 50), position(1, 1, 150, 50), lost(2, 1)} {
			l.handle(&m)
		}
		l.disconnected(at(3))
	}
	return l
}

func storeLocation(t *testing.T, l *location) (store *storetest.Memory, stored *analytics.Stored) {
	t.Helper()
	store = storetest.NewMemory()
	b := &analytics.Batch{}
	if err := l.flush(b, 1); err != nil {
		t.Fatal(err)
	}
	if err := analytics.Commit(store, b); err != nil {
		t.Fatal(err)
	}
	err := store.View(func(v analytics.View) (err error) {
		stored, err = analytics.Load(v, 7)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return store, stored
}

// While somebody is in by the gates time goes on, though nobody is seen and nothing
// comes, and the day's start is not missed.
func TestGatesGoOnWithNobodySeen(t *testing.T) {
	l := gatedDoor(t, nil)
	l.sweep(at(1800))
	if l.idle() || l.recorder.Followed() != at(1800) || l.live()[0] != 1 {
		t.Errorf("idle %t, followed %d, %d in", l.idle(), l.recorder.Followed()-at(0), l.live()[0])
	}
	store, _ := storeLocation(t, l)
	early := scriptOf(position(60, 2, 50, 50))
	var behind *BehindError
	if err := NewReplayer(store, gated(plain(), 7), mustParse(t, shop)).Add(context.Background(), "early", early); !errors.As(err, &behind) {
		t.Errorf("a recording of what is counted already: %v", err)
	}
	l.sweep(at(3601))
	l.sweep(at(3602))
	if !l.idle() || l.live()[0] != 0 {
		t.Errorf("after the day's start: idle %t, %d in", l.idle(), l.live()[0])
	}
	r := &analytics.Reports{Store: store, Open: func(context.Context, int64) (*analytics.Open, error) { return l.open(at(7200)), nil }}
	rows := runReport(t, r, analytics.Query{Kind: "occupancy", From: at(0), To: at(7200), Zones: []string{"location"}})
	if row := rows[0]; row["person_seconds"] != 3599.0 || row["exits"] != int64(1) || row["partial"] != false {
		t.Errorf("%v, want one who was in from 9:00:01 to 10:00", row)
	}
}

// A reset that is not final yet is there after a restart.
func TestGatesResetSurvivesAtOnce(t *testing.T) {
	l := gatedDoor(t, nil)
	for _, n := range []int64{7, 5} {
		if err := l.resetOccupancy(at(60), n); err != nil {
			t.Fatal(err)
		}
	}
	l.sweep(at(60))
	_, stored := storeLocation(t, l)
	again := gatedDoor(t, stored)
	if l.live()[0] != 5 || again.live()[0] != 5 {
		t.Errorf("%d in, %d after the restart, want 5", l.live()[0], again.live()[0])
	}
}
