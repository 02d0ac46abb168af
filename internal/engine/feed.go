package engine

import (
	"sync"

	"github.com/footfall/footfall/signals"
)

// batch is messages of one location on their way to its owner.
type batch struct {
	messages [signals.MaxBatch]signals.Message
	n        int
}

var batches = sync.Pool{New: func() any { return new(batch) }}

func (b *batch) release() {
	b.n = 0
	batches.Put(b)
}

// feed routes what one client receives to the owners of its locations. It is the
// client's signals.Sink.
type feed struct {
	owners map[int64]*owner
	filled []*owner // those with a batch in the making
	making map[*owner]*batch
	last   *owner
}

func newFeed(owners map[int64]*owner) *feed {
	return &feed{owners: owners, making: map[*owner]*batch{}}
}

// Messages implements signals.Sink. It waits for an owner whose queue is full.
func (f *feed) Messages(messages []signals.Message) {
	for i := range messages {
		m := &messages[i]
		o := f.last
		if o == nil || o.id != m.LocationID {
			if o = f.owners[m.LocationID]; o == nil {
				continue
			}
			f.last = o
		}
		b := f.making[o]
		if b == nil {
			b = batches.Get().(*batch)
			f.making[o] = b
			f.filled = append(f.filled, o)
		}
		b.messages[b.n] = *m
		b.n++
	}
	for _, o := range f.filled {
		o.send(item{batch: f.making[o]})
		delete(f.making, o)
	}
	f.filled = f.filled[:0]
}

// Connected implements signals.Sink.
func (f *feed) Connected(at int64) { f.tell(item{at: at, event: feedConnected}) }

// Disconnected implements signals.Sink.
func (f *feed) Disconnected(at int64, _ error) { f.tell(item{at: at, event: feedDisconnected}) }

func (f *feed) tell(it item) {
	for _, o := range f.owners {
		o.send(it)
	}
}

// send waits until there is room, or the owner has ended.
func (o *owner) send(it item) {
	select {
	case o.in <- it:
	case <-o.done:
	}
}
