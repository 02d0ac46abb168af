package api

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/footfall/footfall/analytics"
	"github.com/footfall/footfall/signals"
)

func TestNewNeedsItsParts(t *testing.T) {
	if _, err := New(Config{}); err == nil {
		t.Error("a server without anything to serve")
	}
	s := start(t, nil)
	cfg := s.Server.cfg
	if _, err := New(cfg); err == nil {
		t.Error("two servers with the same metrics")
	}
}

func TestErrorsAreProblems(t *testing.T) {
	s := start(t, nil)
	s.get(t, "/nothing").wantProblem(t, 404, "there is nothing at /nothing", "")
	s.get(t, "/api/v1/locations/21/nothing").wantProblem(t, 404, "there is nothing at", "")
	s.get(t, "/api/v1/locations/23/occupancy").wantProblem(t, 404, "there is no location 23", "path.location")
	s.get(t, "/api/v1/locations/23/zones").wantProblem(t, 404, "there is no location 23", "path.location")
	s.get(t, "/api/v1/locations/x/zones").wantProblem(t, 400, "is not an integer", "path.location")
	s.get(t, "/api/v1/locations/21/occupancy?zone=a").wantProblem(t, 400, "nor any other", "query.zone")
	s.get(t, "/api/v1/locations?a=b").wantProblem(t, 400, "nor any other", "query.a")
	s.get(t, "/websocket_realtime").wantProblem(t, 426, "WebSocket", "")
	s.get(t, "/websocket_realtime", "Connection", "Upgrade", "Upgrade", "websocket").wantProblem(t, 503, "not now", "")
	s.get(t, "/debug/pprof/nonsense").wantProblem(t, 404, "Unknown profile", "")
	s.get(t, "/livez?probe=1").wantStatus(t, 200)
	post := s.do(t, http.MethodPost, "/api/v1/occupancy")
	post.wantProblem(t, 405, "POST is not possible at /api/v1/occupancy, but OPTIONS, GET, HEAD", "")
	if post.Header.Get("Allow") != "OPTIONS, GET, HEAD" {
		t.Errorf("Allow: %q", post.Header.Get("Allow"))
	}
}

func TestEveryAnswerIsGuarded(t *testing.T) {
	s := start(t, nil)
	ids := map[string]bool{}
	for _, path := range []string{"/api/v1/occupancy", "/api/v1/reports/dwell", "/nothing", "/livez", "/", "/docs", "/app/index.js"} {
		h := s.get(t, path).Header
		for name, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "Cross-Origin-Resource-Policy": "same-origin", "Referrer-Policy": "no-referrer",
		} {
			if h.Get(name) != want {
				t.Errorf("%s: %s is %q", path, name, h.Get(name))
			}
		}
		if policy := h.Get("Content-Security-Policy"); !strings.HasPrefix(policy, "default-src 'none'") || !strings.Contains(policy, "frame-ancestors 'none'") {
			t.Errorf("%s: policy %q", path, policy)
		}
		ids[h.Get("X-Request-Id")] = true
	}
	if len(ids) != 7 { // the counts, polled all the time, have none
		t.Errorf("request ids %v", ids)
	}
}

func TestOtherHostsAreRefused(t *testing.T) {
	s := start(t, nil)
	for _, host := range []string{"evil.example", "127.0.0.1.evil.example", "10.0.0.1"} {
		s.get(t, "/api/v1/occupancy", "Host", host).wantProblem(t, 421, "localhost", "")
		s.get(t, "/websocket_realtime", "Host", host, "X-Forwarded-Host", "localhost").wantProblem(t, 421, "localhost", "")
	}
	s.get(t, "/api/v1/occupancy", "Host", "localhost:1").wantStatus(t, 200)
}

