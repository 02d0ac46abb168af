package signals

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestAutobahn5Fragments(t *testing.T) {
	message := text("fragment1fragment2")
	half := len(message) / 2
	first, second := frame(false, 0, opText, message[:half]), frame(true, 0, opContinuation, message[half:])
	nothing := frame(true, 0, opContinuation, []byte("non-continuation payload"))
	open := frame(false, 0, opContinuation, []byte("non-continuation payload"))
	whole := echoed("fragment1fragment2")
	for _, test := range []struct {
		id    string
		chop  int
		send  [][]byte
		hears []string
	}{
		{"5.1", 0, [][]byte{frame(false, 0, opPing, []byte("fragment1")), frame(true, 0, opContinuation, []byte("fragment2"))}, []string{"close 1002"}},
		{"5.2", 0, [][]byte{frame(false, 0, opPong, []byte("fragment1")), frame(true, 0, opContinuation, []byte("fragment2"))}, []string{"close 1002"}},
		{"5.3", 0, [][]byte{first, second}, []string{whole}},
		{"5.4", half + 6, [][]byte{first, second}, []string{whole}}, // a frame a chop, about
		{"5.5", 1, [][]byte{first, second}, []string{whole}},
		{"5.6", 0, [][]byte{first, ping("ping payload"), second}, []string{"pong ping payload", whole}},
		{"5.7", half + 6, [][]byte{first, ping("ping payload"), second}, []string{"pong ping payload", whole}},
		{"5.8", 1, [][]byte{first, ping("ping payload"), second}, []string{"pong ping payload", whole}},
		{"5.9", 0, [][]byte{nothing, textFrame(text("Hello, world!"))}, []string{"close 1002"}},
		{"5.10", 30, [][]byte{nothing, textFrame(text("Hello, world!"))}, []string{"close 1002"}},
		{"5.11", 1, [][]byte{nothing, textFrame(text("Hello, world!"))}, []string{"close 1002"}},
		{"5.12", 0, [][]byte{open, textFrame(text("Hello, world!"))}, []string{"close 1002"}},
		{"5.13", 30, [][]byte{open, textFrame(text("Hello, world!"))}, []string{"close 1002"}},
		{"5.14", 1, [][]byte{open, textFrame(text("Hello, world!"))}, []string{"close 1002"}},
		{"5.15", 0, [][]byte{first, second, open, textFrame(text("Hello, world!"))}, []string{whole, "close 1002"}},
		{"5.16", 0, [][]byte{open, first, second}, []string{"close 1002"}},
		{"5.17", 0, [][]byte{nothing, first, second}, []string{"close 1002"}},
		{"5.18", 0, [][]byte{first, frame(true, 0, opText, message[half:])}, []string{"close 1002"}},
	} {
		t.Run(test.id, func(t *testing.T) {
			c := dialEcho(t, long)
			c.send(test.chop, test.send...)
			if last := test.hears[len(test.hears)-1]; strings.HasPrefix(last, "close") {
				c.hears(test.hears[:len(test.hears)-1]...)
				c.ends(last)
				return
			}
			c.hears(test.hears...)
			c.goes()
		})
	}
	for id, chop := range map[string]int{"5.19": 0, "5.20": 1} {
		t.Run(id, func(t *testing.T) { fragmentsWithPings(t, chop) })
	}
}

// fragmentsWithPings sends a message in five frames, pings between them and a pause.
func fragmentsWithPings(t *testing.T, chop int) {
	c := dialEcho(t, long)
	message := text("fragment1fragment2fragment3fragment4fragment5")
	part := func(i int) []byte { return message[i*len(message)/5 : (i+1)*len(message)/5] }
	c.send(chop, frame(false, 0, opText, part(0)), frame(false, 0, opContinuation, part(1)), ping("pongme 1!"))
	c.hears("pong pongme 1!")
	time.Sleep(200 * time.Millisecond) // the suite waits for a second
	c.send(chop, frame(false, 0, opContinuation, part(2)), frame(false, 0, opContinuation, part(3)), ping("pongme 2!"), frame(true, 0, opContinuation, part(4)))
	c.hears("pong pongme 2!", echoed("fragment1fragment2fragment3fragment4fragment5"))
	c.goes()
}

