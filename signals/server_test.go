package signals

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// caller is a client that does what a test tells it, good or bad.
type caller struct {
	*websocket.Conn
	t testing.TB
}

func call(t testing.TB, url string) *caller {
	t.Helper()
	ws, _, err := websocket.DefaultDialer.Dial(url, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ws.Close() })
	ws.SetReadDeadline(time.Now().Add(patience))
	return &caller{ws, t}
}

func (c *caller) say(text string) {
	c.t.Helper()
	if err := c.WriteMessage(websocket.TextMessage, []byte(text)); err != nil {
		c.t.Fatal(err)
	}
}

// hear returns the next message.
func (c *caller) hear() Message {
	c.t.Helper()
	_, frame, err := c.ReadMessage()
	if err != nil {
		c.t.Fatalf("reading: %v", err)
	}
	var both struct {
		Type        string `json:"type"`
		MessageType string `json:"message_type"`
	}
	if json.Unmarshal(frame, &both); both.Type == "" || both.Type != both.MessageType {
		c.t.Fatalf("type and message_type differ in %s", frame)
	}
	var m Message
	if err := Decode(frame, &m); err != nil {
		c.t.Fatalf("%s: %v", frame, err)
	}
	return m
}

func (c *caller) register() {
	c.t.Helper()
	c.say(`{"type":"realtime_register","token":"t","locations":[1]}`)
	c.hearText(KindRegister, resultSuccess)
}

func (c *caller) hearText(kind Kind, text string) {
	c.t.Helper()
	if m := c.hear(); m.Kind != kind || !strings.Contains(m.Text, text) {
		c.t.Fatalf("heard %v %q, want %v %q", m.Kind, m.Text, kind, text)
	}
}

// hearEnd expects close_connection with the reason, then a close frame.
func (c *caller) hearEnd(reason string, code int) {
	c.t.Helper()
	c.hearText(KindClose, reason)
	_, _, err := c.ReadMessage()
	var closed *websocket.CloseError
	if !errors.As(err, &closed) || closed.Code != code || !strings.Contains(closed.Text, reason) {
		c.t.Fatalf("the end is %v, want code %d with %q", err, code, reason)
	}
	c.Close()
}

// only lets tokens "t" in, to see locations below 100.
func only(_ context.Context, token string) (Access, error) {
	if token != "t" {
		return nil, errors.New("never heard of it")
	}
	return below(100), nil
}

type below int64

func (b below) Allows(location int64) bool { return location < int64(b) }

func TestServerAsAnExistingClientSeesIt(t *testing.T) {
	hub := NewHub()
	hub.Publish([]Message{estimate(8, 1, GenderMale, 40), position(7, 1, 10, 20), estimate(7, 1, GenderFemale, 33),
		position(7, 1, 11, 21), position(9, 1, 0, 0), lost(9, 1), position(7, 2, 5, 5)})
	server, url := serve(t, ServerConfig{Source: hub, Authorize: only})
	c := call(t, url)
	c.say(`{"message_type":"realtime_register","token":"t","locations":[1,3,1]}`)
	c.hearText(KindRegister, resultSuccess)
	hub.Publish([]Message{position(7, 1, 12, 22), position(7, 2, 6, 6), lost(7, 1), position(4, 3, 1, 1)})
	for i, want := range []Message{
		position(7, 1, 11, 21), estimate(7, 1, GenderFemale, 33), estimate(8, 1, GenderMale, 40),
		position(7, 1, 12, 22), lost(7, 1), position(4, 3, 1, 1),
	} {
		if got := c.hear(); !same(got, want) {
			t.Fatalf("message %d: %+v, want %+v", i, got, want)
		}
	}
	if s := server.Status(); s.Connections != 1 || s.Registered != 1 || s.Registrations != 1 || s.Accepted != 1 {
		t.Errorf("status %+v", s)
	}
	c.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(websocket.CloseNormalClosure, ""), time.Now().Add(time.Second))
	var closed *websocket.CloseError
	if _, _, err := c.ReadMessage(); !errors.As(err, &closed) || closed.Code != websocket.CloseNormalClosure {
		t.Errorf("our close is answered by %v", err)
	}
	c.Close()
	until(t, "the connection to end", func() bool { s := server.Status(); return s.Connections == 0 && s.Registered == 0 })
	if n := hub.Subscribers(1); n != 0 {
		t.Errorf("%d subscribers left", n)
	}
}

