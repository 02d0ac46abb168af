package signals

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/gorilla/websocket"
)

// session is one connection of a client. All of it but keepAlive runs in the
// goroutine of Run.
type session struct {
	c         *Client
	cfg       *ClientConfig
	ws        *websocket.Conn
	wire      *wireConn
	frames    *frameReader
	token     string
	locations []int64 // ascending
	location  int64   // the last one found among them

	batch [MaxBatch]Message
	n     int   // messages in the batch
	stamp int64 // of the last network read

	answerBy   time.Time // while not registered
	registered time.Time // zero while not
	tally      tally
	warned     [reasonCount]bool
}

func newSession(c *Client, l *link, token string) *session {
	s := &session{c: c, cfg: &c.cfg, ws: l.ws, wire: l.wire, frames: l.frames, token: token}
	s.locations = slices.Clone(c.cfg.Locations)
	slices.Sort(s.locations)
	s.location = s.locations[0]
	s.stamp = c.cfg.Now()
	return s
}

// run reads until the connection ends.
func (s *session) run(ctx context.Context) (held time.Duration, err error) {
	s.answerBy = time.Now().Add(s.cfg.RegisterTimeout)
	s.wire.beforeRead, s.wire.afterRead = s.beforeRead, s.afterRead
	keeper := s.keepAlive(ctx)
	err = s.explain(s.read())
	cause := keeper.stop()
	if !s.dismissed(err) && cause != nil {
		err = cause
	}
	s.handOver()
	if s.registered.IsZero() {
		return 0, err
	}
	at := s.stamp
	if !isTimeout(err) {
		at = s.cfg.Now()
	}
	s.cfg.Sink.Disconnected(at, err)
	return time.Since(s.registered), err
}

// dismissed reports whether the server has said that it wants no more of us, and
// takes leave if so.
func (s *session) dismissed(err error) bool {
	var refused *RefusedError
	var closed *ClosedError
	if !errors.As(err, &refused) && !errors.As(err, &closed) {
		return false
	}
	s.leave()
	return true
}

// beforeRead hands over what was read before the session waits for more.
func (s *session) beforeRead() (deadline time.Time) {
	s.handOver()
	if s.registered.IsZero() {
		return s.answerBy
	}
	return time.Now().Add(s.cfg.DeadAfter)
}

func (s *session) afterRead() {
	s.stamp = s.cfg.Now()
	if !s.registered.IsZero() {
		s.c.sign.Store(s.stamp)
	}
}

func (s *session) handOver() {
	if s.tally.dirty {
		s.tally.messages += uint64(s.n)
		s.c.journal.add(&s.tally)
		s.tally = tally{}
	}
	if s.n > 0 {
		s.cfg.Sink.Messages(s.batch[:s.n])
		s.n = 0
	}
}

func (s *session) read() error {
	for {
		if err := s.receive(); err != nil {
			return err
		}
	}
}

// receive takes one message or control frame.
func (s *session) receive() error {
	op, payload, err := s.frames.next()
	switch {
	case err != nil:
		return s.fault(err)
	case op >= opClose:
		return s.control(op, payload)
	}
	return s.message(op, payload)
}

// message decodes a message into the batch; an error ends the session.
func (s *session) message(op byte, frame []byte) error {
	s.tally.dirty = true
	m := &s.batch[s.n]
	err := malformed(ReasonBinary)
	if op == opText {
		err = Decode(frame, m)
	}
	if err != nil {
		s.skip(err)
		return nil
	}
	switch m.Kind {
	case KindPosition, KindLost, KindDemographics:
		if s.registered.IsZero() || !s.wants(m.LocationID) {
			s.tally.dropped++
			return nil
		}
		m.Time = s.stamp
		s.tally.lastMessage = s.stamp
		if s.n++; s.n == MaxBatch {
			s.handOver()
		}
		return nil
	case KindRegister:
		return s.answer(m.Text)
	case KindClose:
		return s.close(m.Text)
	case KindUnknown:
		s.tally.unknown++
	case KindHeartbeat: // not for us
	}
	return nil
}

// answer takes what the server says to our registration. Once it has said yes,
// nothing that it says on the matter changes that.
func (s *session) answer(result string) error {
	if !s.registered.IsZero() {
		return nil
	}
	if result != resultSuccess {
		return refusal(quotable(result, s.token))
	}
	s.registered = time.Now()
	s.c.sign.Store(s.stamp)
	s.c.journal.enter(StateConnected, s.stamp, nil)
	s.c.log.Info("feed connected", "locations", len(s.locations))
	s.cfg.Sink.Connected(s.stamp)
	return nil
}

// close takes the server's leave, which may be a refusal where it comes before success.
func (s *session) close(text string) error {
	text = quotable(text, s.token)
	if s.registered.IsZero() {
		return dismissal(text)
	}
	return &ClosedError{text}
}

// skip counts a malformed message; the first of its reason on a connection is
// worth a line in the log.
func (s *session) skip(err error) {
	var fault *DecodeError
	if !errors.As(err, &fault) {
		return
	}
	s.tally.malformed[fault.Reason]++
	if !s.warned[fault.Reason] {
		s.warned[fault.Reason] = true
		s.c.log.Warn("malformed message skipped; more of its kind are only counted", "reason", fault.Reason.String(), "cause", fault.Error())
	}
}

func (s *session) wants(location int64) bool {
	if location == s.location {
		return true
	}
	if _, found := slices.BinarySearch(s.locations, location); !found {
		return false
	}
	s.location = location
	return true
}
