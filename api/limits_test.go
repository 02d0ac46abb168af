package api

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/footfall/footfall/analytics"
	"github.com/footfall/footfall/internal/edge"
	"github.com/footfall/footfall/signals"
)

// limited starts a server behind a trusted proxy, which is the test.
func limited(t *testing.T, change func(*edge.Most), more func(*Config)) *site {
	most := edge.DefaultMost()
	change(&most)
	return start(t, func(c *Config) {
		c.Edge.Limits = edge.NewLimits(most, slog.New(slog.DiscardHandler))
		c.Edge.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}
		if more != nil {
			more(c)
		}
	})
}

func (s *site) wantRefusals(t *testing.T, limit string, most, refused float64) {
	t.Helper()
	body := string(s.get(t, "/metrics").body)
	for _, line := range []string{
		fmt.Sprintf("footfall_limit{limit=%q} %v\n", limit, most), fmt.Sprintf("footfall_limit_refusals_total{limit=%q} %v\n", limit, refused),
	} {
		if !strings.Contains(body, line) {
			t.Errorf("/metrics has no %s", line)
		}
	}
}

func TestRequestsPerAddress(t *testing.T) {
	s := limited(t, func(m *edge.Most) { m.RequestsPerSecond, m.RequestsBurst = 1, 3 }, nil)
	const path = "/api/v1/occupancy"
	from := func(address string) answer { return s.get(t, path, "X-Forwarded-For", address) }
	for range 3 {
		from("2001:db8::7").wantStatus(t, http.StatusOK)
	}
	held := from("2001:db8::8") // of the same network
	held.wantProblem(t, http.StatusTooManyRequests, "this address may ask 1 times a second", "")
	if held.Header.Get("Retry-After") != "1" {
		t.Errorf("Retry-After: %q", held.Header.Get("Retry-After"))
	}
	from("2001:db8:1::7").wantStatus(t, http.StatusOK)
	for range 9 { // this machine
		s.get(t, path).wantStatus(t, http.StatusOK)
	}
	s.wantRefusals(t, "requests_per_second", 1, 1)
}

func TestRequestsPerToken(t *testing.T) {
	most := edge.DefaultMost()
	most.RequestsPerSecond, most.RequestsBurst = 1, 2
	throttles := newThrottles(edge.NewLimits(most, slog.New(slog.DiscardHandler)))
	r, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
	r.RemoteAddr = "127.0.0.1:1"
	for token, want := range map[string]int{"a": 2, "b": 2, "": 5} {
		let := 0
		for range 5 {
			if throttles.hold(http.Header{}, r, token) == nil {
				let++
			}
		}
		if let != want {
			t.Errorf("token %q: %d of 5 requests, want %d", token, let, want)
		}
	}
}

func TestBodiesHaveLimits(t *testing.T) {
	s := limited(t, func(m *edge.Most) { m.Body, m.UploadBody, m.ZonesBody = 1<<10, 2<<10, 3<<10 }, func(c *Config) { c.Upload = (&uploads{}).take })
	long := func(n int) io.Reader { return io.MultiReader(strings.NewReader(strings.Repeat(" ", n))) } // sent in chunks
	zones := "/api/v1/locations/21/zones"
	s.send(t, http.MethodPost, messagesPath, long(2<<10+1), "Content-Type", ndjsonType).wantProblem(t, 413, "2048 bytes", "")
	s.send(t, http.MethodPost, messagesPath, strings.NewReader(strings.Repeat(" ", 2<<10+1)), "Content-Type", ndjsonType).wantProblem(t, 413, "2048", "")
	s.send(t, http.MethodPost, messagesPath, long(2<<10), "Content-Type", ndjsonType).wantStatus(t, 200)
	s.send(t, http.MethodPut, zones, long(3<<10+1), "Content-Type", geoJSONType, "If-Match", "*").wantProblem(t, 413, "3072 bytes", "")
	s.send(t, http.MethodPost, "/api/v1/occupancy", strings.NewReader(strings.Repeat(" ", 1<<10+1))).wantProblem(t, 413, "1024", "")
	s.wantRefusals(t, "upload_body", 2<<10, 2)
	s.wantRefusals(t, "zones_body", 3<<10, 1)
	s.wantRefusals(t, "body", 1<<10, 1)
}

