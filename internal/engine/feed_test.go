package engine

import (
	"testing"

	"github.com/footfall/footfall/signals"
)

func feedFor(ids ...int64) (*feed, []*owner) {
	byID, all := map[int64]*owner{}, []*owner{}
	for _, id := range ids {
		o := &owner{location: &location{id: id}, in: make(chan item, queueLength), done: make(chan struct{})}
		byID[id], all = o, append(all, o)
	}
	return newFeed(byID), all
}

// Each owner gets the messages of its location, in order, at once, and a batch of
// its own each time.
func TestFeedSortsByLocation(t *testing.T) {
	f, owners := feedFor(1, 2, 3)
	turns := [][]int64{{1, 1, 2, 1, 99, 2, 2}, {2}, {}, {99}, {3, 3, 1}}
	person := int64(0)
	for _, turn := range turns {
		want := map[int64][]int64{}
		var messages []signals.Message
		for _, location := range turn {
			person++
			messages = append(messages, signals.Message{PersonID: person, LocationID: location})
			want[location] = append(want[location], person)
		}
		f.Messages(messages)
		for _, o := range owners {
			if len(o.in) != min(1, len(want[o.id])) {
				t.Fatalf("%v: owner %d got %d batches", turn, o.id, len(o.in))
			}
			if len(o.in) == 0 {
				continue
			}
			b := (<-o.in).batch
			if b.n != len(want[o.id]) {
				t.Fatalf("%v: owner %d got %d messages", turn, o.id, b.n)
			}
			for i, m := range b.messages[:b.n] {
				if m.PersonID != want[o.id][i] || m.LocationID != o.id {
					t.Errorf("%v: owner %d got %+v", turn, o.id, m)
				}
			}
			b.release()
		}
	}
}

func BenchmarkFeed(b *testing.B) {
	for name, spread := range map[string]int64{"one location": 1, "ten locations": 10} {
		ids := []int64{}
		for id := range spread {
			ids = append(ids, id)
		}
		f, owners := feedFor(ids...)
		messages := make([]signals.Message, signals.MaxBatch)
		for i := range messages {
			messages[i] = signals.Message{Kind: signals.KindPosition, PersonID: int64(i), LocationID: int64(i) % spread}
		}
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				f.Messages(messages)
				for _, o := range owners {
					(<-o.in).batch.release()
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(messages)), "ns/message")
		})
	}
}