func TestServerClosesForWhatIsNotTheProtocol(t *testing.T) {
	tests := []struct {
		name   string
		kind   int
		text   string
		reason string
		code   int
	}{
		{"not JSON", websocket.TextMessage, "hello", "not JSON", websocket.ClosePolicyViolation},
		{"empty", websocket.TextMessage, "", "not JSON", websocket.ClosePolicyViolation},
		{"an array", websocket.TextMessage, "[1]", "not a JSON object", websocket.ClosePolicyViolation},
		{"null", websocket.TextMessage, "null", "not a JSON object", websocket.ClosePolicyViolation},
		{"no type", websocket.TextMessage, `{"token":"t"}`, "neither type nor message_type", websocket.ClosePolicyViolation},
		{"binary", websocket.BinaryMessage, `{"type":"realtime_heartbeat"}`, "binary", websocket.CloseUnsupportedData},
		{"not UTF-8", websocket.TextMessage, "{\"type\":\"\xff\"}", "UTF-8", websocket.CloseInvalidFramePayloadData},
		{"large", websocket.TextMessage, `{"type":"realtime_heartbeat","pad":"` + strings.Repeat("x", 1<<20) + `"}`, "64 KiB", websocket.CloseMessageTooBig},
	}
	server, url := serve(t, ServerConfig{})
	for _, test := range tests {
		for _, registered := range []bool{false, true} {
			t.Run(test.name, func(t *testing.T) {
				c := call(t, url)
				if registered {
					c.register()
				}
				c.WriteMessage(test.kind, []byte(test.text))
				c.hearEnd(test.reason, test.code)
			})
		}
	}
	until(t, "all violations to be counted", func() bool { return server.Status().Violations == uint64(2*len(tests)) })
}

func TestServerIgnoresWhatItNeedNotKnow(t *testing.T) {
	hub := NewHub()
	_, url := serve(t, ServerConfig{Source: hub, Authorize: only})
	c := call(t, url)
	c.say(`{"type":"realtime_heartbeat"}`)
	c.say(`{"type":"realtime_weather"}`)
	c.say(`{"type":"realtime_person_position"}`)
	c.register()
	c.say(`{"type":"realtime_heartbeat"}`)
	c.say(`{"type":"realtime_weather"}`)
	c.say(`{"type":"realtime_register","token":"wrong","locations":[500]}`)
	c.say(`{"type":"realtime_register"}`)
	c.WriteControl(websocket.PingMessage, []byte("echo"), time.Now().Add(time.Second))
	pong := make(chan string, 1)
	c.SetPongHandler(func(payload string) error {
		pong <- payload
		hub.Publish([]Message{lost(1, 1)})
		return nil
	})
	if m := c.hear(); !same(m, lost(1, 1)) {
		t.Errorf("heard %+v", m)
	}
	if p := <-pong; p != "echo" {
		t.Errorf("pong %q", p)
	}
}

func TestServerRegistration(t *testing.T) {
	server, url := serve(t, ServerConfig{Authorize: only, MaxLocations: 3})
	c := call(t, url)
	for _, try := range []struct{ locations, result string }{
		{`[500]`, "location 500 is not allowed"},
		{`[1,2,101]`, "location 101 is not allowed"},
		{`[]`, "locations is empty"},
		{`"1"`, "locations must be a list"},
		{`null`, "locations must be a list"},
		{`[1,"2"]`, "entry 2 is not an integer"},
		{`[1.5]`, "entry 1 is not an integer"},
		{`[1,2,3,4]`, "4 entries"},
	} {
		c.say(`{"type":"realtime_register","token":"t","locations":` + try.locations + `}`)
		c.hearText(KindRegister, try.result)
	}
	c.say(`{"type":"realtime_register","token":"t"}`)
	c.hearText(KindRegister, "locations must be a list")
	c.register()
	if s := server.Status(); s.RefusedLocation != 9 || s.Registrations != 1 || s.RefusedToken != 0 {
		t.Errorf("status %+v", s)
	}
}

