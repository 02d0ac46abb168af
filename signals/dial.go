package signals

import (
	"cmp"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
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
	l, err := c.dial(ctx)
	if err != nil {
		return 0, err
	}
	defer ignore(l.wire.Conn.Close)
	s := newSession(c, l, token)
	if err := s.register(); err != nil {
		return 0, err
	}
	return s.run(ctx)
}

// link is a connection after the handshake: ws writes frames, frames reads them,
// wire is the network under both.
type link struct {
	ws     *websocket.Conn
	wire   *wireConn
	frames *frameReader
}

// dial opens the connection and shakes hands. The websocket package heeds ctx
// only by its deadline while it waits for the server's answer.
func (c *Client) dial(ctx context.Context) (*link, error) {
	encryption, err := c.encryption()
	if err != nil {
		return nil, err
	}
	var wire *wireConn
	var upgrade *upgradeConn
	stop := func() {}
	defer func() { stop() }()
	open := func(dialContext context.Context, network, address string) (net.Conn, error) {
		raw, err := c.cfg.DialContext(dialContext, network, address)
		if err != nil {
			return nil, err
		}
		wire = &wireConn{Conn: raw}
		upgrade = &upgradeConn{Conn: wire, tls: encryption}
		stop = closeWhenDone(ctx, raw)
		return upgrade, nil
	}
	dialer := websocket.Dialer{
		Proxy:             c.proxy,
		HandshakeTimeout:  c.cfg.ConnectTimeout,
		ReadBufferSize:    handshakeBuffer,
		NetDialContext:    open,
		NetDialTLSContext: open, // upgradeConn encrypts
	}
	ws, answer, err := dialer.DialContext(ctx, c.cfg.URL, http.Header{"User-Agent": {"footfall"}})
	if answer != nil {
		defer answer.Body.Close()
	}
	if errors.Is(err, websocket.ErrBadHandshake) {
		return nil, handshakeError(answer)
	}
	if err != nil {
		return nil, fmt.Errorf("connecting: %w", plainFault(err))
	}
	return &link{ws, wire, newFrameReader(upgrade.Conn, upgrade.rest, c.cfg.ReadBuffer)}, nil
}

// encryption is the configuration of TLS, nil where the URL asks for none.
func (c *Client) encryption() (*tls.Config, error) {
	u, err := url.Parse(c.cfg.URL)
	if err != nil || u.Scheme != "wss" {
		return nil, err
	}
	if c.cfg.TLS == nil {
		return &tls.Config{ServerName: u.Hostname()}, nil //nolint:gosec // the default least version is the right one
	}
	cfg := c.cfg.TLS.Clone()
	cfg.ServerName = cmp.Or(cfg.ServerName, u.Hostname())
	return cfg, nil
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
