package signals

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"sync"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"github.com/gorilla/websocket"
)

// serverConn is one client's connection: serve reads, in the goroutine of the
// request, and the outbox writes in one of its own.
type serverConn struct {
	server *Server
	cfg    *ServerConfig
	log    *slog.Logger
	conn   net.Conn
	out    *outbox

	registerBy time.Time
	sub        *Subscriber // nil until registered
	cancel     func()      // of sub's subscription

	gone chan struct{} // closed when serve returns

	mu        sync.Mutex
	lingering bool // the read deadline is the last one
}

func newServerConn(s *Server, conn net.Conn, from string) *serverConn {
	c := &serverConn{server: s, cfg: &s.cfg, conn: conn, gone: make(chan struct{})}
	c.log = s.log.With("client", from)
	c.out = newOutbox(c.conn, s.cfg.WriteTimeout)
	return c
}

// serve returns when the connection has ended and the subscription with it.
func (c *serverConn) serve() {
	defer close(c.gone)
	c.registerBy = time.Now().Add(c.cfg.RegisterWithin)
	c.expectBy(c.registerBy)
	written := make(chan error, 1)
	go func() { written <- c.write() }()
	c.read()
	err := <-written
	if err == nil {
		_, _ = io.Copy(io.Discard, c.conn) // until the client hangs up, or has had its time
	}
	ignore(c.conn.Close)
	c.unsubscribe()
	if errors.Is(err, errDropped) {
		c.server.counts.droppedSlow.Add(1)
		c.log.Warn("client dropped", "cause", err.Error())
	}
}

// write runs the outbox. After the last frame it closes the writing half and
// leaves it to the client to hang up: closing both at once could destroy on the
// way what was just sent.
func (c *serverConn) write() error {
	err := c.out.run()
	if err != nil {
		ignore(c.conn.Close) // wakes the reader
		return err
	}
	c.linger()
	if half, ok := c.conn.(interface{ CloseWrite() error }); ok {
		ignore(half.CloseWrite)
	}
	return nil
}

func (c *serverConn) unsubscribe() {
	if c.sub == nil {
		return
	}
	c.sub.Close()
	c.cancel()
	c.server.counts.registered.Add(-1)
}

// goAway ends the connection because the server shuts down.
func (c *serverConn) goAway() {
	c.out.end(lastWords("the server is shutting down", websocket.CloseGoingAway))
}

// cut ends the connection at once.
func (c *serverConn) cut() { ignore(c.conn.Close) }

// expectBy sets when the client must have sent something.
func (c *serverConn) expectBy(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.lingering {
		_ = c.conn.SetReadDeadline(t) // where it fails, so does reading
	}
}

func (c *serverConn) linger() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.lingering = true
	_ = c.conn.SetReadDeadline(time.Now().Add(c.cfg.CloseTimeout)) // where it fails, so does reading
}

// read handles what the client sends until the connection is to end.
func (c *serverConn) read() {
	frames := newRequestReader(c.conn, c.cfg.MaxFrame)
	for {
		op, payload, err := frames.next()
		if err != nil {
			c.readFailed(err)
			return
		}
		if !c.frame(op, payload) {
			return
		}
		frames.forget()
	}
}

// frame handles a message or a control frame; false means that the connection is to end.
func (c *serverConn) frame(op byte, payload []byte) bool {
	switch op {
	case opPing:
		c.out.say(appendFrame(nil, opPong, payload))
		return true
	case opPong:
		return true
	case opClose:
		c.closed(payload)
		return false
	}
	return c.message(op, payload)
}

// closed answers a client that closes, which will read no more.
func (c *serverConn) closed(payload []byte) {
	bye, err := parseClose(payload)
	switch {
	case err != nil:
		c.readFailed(err)
	case bye.Code == websocket.CloseNoStatusReceived:
		c.out.abandon(appendFrame(nil, opClose, nil))
	default:
		c.out.abandon(appendClose(nil, uint16(bye.Code), ""))
	}
}

// readFailed ends the connection for want of a message.
func (c *serverConn) readFailed(err error) {
	var fault *frameError
	switch {
	case errors.As(err, &fault):
		if fault.code == websocket.CloseMessageTooBig {
			c.server.counts.tooLarge.Add(1)
		}
		c.violation(fault.text, uint16(fault.code))
	case isTimeout(err):
		c.timedOut()
	default: // cut
		c.out.abandon(nil)
	}
}

