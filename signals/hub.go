package signals

import (
	"cmp"
	"slices"
	"sync"
)

// hubSilence is how long a Hub takes somebody for present who is not heard of, µs.
const hubSilence = 60_000_000

// Hub is a Source for feeds without an engine, such as a simulated shop. It keeps
// where everyone is and passes on what is published. It is safe for concurrent
// use; what one goroutine publishes stays in order within each location.
type Hub struct {
	mu      sync.Mutex
	rooms   map[int64]*room
	scratch []Message
}

// room is what a Hub knows about one location.
type room struct {
	people  map[int64]*present
	subs    map[*Subscriber]struct{}
	latest  int64 // Time of the latest message
	sweepAt int   // how many people make a sweep worth its while
}

// present is one person's last position and estimate; Kind is 0 where there is none.
type present struct {
	heard                  int64
	position, demographics Message
}

// NewHub is an empty hub.
func NewHub() *Hub { return &Hub{rooms: make(map[int64]*room)} }

// Publish passes positions, losses and demographics on to the subscribers of their
// locations; other kinds are ignored. It never waits for a subscriber and keeps
// no reference to messages. Time matters only relative to other messages: who is
// not heard of for a minute is no longer among those that a new subscriber gets.
func (h *Hub) Publish(messages []Message) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for len(messages) > 0 {
		location, n := messages[0].LocationID, 1
		for n < len(messages) && messages[n].LocationID == location {
			n++
		}
		if n < len(messages) && len(h.scratch) == 0 {
			messages = h.byLocation(messages)
			continue
		}
		h.room(location).publish(messages[:n])
		messages = messages[n:]
	}
	h.scratch = h.scratch[:0]
}

// byLocation is a copy in which each location's messages stand together.
func (h *Hub) byLocation(messages []Message) []Message {
	h.scratch = append(h.scratch[:0], messages...)
	slices.SortStableFunc(h.scratch, func(a, b Message) int { return cmp.Compare(a.LocationID, b.LocationID) })
	return h.scratch
}

// Subscribe implements Source. It never refuses: a location that is not known yet
// may still be heard of.
func (h *Hub) Subscribe(locations []int64, sub *Subscriber) (cancel func(), err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, location := range locations {
		r := h.room(location)
		r.snapshot(sub)
		r.subs[sub] = struct{}{}
	}
	return func() { h.forget(locations, sub) }, nil
}

// Subscribers is the number of subscriptions to the location now.
func (h *Hub) Subscribers(location int64) int {
	h.mu.Lock()
	defer h.mu.Unlock()
	if r := h.rooms[location]; r != nil {
		return len(r.subs)
	}
	return 0
}

func (h *Hub) forget(locations []int64, sub *Subscriber) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, location := range locations {
		r := h.rooms[location]
		if r == nil {
			continue
		}
		delete(r.subs, sub)
		if len(r.subs) == 0 && len(r.people) == 0 {
			delete(h.rooms, location)
		}
	}
}

func (h *Hub) room(location int64) *room {
	r := h.rooms[location]
	if r == nil {
		r = &room{people: make(map[int64]*present), subs: make(map[*Subscriber]struct{}), sweepAt: 1024}
		h.rooms[location] = r
	}
	return r
}

func (r *room) publish(messages []Message) {
	hot := true
	for i := range messages {
		hot = r.note(&messages[i]) && hot
	}
	if len(r.people) >= r.sweepAt {
		r.sweep()
		r.sweepAt = max(1024, 2*len(r.people))
	}
	if len(r.subs) == 0 {
		return
	}
	if !hot {
		messages = slices.DeleteFunc(slices.Clone(messages), func(m Message) bool { return !isHot(m.Kind) })
	}
	for batch := range slices.Chunk(messages, MaxBatch) {
		frames := EncodeFrames(batch)
		for sub := range r.subs {
			if !sub.Push(frames) {
				delete(r.subs, sub)
			}
		}
	}
}

// note keeps what a message says about a person and reports whether it is one to
// be passed on.
func (r *room) note(m *Message) bool {
	if !isHot(m.Kind) {
		return false
	}
	r.latest = max(r.latest, m.Time)
	if m.Kind == KindLost {
		delete(r.people, m.PersonID)
		return true
	}
	p := r.people[m.PersonID]
	if p == nil {
		p = new(present)
		r.people[m.PersonID] = p
	}
	p.heard = m.Time
	if m.Kind == KindPosition {
		p.position = *m
	} else {
		p.demographics = *m
	}
	return true
}

// sweep forgets those who have fallen silent.
func (r *room) sweep() {
	for id, p := range r.people {
		if p.heard < r.latest-hubSilence {
			delete(r.people, id)
		}
	}
}

// snapshot pushes where everyone is and what is estimated of them.
func (r *room) snapshot(sub *Subscriber) {
	r.sweep()
	everyone := make([]Message, 0, 2*len(r.people))
	for _, p := range r.people {
		if p.position.Kind != KindUnknown {
			everyone = append(everyone, p.position)
		}
		if p.demographics.Kind != KindUnknown {
			everyone = append(everyone, p.demographics)
		}
	}
	slices.SortFunc(everyone, func(a, b Message) int {
		return cmp.Or(cmp.Compare(a.PersonID, b.PersonID), cmp.Compare(a.Kind, b.Kind))
	})
	for batch := range slices.Chunk(everyone, MaxBatch) {
		sub.Push(EncodeFrames(batch))
	}
}
