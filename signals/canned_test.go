package signals

import (
	"bytes"
	"context"
	"crypto/sha1"
	"encoding/base64"
	"io"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// cannedConn is a server that agrees to the handshake and goes on with frames
// that are ready, whatever the client says.
type cannedConn struct {
	net.Conn // nil: what is not overridden is not to be called
	frames   io.Reader
	request  []byte
	answered bool
	said     []byte // by the client after the handshake
}

func (c *cannedConn) Write(p []byte) (int, error) {
	if c.answered {
		c.said = append(c.said, p...)
		return len(p), nil
	}
	c.request = append(c.request, p...)
	if _, rest, found := bytes.Cut(c.request, []byte("Sec-WebSocket-Key: ")); found && bytes.HasSuffix(rest, []byte("\r\n\r\n")) {
		key, _, _ := bytes.Cut(rest, []byte("\r\n"))
		sum := sha1.Sum(append(key, "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"...))
		answer := "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
			"Sec-WebSocket-Accept: " + base64.StdEncoding.EncodeToString(sum[:]) + "\r\n\r\n"
		c.frames = io.MultiReader(bytes.NewReader([]byte(answer)), c.frames)
		c.answered = true
	}
	return len(p), nil
}

func (c *cannedConn) Read(p []byte) (int, error)       { return c.frames.Read(p) }
func (c *cannedConn) Close() error                     { return nil }
func (c *cannedConn) SetDeadline(time.Time) error      { return nil }
func (c *cannedConn) SetReadDeadline(time.Time) error  { return nil }
func (c *cannedConn) SetWriteDeadline(time.Time) error { return nil }

// cannedLink dials as a Client does.
func cannedLink(t testing.TB, frames io.Reader, buffer int) (*Client, *link) {
	conn := &cannedConn{frames: frames}
	client := NewClient(ClientConfig{
		URL: "ws://canned/x", Locations: []int64{1}, Sink: &counter{}, ReadBuffer: buffer,
		DialContext: func(context.Context, string, string) (net.Conn, error) { return conn, nil },
	})
	l, err := client.dial(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return client, l
}

// cannedReference reads by the websocket package.
func cannedReference(t testing.TB, frames io.Reader, buffer int) *websocket.Conn {
	conn := &cannedConn{frames: frames}
	dialer := websocket.Dialer{
		ReadBufferSize: buffer,
		NetDialContext: func(context.Context, string, string) (net.Conn, error) { return conn, nil },
	}
	ws, _, err := dialer.Dial("ws://canned/x", http.Header{})
	if err != nil {
		t.Fatal(err)
	}
	return ws
}

// counter is a sink that only counts.
type counter struct{ n int }

func (c *counter) Connected(int64)           {}
func (c *counter) Messages(batch []Message)  { c.n += len(batch) }
func (c *counter) Disconnected(int64, error) {}
