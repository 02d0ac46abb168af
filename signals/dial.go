package signals

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/gorilla/websocket"
)

// connect makes one attempt from the token to the end of the connection. held is
// for how long it was registered.
func (c *Client) connect(ctx context.Context) (held time.Duration, err error) {
	c.journal.attempt()
	token, err := c.cfg.Token()
	if err != nil {
		return 0, fmt.Errorf("%w: %w", errNoToken, err)
	}
	token = strings.TrimSpace(token)
	ws, wire, err := c.dial(ctx)
	if err != nil {
		return 0, err
	}
	defer ignore(wire.Conn.Close)
	ws.SetReadLimit(maxSkippedFrame)
	s := newSession(c, ws, wire, token)
	if err := s.register(); err != nil {
		return 0, err
	}
	return s.run(ctx)
}

// dial opens the connection and shakes hands. The websocket package heeds ctx
// only by its deadline while it waits for the server's answer.
func (c *Client) dial(ctx context.Context) (*websocket.Conn, *wireConn, error) {
	var wire *wireConn
	stop := func() {}
	defer func() { stop() }()
	dialer := websocket.Dialer{
		Proxy:            http.ProxyFromEnvironment,
		HandshakeTimeout: c.cfg.ConnectTimeout,
		ReadBufferSize:   c.cfg.ReadBuffer,
		TLSClientConfig:  c.cfg.TLS,
		NetDialContext: func(dialContext context.Context, network, address string) (net.Conn, error) {
			raw, err := c.cfg.DialContext(dialContext, network, address)
			if err != nil {
				return nil, err
			}
			wire = &wireConn{Conn: raw}
			stop = closeWhenDone(ctx, raw)
			return wire, nil
		},
	}
	ws, answer, err := dialer.DialContext(ctx, c.cfg.URL, http.Header{"User-Agent": {"footfall"}})
	if answer != nil {
		defer answer.Body.Close()
	}
	if errors.Is(err, websocket.ErrBadHandshake) {
		return nil, nil, handshakeError(answer)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("connecting: %w", plainFault(err))
	}
	return ws, wire, nil
}

func handshakeError(answer *http.Response) error {
	text := fmt.Sprintf("HTTP %d %s", answer.StatusCode, http.StatusText(answer.StatusCode))
	if answer.StatusCode == http.StatusUnauthorized || answer.StatusCode == http.StatusForbidden {
		return &RefusedError{StateRefusedToken, text}
	}
	return errors.New("connecting: the server answers " + text + " instead of switching to WebSocket")
}

// plainFault is a fault of the network without our own address, whose port is
// another one at every attempt: the same fault shall read the same.
func plainFault(err error) error {
	var fault *net.OpError
	if !errors.As(err, &fault) {
		return err
	}
	plain := *fault
	plain.Source = nil
	return &plain
}

// register asks for the locations; the answer comes like any other message.
func (s *session) register() error {
	request, err := json.Marshal(struct {
		Type        string  `json:"type"`
		MessageType string  `json:"message_type"`
		Token       string  `json:"token"`
		Locations   []int64 `json:"locations"`
	}{typeRegister, typeRegister, s.token, s.cfg.Locations})
	if err != nil {
		return err
	}
	if err := s.write(request); err != nil {
		return fmt.Errorf("registering: %w", plainFault(err))
	}
	return nil
}

// write sends a text message. Only one goroutine does so at a time.
func (s *session) write(message []byte) error {
	if err := s.ws.SetWriteDeadline(time.Now().Add(s.cfg.WriteTimeout)); err != nil {
		return err
	}
	return s.ws.WriteMessage(websocket.TextMessage, message)
}
