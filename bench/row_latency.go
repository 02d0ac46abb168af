package main

import (
	"bytes"
	"fmt"
	"math"
	"net"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/footfall/footfall/internal/config"
	"github.com/footfall/footfall/signals"
)

// latencyRow measures from a position's being sent to its being in the answer of
// GET …/occupancy of a service. People appear in a zone that nobody else enters: the
// n-th is seen when its count is n. delays is 0 to turn the delays off, 1 for the
// defaults, of which the longest is subtracted: the second of an entry, or what a new
// track needs to prove that it is somebody.
func latencyRow(delays time.Duration) func(*suite) (outcome, error) {
	const rate, mark = 10_000, 5 * time.Millisecond
	if tracking := config.Default().Tracking; delays > 0 {
		delays = max(tracking.EnterAfter, tracking.Ghosts.ProveAfter)
	}
	return func(s *suite) (outcome, error) {
		var p50, p99, most []float64
		probes := 0
		for range s.repeat {
			took, err := s.probe(rate, delays)
			if err != nil {
				return outcome{}, err
			}
			probes += len(took)
			p50 = append(p50, milliseconds(percentile(took, 0.5)))
			p99 = append(p99, milliseconds(percentile(took, 0.99)))
			most = append(most, milliseconds(took[len(took)-1]))
		}
		figure := spreadOf(p99)
		return outcome{"p99 " + figure.show("%.2f") + " ms", judge(figure.median <= milliseconds(mark)), []string{
			"p50 " + spreadOf(p50).show("%.2f") + " ms, longest " + spreadOf(most).show("%.2f") + " ms",
			fmt.Sprintf("%d people who appeared among 1,000 others; the count asked for over one connection, again and again, with If-None-Match", probes),
		}}, nil
	}
}

// prober is the feed of the latency rows: a crowd, and people who appear.
type prober struct {
	crowd
	rounds  [][]chunk
	wanted  int
	mu      sync.Mutex
	sent    []time.Time // when the n-th appeared
	started chan struct{}
}

var probeZone = box{-400, -400, -100, -100} // beside the floor

// probe runs one service and gives the times in order.
func (s *suite) probe(rate int, delay time.Duration) ([]time.Duration, error) {
	p := &prober{crowd: newCrowd(1000), wanted: max(50, int(2*s.length.Seconds()*100)), started: make(chan struct{})}
	p.Rate = rate
	p.rounds = p.encode(appendPosition)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	defer listener.Close()
	go func() { _ = serveFeed(listener, p.play) }()
	zones := append([]box{probeZone}, tiling(99).boxes()...)
	service, err := s.startService(serviceOptions{url: feedURL(listener.Addr().String()), zones: zonesFile(zones), noDelays: delay == 0})
	if err != nil {
		return nil, err
	}
	defer service.stop()
	if err := service.await(int64(rate)); err != nil {
		return nil, err
	}
	close(p.started)
	return p.watch(service.address, delay)
}

// play writes the crowd at its rate and, about every ten milliseconds once it has
// started, somebody who appears.
func (p *prober) play(conn net.Conn) {
	pace := pacer{rate: p.Rate}
	ticks := 0
	for {
		for _, r := range forthAndBack(len(p.rounds)) {
			for _, part := range p.rounds[r] {
				if _, err := conn.Write(part.wire); err != nil {
					return
				}
				ticks++
				if ticks%10 == 0 && p.appear(conn) != nil {
					return
				}
				pace.wait(part.positions)
			}
		}
	}
}

func (p *prober) appear(conn net.Conn) error {
	select {
	case <-p.started:
	default:
		return nil
	}
	n := len(p.sent) // nobody else adds to it
	if n == p.wanted {
		return nil
	}
	nan := float32(math.NaN())
	frame := appendText(nil, &signals.Message{
		Kind: signals.KindPosition, PersonID: int64(n) + 10_000_000, LocationID: location, Confidence: nan, Age: nan,
		X: probeZone.x0 + float64(n%17)*15 + 20, Y: probeZone.y0 + float64(n/17%17)*15 + 20,
	})
	nap(time.Duration(n*37%1000) * time.Microsecond) // at no particular time of a millisecond
	p.mu.Lock()
	p.sent = append(p.sent, time.Now())
	p.mu.Unlock()
	_, err := conn.Write(frame)
	return err
}

// watch asks until everybody who appeared is counted.
func (p *prober) watch(address string, delay time.Duration) (took []time.Duration, err error) {
	a, err := dialAsker(address, occupancyPath)
	if err != nil {
		return nil, err
	}
	defer a.close()
	deadline := time.Now().Add(time.Minute)
	for len(took) < p.wanted {
		if err := a.ask(true); err != nil {
			return nil, err
		}
		now := time.Now()
		if now.After(deadline) {
			return nil, fmt.Errorf("%d of %d people were counted in a minute", len(took), p.wanted)
		}
		p.mu.Lock()
		for seen := probeCount(a.body); len(took) < min(seen, len(p.sent)); {
			took = append(took, now.Sub(p.sent[len(took)])-delay)
		}
		p.mu.Unlock()
	}
	slices.Sort(took)
	return took, nil
}

// probeCount reads the probe zone's count out of an answer, 0 where there is none.
func probeCount(body []byte) int {
	_, rest, found := bytes.Cut(body, []byte(`"zone_id":"z0"`))
	if !found {
		return 0
	}
	_, rest, _ = bytes.Cut(rest, []byte(`"occupancy":`))
	end := bytes.IndexAny(rest, ",}")
	n, err := strconv.Atoi(string(rest[:max(end, 0)]))
	if err != nil {
		return 0
	}
	return n
}
