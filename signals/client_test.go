package signals

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

func TestClientRegistersAndReads(t *testing.T) {
	want := []Message{position(7, 1, 10, 20), estimate(7, 1, GenderFemale, 33), position(7, 2, 1, 2), lost(7, 1)}
	url := script(t, func(p *peer) {
		if p.register.Type != typeRegister || p.register.MessageType != typeRegister ||
			p.register.Token != "secret" || !slices.Equal(p.register.Locations, []int64{1, 2}) {
			t.Errorf("registration: %+v", p.register)
		}
		p.accept()
		p.send(want...)
		p.linger()
	})
	var clock atomic.Int64
	d := newDiary()
	client, stop := listen(t, ClientConfig{URL: url, Token: token(" secret\n"), Locations: []int64{1, 2}, Sink: d,
		Now: func() int64 { return clock.Add(1) }})
	events := d.awaitCount(t, "message", len(want))
	if events[0].name != "connected" {
		t.Fatalf("first comes %q", events[0].name)
	}
	before := events[0].at
	for i, m := range messages(events) {
		if m.Time < before {
			t.Errorf("message %d: stamped %d after %d", i, m.Time, before)
		}
		before, m.Time = m.Time, 0
		if !same(m, want[i]) {
			t.Errorf("message %d: got %+v, want %+v", i, m, want[i])
		}
	}
	status := client.Status()
	if status.State != StateConnected || status.Messages != 4 || status.Connects != 1 || status.LastMessage != before {
		t.Errorf("status %+v", status)
	}
	stop()
	events = d.await(t, "the end", func(events []event) bool { return count(events, "disconnected") == 1 })
	last := events[len(events)-1]
	if last.name != "disconnected" || last.at < before || !errors.Is(last.cause, context.Canceled) {
		t.Errorf("last comes %+v", last)
	}
	if s := client.Status().State; s != StateStopped {
		t.Errorf("state %v after the end", s)
	}
}

// All messages that arrive together share one stamp and come in full batches, and
// none of them waits for what comes after.
func TestClientBatches(t *testing.T) {
	const n = 3*MaxBatch + 10
	batch := make([]Message, n)
	for i := range batch {
		batch[i] = position(int64(i), 1, 0, 0)
	}
	url := script(t, func(p *peer) {
		p.accept()
		p.NetConn().Write(EncodeFrames(batch).wire)
		p.linger()
	})
	d := newDiary()
	listen(t, ClientConfig{URL: url, Sink: d})
	events := d.awaitCount(t, "message", n)
	for i, m := range messages(events) {
		if m.PersonID != int64(i) {
			t.Fatalf("message %d is about person %d", i, m.PersonID)
		}
	}
	full := 0
	for _, e := range events {
		if e.batch == MaxBatch {
			full++
		}
	}
	if full < MaxBatch {
		t.Errorf("only %d of %d messages came in full batches", full, n)
	}
}

func TestClientSkipsWhatIsMalformed(t *testing.T) {
	url := script(t, func(p *peer) {
		p.accept()
		p.WriteMessage(websocket.BinaryMessage, []byte("\x00\x01"))
		p.say(`{"type":"realtime_person_position","person_id":1,"location_id":1,"position":{"x":NaN,"y":1}}`)
		p.say(`{"type":"realtime_person_position","person_id":"1","location_id":1,"position":{"x":1,"y":1}}`)
		p.say(`{"type":"realtime_person_position","person_id":1,"location_id":1,"position":{"x":1e308,"y":1}}`)
		p.say(`{"type":"realtime_person_lost","person_id":18446744073709551616,"location_id":1}`)
		p.say(`{"pad":"` + strings.Repeat("x", 1<<20) + `"}`)
		p.say("")
		p.say(`{"type":"realtime_weather"}`)
		p.send(position(1, 99, 0, 0), position(2, 1, 0, 0))
		for range 10_000 {
			p.say(`{{{`)
		}
		p.send(lost(2, 1))
		p.linger()
	})
	d := newDiary()
	client, stop := listen(t, ClientConfig{URL: url, Sink: d})
	d.awaitCount(t, "message", 2)
	stop()
	status := client.Status()
	want := map[Reason]uint64{ReasonBinary: 1, ReasonNotJSON: 10_002, ReasonPersonID: 2, ReasonPosition: 1, ReasonTooLarge: 1}
	if fmt.Sprint(status.Malformed) != fmt.Sprint(want) {
		t.Errorf("malformed %v, want %v", status.Malformed, want)
	}
	if status.Unknown != 1 || status.Dropped != 1 || status.Messages != 2 || status.Connects != 1 {
		t.Errorf("status %+v", status)
	}
}

func TestClientGivesUpAMonstrousMessage(t *testing.T) {
	url := script(t, func(p *peer) {
		p.accept()
		if p.number == 1 {
			p.NetConn().Write([]byte{0x81, 127, 0, 0, 0, 0, 0x7F, 0, 0, 0, 'x'})
		} else {
			p.send(lost(1, 1))
		}
		p.linger()
	})
	d := newDiary()
	listen(t, ClientConfig{URL: url, Sink: d})
	events := d.awaitCount(t, "message", 1)
	if cause := events[1].cause; cause == nil || !strings.Contains(cause.Error(), "larger than 16 MiB") {
		t.Errorf("cause %v", cause)
	}
}

