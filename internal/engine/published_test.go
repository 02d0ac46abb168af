package engine

import (
	"strconv"
	"sync"
	"testing"

	"github.com/footfall/footfall/analytics"
)

func boardOf(n int) (*board, []int32) {
	p := &analytics.Profile{Location: 21}
	for i := range n {
		p.Zones = append(p.Zones, analytics.Subject{Number: int32(i + 1), ID: "z" + strconv.Itoa(i), Name: "Zone", Capacity: i, Gone: i%5 == 4})
	}
	return newBoard(p), make([]int32, n+1)
}

func TestPublishedCountsChangeOnlyWithWhatTheySay(t *testing.T) {
	b, live := boardOf(10)
	first := b.take(nil, live, false, 100)
	live[5] = 3 // of a zone that is gone
	if next := b.take(first, live, false, 200); next != nil {
		t.Fatalf("nothing that is shown changed, yet version %d was published", next.version)
	}
	live[0], live[6] = 2, 1
	second := b.take(first, live, true, 300)
	c := second.Counts()
	if c.LocationID != 21 || c.Occupancy != 2 || !c.Connected || c.Time != 300 || c.Version != first.Counts().Version+1 {
		t.Errorf("published %+v", c)
	}
	if len(c.Zones) != 8 || c.Zones[4] != (analytics.ZoneCount{ID: "z5", Name: "Zone", Occupancy: 1, Capacity: 5}) {
		t.Errorf("zones %+v", c.Zones)
	}
	if first.Counts().Occupancy != 0 || first.Counts().Zones[4].Occupancy != 0 {
		t.Error("what was published before has changed")
	}
	renamed, _ := boardOf(10)
	renamed.zones[0].Name = "Another"
	if next := renamed.take(second, live, true, 400); next == nil || next.Counts().Zones[0].Name != "Another" {
		t.Error("a new name was not published")
	}
}

func TestPublishedCountsAreOnePointer(t *testing.T) {
	b, live := boardOf(100)
	p := b.take(nil, live, true, 0)
	got := make([]*analytics.Counts, 8)
	var all sync.WaitGroup
	for i := range got {
		all.Go(func() { got[i] = p.Counts() })
	}
	all.Wait()
	for _, c := range got {
		if c != p.Counts() {
			t.Fatal("two that asked got two values")
		}
	}
}

// BenchmarkPublish is what a change of the counts costs the owner.
func BenchmarkPublish(b *testing.B) {
	for _, n := range []int{100, 10000} {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			b.ReportAllocs()
			board, live := boardOf(n)
			last := board.take(nil, live, true, 0)
			for b.Loop() {
				live[0]++
				last = board.take(last, live, true, 0)
			}
		})
	}
}
