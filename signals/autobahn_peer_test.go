package signals

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// echo makes a server answer a registration by its token, so that cases written for a
// server that echoes messages can be put to ours: a text is the token of a registration,
// and the refusal that answers it has the text again. A connection may try as often as it
// likes.
type echo struct{ token chan string }

func (e echo) authorize(_ context.Context, token string) (Access, error) {
	e.token <- token
	return everything{}, nil
}

// Subscribe implements Source.
func (e echo) Subscribe([]int64, *Subscriber) (cancel func(), err error) {
	return nil, errors.New(short(<-e.token))
}

// short is a text, or its checksum: what waits for a client has a bound.
func short(text string) string {
	if len(text) > 4<<10 {
		return fmt.Sprintf("%d bytes, %08x", len(text), crc32.ChecksumIEEE([]byte(text)))
	}
	return "<" + text + ">"
}

// raw is a client that sends bytes, right or wrong.
type raw struct {
	net.Conn
	t testing.TB
	r *bufio.Reader
}

// dialEcho opens a connection to a server that echoes, by a handshake of its own.
func dialEcho(t testing.TB, cfg ServerConfig) *raw {
	t.Helper()
	e := echo{make(chan string, 1)}
	cfg.Authorize, cfg.Source = e.authorize, e
	_, url := serve(t, cfg)
	return dialRaw(t, url)
}

func dialRaw(t testing.TB, url string, headers ...string) *raw {
	t.Helper()
	host := strings.TrimSuffix(strings.TrimPrefix(url, "ws://"), "/websocket_realtime")
	conn, err := net.Dial("tcp", host)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	conn.SetDeadline(time.Now().Add(patience))
	fmt.Fprintf(conn, "GET /websocket_realtime HTTP/1.1\r\nHost: %s\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"+
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n%s\r\n", host, strings.Join(headers, "\r\n"))
	c := &raw{conn, t, bufio.NewReader(conn)}
	response, err := http.ReadResponse(c.r, nil)
	if err != nil || response.StatusCode != http.StatusSwitchingProtocols || response.Header.Get("Sec-WebSocket-Accept") != "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" {
		t.Fatalf("handshake: %v, %+v", err, response)
	}
	if extensions := response.Header.Get("Sec-WebSocket-Extensions"); extensions != "" {
		t.Fatalf("the server agrees to %q", extensions)
	}
	return c
}

// text is a message whose token is the text, which may hold anything but what JSON
// escapes.
func text(s string) []byte {
	return []byte(`{"type":"realtime_register","locations":[1],"token":"` + s + `"}`)
}

// sized is a message of so many bytes, and its token.
func sized(size int) (message []byte, token string) {
	token = strings.Repeat("*", size-len(text("")))
	return text(token), token
}

// frame is one masked frame as a client sends it.
func frame(final bool, reserved, op byte, payload []byte) []byte {
	var key [4]byte
	binary.LittleEndian.PutUint32(key[:], rand.Uint32())
	f := masked(final, op, nil)[:2]
	f[0] |= reserved << 4
	switch n := len(payload); {
	case n < length16:
		f[1] |= byte(n)
	case n <= 0xFFFF:
		f = binary.BigEndian.AppendUint16([]byte{f[0], maskBit | length16}, uint16(n))
	default:
		f = binary.BigEndian.AppendUint64([]byte{f[0], maskBit | length64}, uint64(n))
	}
	f = append(f, key[:]...)
	for i, b := range payload {
		f = append(f, b^key[i%4])
	}
	return f
}

func textFrame(message []byte) []byte        { return frame(true, 0, opText, message) }
func control(op byte, payload string) []byte { return frame(true, 0, op, []byte(payload)) }
func ping(payload string) []byte             { return control(opPing, payload) }
func closing(payload string) []byte          { return control(opClose, payload) }

// fragments is a message in frames of at most size bytes, with something between them.
func fragments(op byte, message []byte, size int, between ...[]byte) []byte {
	var all []byte
	for rest := message; ; op = opContinuation {
		n := min(size, len(rest))
		all = append(all, frame(n == len(rest), 0, op, rest[:n])...)
		if rest = rest[n:]; len(rest) == 0 {
			return all
		}
		all = append(all, bytes.Join(between, nil)...)
	}
}

// send sends bytes, in chops of so many where that is above 0.
func (c *raw) send(chop int, parts ...[]byte) {
	rest := bytes.Join(parts, nil)
	for len(rest) > 0 {
		n := len(rest)
		if chop > 0 {
			n = min(n, chop)
		}
		if _, err := c.Write(rest[:n]); err != nil {
			return // the server has had enough; what it says is judged
		}
		rest = rest[n:]
	}
}

// next is the next frame, as "echo TEXT", "pong PAYLOAD", "close CODE" ("close" without a
// code), or "end" of the connection. Why the server closes, which it says first, is left
// out. Nothing may follow a close.
func (c *raw) next() string {
	c.t.Helper()
	for {
		op, payload, err := c.frame()
		switch {
		case err != nil:
			return "end"
		case op == opPong:
			return "pong " + string(payload)
		case op == opClose && len(payload) == 0:
			return "close"
		case op == opClose:
			return fmt.Sprintf("close %d", binary.BigEndian.Uint16(payload))
		}
		var m struct{ Type, Result string }
		if err := json.Unmarshal(payload, &m); err != nil {
			c.t.Fatalf("%q: %v", payload, err)
		}
		if m.Type == "realtime_register" {
			return "echo " + m.Result
		}
	}
}

// frame reads a frame, which must be one that a server may send.
func (c *raw) frame() (op byte, payload []byte, err error) {
	head := make([]byte, 2)
	if _, err := io.ReadFull(c.r, head); err != nil {
		return 0, nil, err
	}
	op = head[0] & opBits
	if head[0]&^opBits != finalBit || op != opText && op != opClose && op != opPong {
		c.t.Fatalf("the server sends a frame that begins % x", head)
	}
	n := int(head[1])
	if n == length16 {
		size := make([]byte, 2)
		if _, err := io.ReadFull(c.r, size); err != nil {
			return 0, nil, err
		}
		n = int(binary.BigEndian.Uint16(size))
	}
	if head[1] > length16 || op >= opClose && n > maxControlPayload {
		c.t.Fatalf("the server sends a frame that begins % x", head)
	}
	payload = make([]byte, n)
	_, err = io.ReadFull(c.r, payload)
	return op, payload, err
}

// echoed is what next says of the echo of a text.
func echoed(text string) string { return "echo " + short(text) }

// hears expects what comes next, to the last.
func (c *raw) hears(all ...string) {
	c.t.Helper()
	for i, want := range all {
		if got := c.next(); got != want {
			c.t.Fatalf("answer %d is %.100q, want %.100q", i+1, got, want)
		}
	}
}

// ends expects a close frame, which the client answers, and then the connection's end.
func (c *raw) ends(want string) {
	c.t.Helper()
	c.hears(want)
	c.send(0, closing("\x03\xe8"))
	c.hears("end")
}

// goes closes the connection as a client that has no more to say.
func (c *raw) goes() {
	c.t.Helper()
	c.send(0, closing("\x03\xe8"))
	c.hears("close 1000", "end")
}
