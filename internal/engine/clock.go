package engine

import (
	"sync"
	"sync/atomic"
	"time"
)

const (
	// forwardStep is how far the wall clock must be ahead to count as stepped.
	forwardStep = 500 * time.Millisecond
	// worthTelling is how far stamps must be ahead of the wall clock to be told.
	worthTelling = 50 * time.Millisecond
)

// Clock stamps live messages. It runs on the monotonic clock, follows the wall
// clock forward at once, and where that is behind runs at 0.9 of the speed until
// the two agree: stamps never go back and never stand still. It is safe for
// concurrent use.
type Clock struct {
	read func() reading

	mu    sync.Mutex
	mono  time.Duration // at the last stamp
	stamp int64
	ahead time.Duration
	jumps []jump
	count atomic.Int64 // of jumps
}

// reading is one look at both clocks.
type reading struct {
	mono time.Duration // since some instant
	wall int64         // Unix µs
}

// jump is a forward step of the wall clock: nothing was received between.
type jump struct{ from, to int64 }

// NewClock starts at the wall clock, or at notBefore (Unix µs) where that is
// later. now is time.Now, or in tests what carries a monotonic reading as it does.
func NewClock(now func() time.Time, notBefore int64) *Clock {
	base := now()
	return newClock(func() reading {
		t := now()
		return reading{mono: t.Sub(base), wall: t.UnixMicro()}
	}, notBefore)
}

func newClock(read func() reading, notBefore int64) *Clock {
	r := read()
	return &Clock{read: read, mono: r.mono, stamp: max(r.wall, notBefore)}
}

// Now is the stamp of this instant in Unix microseconds.
func (c *Clock) Now() int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	r := c.read()
	passed := (r.mono - c.mono).Microseconds()
	if passed <= 0 {
		return c.stamp
	}
	c.mono += time.Duration(passed) * time.Microsecond
	next := c.stamp + passed
	switch {
	case r.wall > next+forwardStep.Microseconds():
		c.jumps = append(c.jumps, jump{c.stamp, r.wall})
		c.count.Add(1)
		c.stamp = r.wall
	case r.wall >= next:
		c.stamp = r.wall
	default:
		c.stamp = max(r.wall, c.stamp+max(1, passed*9/10))
	}
	c.ahead = time.Duration(c.stamp-r.wall) * time.Microsecond
	return c.stamp
}

// Ahead is by how much the stamps are ahead of the wall clock, 0 while they
// agree.
func (c *Clock) Ahead() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ahead < worthTelling {
		return 0
	}
	return c.ahead
}

// jumpsSince gives the forward steps after the first seen of them.
func (c *Clock) jumpsSince(seen int) []jump {
	if int(c.count.Load()) == seen {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]jump(nil), c.jumps[seen:]...)
}