func TestBodiesAreLimited(t *testing.T) {
	s := start(t, nil)
	resp, err := s.client.Post(s.url+"/api/v1/occupancy", "text/plain", strings.NewReader(strings.Repeat("x", 1<<20+1)))
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusRequestEntityTooLarge || resp.Header.Get("Content-Type") != problemType {
		t.Errorf("status %d, %s", resp.StatusCode, resp.Header.Get("Content-Type"))
	}
}

// lines is a log for tests to look into.
type lines struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *lines) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func TestPanicsAreProblemsAndLogged(t *testing.T) {
	var log lines
	s := start(t, func(c *Config) {
		c.Logger = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
		c.Ready = func() Readiness { panic("a bug") }
	})
	a := s.get(t, "/readyz")
	a.wantProblem(t, 500, "the server's log says what", "")
	if text := log.String(); !strings.Contains(text, "a bug") || !strings.Contains(text, a.Header.Get("X-Request-Id")) || !strings.Contains(text, "readyOf") && !strings.Contains(text, "getReady") {
		t.Errorf("the log says %s", text)
	}
	s.get(t, "/livez").wantStatus(t, 200)
	if !strings.Contains(log.String(), "route=/livez status=200") {
		t.Errorf("no request log in %s", log.String())
	}
}

func TestMetricsCountByRoute(t *testing.T) {
	s := start(t, nil)
	s.get(t, "/api/v1/locations/21/occupancy")
	s.get(t, "/api/v1/locations/22/occupancy")
	s.get(t, "/api/v1/locations/23/occupancy")
	s.get(t, "/something/strange")
	a := s.get(t, "/metrics")
	a.wantStatus(t, 200)
	for _, want := range []string{
		`footfall_http_request_duration_seconds_count{route="/api/v1/locations/{location}/occupancy",status="200"} 2`,
		`footfall_http_request_duration_seconds_count{route="/api/v1/locations/{location}/occupancy",status="404"} 1`,
		`footfall_http_request_duration_seconds_count{route="unmatched",status="404"} 1`,
	} {
		if !strings.Contains(string(a.body), want) {
			t.Errorf("no %s in\n%s", want, a.body)
		}
	}
	if strings.Contains(string(a.body), "strange") {
		t.Error("what a stranger asked for is a label")
	}
}