func TestClientReconnects(t *testing.T) {
	url := script(t, func(p *peer) {
		p.accept()
		p.send(position(int64(p.number), 1, 0, 0))
		switch p.number % 3 {
		case 0:
			p.send(Message{Kind: KindClose, Text: "maintenance"})
			p.linger()
		case 1:
			p.NetConn().Close()
		case 2:
			p.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(websocket.CloseGoingAway, "bye"), time.Now().Add(time.Second))
		}
	})
	d := newDiary()
	client, _ := listen(t, ClientConfig{URL: url, Sink: d})
	events := d.awaitCount(t, "disconnected", 6)
	var causes []string
	for i, e := range events[:18] {
		if want := []string{"connected", "message", "disconnected"}[i%3]; e.name != want {
			t.Fatalf("event %d is %q, want %q", i, e.name, want)
		}
		if e.cause != nil {
			causes = append(causes, e.cause.Error())
		}
	}
	for i, want := range []string{"cut", "1001 bye", "maintenance"} {
		if !strings.Contains(causes[i], want) {
			t.Errorf("cause %d is %q, want it to say %q", i, causes[i], want)
		}
	}
	if s := client.Status(); s.Connects < 6 || s.Attempts < s.Connects {
		t.Errorf("status %+v", s)
	}
}

func TestClientTellsRefusalsApart(t *testing.T) {
	say := func(text string) func(p *peer) {
		return func(p *peer) { p.say(text); p.linger() }
	}
	deny := func(code int) func(http.ResponseWriter, *http.Request) bool {
		return func(w http.ResponseWriter, _ *http.Request) bool { http.Error(w, "no", code); return false }
	}
	tests := []struct {
		name  string
		admit func(http.ResponseWriter, *http.Request) bool
		play  func(*peer)
		want  State
		text  string
	}{
		{"token", nil, say(`{"type":"realtime_register","result":"Invalid Token"}`), StateRefusedToken, "Invalid Token"},
		{"authentication", nil, say(`{"type":"realtime_register","result":"Authentication failed"}`), StateRefusedToken, "Authentication"},
		{"location", nil, say(`{"type":"realtime_register","result":"location 1 is not allowed for this token"}`), StateRefusedLocation, "location 1"},
		{"other", nil, say(`{"type":"realtime_register","result":"too many clients"}`), StateRefused, "too many clients"},
		{"no result", nil, say(`{"type":"realtime_register"}`), StateRefused, ""},
		{"close for the token", nil, say(`{"type":"close_connection","message":"bad token s3cr3t-s3cr3t given"}`), StateRefusedToken, "(the token)"},
		{"close for nothing of ours", nil, say(`{"type":"close_connection","message":"restarting"}`), StateNetworkFault, "restarting"},
		{"HTTP 401", deny(401), nil, StateRefusedToken, "401"},
		{"HTTP 403", deny(403), nil, StateRefusedToken, "403"},
		{"HTTP 503", deny(503), nil, StateNetworkFault, "503"},
		{"cut", nil, func(p *peer) { p.NetConn().Close() }, StateNetworkFault, "cut"},
		{"silence", nil, func(p *peer) { p.linger() }, StateNetworkFault, "no answer to the registration"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if test.admit == nil {
				test.admit = func(http.ResponseWriter, *http.Request) bool { return true }
			}
			url := scriptHTTP(t, test.admit, test.play)
			var log strings.Builder
			d := newDiary()
			client, stop := listen(t, ClientConfig{URL: url, Sink: d, Token: token("s3cr3t-s3cr3t"),
				RegisterTimeout: 100 * time.Millisecond, Logger: logTo(&log)})
			until(t, test.want.String(), func() bool { s := client.Status(); return s.State == test.want && s.Attempts > 1 })
			status := client.Status()
			stop()
			if !strings.Contains(status.LastError, test.text) {
				t.Errorf("last error %q, want it to say %q", status.LastError, test.text)
			}
			for _, text := range []string{log.String(), status.LastError} {
				if strings.Contains(text, "s3cr3t") {
					t.Errorf("the token is in %q", text)
				}
			}
			if n := strings.Count(log.String(), "level=WARN"); n != 1 {
				t.Errorf("%d warnings for one fault:\n%s", n, log.String())
			}
			if len(d.events) != 0 {
				t.Errorf("the sink was told of %+v", d.events)
			}
		})
	}
}

func TestClientReadsTheTokenAnew(t *testing.T) {
	url := script(t, func(p *peer) {
		if p.register.Token != "third" {
			p.say(`{"type":"realtime_register","result":"token expired"}`)
		} else {
			p.accept()
		}
		p.linger()
	})
	var asked atomic.Int64
	d := newDiary()
	client, _ := listen(t, ClientConfig{URL: url, Sink: d, Token: func() (string, error) {
		switch asked.Add(1) {
		case 1:
			return "first", nil
		case 2:
			return "", errors.New("open signals.token: no such file")
		}
		return "third", nil
	}})
	d.awaitCount(t, "connected", 1)
	if s := client.Status(); s.Attempts != 3 || !strings.Contains(s.LastError, "open signals.token: no such file") {
		t.Errorf("status %+v", s)
	}
}

