package signals

import "sync"

// Subscriber is a bounded queue of frames between a Source, which never waits,
// and one connection, which may be slow. It is safe for concurrent use.
type Subscriber struct {
	wake   chan struct{} // holds one token when there is something to take
	onDrop func()        // called once, when a push finds the queue full

	mu         sync.Mutex
	queue      []Frames
	exempt     int // of the queue, how many from its front are no part of the bounds
	bytes      int // of the queue, those that are part of the bounds
	maxBytes   int
	maxBatches int
	opening    bool // the source is still pushing what is exempt
	closed     bool
	dropped    bool
}

// NewSubscriber is for those who test a Source or who read one within the same
// process: its frames are taken by Take. It holds at most so many bytes and batches.
func NewSubscriber(maxBytes, maxBatches int) *Subscriber {
	return newSubscriber(maxBytes, maxBatches, make(chan struct{}, 1), func() {})
}

func newSubscriber(maxBytes, maxBatches int, wake chan struct{}, onDrop func()) *Subscriber {
	return &Subscriber{wake: wake, onDrop: onDrop, maxBytes: maxBytes, maxBatches: maxBatches, opening: true}
}

// Push appends frames to the queue. It never blocks. False means that the
// subscriber is gone or has just been dropped because its queue was full: it
// must be forgotten.
func (s *Subscriber) Push(frames Frames) bool {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return false
	}
	if frames.Size() == 0 {
		s.mu.Unlock()
		return true
	}
	if !s.opening && (s.bytes+frames.Size() > s.maxBytes || len(s.queue)-s.exempt >= s.maxBatches) {
		s.closed, s.dropped, s.queue = true, true, nil
		s.mu.Unlock()
		s.onDrop()
		return false
	}
	s.queue = append(s.queue, frames)
	if s.opening {
		s.exempt++
	} else {
		s.bytes += frames.Size()
	}
	s.mu.Unlock()
	s.signal()
	return true
}

// Opened ends the time in which pushes are exempt from the bounds: the source's
// Subscribe has returned.
func (s *Subscriber) Opened() {
	s.mu.Lock()
	s.opening = false
	s.mu.Unlock()
}

// Wake receives when there may be something to take. One receiver only.
func (s *Subscriber) Wake() <-chan struct{} { return s.wake }

// Take returns what is queued, oldest first, and empties the queue. The slice
// given, which may be nil, becomes the storage of what is pushed from now on. open
// is false when nothing will come any more: the subscriber is closed or was
// dropped, and this is the rest.
func (s *Subscriber) Take(reuse []Frames) (taken []Frames, open bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(reuse)
	taken, s.queue = s.queue, reuse[:0]
	s.exempt, s.bytes = 0, 0
	return taken, !s.closed
}

// Close makes every later push return false. What is queued can still be taken.
func (s *Subscriber) Close() {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	s.signal()
}

// Dropped reports whether a push found the queue full.
func (s *Subscriber) Dropped() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.dropped
}

func (s *Subscriber) signal() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}