func TestServerRefusesATokenByClosing(t *testing.T) {
	server, url := serve(t, ServerConfig{Authorize: only})
	for _, token := range []string{`"wrong"`, `""`, `null`, `17`} {
		c := call(t, url)
		c.say(`{"type":"realtime_register","token":` + token + `,"locations":[1]}`)
		c.hearEnd("token is not valid", websocket.ClosePolicyViolation)
	}
	until(t, "four refusals", func() bool { return server.Status().RefusedToken == 4 })
}

// refusing is a source that knows no location.
type refusing struct{}

func (refusing) Subscribe([]int64, *Subscriber) (func(), error) {
	return nil, errors.New("location 1 is unknown")
}

func TestServerPassesOnTheSourcesRefusal(t *testing.T) {
	_, url := serve(t, ServerConfig{Source: refusing{}})
	c := call(t, url)
	for range 2 {
		c.say(`{"type":"realtime_register","locations":[1]}`)
		c.hearText(KindRegister, "location 1 is unknown")
	}
}

func TestServerWaitsOnlySoLong(t *testing.T) {
	server, url := serve(t, ServerConfig{RegisterWithin: 50 * time.Millisecond, HeartbeatWithin: 50 * time.Millisecond})
	silent := call(t, url)
	silent.hearEnd("no registration within 50ms", websocket.ClosePolicyViolation)
	c := call(t, url)
	c.register()
	c.hearEnd("no heartbeat within 50ms", websocket.ClosePolicyViolation)
	until(t, "two to be counted", func() bool { return server.Status().TimedOut == 2 })
}

// Trying again does not buy a client more time.
func TestServerRegistrationTimeIsOneForAllAttempts(t *testing.T) {
	_, url := serve(t, ServerConfig{Authorize: only, RegisterWithin: 100 * time.Millisecond})
	c := call(t, url)
	for {
		if c.WriteMessage(websocket.TextMessage, []byte(`{"type":"realtime_register","token":"t","locations":[500]}`)) != nil {
			return
		}
		if m := c.hear(); m.Kind == KindClose {
			return
		}
	}
}

func TestServerDropsASlowClient(t *testing.T) {
	hub := NewHub()
	server, url := serve(t, ServerConfig{Source: hub, QueueBytes: 64 << 10})
	slow, quick := call(t, url), call(t, url)
	slow.register()
	quick.register()
	batch := make([]Message, 64)
	for i := range batch {
		batch[i] = position(int64(i), 1, 0, 0)
	}
	heard := 0
	for server.Status().DroppedSlow == 0 {
		hub.Publish(batch)
		for range batch {
			quick.hear()
			heard++
		}
		if heard > 1_000_000 {
			t.Fatal("never dropped")
		}
	}
	until(t, "the slow one to be gone", func() bool { return server.Status().Connections == 1 && hub.Subscribers(1) == 1 })
	hub.Publish([]Message{lost(1, 1)})
	if m := quick.hear(); m.Kind != KindLost {
		t.Errorf("the quick one hears %+v", m)
	}
}

// A client that stops reading altogether is dropped even where little is sent.
func TestServerDropsAClientThatTakesNothing(t *testing.T) {
	hub := NewHub()
	server, url := serve(t, ServerConfig{Source: hub, WriteTimeout: 100 * time.Millisecond, QueueBytes: 1 << 30, QueueBatches: 1 << 30})
	c := call(t, url)
	c.register()
	batch := make([]Message, MaxBatch)
	for i := range batch {
		batch[i] = position(int64(i), 1, 0, 0)
	}
	for range 1000 {
		hub.Publish(batch)
	}
	until(t, "the drop", func() bool { s := server.Status(); return s.DroppedSlow == 1 && s.Connections == 0 })
}

