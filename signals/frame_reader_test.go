package signals

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/gorilla/websocket"
)

// cuts is a network that brings what there is in pieces of any size.
type cuts struct {
	rest []byte
	r    *rand.Rand
	most int
}

func (c *cuts) Read(p []byte) (int, error) {
	if len(c.rest) == 0 {
		return 0, io.EOF
	}
	n := copy(p[:min(len(p), 1+c.r.IntN(c.most))], c.rest)
	c.rest = c.rest[n:]
	return n, nil
}

// met is one message or control frame as a reader handed it out, or its end.
type met struct {
	op      byte
	payload string
}

func cutPayload(p []byte) string { return string(p[:min(len(p), MaxFrame+1)]) }

// readOurs reads to the end by frameReader.
func readOurs(t *testing.T, frames io.Reader, buffer int) (all []met, end string) {
	_, l := cannedLink(t, frames, buffer)
	r := l.frames
	for {
		op, payload, err := r.next()
		if err == nil && op == opClose {
			var closed *websocket.CloseError
			if closed, err = parseClose(payload); err == nil {
				return all, closed.Error()
			}
		}
		if cap(r.message) > 2*MaxFrame || len(r.buf) != max(buffer, handshakeBuffer) {
			t.Fatalf("%d bytes kept of a message, %d of buffer", cap(r.message), len(r.buf))
		}
		var fault *frameError
		switch {
		case err == nil:
			all = append(all, met{op, cutPayload(payload)})
			continue
		case errors.Is(err, errCut):
			return all, "cut"
		case errors.As(err, &fault) && fault.code == websocket.CloseMessageTooBig:
			return all, "monstrous"
		case errors.As(err, &fault) && fault.code == websocket.CloseProtocolError:
			return all, "protocol"
		}
		t.Fatalf("unknown end: %v", err)
	}
}

// readReference reads to the end by the websocket package.
func readReference(t *testing.T, frames io.Reader) (all []met, end string) {
	ws := cannedReference(t, frames, 4096)
	ws.SetReadLimit(maxSkippedFrame)
	ws.SetPingHandler(func(text string) error { all = append(all, met{opPing, text}); return nil })
	ws.SetPongHandler(func(text string) error { all = append(all, met{opPong, text}); return nil })
	for {
		kind, payload, err := ws.ReadMessage()
		var closed *websocket.CloseError
		switch {
		case err == nil:
			all = append(all, met{byte(kind), cutPayload(payload)})
			continue
		case errors.Is(err, websocket.ErrReadLimit):
			return all, "monstrous"
		case errors.As(err, &closed) && closed.Code == websocket.CloseAbnormalClosure:
			return all, "cut"
		case errors.As(err, &closed):
			return all, closed.Error()
		}
		return all, "protocol"
	}
}

// plain is one frame as a server sends it.
func plain(final bool, op byte, payload []byte) []byte {
	frame := appendFrame(nil, op, payload)
	if !final {
		frame[0] &^= finalBit
	}
	return frame
}

// drawFrames is a stream of well-formed messages, fragments and control frames.
func drawFrames(r *rand.Rand) (wire []byte) {
	sizes := []int{0, 1, 2, 100, 125, 126, 127, 300, 4000, 4096, 5000, MaxFrame - 1, MaxFrame, MaxFrame + 1, 70_000, 200_000}
	some := func(most int) []byte {
		payload := make([]byte, min(most, sizes[r.IntN(4+r.IntN(len(sizes)-3))]))
		for i := range payload {
			payload[i] = byte('a' + (i+len(wire))%23)
		}
		return payload
	}
	control := func() {
		if r.IntN(3) == 0 {
			wire = append(wire, plain(true, opPing+byte(r.IntN(2)), some(maxControlPayload))...)
		}
	}
	for range 1 + r.IntN(30) {
		control()
		op := opText + byte(r.IntN(2))
		for r.IntN(3) == 0 {
			wire = append(wire, plain(false, op, some(1<<20))...)
			op = opContinuation
			control()
		}
		wire = append(wire, plain(true, op, some(1<<20))...)
	}
	switch r.IntN(3) {
	case 0:
		wire = append(wire, plain(true, opClose, nil)...)
	case 1:
		wire = appendClose(wire, websocket.CloseGoingAway, "bye")
	}
	return wire
}

// Whatever the frames and wherever the network cuts them, the frame reader hands
// out what the websocket package does, in the same order.
func TestFrameReaderAgainstTheReference(t *testing.T) {
	for seed := range uint64(100) {
		r := rand.New(rand.NewPCG(seed, 4))
		wire := drawFrames(r)
		if r.IntN(4) == 0 {
			wire = wire[:r.IntN(len(wire)+1)]
		}
		if r.IntN(4) == 0 && len(wire) > 0 {
			wire[r.IntN(len(wire))] ^= 1 << r.IntN(8)
		}
		most := 1 + r.IntN([]int{10, 1000, 300_000}[r.IntN(3)])
		compareFrames(t, fmt.Sprint("seed ", seed), wire, 1<<r.IntN(20), func() io.Reader {
			return &cuts{wire, rand.New(rand.NewPCG(seed, 5)), most}
		})
	}
}

