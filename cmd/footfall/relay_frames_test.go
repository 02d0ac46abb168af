package main

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"path/filepath"
	"testing"
	"time"
)

// What breaks RFC 6455 is answered through the whole server as the signals package answers
// it (its Autobahn tests): why, a close frame, and the end, at once.
func TestRelayAnswersFramesThatBreakTheProtocol(t *testing.T) {
	server := startChild(t, "serve", "--listen", "127.0.0.1:0", "--zones", "", "--database", filepath.Join(t.TempDir(), "f.db"))
	for name, frame := range map[string][]byte{
		"no mask":         {0x81, 2, '{', '}'},
		"a reserved bit":  {0xC1, 0x80, 0, 0, 0, 0},
		"opcode 3":        {0x83, 0x80, 0, 0, 0, 0},
		"half a code":     {0x88, 0x81, 0, 0, 0, 0, 3},
		"a long ping":     {0x89, 0xFE, 0, 126, 0, 0, 0, 0},
		"nothing goes on": {0x80, 0x80, 0, 0, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			conn, err := net.Dial("tcp", server.address)
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			_ = conn.SetDeadline(time.Now().Add(10 * time.Second))
			fmt.Fprintf(conn, "GET /websocket_realtime HTTP/1.1\r\nHost: %s\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"+
				"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n", server.address)
			var answer []byte
			for !bytes.Contains(answer, []byte("\r\n\r\n")) { // frames sent with the handshake are refused
				b := make([]byte, 4096)
				n, err := conn.Read(b)
				if answer = append(answer, b[:n]...); err != nil {
					t.Fatalf("%v after %q", err, answer)
				}
			}
			if _, err := conn.Write(frame); err != nil {
				t.Fatal(err)
			}
			rest, err := io.ReadAll(conn)
			if err != nil {
				t.Fatalf("%v after %q", err, rest)
			}
			if !bytes.Contains(rest, []byte(`"close_connection"`)) || !bytes.Contains(rest, []byte{0x03, 0xEA}) {
				t.Errorf("answered by %q", rest)
			}
		})
	}
}
