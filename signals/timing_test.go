package signals

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"
)

// The tests of this file run at the timings that everybody gets, on a clock of
// their own.

// exchange is a network within the process.
type exchange struct {
	calls chan net.Conn
	done  chan struct{}
	close func()
}

func newExchange() *exchange {
	e := &exchange{calls: make(chan net.Conn), done: make(chan struct{})}
	e.close = sync.OnceFunc(func() { close(e.done) })
	return e
}

func (e *exchange) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	ours, theirs := net.Pipe()
	select {
	case e.calls <- theirs:
		return ours, nil
	case <-e.done:
		return nil, errors.New("connection refused")
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (e *exchange) Accept() (net.Conn, error) {
	select {
	case conn := <-e.calls:
		return conn, nil
	case <-e.done:
		return nil, net.ErrClosed
	}
}

func (e *exchange) Close() error   { e.close(); return nil }
func (e *exchange) Addr() net.Addr { return &net.TCPAddr{} }

// host serves a handler on an exchange until the test ends.
func host(t *testing.T, handler http.Handler) *exchange {
	e := newExchange()
	server := &http.Server{Handler: handler}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(e) }()
	t.Cleanup(func() {
		server.Close()
		<-ended
	})
	return e
}

func hostServer(t *testing.T, cfg ServerConfig) (*Server, *exchange) {
	if cfg.Source == nil {
		cfg.Source = NewHub()
	}
	cfg.Authorize = AllowAll
	server := NewServer(cfg)
	e := host(t, server)
	t.Cleanup(func() {
		if err := server.Shutdown(context.Background()); err != nil {
			t.Errorf("Shutdown: %v", err)
		}
	})
	return server, e
}

// watch runs a client with the default timings until the test ends.
func watch(t *testing.T, e *exchange, sink Sink) *Client {
	client := NewClient(ClientConfig{URL: "ws://shop/websocket_realtime", Locations: []int64{1}, Sink: sink, DialContext: e.dial})
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- client.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("Run: %v", err)
		}
	})
	return client
}

func dialExchange(t *testing.T, e *exchange) *websocket.Conn {
	dialer := websocket.Dialer{NetDialContext: e.dial}
	ws, _, err := dialer.Dial("ws://shop/websocket_realtime", nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ws.Close() })
	return ws
}

func within(t *testing.T, what string, got, least, most time.Duration) {
	t.Helper()
	if got < least || got > most {
		t.Errorf("%s after %v, want %v to %v", what, got, least, most)
	}
}

func TestAnHourWithoutACustomer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server, e := hostServer(t, ServerConfig{})
		d := newDiary()
		client := watch(t, e, d)
		time.Sleep(time.Hour)
		if s := client.Status(); s.State != StateConnected || s.Connects != 1 {
			t.Errorf("the client: %+v", s)
		}
		if s := server.Status(); s.Registered != 1 || s.Accepted != 1 {
			t.Errorf("the server: %+v", s)
		}
	})
}

func TestServerTimings(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, e := hostServer(t, ServerConfig{})
		began := time.Now()
		silent := dialExchange(t, e)
		if _, frame, err := silent.ReadMessage(); err != nil || !strings.Contains(string(frame), "no registration within 5s") {
			t.Errorf("%s, %v", frame, err)
		}
		within(t, "no registration", time.Since(began), 5*time.Second, 5*time.Second)
		silent.Close()

		idle := dialExchange(t, e)
		idle.WriteMessage(websocket.TextMessage, []byte(`{"type":"realtime_register","locations":[1]}`))
		idle.ReadMessage()
		time.Sleep(40 * time.Second)
		idle.WriteMessage(websocket.TextMessage, []byte(`{"type":"realtime_heartbeat"}`))
		began = time.Now()
		if _, frame, err := idle.ReadMessage(); err != nil || !strings.Contains(string(frame), "no heartbeat within 1m0s") {
			t.Errorf("%s, %v", frame, err)
		}
		within(t, "no heartbeat", time.Since(began), time.Minute, time.Minute)
	})
}

