package main

import (
	"fmt"
	"net/http"
	"runtime"
	"slices"
	"sync"
	"time"
)

// revalidationRow asks with If-None-Match at a fixed rate, whether answers come or
// not, while positions come in; an answer's time counts from when its request was due.
func revalidationRow(s *suite) (outcome, error) {
	const requests, positions, mark = 5_000, 200_000, 2 * time.Millisecond
	people := newCrowd(1000)
	people.Rate = positions
	load, err := startLoad(people)
	if err != nil {
		return outcome{}, err
	}
	defer load.kill()
	service, err := s.startService(serviceOptions{url: feedURL(load.first), zones: zonesFile(tiling(50).boxes()[:50])})
	if err != nil {
		return outcome{}, err
	}
	defer service.stop()
	if err := service.await(positions); err != nil {
		return outcome{}, err
	}
	var p50, p99, rates, asked, unchanged []float64
	for range s.repeat {
		open := &openLoop{address: service.address, rate: requests, connections: 8, length: s.length}
		ingest := make(chan sample, 1)
		go func() {
			one, _ := service.window(s.length)
			ingest <- one
		}()
		if err := open.run(); err != nil {
			return outcome{}, err
		}
		one := <-ingest
		p50 = append(p50, milliseconds(percentile(open.took, 0.5)))
		p99 = append(p99, milliseconds(percentile(open.took, 0.99)))
		asked = append(asked, float64(len(open.took))/s.length.Seconds())
		unchanged = append(unchanged, float64(open.unchanged)/float64(len(open.took)))
		rates = append(rates, one.rate())
	}
	figure := spreadOf(p99)
	ingested := spreadOf(rates)
	return outcome{"p99 " + figure.show("%.2f") + " ms", judge(figure.median <= milliseconds(mark) && ingested.median > 0.98*positions), []string{
		"p50 " + spreadOf(p50).show("%.2f") + " ms from when the request was due, 8 connections",
		thousands(spreadOf(asked)) + " requests/s, " + spreadOf(unchanged).show("%.3f") + " of them answered 304",
		thousands(ingested) + " positions/s counted meanwhile",
	}}, nil
}

// openLoop asks at a rate.
type openLoop struct {
	address     string
	rate        int
	connections int
	length      time.Duration

	mu        sync.Mutex
	took      []time.Duration // sorted at the end
	unchanged int
	failed    error
}

func (l *openLoop) run() error {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(2 * l.connections)) // a napping goroutine keeps its processor for up to 10 ms
	var all sync.WaitGroup
	began := time.Now()
	for i := range l.connections {
		all.Go(func() {
			took, unchanged, err := l.ask(began, i)
			l.mu.Lock()
			defer l.mu.Unlock()
			l.took = append(l.took, took...)
			l.unchanged += unchanged
			if err != nil {
				l.failed = err
			}
		})
	}
	all.Wait()
	slices.Sort(l.took)
	return l.failed
}

// ask is the i-th connection's share: every so many requests one.
func (l *openLoop) ask(began time.Time, i int) (took []time.Duration, unchanged int, err error) {
	a, err := dialAsker(l.address, occupancyPath)
	if err != nil {
		return nil, 0, err
	}
	defer a.close()
	for n := i; ; n += l.connections {
		due := began.Add(time.Duration(n) * time.Second / time.Duration(l.rate))
		if due.Sub(began) >= l.length {
			return took, unchanged, nil
		}
		nap(time.Until(due))
		if err := a.ask(true); err != nil {
			return nil, 0, err
		}
		took = append(took, time.Since(due))
		switch a.status {
		case http.StatusNotModified:
			unchanged++
		case http.StatusOK:
		default:
			return nil, 0, fmt.Errorf("status %d", a.status)
		}
	}
}
