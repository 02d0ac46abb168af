package signals

import (
	"context"
	"log/slog"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patience is how long a test waits for what must come.
const patience = 10 * time.Second

// until waits for a condition that only polling can see.
func until(t *testing.T, what string, condition func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !condition(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain for: %s", what)
		}
	}
}

// serve starts a Server on a port of its own and stops it with the test.
func serve(t testing.TB, cfg ServerConfig) (*Server, string) {
	t.Helper()
	if cfg.Authorize == nil {
		cfg.Authorize = AllowAll
	}
	if cfg.Source == nil {
		cfg.Source = NewHub()
	}
	server := NewServer(cfg)
	host := httptest.NewServer(server)
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if err := server.Shutdown(ctx); err != nil {
			t.Errorf("Shutdown: %v", err)
		}
		host.Close()
	})
	return server, wsURL(host)
}

func wsURL(host *httptest.Server) string {
	return "ws" + strings.TrimPrefix(host.URL, "http") + "/websocket_realtime"
}

// event is one call of a Sink.
type event struct {
	name    string // connected, message, disconnected
	at      int64
	message Message
	batch   int // size of the batch the message came in
	cause   error
}

// diary is a Sink that writes everything down.
type diary struct {
	mu      sync.Mutex
	events  []event
	changed chan struct{}
}

func newDiary() *diary { return &diary{changed: make(chan struct{})} }

func (d *diary) add(events ...event) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.events = append(d.events, events...)
	close(d.changed)
	d.changed = make(chan struct{})
}

func (d *diary) Connected(at int64) { d.add(event{name: "connected", at: at}) }

func (d *diary) Disconnected(at int64, cause error) {
	d.add(event{name: "disconnected", at: at, cause: cause})
}

func (d *diary) Messages(batch []Message) {
	events := make([]event, len(batch))
	for i, m := range batch {
		events[i] = event{name: "message", at: m.Time, message: m, batch: len(batch)}
	}
	d.add(events...)
}

// await waits until the diary satisfies a condition and returns a copy of it.
func (d *diary) await(t *testing.T, what string, condition func([]event) bool) []event {
	t.Helper()
	late := time.After(patience)
	for {
		d.mu.Lock()
		if condition(d.events) {
			defer d.mu.Unlock()
			return append([]event(nil), d.events...)
		}
		changed := d.changed
		d.mu.Unlock()
		select {
		case <-changed:
		case <-late:
			d.mu.Lock()
			defer d.mu.Unlock()
			t.Fatalf("waited in vain for: %s; the diary has %d entries", what, len(d.events))
		}
	}
}

func (d *diary) awaitCount(t *testing.T, name string, n int) []event {
	t.Helper()
	return d.await(t, name, func(events []event) bool { return count(events, name) >= n })
}

func count(events []event, name string) (n int) {
	for _, e := range events {
		if e.name == name {
			n++
		}
	}
	return n
}

func messages(events []event) (all []Message) {
	for _, e := range events {
		if e.name == "message" {
			all = append(all, e.message)
		}
	}
	return all
}

// listen runs a client until the test ends, or until stop is called.
func listen(t testing.TB, cfg ClientConfig) (client *Client, stop func()) {
	t.Helper()
	if cfg.Locations == nil {
		cfg.Locations = []int64{1}
	}
	if cfg.BackoffMin == 0 {
		cfg.BackoffMin, cfg.BackoffMax = time.Millisecond, 5*time.Millisecond
	}
	client = NewClient(cfg)
	return client, start(t, client)
}

// start runs a client until stop or the test's end.
func start(t testing.TB, client *Client) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- client.Run(ctx) }()
	stop = sync.OnceFunc(func() {
		cancel()
		select {
		case err := <-ended:
			if err != nil {
				t.Errorf("Run: %v", err)
			}
		case <-time.After(patience):
			t.Error("Run did not return")
		}
	})
	t.Cleanup(stop)
	return stop
}

func position(person, location int64, x, y float64) Message {
	return Message{Kind: KindPosition, PersonID: person, LocationID: location, X: x, Y: y, Confidence: nan32, Age: nan32}
}

func lost(person, location int64) Message {
	return Message{Kind: KindLost, PersonID: person, LocationID: location, Confidence: nan32, Age: nan32}
}

func estimate(person, location int64, gender Gender, age float32) Message {
	return Message{Kind: KindDemographics, PersonID: person, LocationID: location, Gender: gender, Age: age, Confidence: nan32}
}

func token(t string) func() (string, error) { return func() (string, error) { return t, nil } }

// logTo collects what a client logs.
func logTo(w *strings.Builder) *slog.Logger {
	return slog.New(slog.NewTextHandler(&locked{w: w}, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

type locked struct {
	mu sync.Mutex
	w  *strings.Builder
}

func (l *locked) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(p)
}