func TestClientThatCannotReachTheServer(t *testing.T) {
	client, stop := listen(t, ClientConfig{URL: "ws://127.0.0.1:1/websocket_realtime", Sink: newDiary()})
	until(t, "a fault", func() bool { return client.Status().Attempts > 2 })
	if s := client.Status(); s.State != StateNetworkFault || !strings.Contains(s.LastError, "127.0.0.1:1") {
		t.Errorf("status %+v", s)
	}
	stop()
}

func TestClientStopsWhereverItWaits(t *testing.T) {
	hang := make(chan struct{})
	defer close(hang)
	inHandshake := scriptHTTP(t, func(_ http.ResponseWriter, r *http.Request) bool {
		select {
		case <-hang:
		case <-r.Context().Done():
		}
		return false
	}, nil)
	inRegistration := script(t, func(p *peer) { p.linger() })
	inReading := script(t, func(p *peer) { p.accept(); p.linger() })
	for name, url := range map[string]string{"handshake": inHandshake, "registration": inRegistration, "reading": inReading} {
		t.Run(name, func(t *testing.T) {
			d := newDiary()
			client, stop := listen(t, ClientConfig{URL: url, Sink: d})
			until(t, "an attempt", func() bool { return client.Status().Attempts > 0 })
			if name == "reading" {
				d.awaitCount(t, "connected", 1)
			}
			stop()
		})
	}
}

func TestClientRefusesAConfigurationThatCannotWork(t *testing.T) {
	good := ClientConfig{URL: "ws://127.0.0.1:1/x", Locations: []int64{1}, Sink: newDiary()}
	tests := []struct {
		change func(*ClientConfig)
		want   string
	}{
		{func(c *ClientConfig) { c.URL = "http://host/x" }, "must begin with ws:// or wss://"},
		{func(c *ClientConfig) { c.URL = "ws:///x" }, "names no host"},
		{func(c *ClientConfig) { c.URL = "wss://me:hush@host/x?token=hush" }, "must not hold credentials"},
		{func(c *ClientConfig) { c.URL = "ws://host:x/?token=hush" }, "cannot be parsed"},
		{func(c *ClientConfig) { c.Locations = nil }, "no locations"},
		{func(c *ClientConfig) { c.Sink = nil }, "no sink"},
	}
	for _, test := range tests {
		cfg := good
		test.change(&cfg)
		err := NewClient(cfg).Run(context.Background())
		if err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "hush") {
			t.Errorf("%v, want it to say %q", err, test.want)
		}
	}
}

// blocker is a sink that takes nothing until it is told.
type blocker struct {
	diary
	gate chan struct{}
	once sync.Once
	in   chan struct{}
}

func (b *blocker) Messages(batch []Message) {
	b.once.Do(func() { close(b.in) })
	<-b.gate
	b.diary.Messages(batch)
}

// smallBuffers lets the network itself hold little.
func smallBuffers(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := new(net.Dialer).DialContext(ctx, network, address)
	if err == nil {
		err = conn.(*net.TCPConn).SetReadBuffer(64 << 10)
	}
	return conn, err
}

// A sink that blocks holds up the sender; heartbeats go on meanwhile, and the
// silence that it makes itself is not the server's.
func TestClientUnderBackPressure(t *testing.T) {
	const n = 100_000
	var sent atomic.Int64
	var beats atomic.Int64
	url := script(t, func(p *peer) {
		p.accept()
		go func() {
			for i := range n {
				m := position(int64(i), 1, 0, 0)
				if p.WriteMessage(websocket.TextMessage, Append(nil, &m)) != nil {
					return
				}
				sent.Add(1)
			}
		}()
		for p.await(KindHeartbeat) {
			beats.Add(1)
		}
	})
	b := &blocker{diary: diary{changed: make(chan struct{})}, gate: make(chan struct{}), in: make(chan struct{})}
	listen(t, ClientConfig{URL: url, Sink: b, HeartbeatEvery: 200 * time.Millisecond, DeadAfter: 500 * time.Millisecond, DialContext: smallBuffers})
	<-b.in
	until(t, "heartbeats", func() bool { return beats.Load() >= 3 })
	if s := sent.Load(); s == n {
		t.Errorf("all %d messages were taken while the sink blocked", s)
	}
	close(b.gate)
	events := b.await(t, "all messages", func(events []event) bool { return len(events) > n })
	if count(events, "message") != n {
		t.Fatalf("among the first %d events are %d messages", len(events), count(events, "message"))
	}
	for i, m := range messages(events) {
		if m.PersonID != int64(i) {
			t.Fatalf("message %d is about person %d", i, m.PersonID)
		}
	}
}
