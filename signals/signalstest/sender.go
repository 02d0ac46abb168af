// Package signalstest is a Signals server for tests that sends given messages to
// one client at a time and can be told to hang up.
package signalstest

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/footfall/footfall/signals"
)

// Sender is a Signals server. Between two clients it waits: nothing is sent to
// nobody.
type Sender struct {
	server  *httptest.Server
	clients chan *websocket.Conn
	current *websocket.Conn
	frame   []byte
}

// NewSender listens on a loopback port until the test ends.
func NewSender(t testing.TB) *Sender {
	s := &Sender{clients: make(chan *websocket.Conn)}
	ctx, cancel := context.WithCancel(context.Background())
	s.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.accept(ctx, w, r) }))
	t.Cleanup(func() {
		cancel()
		s.HangUp()
		s.server.Close()
	})
	return s
}

// URL is the address for a client.
func (s *Sender) URL() string {
	return "ws" + strings.TrimPrefix(s.server.URL, "http") + "/websocket_realtime"
}

// accept registers a client and reads from it until it is gone, so that hanging up
// ends the connection in order.
func (s *Sender) accept(ctx context.Context, w http.ResponseWriter, r *http.Request) {
	upgrader := websocket.Upgrader{}
	c, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	defer c.Close()
	if _, _, err := c.ReadMessage(); err != nil {
		return
	}
	registered := signals.Message{Kind: signals.KindRegister, Text: "success"}
	if c.WriteMessage(websocket.TextMessage, signals.Append(nil, &registered)) != nil {
		return
	}
	select {
	case s.clients <- c:
	case <-ctx.Done():
		return
	}
	for {
		if _, _, err := c.ReadMessage(); err != nil {
			return
		}
	}
}

// Send sends one message, waiting for a client if there is none. The error says
// that the client went away; the message may or may not have arrived.
func (s *Sender) Send(ctx context.Context, m *signals.Message) error {
	if err := s.Wait(ctx); err != nil {
		return err
	}
	s.frame = signals.Append(s.frame[:0], m)
	return s.current.WriteMessage(websocket.TextMessage, s.frame)
}

// Wait waits until a client has registered.
func (s *Sender) Wait(ctx context.Context) error {
	if s.current != nil {
		return nil
	}
	select {
	case s.current = <-s.clients:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// HangUp ends the present connection after everything that was sent.
func (s *Sender) HangUp() {
	if s.current == nil {
		return
	}
	end := websocket.FormatCloseMessage(websocket.CloseGoingAway, "")
	err := s.current.WriteControl(websocket.CloseMessage, end, time.Now().Add(time.Second))
	if err != nil && !errors.Is(err, net.ErrClosed) {
		_ = s.current.Close()
	}
	s.current = nil
}

// Drop forgets the present client, which has gone by itself.
func (s *Sender) Drop() {
	if s.current != nil {
		_ = s.current.Close()
		s.current = nil
	}
}

// SendRaw is Send of a frame's bytes.
func (s *Sender) SendRaw(ctx context.Context, frame []byte) error {
	if err := s.Wait(ctx); err != nil {
		return err
	}
	return s.current.WriteMessage(websocket.TextMessage, frame)
}
