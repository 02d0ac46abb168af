package signals

import (
	"errors"
	"net"
	"os"
	"sync"
	"time"
)

// outbox is all that goes to one client, and the goroutine that writes it. What
// it writes is whole frames, so that a control frame which the websocket package
// sends by itself never lands within one.
type outbox struct {
	conn    net.Conn
	timeout time.Duration
	wake    chan struct{} // holds one token when there may be something to write

	mu      sync.Mutex
	control []byte      // frames that go before any of the subscriber's
	sub     *Subscriber // nil until registered
	last    []byte      // frames that go after all of the subscriber's
	ending  bool        // nothing comes after last
	endBy   time.Time   // of writing what is left
	dropped bool

	buffer []byte   // of the writing goroutine: small frames gathered
	taken  []Frames // of the writing goroutine: what the subscriber gave last
}

const (
	maxControl  = 64 << 10 // bytes of control frames waiting
	writeAtOnce = 64 << 10 // bytes, above which frames are not gathered further
)

func newOutbox(conn net.Conn, timeout time.Duration) *outbox {
	return &outbox{conn: conn, timeout: timeout, wake: make(chan struct{}, 1)}
}

// say queues frames of the connection's own. A client that lets too many of them
// wait is dropped.
func (o *outbox) say(frames []byte) {
	o.mu.Lock()
	full := len(o.control)+len(frames) > maxControl
	if !full && !o.ending {
		o.control = append(o.control, frames...)
		o.signal()
	}
	o.mu.Unlock()
	if full {
		o.drop()
	}
}

// relay adds a subscriber, once, behind frames that announce it. False means that
// the connection is already ending.
func (o *outbox) relay(announcement []byte, sub *Subscriber) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.ending {
		return false
	}
	o.control = append(o.control, announcement...)
	o.sub = sub
	o.signal()
	return true
}

// end queues the last frames. What is queued already still goes out, for as long
// as one write may take; nothing more is taken. False means that it had ended.
func (o *outbox) end(last []byte) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.ending {
		return false
	}
	o.ending, o.last, o.endBy = true, last, time.Now().Add(o.timeout)
	if o.sub != nil {
		o.sub.Close()
	}
	o.signal()
	return true
}

// abandon is end for a client that will not read what is queued.
func (o *outbox) abandon(last []byte) {
	o.end(last)
	o.mu.Lock()
	defer o.mu.Unlock()
	o.control = nil
	if o.sub != nil {
		o.sub.Take(nil)
	}
}

// drop ends the connection without another word. It never blocks: a write that
// waits for the client is woken by its deadline.
func (o *outbox) drop() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.dropped = true
	_ = o.conn.SetWriteDeadline(time.Unix(1, 0)) // fails only where the connection is over
	o.signal()
}

func (o *outbox) signal() {
	select {
	case o.wake <- struct{}{}:
	default:
	}
}

// run writes until the last frames are out, which is no error, or until that
// fails. A client that does not read fast enough is errDropped.
func (o *outbox) run() error {
	for {
		wrote, err := o.pass()
		if err != nil {
			return err
		}
		if wrote {
			continue
		}
		if last, ending := o.ended(); ending {
			return errors.Join(o.gather(last), o.flush())
		}
		<-o.wake
	}
}

// pass writes what is queued now.
func (o *outbox) pass() (wrote bool, err error) {
	o.mu.Lock()
	control, sub, dropped := o.control, o.sub, o.dropped
	o.control = nil
	o.mu.Unlock()
	if dropped {
		return false, errDropped
	}
	if err := o.gather(control); err != nil {
		return false, err
	}
	wrote = len(control) > 0
	if sub != nil {
		o.taken, _ = sub.Take(o.taken)
		wrote = wrote || len(o.taken) > 0
		for _, frames := range o.taken {
			if err := o.gather(frames.wire); err != nil {
				return false, err
			}
		}
	}
	return wrote, o.flush()
}

func (o *outbox) ended() (last []byte, ending bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.last, o.ending
}

// gather puts small pieces together, so that many of them go by one write.
func (o *outbox) gather(frames []byte) error {
	large := len(frames) > writeAtOnce/4
	if large || len(o.buffer)+len(frames) > writeAtOnce {
		if err := o.flush(); err != nil {
			return err
		}
	}
	if large {
		return o.write(frames)
	}
	o.buffer = append(o.buffer, frames...)
	return nil
}

func (o *outbox) flush() error {
	if len(o.buffer) == 0 {
		return nil
	}
	err := o.write(o.buffer)
	o.buffer = o.buffer[:0]
	return err
}

func (o *outbox) write(frames []byte) error {
	if err := o.allow(); err != nil {
		return err
	}
	_, err := o.conn.Write(frames)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return errDropped
	}
	return err
}

// allow sets the deadline of the next write; none is allowed to a dropped client.
func (o *outbox) allow() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.dropped {
		return errDropped
	}
	deadline := time.Now().Add(o.timeout)
	if o.ending && o.endBy.Before(deadline) {
		deadline = o.endBy
	}
	return o.conn.SetWriteDeadline(deadline)
}
