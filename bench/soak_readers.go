package main

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/footfall/footfall/signals"
)

const soakPollers, soakSockets = 100, 50

// readers are those who look on: they ask for the counts each second and now and then for a
// report, or listen to all that goes on.
type readers struct {
	address string
	cancel  context.CancelFunc
	ctx     context.Context
	all     sync.WaitGroup

	answers, unchanged, reports atomic.Int64
	heard                       []atomic.Int64 // positions and losses, by those sockets that stay

	mu     sync.Mutex
	faults []string
}

func startReaders(address string) *readers {
	r := &readers{address: address, heard: make([]atomic.Int64, soakSockets)}
	r.ctx, r.cancel = context.WithCancel(context.Background())
	for i := range soakPollers {
		r.all.Go(func() { r.poll(rand.New(rand.NewPCG(1, uint64(i)))) })
	}
	for i := range soakSockets {
		r.all.Go(func() { r.listen(i) })
	}
	return r
}

// stop ends them all and waits.
func (r *readers) stop() {
	r.cancel()
	r.all.Wait()
}

func (r *readers) fault(format string, a ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.ctx.Err() == nil && len(r.faults) < 20 {
		r.faults = append(r.faults, fmt.Sprintf(format, a...))
	}
}

// soakReports are what is asked for about once a minute by each poller.
var soakReports = []string{
	"occupancy?bucket=1m", "dwell?bucket=15m", "flows", "visits?format=csv", "ledger", "heatmap",
	"occupancy?bucket=5m&format=xlsx", "utilization?bucket=1h", "peaks", "groups?bucket=1m",
}

func (r *readers) poll(random *rand.Rand) {
	client, tag := &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{}}, ""
	defer client.CloseIdleConnections()
	for r.pause(time.Duration(500+random.IntN(1000)) * time.Millisecond) {
		if random.IntN(60) == 0 {
			r.ask(client, "/api/v1/locations/1/reports/"+soakReports[random.IntN(len(soakReports))], "")
			r.reports.Add(1)
			continue
		}
		tag = r.ask(client, occupancyPath, tag)
	}
}

func (r *readers) pause(d time.Duration) bool {
	select {
	case <-r.ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}

// ask asks for a path, and returns the answer's tag.
func (r *readers) ask(client *http.Client, path, tag string) string {
	request, err := http.NewRequestWithContext(r.ctx, http.MethodGet, "http://"+r.address+path, nil)
	if err != nil {
		r.fault("%v", err)
		return ""
	}
	if tag != "" {
		request.Header.Set("If-None-Match", tag)
	}
	response, err := client.Do(request)
	if err != nil {
		r.fault("%v", err)
		return ""
	}
	defer response.Body.Close()
	if _, err := io.Copy(io.Discard, response.Body); err != nil {
		r.fault("GET %s: %v", path, err)
	}
	r.answers.Add(1)
	switch response.StatusCode {
	case http.StatusOK:
	case http.StatusNotModified:
		r.unchanged.Add(1)
	default:
		r.fault("GET %s: %s", path, response.Status)
	}
	return response.Header.Get("ETag")
}

// listen reads /websocket_realtime. Every fifth hangs up now and then and comes back.
func (r *readers) listen(i int) {
	for r.ctx.Err() == nil {
		stay := 24 * time.Hour
		if !steady(i) {
			stay = time.Duration(5+i) * time.Second
		}
		ctx, cancel := context.WithTimeout(r.ctx, stay)
		client := signals.NewClient(signals.ClientConfig{
			URL: feedURL(r.address), Locations: []int64{location}, Sink: &listener{r, i}, ReadBuffer: 32 << 10,
		})
		if err := client.Run(ctx); err != nil {
			r.fault("a client of /websocket_realtime: %v", err)
		}
		cancel()
	}
}

// steady reports whether a socket stays.
func steady(i int) bool { return i%5 != 0 }

// listener is the sink of one.
type listener struct {
	*readers
	i int
}

func (l *listener) Connected(int64) {}

func (l *listener) Disconnected(_ int64, cause error) {
	if steady(l.i) {
		l.fault("a client of /websocket_realtime was cut off: %v", cause)
	}
}

func (l *listener) Messages(batch []signals.Message) { l.heard[l.i].Add(int64(len(batch))) }

// missed says which of those that stayed did not hear exactly so many messages.
func (r *readers) missed(sent int64) (faults []string) {
	for i := range r.heard {
		if n := r.heard[i].Load(); steady(i) && n != sent {
			faults = append(faults, fmt.Sprintf("client %d of /websocket_realtime heard %d of %d messages", i, n, sent))
		}
	}
	return faults
}
