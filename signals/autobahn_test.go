package signals

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// The tests of this file and of autobahn_*_test.go are the cases of the Autobahn test suite
// (github.com/crossbario/autobahn-testsuite, wstest fuzzingclient), by its numbers, as far
// as a server can be held to them that speaks one protocol and echoes nothing: see echo.
// Where the suite has a message come back, ours is a registration with that text.

// long is a server that waits for a client's registration as long as a test does.
var long = ServerConfig{RegisterWithin: patience, CloseTimeout: 2 * time.Second}

func TestAutobahn1Framing(t *testing.T) {
	for i, size := range []int{0, 125, 126, 127, 128, 65535, 65536, 65536} {
		t.Run(fmt.Sprintf("1.1.%d", i+1), func(t *testing.T) {
			c := dialEcho(t, long)
			if size == 0 { // no JSON object
				c.send(0, textFrame(nil))
				c.ends("close 1008")
				return
			}
			message, token := sized(size)
			c.send(map[bool]int{true: 997}[i == 7], textFrame(message))
			c.hears(echoed(token))
			c.goes()
		})
		t.Run(fmt.Sprintf("1.2.%d", i+1), func(t *testing.T) { // the protocol has no binary messages
			c := dialEcho(t, long)
			c.send(map[bool]int{true: 997}[i == 7], frame(true, 0, opBinary, make([]byte, size)))
			c.ends("close 1003")
		})
	}
}

func TestAutobahn2Pings(t *testing.T) {
	most := strings.Repeat("\xfe", maxControlPayload)
	for _, test := range []struct {
		id    string
		chop  int
		send  []byte
		hears []string
	}{
		{"2.1", 0, ping(""), []string{"pong "}},
		{"2.2", 0, ping("Hello, world!"), []string{"pong Hello, world!"}},
		{"2.3", 0, ping("\x00\xff\xfe\xfd\xfc\xfb\x00\xff"), []string{"pong \x00\xff\xfe\xfd\xfc\xfb\x00\xff"}},
		{"2.4", 0, ping(most), []string{"pong " + most}},
		{"2.6", 1, ping(most), []string{"pong " + most}},
		{"2.7", 0, control(opPong, ""), nil},
		{"2.8", 0, control(opPong, "unsolicited pong payload"), nil},
		{"2.9", 0, append(control(opPong, "unsolicited"), ping("ping payload")...), []string{"pong ping payload"}},
	} {
		t.Run(test.id, func(t *testing.T) {
			c := dialEcho(t, long)
			c.send(test.chop, test.send)
			c.hears(test.hears...)
			c.goes()
		})
	}
	t.Run("2.5", func(t *testing.T) {
		c := dialEcho(t, long)
		c.send(0, ping(most+"\xfe"))
		c.ends("close 1002")
	})
	for id, chop := range map[string]int{"2.10": 0, "2.11": 1} {
		t.Run(id, func(t *testing.T) {
			c := dialEcho(t, long)
			var pongs []string
			for i := range 10 {
				payload := fmt.Sprintf("payload-%d", i)
				c.send(chop, ping(payload))
				pongs = append(pongs, "pong "+payload)
			}
			c.hears(pongs...)
			c.goes()
		})
	}
}

func TestAutobahn3ReservedBits(t *testing.T) {
	hello := text("Hello, world!")
	for i, test := range []struct {
		chop     int
		before   []byte
		reserved byte
		op       byte
		echoed   bool
	}{
		{0, nil, 1, opText, false},
		{0, textFrame(hello), 2, opText, true},
		{0, textFrame(hello), 3, opText, true},
		{1, textFrame(hello), 4, opText, true},
		{0, nil, 5, opBinary, false},
		{0, nil, 6, opPing, false},
		{0, nil, 7, opClose, false},
	} {
		t.Run(fmt.Sprintf("3.%d", i+1), func(t *testing.T) {
			c := dialEcho(t, long)
			payload := hello
			if test.op >= opClose {
				payload = nil
			}
			c.send(test.chop, test.before, frame(true, test.reserved, test.op, payload), ping(""))
			if test.echoed {
				c.hears(echoed("Hello, world!"))
			}
			c.ends("close 1002")
		})
	}
}

