package signals

import (
	"io"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// flood sends positions of a thousand people for as long as the client reads.
func flood(t testing.TB) string {
	people := make([]Message, 1000)
	for i := range people {
		people[i] = position(int64(i), 1, float64(i*7%2000)+0.25, float64(i*13%1200)+0.5)
	}
	wire := EncodeFrames(people).wire
	return script(t, func(p *peer) {
		p.accept()
		for {
			if _, err := p.NetConn().Write(wire); err != nil {
				return
			}
		}
	})
}

// gated is a sink that counts, and blocks between two rounds.
type gated struct {
	left   int
	rounds chan int
	done   chan struct{}
}

func (g *gated) Connected(int64)           { g.left = <-g.rounds }
func (g *gated) Disconnected(int64, error) {}
func (g *gated) Messages(batch []Message) {
	if g.left -= len(batch); g.left <= 0 {
		g.done <- struct{}{}
		g.left = <-g.rounds
	}
}

// BenchmarkRead reads the same stream by turns: by a loop that discards what it
// reads, and by a Client into a sink that only counts.
func BenchmarkRead(b *testing.B) {
	const round = 200_000
	url := flood(b)
	discard := discarder(b, url)
	sink := &gated{rounds: make(chan int), done: make(chan struct{})}
	_, stop := listen(b, ClientConfig{URL: url, Sink: sink})
	var discarding, reading time.Duration
	rounds := 0
	b.ReportAllocs()
	for b.Loop() {
		began := time.Now()
		discard(round)
		discarding += time.Since(began)

		began = time.Now()
		sink.rounds <- round
		<-sink.done
		reading += time.Since(began)
		rounds++
	}
	close(sink.rounds) // lets the sink go on
	go func() {
		for range sink.done {
		}
	}()
	stop()
	close(sink.done)
	perMessage := func(d time.Duration) float64 { return float64(d.Nanoseconds()) / float64(rounds*round) }
	b.ReportMetric(perMessage(discarding), "ns/discarded")
	b.ReportMetric(perMessage(reading), "ns/read")
	b.ReportMetric(discarding.Seconds()/reading.Seconds(), "ratio")
}

func discarder(b *testing.B, url string) func(n int) {
	dialer := websocket.Dialer{ReadBufferSize: 256 << 10}
	ws, _, err := dialer.Dial(url, nil)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { ws.Close() })
	ws.WriteMessage(websocket.TextMessage, []byte(`{"type":"realtime_register","locations":[1]}`))
	buffer := make([]byte, MaxFrame)
	return func(n int) {
		for range n {
			_, r, err := ws.NextReader()
			if err != nil {
				b.Fatal(err)
			}
			for err == nil {
				_, err = r.Read(buffer)
			}
			if err != io.EOF {
				b.Fatal(err)
			}
		}
	}
}

// BenchmarkEncodeFrames encodes what a relay sends at once.
func BenchmarkEncodeFrames(b *testing.B) {
	batch := make([]Message, MaxBatch)
	for i := range batch {
		batch[i] = position(int64(i), 1, float64(i*7%2000)+0.25, float64(i*13%1200)+0.5)
	}
	b.ReportAllocs()
	for b.Loop() {
		EncodeFrames(batch)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*MaxBatch), "ns/message")
}