// A snapshot may be larger than the queue.
func TestServerSendsALargeSnapshot(t *testing.T) {
	hub := NewHub()
	const people = 20_000
	all := make([]Message, people)
	for i := range all {
		all[i] = position(int64(i), 1, float64(i), 0)
	}
	hub.Publish(all)
	_, url := serve(t, ServerConfig{Source: hub, QueueBytes: 1000, QueueBatches: 2})
	c := call(t, url)
	c.register()
	for i := range all {
		if m := c.hear(); !same(m, all[i]) {
			t.Fatalf("message %d: %+v", i, m)
		}
	}
	hub.Publish([]Message{lost(1, 1)})
	if m := c.hear(); m.Kind != KindLost {
		t.Errorf("then comes %+v", m)
	}
}

func TestServerShutdown(t *testing.T) {
	hub := NewHub()
	server, url := serve(t, ServerConfig{Source: hub})
	waiting, registered := call(t, url), call(t, url)
	registered.register()
	const n = 5000
	batch := make([]Message, n)
	for i := range batch {
		batch[i] = position(int64(i), 1, 0, 0)
	}
	hub.Publish(batch)
	ended := make(chan error, 1)
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		ended <- server.Shutdown(ctx)
	}()
	waiting.hearEnd("shutting down", websocket.CloseGoingAway)
	for range n { // what was queued still comes
		if m := registered.hear(); m.Kind != KindPosition {
			t.Fatalf("heard %+v", m)
		}
	}
	registered.hearEnd("shutting down", websocket.CloseGoingAway)
	if err := <-ended; err != nil {
		t.Errorf("Shutdown: %v", err)
	}
	if s := server.Status(); s.Connections != 0 || hub.Subscribers(1) != 0 || s.TimedOut != 0 {
		t.Errorf("left: %+v", s)
	}
	_, answer, err := websocket.DefaultDialer.Dial(url, nil)
	if err == nil || answer.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("after the end: %v, %v", answer, err)
	}
}

// Shutdown cuts a client that neither reads nor hangs up when its time is over.
func TestServerShutdownInAHurry(t *testing.T) {
	hub := NewHub()
	server, url := serve(t, ServerConfig{Source: hub, CloseTimeout: time.Hour, QueueBytes: 1 << 30, QueueBatches: 1 << 30})
	c := call(t, url)
	c.register()
	batch := make([]Message, 100_000)
	for i := range batch {
		batch[i] = position(int64(i), 1, 0, 0)
	}
	hub.Publish(batch)
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	if err := server.Shutdown(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Shutdown: %v", err)
	}
	if s := server.Status(); s.Connections != 0 {
		t.Errorf("left: %+v", s)
	}
}

func TestServerTurnsAwayWhatIsTooMany(t *testing.T) {
	server, url := serve(t, ServerConfig{MaxConnections: 2})
	first, _ := call(t, url), call(t, url)
	until(t, "both", func() bool { return server.Status().Connections == 2 })
	_, answer, err := websocket.DefaultDialer.Dial(url, nil)
	if err == nil || answer.StatusCode != http.StatusServiceUnavailable {
		t.Fatalf("the third: %v, %v", answer, err)
	}
	first.Close()
	until(t, "room", func() bool { return server.Status().Connections == 1 })
	call(t, url).register()
	if n := server.Status().TurnedAway; n != 1 {
		t.Errorf("%d counted", n)
	}
}

func TestServerAsksForTheOrigin(t *testing.T) {
	_, strict := serve(t, ServerConfig{})
	_, open := serve(t, ServerConfig{CheckOrigin: func(*http.Request) bool { return true }})
	elsewhere := http.Header{"Origin": {"https://elsewhere.example"}}
	if _, answer, err := websocket.DefaultDialer.Dial(strict, elsewhere); err == nil || answer.StatusCode != http.StatusForbidden {
		t.Errorf("strict: %v, %v", answer, err)
	}
	ws, _, err := websocket.DefaultDialer.Dial(open, elsewhere)
	if err != nil {
		t.Fatal(err)
	}
	ws.Close()
}

func TestServerAndPlainHTTP(t *testing.T) {
	server, url := serve(t, ServerConfig{})
	answer, err := http.Get("http" + strings.TrimPrefix(url, "ws"))
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if answer.StatusCode != http.StatusBadRequest {
		t.Errorf("status %s", answer.Status)
	}
	if s := server.Status(); s.Accepted != 0 || s.Connections != 0 {
		t.Errorf("status %+v", s)
	}
}