func TestAutobahn4Opcodes(t *testing.T) {
	for group, first := range map[int]byte{1: 3, 2: 11} {
		for i := range byte(5) {
			t.Run(fmt.Sprintf("4.%d.%d", group, i+1), func(t *testing.T) {
				c := dialEcho(t, long)
				var before, payload []byte
				if i >= 2 {
					before = textFrame(text("Hello, world!"))
				}
				if i%2 == 1 {
					payload = []byte("reserved opcode payload")
				}
				c.send(map[bool]int{true: 1}[i == 4], before, frame(true, 0, first+i, payload), ping(""))
				if i >= 2 {
					c.hears(echoed("Hello, world!"))
				}
				c.ends("close 1002")
			})
		}
	}
}

func TestAutobahn7Close(t *testing.T) {
	most := strings.Repeat("*", maxControlPayload-2)
	for _, test := range []struct {
		id   string
		send []byte
		want string
	}{
		{"7.1.2", append(closing(""), closing("")...), "close"},
		{"7.1.3", append(closing("\x03\xe8"), ping("")...), "close 1000"},
		{"7.1.4", append(closing("\x03\xe8"), textFrame(text("late"))...), "close 1000"},
		{"7.3.1", closing(""), "close"},
		{"7.3.2", closing("a"), "close 1002"},
		{"7.3.3", closing("\x03\xe8"), "close 1000"},
		{"7.3.4", closing("\x03\xe8Hello World!"), "close 1000"},
		{"7.3.5", closing("\x03\xe8" + most), "close 1000"},
		{"7.3.6", closing("\x03\xe8" + most + "*"), "close 1002"},
		{"7.5.1", closing("\x03\xe8\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5\xed\xa0\x80edited"), "close 1002"},
	} {
		t.Run(test.id, func(t *testing.T) {
			c := dialEcho(t, long)
			c.send(0, test.send)
			c.ends(test.want)
		})
	}
	t.Run("7.1.1", func(t *testing.T) {
		c := dialEcho(t, long)
		c.send(0, textFrame(text("Hello World!")))
		c.hears(echoed("Hello World!"))
		c.goes()
	})
	t.Run("7.1.5", func(t *testing.T) {
		c := dialEcho(t, long)
		c.send(0, frame(false, 0, opText, []byte("fragment1")), closing("\x03\xe8"), frame(true, 0, opContinuation, []byte("fragment2")))
		c.ends("close 1000")
	})
	t.Run("7.1.6", func(t *testing.T) { // more than a message may have
		c := dialEcho(t, long)
		message, _ := sized(256 << 10)
		c.send(0, textFrame(message), closing("\x03\xe8"), ping(""))
		c.ends("close 1009")
	})
}

// The codes after the suite's own are what has been registered since.
func TestAutobahn7CloseCodes(t *testing.T) {
	code := func(n int) []byte { return closing(string([]byte{byte(n >> 8), byte(n)})) }
	for i, n := range []int{1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999, 1012, 1013, 1014} {
		t.Run(fmt.Sprintf("7.7.%d", i+1), func(t *testing.T) {
			c := dialEcho(t, long)
			c.send(0, code(n))
			c.ends(fmt.Sprintf("close %d", n))
		})
	}
	for i, n := range []int{0, 999, 1004, 1005, 1006, 1016, 1100, 2000, 2999, 1015} {
		t.Run(fmt.Sprintf("7.9.%d", i+1), func(t *testing.T) {
			c := dialEcho(t, long)
			c.send(0, code(n))
			c.ends("close 1002")
		})
	}
	for i, n := range []int{5000, 65535} {
		t.Run(fmt.Sprintf("7.13.%d", i+1), func(t *testing.T) {
			c := dialEcho(t, long)
			c.send(0, code(n))
			c.ends("close 1002")
		})
	}
}
