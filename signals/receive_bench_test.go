package signals

import (
	"io"
	"testing"
	"time"
)

// BenchmarkReceive receives one message from a network in memory: by the
// websocket package into a reused buffer, frames alone, and as a Client does.
func BenchmarkReceive(b *testing.B) {
	people := make([]Message, 1000)
	for i := range people {
		people[i] = position(int64(i), 1, float64(i*7%2000)+0.25, float64(i*13%1200)+0.5)
	}
	wire := EncodeFrames(people).wire
	const buffer = 256 << 10

	b.Run("NextReader", func(b *testing.B) {
		ws := cannedReference(b, &endless{wire: wire}, buffer)
		payload := make([]byte, MaxFrame)
		b.ReportAllocs()
		for b.Loop() {
			_, r, err := ws.NextReader()
			for err == nil {
				_, err = r.Read(payload)
			}
			if err != io.EOF {
				b.Fatal(err)
			}
		}
	})
	b.Run("frames", func(b *testing.B) {
		r := newFrameReader(&endless{wire: wire}, nil, buffer)
		b.ReportAllocs()
		for b.Loop() {
			if _, _, err := r.next(); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("client", func(b *testing.B) {
		client, l := cannedLink(b, &endless{wire: wire}, buffer)
		s := newSession(client, l, "")
		s.registered = time.Now()
		s.wire.beforeRead, s.wire.afterRead = s.beforeRead, s.afterRead
		b.ReportAllocs()
		for b.Loop() {
			if err := s.receive(); err != nil {
				b.Fatal(err)
			}
		}
	})
}
