package engine

import (
	"slices"
	"sync/atomic"

	"github.com/footfall/footfall/analytics"
	"github.com/footfall/footfall/tracker"
)

// published is the state of a location's counts at one of their changes. Publishing
// copies the numbers alone; the rest is put beside them by whoever asks first.
type published struct {
	board     *board
	version   uint64
	time      int64
	connected bool
	occupancy int32
	zones     []int32 // in the board's order
	counts    atomic.Pointer[analytics.Counts]
}

// board is what a location's counts are of, and in which order.
type board struct {
	location int64
	zones    []analytics.ZoneCount // with no count
	numbers  []int32
}

func newBoard(p *analytics.Profile) *board {
	b := &board{location: p.Location}
	for _, z := range p.Zones {
		if !z.Gone {
			b.zones = append(b.zones, analytics.ZoneCount{ID: z.ID, Name: z.Name, Capacity: z.Capacity})
			b.numbers = append(b.numbers, z.Number)
		}
	}
	return b
}

func (b *board) same(as *board) bool {
	return slices.Equal(b.zones, as.zones) && slices.Equal(b.numbers, as.numbers)
}

// take makes the next state of the counts after last, which may be nil, or returns
// nil where nothing is different.
func (b *board) take(last *published, live []int32, connected bool, at int64) *published {
	next := &published{board: b, time: at, connected: connected, occupancy: live[tracker.LocationZone]}
	next.zones = make([]int32, len(b.numbers))
	for i, number := range b.numbers {
		next.zones[i] = live[number]
	}
	if last == nil {
		return next
	}
	if last.board == b && last.occupancy == next.occupancy && last.connected == connected && slices.Equal(last.zones, next.zones) {
		return nil
	}
	next.version = last.version + 1
	return next
}

// Counts are the counts with names: the same pointer to everybody who asks.
func (p *published) Counts() *analytics.Counts {
	if c := p.counts.Load(); c != nil {
		return c
	}
	c := &analytics.Counts{
		LocationID: p.board.location, Time: p.time, Version: p.version,
		Occupancy: int64(p.occupancy), Connected: p.connected, Zones: slices.Clone(p.board.zones),
	}
	for i := range c.Zones {
		c.Zones[i].Occupancy = int64(p.zones[i])
	}
	if !p.counts.CompareAndSwap(nil, c) {
		return p.counts.Load()
	}
	return c
}
