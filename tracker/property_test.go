package tracker

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// Each of these walks people about at random and holds the tracker against the
// naive model: the live counts at every step, what was told at the end, and the
// bounds of every sweep.

func TestWalks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		walkAbout(newWalk(t, drawSettings(t), drawAreas(t)))
	})
}

func TestWalksThroughReloads(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := newWalk(t, drawSettings(t), drawAreas(t))
		w.reloads = true
		walkAbout(w)
	})
}

func walkAbout(w *walk) {
	for range rapid.IntRange(1, 120).Draw(w.T, "steps") {
		w.step()
		w.checkLive()
	}
	w.finish()
}

// TestWalksRestored restarts the tracker at random moments.
func TestWalksRestored(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := newWalk(t, drawSettings(t), drawAreas(t))
		w.reloads = rapid.Bool().Draw(t, "reloads")
		w.sameIDs = true // the ids of zones that are gone, which order some flows, are not stored
		kept := store{}
		for range rapid.IntRange(1, 120).Draw(t, "steps") {
			w.step()
			switch rapid.IntRange(0, 9).Draw(t, "store") {
			case 0:
				w.restart(kept)
			case 1:
				kept.flush(w.tracker)
				if slot := kept.stale(w.tracker); slot >= 0 {
					t.Fatalf("the kept standing of slot %d is old", slot)
				}
			}
			w.checkLive()
		}
		w.finish()
		if kept.flush(w.tracker); len(kept) > 0 {
			t.Fatalf("%d records are left of nobody", len(kept))
		}
	})
}

func (w *walk) restart(kept store) {
	w.sweep()
	w.tracker = restarted(w.T, w.tracker, kept, w.settings, w.layout, w.ear)
	clear(w.model.early)
	if err := w.tracker.audit(); err != nil {
		w.Fatal(err)
	}
}

// TestWalksOverTiles: with delays of 0, who is on the floor is in one tile.
func TestWalksOverTiles(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		settings := drawSettings(t)
		settings.EnterAfter, settings.ExitAfter = 0, 0
		w := newWalk(t, settings, drawTiles(t))
		for range rapid.IntRange(1, 120).Draw(t, "steps") {
			w.step()
			w.checkLive()
			counts, _ := w.tracker.Live()
			inTiles := -counts[LocationZone]
			for _, n := range counts {
				inTiles += n
			}
			if outside := w.outside(); inTiles+outside != counts[LocationZone] {
				t.Fatalf("%d are in tiles and %d outside, of %d", inTiles, outside, counts[LocationZone])
			}
		}
		w.finish()
	})
}

// outside counts those present whose last known position is off the floor.
func (w *walk) outside() int32 {
	var n int32
	floor := area{x1: floorSize, y1: floorSize}
	for _, tr := range w.model.traces {
		if !tr.over && !floor.has(tr.x, tr.y) {
			n++
		}
	}
	return n
}

// TestWalksSettled: where nobody expires and no zone changes, nothing believed
// changes before what a sweep called settled.
func TestWalksSettled(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		settings := drawSettings(t)
		settings.ExpireAfter = 1 << 50
		settings.StitchRadius = 1 << 20 // nor does an id come back as somebody else
		w := newWalk(t, settings, drawAreas(t))
		w.collect = true
		for range rapid.IntRange(1, 120).Draw(t, "steps") {
			w.step()
			if len(w.told) > 20 {
				w.told = w.told[1:]
			}
		}
		for id := range w.places {
			w.tracker.Lost(w.now, id)
			w.model.lost(w.now, id)
		}
		w.finish()
		for _, b := range w.told {
			if lines := difference(b.events, before(w.ear.heard, b.settled)); lines != nil {
				t.Fatalf("believed before %d, which was settled:\n%s", b.settled, strings.Join(lines, "\n"))
			}
		}
	})
}

// belief is what was told, and believed, of the time before an instant.
type belief struct {
	settled int64
	events  []event
}

func (w *walk) believed(settled int64) belief {
	tentative := newEar()
	w.tracker.Tentative(tentative)
	return belief{settled, append(before(w.ear.heard, settled), before(tentative.heard, settled)...)}
}

// before are the changes of counts before an instant, without what is added to
// them later.
func before(events []event, settled int64) []event {
	var some []event
	for _, e := range events {
		if e.at < settled && (e.kind == "entry" || e.kind == "exit" || e.kind == "crossing") {
			some = append(some, event{kind: e.kind, number: e.number, direction: e.direction, entered: e.entered, at: e.at})
		}
	}
	return some
}
