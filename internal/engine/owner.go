package engine

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/footfall/footfall/signals"
	"github.com/footfall/footfall/tracker"
	"github.com/footfall/footfall/zones"
)

const (
	queueLength  = 64 // batches waiting for an owner
	publishEvery = time.Millisecond
	idleTick     = time.Second
)

// owner is the goroutine of one location.
type owner struct {
	*location
	clock *Clock
	in    chan item
	turns chan func()
	done  chan struct{} // closed when run has returned

	plan      atomic.Pointer[zones.Plan]
	board     *board
	counts    atomic.Pointer[published]
	published int64 // wall clock of the last publishing, ns
	version   uint64
	connected bool // as published
	jumps     int
	watchers  []*signals.Subscriber
	received  atomic.Int64 // messages since the start
	people    atomic.Int64
	since     atomic.Int64 // location.since
	stats     atomic.Pointer[tracker.Stats]
	uploading sync.Mutex // one upload at a time
	past      *pastHour  // nil where none is kept
}

// item is what a feed hands over: a batch, or that it connected or disconnected.
type item struct {
	batch *batch
	at    int64
	event feedEvent
}

type feedEvent uint8

const (
	feedMessages feedEvent = iota
	feedConnected
	feedDisconnected
)

func newOwner(l *location, plan *zones.Plan, clock *Clock) *owner {
	o := &owner{
		location: l, clock: clock, in: make(chan item, queueLength),
		turns: make(chan func()), done: make(chan struct{}), board: newBoard(l.profile),
	}
	o.plan.Store(plan)
	o.publish()
	return o
}

// reload takes another plan at an instant.
func (o *owner) reload(at int64, plan *zones.Plan) {
	o.location.reload(at, plan)
	o.plan.Store(plan)
	if b := newBoard(o.profile); !b.same(o.board) {
		o.board = b
		o.version-- // though no count may have changed
	}
}

// run owns the location until stop is closed and what was handed over by then is
// counted.
func (o *owner) run(stop <-chan struct{}) {
	defer close(o.done)
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case it := <-o.in:
			o.take(it)
		case turn := <-o.turns:
			o.drain()
			turn()
		case <-timer.C:
			o.drain()
			o.tracker.Advance(o.now())
		case <-stop:
			o.drain()
			return
		}
		o.publishIfDue()
		timer.Reset(o.untilDue())
	}
}

// now is the clock, but that time stands still for a location where nothing comes
// and nobody is.
func (o *owner) now() int64 {
	o.followJumps()
	if o.idle() {
		return o.tracker.Now()
	}
	return o.clock.Now()
}

func (o *owner) followJumps() {
	for _, j := range o.clock.jumpsSince(o.jumps) {
		o.jumps++
		o.jumped(j)
	}
}

// untilDue is how long nothing will happen by the clock alone.
func (o *owner) untilDue() time.Duration {
	due := o.tracker.NextDue()
	if due == tracker.Never || o.idle() {
		return idleTick
	}
	wait := time.Duration(due-o.clock.Now()) * time.Microsecond
	return max(0, min(wait, idleTick))
}

// drain takes what is waiting, so that the clock does not run ahead of it.
func (o *owner) drain() {
	for {
		select {
		case it := <-o.in:
			o.take(it)
		default:
			return
		}
	}
}

func (o *owner) take(it item) {
	o.followJumps()
	switch it.event {
	case feedConnected:
		o.location.connected(it.at)
	case feedDisconnected:
		o.location.disconnected(it.at)
	default:
		o.count(it.batch)
	}
}

func (o *owner) count(b *batch) {
	o.expect(b.messages[:b.n])
	for i := range b.messages[:b.n] {
		o.handle(&b.messages[i])
		if o.past != nil {
			o.past.add(&b.messages[i])
		}
	}
	o.received.Add(int64(b.n))
	if len(o.watchers) > 0 {
		o.relay(signals.EncodeFrames(b.messages[:b.n]))
	}
	b.release()
}

// publishIfDue publishes changed counts: at once where nothing waits, else at
// most every publishEvery.
func (o *owner) publishIfDue() {
	if o.liveVersion() == o.version && o.recorder.Receiving() == o.connected {
		return
	}
	if len(o.in) > 0 && time.Now().UnixNano()-o.published < int64(publishEvery) {
		return
	}
	o.publish()
}

func (o *owner) publish() {
	o.version, o.connected, o.published = o.liveVersion(), o.recorder.Receiving(), time.Now().UnixNano()
	o.tellStatus()
	at := max(o.tracker.Now(), o.counted, o.recorder.Followed())
	if next := o.board.take(o.counts.Load(), o.live(), o.connected, at); next != nil {
		o.counts.Store(next)
	}
}

func (o *owner) tellStatus() {
	o.people.Store(int64(o.tracker.People()))
	o.since.Store(o.location.since)
	stats := o.tracker.Stats()
	o.stats.Store(&stats)
}

// do runs fn in the owner's turn and waits for it.
func (o *owner) do(ctx context.Context, fn func()) error {
	finished := make(chan struct{})
	turn := func() {
		fn()
		close(finished)
	}
	select {
	case o.turns <- turn:
		<-finished
		return nil
	case <-o.done:
		return errStopped
	case <-ctx.Done():
		return ctx.Err()
	}
}
