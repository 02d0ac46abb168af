package engine

import (
	"math"

	"github.com/footfall/footfall/signals"
)

// pastHour holds the positions of the last hour, in memory alone: what zones drawn
// otherwise would have counted is told from it. Of each person it has at most one position
// every keepEvery, and of all no more than mostPast: then the hour is shorter. It belongs
// to the location's owner, and allocates nothing in the steady state.
type pastHour struct {
	chunks []*pastChunk // by time; the last one is being filled
	spare  *pastChunk
	recent [1 << recentBits]heardOf
}

// past is a position, or with an x of NaN a loss.
type past struct {
	at, id int64
	x, y   float32
}

type pastChunk struct {
	n      int
	lent   bool // somebody reads it: it is not used again
	events [1 << 12]past
}

type heardOf struct{ id, at int64 }

const (
	keepEvery  = 400_000       // µs
	pastLength = 3_600_000_000 // µs
	mostPast   = 1 << 20
	recentBits = 11
)

func (h *pastHour) add(m *signals.Message) {
	switch m.Kind {
	case signals.KindPosition:
		slot := &h.recent[uint64(m.PersonID)*0x9E3779B97F4A7C15>>(64-recentBits)]
		if slot.id == m.PersonID && m.Time-slot.at < keepEvery {
			return
		}
		*slot = heardOf{m.PersonID, m.Time}
		h.put(past{at: m.Time, id: m.PersonID, x: float32(m.X), y: float32(m.Y)})
	case signals.KindLost:
		h.put(past{at: m.Time, id: m.PersonID, x: float32(math.NaN())})
	}
}

func (h *pastHour) put(p past) {
	last := len(h.chunks) - 1
	if last < 0 || h.chunks[last].n == len(h.chunks[last].events) {
		h.forget(p.at)
		h.chunks = append(h.chunks, h.chunk())
		last = len(h.chunks) - 1
	}
	c := h.chunks[last]
	c.events[c.n] = p
	c.n++
}

func (h *pastHour) chunk() *pastChunk {
	c := h.spare
	if h.spare = nil; c == nil {
		return &pastChunk{}
	}
	c.n = 0
	return c
}

// forget lets go of what is older than an hour by an instant, or too much.
func (h *pastHour) forget(now int64) {
	for len(h.chunks) > 0 {
		c := h.chunks[0]
		if now-c.events[c.n-1].at <= pastLength && (len(h.chunks)+1)*len(c.events) <= mostPast {
			return
		}
		if !c.lent {
			h.spare = c
		}
		h.chunks = append(h.chunks[:0], h.chunks[1:]...)
	}
}

// lend is what there is since an instant. It stays as it is.
func (h *pastHour) lend(since int64) [][]past {
	var all [][]past
	for _, c := range h.chunks {
		c.lent = true
		events := c.events[:c.n]
		for len(events) > 0 && events[0].at < since {
			events = events[1:]
		}
		if len(events) > 0 {
			all = append(all, events)
		}
	}
	return all
}
