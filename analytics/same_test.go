package analytics_test

import (
	"fmt"
	"maps"
	"testing"

	"pgregory.net/rapid"

	"github.com/footfall/footfall/analytics"
	"github.com/footfall/footfall/analytics/storetest"
	"github.com/footfall/footfall/tracker"
)

// keeper is one way to keep what a recorder is told.
type keeper struct {
	store    analytics.Store
	recorder *analytics.Recorder
	batch    *analytics.Batch
	number   int64
}

func newKeeper(t *rapid.T, from int64) *keeper {
	k := &keeper{store: storetest.NewMemory(), recorder: analytics.NewRecorder(21, from), batch: &analytics.Batch{}}
	p := &analytics.Profile{Location: 21, Timezone: "Europe/Helsinki"}
	if err := p.Put(k.batch); err != nil {
		t.Fatal(err)
	}
	return k
}

func (k *keeper) commit(t *rapid.T, now int64) {
	k.number++
	k.recorder.Flush(k.batch, analytics.State{At: now, Batch: k.number})
	if err := analytics.Commit(k.store, k.batch); err != nil {
		t.Fatal(err)
	}
	k.batch = &analytics.Batch{}
	k.recorder.Committed(k.number)
}

// restart comes back at the very instant of the last batch, data flowing again.
func (k *keeper) restart(t *rapid.T, now int64) {
	on := k.recorder.Receiving()
	err := k.store.View(func(v analytics.View) error {
		s, err := analytics.Load(v, 21)
		k.recorder = s.Recorder
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if on {
		k.recorder.Connected(now)
	}
}

func (k *keeper) derive(t *rapid.T) {
	if err := analytics.Derive(k.store, 21); err != nil {
		t.Fatal(err)
	}
}

// rollups are all that is stored of the three levels.
func (k *keeper) rollups(t *rapid.T) map[string]string {
	all := map[string]string{}
	err := k.store.View(func(v analytics.View) error {
		for _, table := range []analytics.Table{analytics.Minutes, analytics.Quarters, analytics.Days} {
			err := v.Scan(table, nil, nil, func(key, value []byte) error {
				all[fmt.Sprintf("%v %x", table, key)] = string(value)
				return nil
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// What is stored depends on what was told alone: not on when it was followed,
// flushed, committed, summed up or loaded again.
func TestStoredRollupsDependOnEventsAlone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := &shop{t: t, first: instant(t, "2025-03-29T20:30:00Z") + rapid.Int64Range(0, analytics.Minute).Draw(t, "first")}
		s.now, s.final = s.first, s.first
		s.setClock()
		once, often, closed := newKeeper(t, s.first), newKeeper(t, s.first), newKeeper(t, s.first)
		all := []*keeper{once, often, closed}
		for range rapid.IntRange(5, 60).Draw(t, "events") {
			s.advance()
			tell := s.drawEvent()
			for _, k := range all {
				tell(k.recorder)
			}
			s.final = s.dated(s.final, s.now, "final")
			if rapid.Bool().Draw(t, "often follows") {
				often.recorder.Follow(s.final)
				often.commit(t, s.now)
			}
			switch rapid.IntRange(0, 4).Draw(t, "often") {
			case 0:
				often.derive(t)
			case 1:
				often.commit(t, s.now)
				often.restart(t, s.now)
			}
			if rapid.Bool().Draw(t, "closed follows") {
				closed.recorder.Follow(s.final)
				closed.recorder.FlushClosed(closed.batch)
			}
		}
		for _, k := range all {
			k.recorder.Follow(s.now)
			k.commit(t, s.now)
			k.derive(t)
			if n := k.recorder.Misplaced(); n != 0 {
				t.Fatalf("%d events misplaced", n)
			}
		}
		want := once.rollups(t)
		for name, k := range map[string]*keeper{"committed often": often, "flushed as closed": closed} {
			if got := k.rollups(t); !maps.Equal(got, want) {
				for key := range maps.Keys(want) {
					if got[key] != want[key] {
						t.Errorf("%s: %s is %x, want %x", name, key, got[key], want[key])
					}
				}
				t.Fatalf("%s: %d rollups, want %d", name, len(got), len(want))
			}
		}
	})
}

// drawEvent is something that any number of recorders can be told.
func (s *shop) drawEvent() func(*analytics.Recorder) {
	at := s.dated(s.final, s.now, "at")
	switch rapid.SampledFrom([]string{"entry", "entry", "exit", "exit", "cross", "flow", "flow", "cover"}).Draw(s.t, "event") {
	case "entry":
		e := tracker.Entry{Zone: rapid.Int32Range(0, 3).Draw(s.t, "zone"), At: at}
		s.truth.visits = append(s.truth.visits, visit{zone: e.Zone, entered: at})
		return func(r *analytics.Recorder) { r.Entry(e) }
	case "exit":
		n := len(s.truth.visits)
		if n == 0 {
			break
		}
		v := s.truth.visits[n-1]
		s.truth.visits = s.truth.visits[:n-1]
		e := tracker.Exit{Zone: v.zone, Reason: tracker.Lost, Entered: v.entered, Left: max(at, v.entered), Who: tracker.ClassAt(rapid.IntRange(0, 23).Draw(s.t, "class"))}
		return func(r *analytics.Recorder) { r.Exit(e) }
	case "cross":
		c := tracker.Crossing{Line: rapid.Int32Range(0, 2).Draw(s.t, "line"), Direction: 1, At: at}
		return func(r *analytics.Recorder) { r.Crossing(c) }
	case "flow":
		f := tracker.Flow{From: 1, To: rapid.Int32Range(1, 3).Draw(s.t, "to"), At: s.dated(s.first, s.now, "flow")}
		return func(r *analytics.Recorder) { r.Flow(f) }
	default:
		return func(r *analytics.Recorder) {
			if r.Receiving() {
				r.Disconnected(s.now)
			} else {
				r.Connected(s.now)
			}
		}
	}
	return func(*analytics.Recorder) {}
}