// timedOut ends a connection whose client owes a registration or a heartbeat.
func (c *serverConn) timedOut() {
	reason := fmt.Sprintf("no heartbeat within %s", c.cfg.HeartbeatWithin)
	if c.sub == nil {
		reason = fmt.Sprintf("no registration within %s", c.cfg.RegisterWithin)
	}
	c.end(&c.server.counts.timedOut, reason, websocket.ClosePolicyViolation)
}

func (c *serverConn) violation(reason string, code uint16) {
	c.end(&c.server.counts.violations, reason, code)
}

// end closes the connection for a reason that is counted, unless it is ending.
func (c *serverConn) end(count *atomic.Uint64, reason string, code uint16) {
	if c.out.end(lastWords(reason, code)) {
		count.Add(1)
		c.log.Info("client closed", "reason", reason)
	}
}

// lastWords is close_connection with the reason, and the close frame.
func lastWords(reason string, code uint16) []byte {
	return appendClose(appendMessageFrame(nil, &Message{Kind: KindClose, Text: reason}), code, reason)
}

// message handles one message; false means that the connection is to end.
func (c *serverConn) message(op byte, frame []byte) bool {
	if op != opText {
		c.violation("binary messages are not part of the protocol", websocket.CloseUnsupportedData)
		return false
	}
	if !utf8.Valid(frame) {
		c.violation("the message is not UTF-8", websocket.CloseInvalidFramePayloadData)
		return false
	}
	req, err := parseRequest(frame, c.cfg.MaxLocations)
	if err != nil {
		c.violation(err.Error(), websocket.ClosePolicyViolation)
		return false
	}
	switch {
	case req.kind == KindRegister && c.sub == nil:
		return c.register(req)
	case req.kind == KindHeartbeat && c.sub != nil:
		c.expectBy(time.Now().Add(c.cfg.HeartbeatWithin))
	}
	return true
}

// register tries a registration; false means that the connection is to end.
func (c *serverConn) register(req request) bool {
	ctx, cancel := context.WithDeadline(c.server.ctx, c.registerBy)
	defer cancel()
	access, err := c.cfg.Authorize(ctx, req.token)
	if err != nil {
		c.log.Debug("token refused", "cause", err.Error())
		c.end(&c.server.counts.refusedToken, "the token is not valid", websocket.ClosePolicyViolation)
		return false
	}
	if fault := refusedLocations(req, access); fault != "" {
		c.refuse(fault)
		return true
	}
	sub := newSubscriber(c.cfg.QueueBytes, c.cfg.QueueBatches, c.out.wake, c.out.drop)
	unsubscribe, err := c.cfg.Source.Subscribe(req.locations, sub)
	if err != nil {
		c.refuse(err.Error())
		return true
	}
	sub.Opened()
	c.sub, c.cancel = sub, unsubscribe
	if ending, may := access.(Ending); may {
		c.endWith(ending.Ended())
	}
	c.server.counts.registered.Add(1)
	c.server.counts.registrations.Add(1)
	c.log.Info("client registered", "locations", len(req.locations))
	c.expectBy(time.Now().Add(c.cfg.HeartbeatWithin))
	return c.out.relay(appendMessageFrame(nil, &Message{Kind: KindRegister, Text: resultSuccess}), sub)
}

// endWith ends the connection when the access that it was given ends.
func (c *serverConn) endWith(ended <-chan struct{}) {
	go func() {
		select {
		case <-ended:
			c.end(&c.server.counts.refusedToken, "the token is no longer valid", websocket.ClosePolicyViolation)
		case <-c.gone:
		}
	}()
}

// refusedLocations says what is wrong with the locations, "" if nothing is.
func refusedLocations(req request, access Access) string {
	if req.fault != "" {
		return req.fault
	}
	for _, location := range req.locations {
		if !access.Allows(location) {
			return fmt.Sprintf("location %d is not allowed for this token", location)
		}
	}
	return ""
}

// refuse answers a registration that may be tried again until the time is over.
func (c *serverConn) refuse(result string) {
	c.server.counts.refusedLocation.Add(1)
	c.log.Info("registration refused", "result", result)
	c.out.say(appendMessageFrame(nil, &Message{Kind: KindRegister, Text: result}))
}
