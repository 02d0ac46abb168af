package signals

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// hijackable is a response whose connection can be taken over.
type hijackable struct {
	http.ResponseWriter
	conn net.Conn
}

func (h hijackable) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	return h.conn, bufio.NewReadWriter(bufio.NewReader(h.conn), bufio.NewWriter(h.conn)), nil
}

// masked is one frame as a client sends it.
func masked(final bool, op byte, payload []byte) []byte {
	frame := []byte{op, 0x80}
	if final {
		frame[0] |= finalBit
	}
	switch n := len(payload); {
	case n < 126:
		frame[1] |= byte(n)
	case n <= 0xFFFF:
		frame[1] |= 126
		frame = binary.BigEndian.AppendUint16(frame, uint16(n))
	default:
		frame[1] |= 127
		frame = binary.BigEndian.AppendUint64(frame, uint64(n))
	}
	return append(append(frame, 0, 0, 0, 0), payload...)
}

const registration = `{"type":"realtime_register","token":"t","locations":[1]}`

// FuzzServerFrame sends a server any bytes, behind a registration or not, and
// then hangs up. The server must end the connection, leave nobody subscribed,
// and must have sent whole frames with well-formed messages only.
func FuzzServerFrame(f *testing.F) {
	for _, seed := range [][]byte{
		masked(true, opText, []byte(`{"type":"realtime_heartbeat"}`)),
		masked(true, opText, []byte(`{"type":"realtime_register","token":7,"locations":[1,1,99]}`)),
		masked(true, opText, []byte(`{"type":"realtime_register","token":"t","locations":[500]}`)),
		masked(true, opText, []byte(`{"type":"realtime_register","token":"wrong","locations":[]}`)),
		append(masked(false, opText, []byte(`{"type":"realtime_`)), masked(true, 0, []byte(`heartbeat"}`))...),
		append(masked(false, opText, []byte(`{`)), append(masked(true, 0x9, []byte("ping")), masked(true, 0, []byte(`}`))...)...),
		masked(true, 0x2, []byte("binary")),
		masked(true, opText, []byte{0xFF, 0xFE}),
		masked(true, opClose, []byte{0x03, 0xE8, 'b', 'y', 'e'}),
		masked(true, opClose, nil),
		masked(true, opClose, []byte{0x03}),
		masked(true, 0x9, make([]byte, 126)),
		{0x81, 0x02, '{', '}'},
		{0xC1, 0x80, 0, 0, 0, 0},
		{0x81, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0, 'x'},
	} {
		f.Add(seed, false)
		f.Add(seed, true)
	}
	f.Fuzz(func(t *testing.T, sent []byte, registered bool) {
		hub := NewHub()
		hub.Publish([]Message{position(1, 1, 2, 3)})
		server := NewServer(ServerConfig{Authorize: only, Source: hub, CloseTimeout: 50 * time.Millisecond})
		ours, theirs := net.Pipe()
		served := make(chan struct{})
		go func() {
			defer close(served)
			server.ServeHTTP(hijackable{httptest.NewRecorder(), theirs}, upgradeRequest())
		}()
		reader := bufio.NewReader(ours)
		if _, err := http.ReadResponse(reader, nil); err != nil {
			t.Fatal(err)
		}
		ours.SetDeadline(time.Now().Add(100 * time.Millisecond)) // then hang up
		heard := make(chan error, 1)
		go func() {
			defer ours.Close()
			heard <- checkFrames(reader)
		}()
		if registered {
			ours.Write(masked(true, opText, []byte(registration)))
		}
		ours.Write(sent)
		ours.Write(masked(true, opClose, nil))
		if err := <-heard; err != nil {
			t.Errorf("%q: %v", sent, err)
		}
		select {
		case <-served:
		case <-time.After(patience):
			t.Fatalf("%q: the connection does not end", sent)
		}
		if n := hub.Subscribers(1); n != 0 || server.Status().Connections != 0 || server.Status().Registered != 0 {
			t.Errorf("%q: left behind: %d, %+v", sent, n, server.Status())
		}
	})
}

// checkFrames reads what a server sends until it closes or falls silent.
func checkFrames(r io.Reader) error {
	head := make([]byte, 4)
	for {
		if _, err := io.ReadFull(r, head[:2]); err != nil {
			return nil //nolint:nilerr // hung up
		}
		op, n := head[0]&^finalBit, int(head[1])
		if head[0]&finalBit == 0 || n > 126 || op != opText && op != opClose && op != opPong {
			return fmt.Errorf("answered by a frame that begins % x", head[:2])
		}
		if n == 126 {
			io.ReadFull(r, head[2:])
			n = int(binary.BigEndian.Uint16(head[2:]))
		}
		payload := make([]byte, n)
		if _, err := io.ReadFull(r, payload); err != nil {
			return fmt.Errorf("a frame of %d bytes is cut short: %w", n, err)
		}
		var m Message
		if err := Decode(payload, &m); op == opText && (err != nil || m.Kind == KindUnknown) {
			return fmt.Errorf("answered by %q: %w", payload, err)
		}
		if op == opClose {
			return nil
		}
	}
}

func upgradeRequest() *http.Request {
	r := httptest.NewRequest(http.MethodGet, "/websocket_realtime", nil)
	r.Header.Set("Connection", "Upgrade")
	r.Header.Set("Upgrade", "websocket")
	r.Header.Set("Sec-WebSocket-Version", "13")
	r.Header.Set("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")
	return r
}