func TestReadiness(t *testing.T) {
	var now Readiness
	s := start(t, func(c *Config) { c.Ready = func() Readiness { return now } })
	s.get(t, "/readyz").wantStatus(t, 200)
	now.ClockBehind = 3 * time.Second
	if a := s.get(t, "/readyz"); a.StatusCode != 200 || !strings.Contains(string(a.body), `"clock_behind_seconds":3`) {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	for _, state := range signals.States() {
		if state == signals.StateConnected {
			continue
		}
		now = Readiness{Feeds: []FeedReadiness{
			{Name: "wss://a", State: "connected"}, {Name: "wss://b", Locations: []int64{21}, State: state.String(), Since: noon.UnixMicro(), Error: "so they say"},
		}}
		s.get(t, "/readyz").wantProblem(t, 503, `"message":"is not connected since 2026-03-02T10:00:00Z: `+state.String()+` (so they say)"`, "feed wss://b")
	}
	now = Readiness{Store: "no space left on device"}
	s.get(t, "/readyz").wantProblem(t, 503, "cannot be written: no space left on device", "store")
}

func TestPages(t *testing.T) {
	s := start(t, nil)
	for path, want := range map[string]string{"/docs": "/assets/scalar.js", "/assets/icon.svg": "<svg"} {
		a := s.get(t, path)
		a.wantStatus(t, 200)
		if !strings.Contains(string(a.body), want) || strings.Contains(string(a.body), "https://") {
			t.Errorf("%s: %s", path, a.body)
		}
		s.get(t, path, "If-None-Match", a.Header.Get("Etag")).wantStatus(t, 304)
	}
	zipped := s.get(t, "/assets/scalar.js", "Accept-Encoding", "br, gzip")
	plain := s.get(t, "/assets/scalar.js")
	if zipped.Header.Get("Content-Encoding") != "gzip" || len(zipped.body) > 1_500_000 || len(plain.body) < 2*len(zipped.body) {
		t.Errorf("%d bytes zipped, %d plain", len(zipped.body), len(plain.body))
	}
	for _, name := range []string{"docs.html", "docs.js"} {
		page, _ := pageFiles.ReadFile("pages/" + name)
		if strings.Contains(string(page), "<style") || strings.Contains(string(page), "<script>") || strings.Contains(string(page), "//cdn") {
			t.Errorf("%s has what its policy forbids", name)
		}
	}
}

func TestProfilesAreForThisMachine(t *testing.T) {
	s := start(t, nil)
	s.get(t, "/debug/pprof/").wantStatus(t, 200)
	s.get(t, "/debug/pprof/goroutine?debug=1").wantStatus(t, 200)
	s.get(t, "/debug/pprof/cmdline").wantStatus(t, 404)
	beyond := withListener(context.Background(), addressed{&net.TCPAddr{IP: net.IPv4zero}})
	r, _ := http.NewRequestWithContext(beyond, http.MethodGet, "/debug/pprof/", nil)
	if overLoopback(r) || overLoopback(&http.Request{}) {
		t.Error("profiles are there for everybody")
	}
}

type addressed struct{ at net.Addr }

func (a addressed) Accept() (net.Conn, error) { return nil, net.ErrClosed }
func (a addressed) Close() error              { return nil }
func (a addressed) Addr() net.Addr            { return a.at }

func TestServeReturnsTheListenersError(t *testing.T) {
	s := start(t, nil)
	if err := s.Serve(t.Context(), addressed{&net.TCPAddr{}}); !errors.Is(err, net.ErrClosed) {
		t.Errorf("got %v", err)
	}
}

// A client that does not read is cut off, and its query ends.
func TestSlowClient(t *testing.T) {
	ended := make(chan error, 1)
	s := start(t, func(c *Config) {
		c.Reports = reporterFunc(func(ctx context.Context, q analytics.Query, out analytics.Output) error {
			b := books{rows: manyRows(1_000_000)}
			err := b.Run(ctx, q, out)
			ended <- err
			return err
		})
	})
	s.progress = 50 * time.Millisecond
	conn, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprint(conn, "GET /api/v1/locations/21/reports/dwell HTTP/1.1\r\nHost: localhost\r\n\r\n")
	select {
	case err := <-ended:
		if !errors.Is(err, errNotRead) {
			t.Errorf("the query ended with %v", err)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("the query goes on")
	}
}

// blocked is a Reporter that waits, and says when it began.
func blocked(began chan<- struct{}, until func(context.Context)) reporterFunc {
	return func(ctx context.Context, q analytics.Query, out analytics.Output) error {
		close(began)
		until(ctx)
		return (&books{}).Run(ctx, q, out)
	}
}

func TestShutdownLetsRequestsEnd(t *testing.T) {
	began, release := make(chan struct{}), make(chan struct{})
	var closed bool
	s := start(t, func(c *Config) {
		c.Reports = blocked(began, func(context.Context) { <-release })
		c.Shutdown = func(context.Context) error { closed = true; close(release); return nil }
	})
	answered := make(chan int)
	go func() {
		resp, err := s.client.Get(s.url + "/api/v1/locations/21/reports/dwell")
		if err != nil {
			answered <- 0
			return
		}
		resp.Body.Close()
		answered <- resp.StatusCode
	}()
	<-began
	stopped := make(chan error)
	go func() { stopped <- s.stop() }()
	if status := <-answered; status != http.StatusOK {
		t.Errorf("status %d", status)
	}
	if err := <-stopped; err != nil || !closed {
		t.Errorf("Serve returned %v; Shutdown called: %v", err, closed)
	}
	if _, err := s.client.Get(s.url + "/livez"); err == nil {
		t.Error("still listening")
	}
}

func TestShutdownCutsWhatGoesOn(t *testing.T) {
	began, ended := make(chan struct{}), make(chan struct{})
	s := start(t, func(c *Config) {
		c.Reports = blocked(began, func(ctx context.Context) { <-ctx.Done(); close(ended) })
	})
	s.grace = 50 * time.Millisecond
	go func() {
		if resp, err := s.client.Get(s.url + "/api/v1/locations/21/reports/dwell"); err == nil {
			resp.Body.Close()
		}
	}()
	<-began
	if err := s.stop(); err != nil {
		t.Error(err)
	}
	select {
	case <-ended:
	default:
		t.Error("Serve returned before its handlers did")
	}
}

// Browsers open connections in advance; these are nothing to wait for.
func TestShutdownDoesNotWaitForUnusedConnections(t *testing.T) {
	s := start(t, nil)
	conn, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	s.get(t, "/livez") // by now it is accepted
	begin := time.Now()
	if err := s.stop(); err != nil {
		t.Error(err)
	}
	if took := time.Since(begin); took > s.grace/2 {
		t.Errorf("it took %v", took)
	}
}

func TestSignalsThroughTheServer(t *testing.T) {
	hub := signals.NewHub()
	relay := signals.NewServer(signals.ServerConfig{Authorize: signals.AllowAll, Source: hub, CheckOrigin: func(*http.Request) bool { return true }})
	s := start(t, func(c *Config) { c.Signals, c.Shutdown = relay, relay.Shutdown })
	address := "ws" + strings.TrimPrefix(s.url, "http") + "/websocket_realtime"
	ws, _, err := websocket.DefaultDialer.DialContext(t.Context(), address, http.Header{"Origin": {"http://localhost:5173"}})
	if err != nil {
		t.Fatal(err)
	}
	defer ws.Close()
	if err := ws.WriteMessage(websocket.TextMessage, []byte(`{"type":"realtime_register","token":"t","locations":[21]}`)); err != nil {
		t.Fatal(err)
	}
	_, message, err := ws.ReadMessage()
	if err != nil || !strings.Contains(string(message), `"success"`) {
		t.Fatalf("%s, %v", message, err)
	}
	_, resp, err := websocket.DefaultDialer.DialContext(t.Context(), address, http.Header{"Origin": {"http://evil.example"}})
	if err == nil || resp == nil || resp.StatusCode != http.StatusForbidden || resp.Header.Get("Content-Type") != problemType {
		t.Errorf("another origin: %v, %v", resp, err)
	}
	go func() { _ = s.stop() }()
	for err = nil; err == nil; { // it takes leave in words first
		_, _, err = ws.ReadMessage()
	}
	if !websocket.IsCloseError(err, websocket.CloseGoingAway) {
		t.Errorf("at the end: %v", err)
	}
}

// Forwarding headers are anybody's to write.
func TestForwardingIsNotTrusted(t *testing.T) {
	var log lines
	s := start(t, func(c *Config) {
		c.Logger = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	})
	s.get(t, "/livez", "X-Forwarded-For", "6.6.6.6", "X-Real-Ip", "6.6.6.6", "Forwarded", "for=6.6.6.6", "X-Request-Id", "666")
	if text := log.String(); strings.Contains(text, "6.6.6") || strings.Contains(text, "request=666") {
		t.Errorf("the log believes it: %s", text)
	}
}

// What net/http itself refuses does not reach a handler.
func TestHeadersAreLimited(t *testing.T) {
	s := start(t, nil)
	conn, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "GET /livez HTTP/1.1\r\nHost: localhost\r\nX: %s\r\n\r\n", strings.Repeat("x", 2*maxHeader))
	status, err := bufio.NewReader(conn).ReadString('\n')
	if err != nil || !strings.Contains(status, "431") {
		t.Errorf("%q, %v", status, err)
	}
}