// deadPeer registers a client, sends one message after ten seconds, and is heard
// of no more.
func deadPeer(afterwards func(conn net.Conn)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ws, err := (&websocket.Upgrader{}).Upgrade(w, r, nil)
		if err != nil {
			return
		}
		defer ws.Close()
		ws.ReadMessage()
		ws.WriteMessage(websocket.TextMessage, []byte(`{"type":"realtime_register","result":"success"}`))
		time.Sleep(10 * time.Second)
		ws.WriteMessage(websocket.TextMessage, []byte(`{"type":"realtime_person_lost","person_id":1,"location_id":1}`))
		afterwards(ws.NetConn())
	})
}

func TestClientNoticesADeadPeer(t *testing.T) {
	for _, name := range []string{"that takes what we send", "that takes nothing"} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				afterwards := func(conn net.Conn) { io.Copy(io.Discard, conn) }
				if name == "that takes nothing" {
					afterwards = func(net.Conn) { <-t.Context().Done() }
				}
				d := newDiary()
				began := time.Now()
				client := watch(t, host(t, deadPeer(afterwards)), d)
				for len(d.copy()) < 3 {
					time.Sleep(100 * time.Millisecond)
				}
				synctest.Wait() // the status follows the sink
				events := d.copy()
				end := events[2]
				within(t, "the end", time.Since(began), 20*time.Second, 71*time.Second)
				if end.name != "disconnected" || end.at != events[1].at {
					t.Errorf("the end is %+v, the last sign of life was at %d", end, events[1].at)
				}
				if s := client.Status(); s.State != StateNetworkFault || s.LastError == "" {
					t.Errorf("status %+v", s)
				}
				if sign := client.SignOfLife(); sign != end.at {
					t.Errorf("the last sign of life was at %d, not %d", end.at, sign)
				}
			})
		})
	}
}

func (d *diary) copy() []event {
	d.mu.Lock()
	defer d.mu.Unlock()
	return append([]event(nil), d.events...)
}

// attempts runs a client for a while against a server and returns the pauses
// between its attempts.
func attempts(t *testing.T, during time.Duration, handler http.Handler) (pauses []time.Duration) {
	synctest.Test(t, func(t *testing.T) {
		var last time.Time
		e := host(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if !last.IsZero() {
				pauses = append(pauses, time.Since(last))
			}
			last = time.Now()
			handler.ServeHTTP(w, r)
		}))
		watch(t, e, newDiary())
		time.Sleep(during)
	})
	return pauses
}

func answer(code int) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no", code) })
}

func TestClientBacksOff(t *testing.T) {
	pauses := attempts(t, 20*time.Minute, answer(http.StatusBadGateway))
	want := 500 * time.Millisecond
	distinct := map[time.Duration]bool{}
	for i, pause := range pauses {
		want = min(want, 20*time.Second)
		if pause < want/2 || pause > want*3/2 {
			t.Errorf("pause %d is %v, want about %v", i, pause, want)
		}
		want *= 2
		distinct[pause] = true
	}
	if len(pauses) < 40 || len(distinct) < len(pauses)/2 {
		t.Errorf("%d pauses, %d of them distinct", len(pauses), len(distinct))
	}
}

func TestClientIsPatientWithARefusal(t *testing.T) {
	pauses := attempts(t, 20*time.Minute, answer(http.StatusUnauthorized))
	for i, pause := range pauses {
		within(t, "attempt "+string(rune('0'+i%10)), pause, 10*time.Second, 30*time.Second)
	}
	if len(pauses) < 40 {
		t.Errorf("%d pauses", len(pauses))
	}
}

func TestPaceBeginsAnewAfterAConnectionThatServed(t *testing.T) {
	p := newPace(time.Second, time.Minute)
	for range 20 {
		p.after(StateNetworkFault, 0, false)
	}
	if wait := p.after(StateNetworkFault, time.Second, false); wait < 20*time.Second {
		t.Errorf("%v after a connection that held for a second only", wait)
	}
	if wait := p.after(StateNetworkFault, 2*time.Minute, false); wait > 2*time.Second {
		t.Errorf("%v after a connection that held for minutes", wait)
	}
	for range 20 {
		p.after(StateNetworkFault, 0, false)
	}
	if wait := p.after(StateNetworkFault, time.Second, true); wait > 2*time.Second {
		t.Errorf("%v after a connection that delivered", wait)
	}
}
