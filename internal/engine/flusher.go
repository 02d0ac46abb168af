package engine

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/footfall/footfall/analytics"
)

// flusher writes what the owners have changed: one batch, one transaction, one
// at a time. A batch that could not be written is kept and tried again together
// with what came since.
type flusher struct {
	turn    sync.Mutex // of one flush after another
	number  int64
	waiting *analytics.Batch
	health  atomic.Pointer[FlushHealth]
	derived map[int64]int64 // quarter hour of the last Derive, by location
	retain  retaining
}

// FlushHealth is how writing to the store goes.
type FlushHealth struct {
	Flushes  int64
	Failures int64
	Keys     int64         // of the last one written
	Took     time.Duration // the last one
	Error    error         // why the last one failed, nil if it did not
	At       int64         // Unix µs of the last one written
	Waiting  int64         // bytes that wait to be written
	Full     bool          // they are more than limits.unwritten: feeds are stopped
	Stops    uint64        // how often that came to be
}

func (e *Engine) flushUntil(ctx context.Context) {
	tick := time.NewTicker(e.FlushEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			if err := e.flush(ctx); err != nil && ctx.Err() == nil {
				e.Logger.Error("flush failed; counting goes on in memory", "error", err)
			}
		case <-ctx.Done():
			return
		}
	}
}

// flush collects from every owner in its turn and writes.
func (e *Engine) flush(ctx context.Context) error {
	f := &e.flusher
	f.turn.Lock()
	defer f.turn.Unlock()
	f.number++
	batch := &analytics.Batch{}
	owners := *e.owners.Load()
	for _, o := range owners {
		if err := o.flushInTurns(ctx, batch, f.number); err != nil {
			f.keep(batch)
			return err
		}
	}
	f.keep(batch)
	return e.write(ctx, owners)
}

// flushInTurns takes a few short turns, between which messages are counted: with
// many people one would be long.
func (o *owner) flushInTurns(ctx context.Context, b *analytics.Batch, number int64) error {
	more := true
	err := o.do(ctx, func() {
		o.sweep(o.now())
		o.tellStatus()
	})
	for more && err == nil {
		err = o.do(ctx, func() { more = o.flushBlocks(b) })
	}
	if err != nil {
		return err
	}
	var failed error
	if err := o.do(ctx, func() { failed = o.location.flush(b, number) }); err != nil {
		return err
	}
	return failed
}

func (f *flusher) keep(b *analytics.Batch) {
	if f.waiting == nil {
		f.waiting = b
		return
	}
	f.waiting.Absorb(b)
}

func (e *Engine) write(ctx context.Context, owners map[int64]*owner) error {
	f := &e.flusher
	last := f.health.Load()
	if last == nil {
		last = &FlushHealth{}
	}
	next := *last
	began := time.Now()
	next.Keys, next.Flushes = int64(f.waiting.Len()), last.Flushes+1
	next.Error = analytics.Commit(e.Store, f.waiting)
	next.Took = time.Since(began)
	if next.Error != nil {
		next.Failures++
		next.Waiting = f.waiting.Size()
		if full := next.Waiting > e.Config.Limits.Unwritten; full && !last.Full {
			next.Full, next.Stops = true, last.Stops+1
			e.Logger.Error("too much waits to be written: feeds are stopped until it is", "bytes", next.Waiting, "limits.unwritten", e.Config.Limits.Unwritten)
		}
		f.health.Store(&next)
		return next.Error
	}
	next.At, next.Waiting, next.Full = e.clock.Now(), 0, false
	f.health.Store(&next)
	f.waiting = nil
	for _, o := range owners {
		if err := o.do(ctx, func() { o.recorder.Committed(f.number) }); err != nil {
			return err
		}
	}
	e.derive(owners)
	return nil
}

// derive sums up a location's minutes once a quarter hour of it is over. A failure does
// not end counting: it is said, and tried again a quarter hour later.
func (e *Engine) derive(owners map[int64]*owner) {
	f := &e.flusher
	if f.derived == nil {
		f.derived = map[int64]int64{}
	}
	quarter := e.clock.Now() / analytics.Quarter
	for id := range owners {
		if f.derived[id] == quarter {
			continue
		}
		f.derived[id] = quarter
		if err := analytics.Derive(e.Store, id); err != nil { // reports read the minutes
			e.Logger.Error("minutes are not summed up", "location", id, "error", err)
		}
		f.retain.due(id)
	}
	f.retain.turn(e)
}
