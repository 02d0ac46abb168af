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
	routes map[int64]*route
	filled []*route // those with a batch in the making
	last   *route   // the one that was taken last
}

// route is the way to one location's owner.
type route struct {
	location int64
	owner    *owner
	batch    *batch // in the making, or nil
}

func newFeed(owners map[int64]*owner) *feed {
	f := &feed{routes: make(map[int64]*route, len(owners)), last: &route{}}
	for id, o := range owners {
		f.routes[id] = &route{location: id, owner: o}
	}
	return f
}

// Messages implements signals.Sink. It waits for an owner whose queue is full.
func (f *feed) Messages(messages []signals.Message) {
	for len(messages) > 0 {
		n := sameLocation(messages)
		f.add(messages[:n])
		messages = messages[n:]
	}
	for _, r := range f.filled {
		r.owner.send(item{batch: r.batch})
		r.batch = nil
	}
	f.filled = f.filled[:0]
}

// sameLocation is how many messages from the first one on are of its location.
func sameLocation(messages []signals.Message) int {
	n := 1
	for n < len(messages) && messages[n].LocationID == messages[0].LocationID {
		n++
	}
	return n
}

// add adds messages of one location to the batch in the making for its owner.
func (f *feed) add(messages []signals.Message) {
	r := f.last
	if r.owner == nil || r.location != messages[0].LocationID {
		if r = f.routes[messages[0].LocationID]; r == nil {
			return
		}
		f.last = r
	}
	if r.batch == nil {
		r.batch = batches.Get().(*batch)
		f.filled = append(f.filled, r)
	}
	r.batch.n += copy(r.batch.messages[r.batch.n:], messages)
}

// Connected implements signals.Sink.
func (f *feed) Connected(at int64) { f.tell(item{at: at, event: feedConnected}) }

// Disconnected implements signals.Sink.
func (f *feed) Disconnected(at int64, _ error) { f.tell(item{at: at, event: feedDisconnected}) }

func (f *feed) tell(it item) {
	for _, r := range f.routes {
		r.owner.send(it)
	}
}

// send waits until there is room, or the owner has ended.
func (o *owner) send(it item) {
	select {
	case o.in <- it:
	case <-o.done:
	}
}
