package engine

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"testing"
	"time"

	"github.com/footfall/footfall/analytics"
	"github.com/footfall/footfall/analytics/storetest"
	"github.com/footfall/footfall/signals"
	"github.com/footfall/footfall/signals/signalstest"
)

// walkers are people who appear in the west, cross into the east and are lost there, many
// at a time; each one's messages are in order.
func walkers(n int) (messages []signals.Message) {
	for i := range n + 20 {
		for age, step := range []signals.Message{position(0, 0, 20, 50), position(0, 0, 80, 50), position(0, 0, 120, 50), position(0, 0, 180, 50), lost(0, 0)} {
			if person := i - 5*age; person >= 0 && person < n {
				step.PersonID = int64(person + 1)
				messages = append(messages, step)
			}
		}
	}
	return messages
}

// A feed that repeats, reorders, hurries or talks rubbish: what it says of each person
// counts as if it came once and alone.
func TestFaultyFeeds(t *testing.T) {
	const people = 300
	random := rand.New(rand.NewPCG(11, 12))
	garbage := [][]byte{
		nil, []byte("{"), []byte("[]"), []byte(`"x"`), []byte("\xff\xfe"), []byte(`{"type":7}`),
		[]byte(`{"type":"realtime_person_position","person_id":"x","location_id":7,"position":{}}`),
		[]byte(`{"type":"realtime_person_position","person_id":1,"location_id":7,"position":{"x":1e999,"y":0}}`),
		[]byte(`{"type":"realtime_person_lost","person_id":99999999999999999999,"location_id":7}`),
	}
	for name, fault := range map[string]func(send func(*signals.Message), raw func([]byte), messages []signals.Message){
		"as it should be": func(send func(*signals.Message), _ func([]byte), messages []signals.Message) {
			for i := range messages {
				send(&messages[i])
			}
		},
		"every message twice": func(send func(*signals.Message), _ func([]byte), messages []signals.Message) {
			for i := range messages {
				send(&messages[i])
				if messages[i].Kind == signals.KindPosition {
					send(&messages[i])
				}
			}
		},
		"people's messages in another order": func(send func(*signals.Message), _ func([]byte), messages []signals.Message) {
			for begin := 0; begin < len(messages); begin += 50 {
				part := messages[begin:min(begin+50, len(messages))]
				byPerson := map[int64][]int{}
				var order []int64
				for i := range part {
					byPerson[part[i].PersonID] = append(byPerson[part[i].PersonID], i)
					order = append(order, part[i].PersonID)
				}
				random.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
				for _, person := range order {
					send(&part[byPerson[person][0]])
					byPerson[person] = byPerson[person][1:]
				}
			}
		},
		"a burst of ten times what came before": func(send func(*signals.Message), _ func([]byte), messages []signals.Message) {
			for i := range messages {
				if i < len(messages)/10 {
					time.Sleep(time.Millisecond)
				}
				send(&messages[i])
			}
		},
		"garbage between": func(send func(*signals.Message), raw func([]byte), messages []signals.Message) {
			for i := range messages {
				raw(garbage[i%len(garbage)])
				send(&messages[i])
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			sender, store := signalstest.NewSender(t), storetest.NewMemory()
			e := start(t, withFeed(plain(), sender.URL(), 7), mustParse(t, shop), store)
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			check := func(err error) {
				if err != nil {
					t.Fatal(err)
				}
			}
			fault(func(m *signals.Message) { check(sender.Send(ctx, m)) }, func(b []byte) { check(sender.SendRaw(ctx, b)) }, walkers(people))
			eventually(t, "everybody to be gone", func() bool {
				s := e.Status().Locations[0]
				return s.Tracker.Tracks >= people && s.People == 0
			})
			rows := runReport(t, e.reports(store), today(analytics.Query{Kind: "occupancy"}))
			for _, zone := range []string{"location", "west", "east"} {
				if row := zoneRow(t, rows, zone); row["entries"] != int64(people) || row["exits"] != int64(people) {
					t.Errorf("%s: %v, want %d entries and exits", zone, row, people)
				}
			}
			if row := runReport(t, e.reports(store), today(analytics.Query{Kind: "lines"}))[0]; row["in"].(int64)+row["out"].(int64) != people {
				t.Errorf("%v, want %d crossings", row, people)
			}
		})
	}
}

// A million ids: what is held of them is bounded, and how many were turned away is told.
func TestAMillionIDs(t *testing.T) {
	ids, most := int64(1_000_000), int64(10_000)
	if testing.Short() {
		ids = 100_000
	}
	sender, store := signalstest.NewSender(t), storetest.NewMemory()
	cfg := withFeed(plain(), sender.URL(), 7)
	cfg.Limits.People, cfg.Privacy.Preview = most, false
	e := start(t, cfg, mustParse(t, shop), store)
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	frame := func(id int64) []byte {
		return fmt.Appendf(nil, `{"type":"realtime_person_position","person_id":%d,"location_id":7,"position":{"x":50,"y":50}}`, id)
	}
	send := func(from, to int64) {
		for id := from; id < to; id++ {
			if err := sender.SendRaw(ctx, frame(id)); err != nil {
				t.Fatal(err)
			}
		}
		eventually(t, "all of them", func() bool { return e.Status().Locations[0].Messages == to-1 })
	}
	send(1, ids/10)
	before := heap()
	send(ids/10, ids+1)
	after := heap()
	eventually(t, "all that were turned away", func() bool { return e.Status().Locations[0].Tracker.TurnedAway == ids-most })
	s := e.Status().Locations[0]
	t.Logf("%d ids, %d people held: the heap is %d kB after a tenth, %d kB at the end", ids, s.People, before>>10, after>>10)
	if s.People != most {
		t.Errorf("%d people are held", s.People)
	}
	if after > before+8<<20 {
		t.Errorf("the heap grew from %d to %d bytes", before, after)
	}
}

func heap() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