// TestAutobahn9Limits: the suite's sizes go to 16 MiB, of which we take the first.
func TestAutobahn9Limits(t *testing.T) {
	for i, size := range []int{64 << 10, 256 << 10, 1 << 20, 4 << 20, 8 << 20, 16 << 20} {
		message, token := sized(size)
		want := func(c *raw, what string) {
			c.t.Helper()
			if size > MaxFrame || what != "text" {
				c.ends(map[string]string{"text": "close 1009", "binary": "close 1003"}[what])
				return
			}
			c.hears(echoed(token))
			c.goes()
		}
		t.Run(fmt.Sprintf("9.1.%d", i+1), func(t *testing.T) {
			c := dialEcho(t, long)
			c.send(0, textFrame(message))
			want(c, "text")
		})
		if size == 64<<10 { // what is larger is refused for its size
			t.Run(fmt.Sprintf("9.2.%d", i+1), func(t *testing.T) {
				c := dialEcho(t, long)
				c.send(0, frame(true, 0, opBinary, message))
				want(c, "binary")
			})
		}
	}
	for i, size := range []int{64, 256, 1 << 10, 4 << 10, 16 << 10, 64 << 10, 256 << 10, 1 << 20, 4 << 20} {
		t.Run(fmt.Sprintf("9.3.%d", i+1), func(t *testing.T) { // 4 MiB in frames of so much
			c := dialEcho(t, long)
			message, _ := sized(4 << 20)
			c.send(0, fragments(opText, message, size))
			c.ends("close 1009")
		})
	}
	for i, chop := range []int{64, 128, 256, 512, 1024, 2048} {
		t.Run(fmt.Sprintf("9.5.%d", i+1), func(t *testing.T) { // of 64 KiB, where the suite has 1 MiB
			c := dialEcho(t, long)
			message, token := sized(MaxFrame)
			c.send(chop, textFrame(message))
			c.hears(echoed(token))
			c.goes()
		})
	}
	for i, size := range []int{len(text("")), 64, 125, 256, 1 << 10, 4 << 10} { // the suite has 0, 16, 64, 256, 1024, 4096
		t.Run(fmt.Sprintf("9.7.%d", i+1), func(t *testing.T) { roundTrips(t, size) })
	}
	t.Run("10.1.1", func(t *testing.T) {
		c := dialEcho(t, long)
		message, token := sized(65536)
		c.send(0, fragments(opText, message, 1300))
		c.hears(echoed(token))
		c.goes()
	})
}

// roundTrips sends a thousand messages, one after the other's echo.
func roundTrips(t *testing.T, size int) {
	c := dialEcho(t, long)
	message, token := sized(size)
	for range 1000 {
		c.send(0, textFrame(message))
		c.hears(echoed(token))
	}
	c.goes()
}

// TestAutobahn12Compression: what cases 12 and 13 offer is not agreed to (dialRaw looks),
// and a frame as if it were is a protocol error.
func TestAutobahn12Compression(t *testing.T) {
	for i, offer := range []string{
		"permessage-deflate", "permessage-deflate; client_no_context_takeover; server_no_context_takeover",
		"permessage-deflate; client_max_window_bits=9; server_max_window_bits=9", "permessage-deflate; client_max_window_bits",
	} {
		t.Run(fmt.Sprintf("12.%d.1", i+1), func(t *testing.T) {
			e := echo{make(chan string, 1)}
			_, url := serve(t, ServerConfig{Authorize: e.authorize, Source: e, RegisterWithin: patience})
			c := dialRaw(t, url, "Sec-WebSocket-Extensions: "+offer+"\r\n")
			c.send(0, textFrame(text("plain")))
			c.hears(echoed("plain"))
			c.send(0, frame(true, 4, opText, []byte("\xf2\x48\xcd\xc9\xc9\x07\x00")))
			c.ends("close 1002")
		})
	}
}

// What follows has no number in the suite, whose client is never slow or unmasked.

// TestFragmentsGainNoTime: fragments, empty ones too, and pings put off no deadline.
func TestFragmentsGainNoTime(t *testing.T) {
	for name, trickle := range map[string][]byte{
		"fragments": frame(false, 0, opContinuation, []byte("x")), "empty fragments": frame(false, 0, opContinuation, nil), "pings": ping(""),
	} {
		t.Run(name, func(t *testing.T) {
			server, url := serve(t, ServerConfig{RegisterWithin: 200 * time.Millisecond, CloseTimeout: 100 * time.Millisecond})
			c := dialRaw(t, url)
			began := time.Now()
			c.send(0, frame(false, 0, opText, []byte("{")))
			for time.Since(began) < patience && server.Status().TimedOut == 0 {
				c.send(0, trickle)
				time.Sleep(5 * time.Millisecond)
			}
			if took := time.Since(began); took > 3*time.Second {
				t.Errorf("ended after %s", took)
			}
			for got := c.next(); got != "close 1008"; got = c.next() {
				if got != "pong " {
					t.Fatalf("%q", got)
				}
			}
		})
	}
}

// TestUnmaskedFrames must not be taken (RFC 6455, section 5.1).
func TestUnmaskedFrames(t *testing.T) {
	for _, wire := range [][]byte{plain(true, opText, text("x")), plain(true, opPing, nil), plain(true, opClose, nil)} {
		c := dialEcho(t, long)
		c.send(0, wire)
		c.ends("close 1002")
	}
}

// TestLengthsInTheirShortestForm must be (RFC 6455, section 5.2).
func TestLengthsInTheirShortestForm(t *testing.T) {
	for _, head := range [][]byte{{0x81, 0xFE, 0, 125}, {0x81, 0xFF, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF}, {0x81, 0xFF, 0x80, 0, 0, 0, 0, 0, 0, 0}} {
		c := dialEcho(t, long)
		c.send(0, head)
		c.ends("close 1002")
	}
}

// TestNothingFollowsAClose: who breaks the protocol while messages come in gets none after
// the close frame.
func TestNothingFollowsAClose(t *testing.T) {
	hub := NewHub()
	_, url := serve(t, ServerConfig{Source: hub})
	for range 20 {
		c := dialRaw(t, url)
		c.send(0, textFrame([]byte(registration)))
		c.hears("echo success")
		stop := make(chan struct{})
		go func() {
			for {
				select {
				case <-stop:
					return
				default:
					hub.Publish([]Message{position(1, 1, 2, 3)})
					time.Sleep(20 * time.Microsecond)
				}
			}
		}()
		time.Sleep(time.Millisecond)
		c.send(0, frame(true, 7, opText, nil))
		c.hears("close 1002", "end")
		close(stop)
	}
}
