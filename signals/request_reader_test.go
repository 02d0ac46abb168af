package signals

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gorilla/websocket"
)

// requestsOurs reads a client's frames to the end by frameReader.
func requestsOurs(frames io.Reader, most int) (all []met, end string) {
	r := newRequestReader(frames, most)
	for {
		op, payload, err := r.next()
		if err == nil && op == opClose {
			var closed *websocket.CloseError
			if closed, err = parseClose(payload); err == nil {
				return all, closed.Error()
			}
		}
		var fault *frameError
		switch {
		case err == nil:
			all = append(all, met{op, string(payload)})
			r.forget()
			continue
		case errors.As(err, &fault) && fault.code == websocket.CloseMessageTooBig:
			return all, "monstrous"
		case errors.As(err, &fault):
			return all, "protocol"
		}
		return all, "cut"
	}
}

// requestsReference reads them by the websocket package.
func requestsReference(t *testing.T, frames io.Reader, most int) (all []met, end string) {
	conn := &cannedConn{frames: frames, answered: true}
	ws, err := (&websocket.Upgrader{}).Upgrade(hijackable{httptest.NewRecorder(), conn}, upgradeRequest(), nil)
	if err != nil {
		t.Fatal(err)
	}
	ws.SetReadLimit(int64(most))
	ws.SetPingHandler(func(text string) error { all = append(all, met{opPing, text}); return nil })
	ws.SetPongHandler(func(text string) error { all = append(all, met{opPong, text}); return nil })
	for {
		kind, payload, err := ws.ReadMessage()
		var closed *websocket.CloseError
		switch {
		case err == nil:
			all = append(all, met{byte(kind), string(payload)})
			continue
		case errors.Is(err, websocket.ErrReadLimit):
			return all, "monstrous"
		case errors.As(err, &closed) && closed.Code == websocket.CloseAbnormalClosure, errors.Is(err, io.EOF):
			return all, "cut"
		case errors.As(err, &closed):
			return all, closed.Error()
		}
		return all, "protocol"
	}
}

// compareRequests holds one against the other. The package lets pass a length that is not
// in its shortest form and half a close code, does not know close code 1014, and finds a
// message too large only when it has read the mask.
func compareRequests(t *testing.T, wire []byte, most int, network func() io.Reader) {
	t.Helper()
	got, gotEnd := requestsOurs(network(), most)
	want, wantEnd := requestsReference(t, network(), most)
	switch {
	case gotEnd == "protocol" && len(got) <= len(want):
		want = want[:len(got)]
	case strings.HasPrefix(gotEnd, "websocket: close 1014") && wantEnd == "protocol":
	case gotEnd == "monstrous" && wantEnd == "cut":
	case gotEnd != wantEnd:
		t.Fatalf("ends with %q, want %q: % x", gotEnd, wantEnd, wire[:min(len(wire), 200)])
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Fatalf("%.200q, want %.200q: % x", got, want, wire[:min(len(wire), 200)])
	}
}

func TestRequestReaderAgainstTheReference(t *testing.T) {
	for seed := range uint64(100) {
		r := rand.New(rand.NewPCG(seed, 6))
		var wire []byte
		for range 1 + r.IntN(20) {
			payload := bytes.Repeat([]byte{byte(r.Uint32())}, []int{0, 1, 125, 126, 3000, 5000, 40_000, MaxFrame}[r.IntN(8)])
			switch r.IntN(4) {
			case 0:
				wire = append(wire, control(opPing, string(payload[:min(len(payload), r.IntN(127))]))...)
			case 1:
				wire = append(wire, textFrame(payload)...)
			default:
				wire = append(wire, fragments(opText+byte(r.IntN(2)), payload, 1+len(payload)/(1+r.IntN(5)), ping("between"))...)
			}
		}
		wire = append(wire, closing("\x03\xe8")...)
		if r.IntN(3) == 0 {
			wire[r.IntN(len(wire))] ^= 1 << r.IntN(8)
		}
		most := 1 + r.IntN([]int{10, 1000, 300_000}[r.IntN(3)])
		compareRequests(t, wire, MaxFrame, func() io.Reader { return &cuts{wire, rand.New(rand.NewPCG(seed, 5)), most} })
	}
}

// FuzzRequestReader: what a client sends, in whatever pieces, is read as the websocket
// package reads it, or refused earlier.
func FuzzRequestReader(f *testing.F) {
	f.Add(textFrame([]byte("text")), byte(3))
	f.Add(fragments(opText, []byte("fragments"), 4, ping("x")), byte(1))
	f.Add(closing("\x03\xe8bye"), byte(9))
	f.Add(closing("\x03"), byte(9))
	f.Add([]byte{0x81, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0, 'x'}, byte(50))
	f.Add([]byte{0x81, 0xFE, 0, 1, 1, 2, 3, 4, 'x'}, byte(50))
	f.Add([]byte{0x81, 1, 'x'}, byte(50))
	f.Fuzz(func(t *testing.T, wire []byte, most byte) {
		compareRequests(t, wire, 100, func() io.Reader { return &cuts{wire, rand.New(rand.NewPCG(1, 2)), int(most) + 1} })
	})
}