func TestReportsAtOnce(t *testing.T) {
	began, release := make(chan struct{}), make(chan struct{})
	s := limited(t, func(m *edge.Most) { m.Reports = 1 }, func(c *Config) {
		c.Reports = blocked(began, func(context.Context) { <-release })
	})
	s.patience = 20 * time.Millisecond
	const path = "/api/v1/locations/21/reports/dwell"
	first := make(chan int)
	go func() {
		resp, err := s.client.Get(s.url + path)
		if err != nil {
			first <- 0
			return
		}
		resp.Body.Close()
		first <- resp.StatusCode
	}()
	<-began
	second := s.get(t, path)
	second.wantProblem(t, http.StatusServiceUnavailable, "1 reports are being made already", "")
	if second.Header.Get("Retry-After") != "5" {
		t.Errorf("Retry-After: %q", second.Header.Get("Retry-After"))
	}
	close(release)
	if status := <-first; status != http.StatusOK {
		t.Errorf("the first: status %d", status)
	}
	s.wantRefusals(t, "reports", 1, 1)
}

func TestReportsHaveTheirTime(t *testing.T) {
	s := limited(t, func(m *edge.Most) { m.ReportTime = 20 * time.Millisecond }, func(c *Config) {
		c.Reports = reporterFunc(func(ctx context.Context, _ analytics.Query, _ analytics.Output) error {
			<-ctx.Done()
			return fmt.Errorf("reading: %w", ctx.Err())
		})
	})
	s.get(t, "/api/v1/locations/21/reports/dwell").wantProblem(t, http.StatusServiceUnavailable, "took longer than the 20ms", "")
	s.wantRefusals(t, "report_time", .02, 1)
}

func TestRowsAreRefused(t *testing.T) {
	s := limited(t, func(*edge.Most) {}, func(c *Config) {
		c.Reports = reporterFunc(func(context.Context, analytics.Query, analytics.Output) error {
			return &analytics.QueryError{Parameter: "bucket", TooLarge: true, Reason: "too many rows"}
		})
	})
	s.get(t, "/api/v1/locations/21/reports/dwell?bucket=1m").wantProblem(t, http.StatusUnprocessableEntity, "too many rows", "query.bucket")
	s.wantRefusals(t, "report_rows", 1_000_000, 1)
}

// Connections are counted from their first moment to their last, WebSockets too.
func TestConnectionsAtOnce(t *testing.T) {
	relay := signals.NewServer(signals.ServerConfig{Authorize: signals.AllowAll, Source: signals.NewHub()})
	s := limited(t, func(m *edge.Most) { m.Connections = 3 }, func(c *Config) { c.Signals, c.Shutdown = relay, relay.Shutdown })
	address := strings.TrimPrefix(s.url, "http://")
	ws, _, err := websocket.DefaultDialer.DialContext(t.Context(), "ws://"+address+"/websocket_realtime", nil)
	if err != nil {
		t.Fatal(err)
	}
	var idle []net.Conn
	for range 2 {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		idle = append(idle, conn)
	}
	one, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer one.Close()
	if err := one.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if n, err := one.Read(make([]byte, 1)); n != 0 || errors.Is(err, os.ErrDeadlineExceeded) || s.limits.Connections.Refused() != 1 {
		t.Errorf("the fourth connection: %d bytes, %v, %d refused", n, err, s.limits.Connections.Refused())
	}
	ws.Close()
	for _, conn := range idle {
		conn.Close()
	}
	for deadline := time.Now().Add(10 * time.Second); s.connections.Open() > 0; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%d connections are still counted", s.connections.Open())
		}
	}
	s.get(t, "/livez").wantStatus(t, http.StatusOK)
}