// compareFrames holds the frame reader against the websocket package, which lets
// pass some of what RFC 6455 forbids: there the frame reader may end earlier.
func compareFrames(t *testing.T, name string, wire []byte, buffer int, network func() io.Reader) {
	t.Helper()
	got, gotEnd := readOurs(t, network(), buffer)
	want, wantEnd := readReference(t, network())
	if gotEnd == "protocol" && len(got) <= len(want) {
		want = want[:len(got)]
	} else if gotEnd != wantEnd {
		t.Fatalf("%s: ends with %q, want %q: % x", name, gotEnd, wantEnd, wire[:min(len(wire), 200)])
	}
	if len(got) != len(want) {
		t.Fatalf("%s: %d messages, want %d", name, len(got), len(want))
	}
	for i := range got {
		if got[i] != want[i] {
			t.Fatalf("%s: message %d: opcode %d and %d bytes, want %d and %d", name, i,
				got[i].op, len(got[i].payload), want[i].op, len(want[i].payload))
		}
	}
}

func FuzzFrameReader(f *testing.F) {
	f.Add(plain(true, opText, []byte("text")), byte(3))
	f.Add(append(plain(false, opText, []byte("te")), append(plain(true, opPing, nil), plain(true, opContinuation, []byte("xt"))...)...), byte(1))
	f.Add(appendClose(plain(true, opText, make([]byte, 200)), 1000, "bye"), byte(200))
	f.Add([]byte{finalBit | opText, 127, 0, 0, 0, 0, 0, 1, 0, 0, 'x'}, byte(50))
	f.Add([]byte{finalBit | opText, 126, 0, 1, 'x'}, byte(50))
	f.Add([]byte{finalBit | opText, maskBit | 1, 0, 0, 0, 0, 'x'}, byte(50))
	f.Fuzz(func(t *testing.T, wire []byte, most byte) {
		compareFrames(t, "the bytes", wire, 1, func() io.Reader {
			return &cuts{wire, rand.New(rand.NewPCG(1, 2)), int(most) + 1}
		})
	})
}

func TestFrameReaderRefuses(t *testing.T) {
	long := func(n uint64, op byte) []byte {
		return binary.BigEndian.AppendUint64([]byte{op, length64}, n)
	}
	tests := []struct {
		name string
		wire []byte
		want string
	}{
		{"a reserved bit", []byte{finalBit | 0x40 | opText, 0}, "reserved"},
		{"a mask", masked(true, opText, []byte("{}")), "masked"},
		{"opcode 3", []byte{finalBit | 3, 0}, "opcode 3"},
		{"opcode 11", []byte{finalBit | 11, 0}, "opcode 11"},
		{"a fragmented ping", []byte{opPing, 0}, "fragmented control"},
		{"a long ping", []byte{finalBit | opPing, length16, 0, 200}, "more than 125"},
		{"a continuation of nothing", plain(true, opContinuation, []byte("{}")), "continuation of nothing"},
		{"a message in a message", append(plain(false, opText, nil), plain(true, opText, nil)...), "within another"},
		{"a long form of 125", []byte{finalBit | opText, length16, 0, 125}, "malformed length"},
		{"a long form of 65535", long(0xFFFF, finalBit|opText), "malformed length"},
		{"a length of 64 bits", long(1<<63, finalBit|opText), "malformed length"},
		{"a length of 63 bits", long(1<<62, finalBit|opText), "larger than 16 MiB"},
		{"a monster", long(maxSkippedFrame+1, finalBit|opText), "larger than 16 MiB"},
		{"a monster in pieces", append(plain(false, opText, []byte("x")), long(maxSkippedFrame, finalBit)...), "larger than 16 MiB"},
		{"nothing", nil, "cut"},
		{"half a head", []byte{finalBit | opText}, "cut"},
		{"half a length", []byte{finalBit | opText, length16, 1}, "cut"},
		{"half a payload", []byte{finalBit | opText, 100, 'x'}, "cut"},
	}
	for _, test := range tests {
		// A message in front takes the reader off the buffer's beginning.
		r := newFrameReader(bytes.NewReader(append(plain(true, opText, []byte("first")), test.wire...)), nil, 0)
		if op, payload, err := r.next(); op != opText || string(payload) != "first" || err != nil {
			t.Errorf("%s: opcode %d, %q, %v", test.name, op, payload, err)
		}
		if _, _, err := r.next(); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want it to say %q", test.name, err, test.want)
		}
	}
}

// A whole message is neither copied nor allocated for.
func TestFrameReaderHandsOutItsBuffer(t *testing.T) {
	frame := plain(true, opText, []byte(`{"type":"realtime_heartbeat"}`))
	r := newFrameReader(&endless{wire: bytes.Repeat(frame, 100)}, nil, 0)
	allocations := testing.AllocsPerRun(1000, func() {
		_, payload, err := r.next()
		if err != nil || &payload[0] != &r.buf[r.begin-len(payload)] || cap(payload) != len(payload) {
			t.Fatalf("%q, %v", payload, err)
		}
	})
	if allocations != 0 {
		t.Errorf("%v allocations a message", allocations)
	}
}

// endless repeats whole frames for ever.
type endless struct {
	wire []byte
	at   int
}

func (e *endless) Read(p []byte) (int, error) {
	n := copy(p, e.wire[e.at:])
	e.at = (e.at + n) % len(e.wire)
	return n, nil
}
