package signals

import (
	"context"
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/gorilla/websocket"
)

// keeper sends what a session owes the server by the clock, in a goroutine of its
// own, and ends the session when it cannot or when the client is to stop.
type keeper struct {
	quit  chan struct{}
	ended chan struct{}
	cause error // read after ended
}

func (s *session) keepAlive(ctx context.Context) *keeper {
	k := &keeper{quit: make(chan struct{}), ended: make(chan struct{})}
	go func() {
		defer close(k.ended)
		if k.cause = s.keep(ctx, k.quit); k.cause != nil {
			ignore(s.wire.Conn.Close) // wakes the reader, whatever it waits for
		}
	}()
	return k
}

// stop ends the keeper and returns why it ended the session, nil if it did not.
func (k *keeper) stop() error {
	close(k.quit)
	<-k.ended
	return k.cause
}

func (s *session) keep(ctx context.Context, quit <-chan struct{}) error {
	heartbeat := time.NewTicker(s.cfg.HeartbeatEvery)
	defer heartbeat.Stop()
	ping := time.NewTicker(s.cfg.PingEvery)
	defer ping.Stop()
	beat := Append(nil, &Message{Kind: KindHeartbeat})
	for {
		var err error
		select {
		case <-quit:
			return nil
		case <-ctx.Done():
			s.leave()
			return ctx.Err()
		case <-heartbeat.C:
			err = s.write(beat)
		case <-ping.C:
			err = s.ws.WriteControl(websocket.PingMessage, nil, time.Now().Add(s.cfg.WriteTimeout))
		}
		if err != nil {
			return fmt.Errorf("sending to the server: %w", plainFault(err))
		}
	}
}

// leave tells the server that we go.
func (s *session) leave() { s.sendClose(websocket.CloseNormalClosure, "") }

// silenceError says that the server has let a time pass without a sign of life.
type silenceError struct{ text string }

func (e *silenceError) Error() string   { return e.text }
func (e *silenceError) Timeout() bool   { return true }
func (e *silenceError) Temporary() bool { return true }

func isTimeout(err error) bool {
	var fault net.Error
	return errors.As(err, &fault) && fault.Timeout()
}

// explain says in plain words why reading ended.
func (s *session) explain(err error) error {
	var closed *websocket.CloseError
	switch {
	case errors.As(err, &closed):
		return fmt.Errorf("the server closed the connection with code %d %s", closed.Code, quotable(closed.Text, s.token))
	case isTimeout(err) && s.registered.IsZero():
		return &silenceError{fmt.Sprintf("no answer to the registration within %s", s.cfg.RegisterTimeout)}
	case isTimeout(err):
		return &silenceError{fmt.Sprintf("not a sign of life from the server for %s", s.cfg.DeadAfter)}
	}
	return plainFault(err)
}
