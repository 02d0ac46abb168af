package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/footfall/footfall/analytics"
	"github.com/footfall/footfall/internal/access"
	"github.com/footfall/footfall/internal/boltstore"
	"github.com/footfall/footfall/internal/recording"
	"github.com/footfall/footfall/signals"
)

const fuzzZones = `{"type":"FeatureCollection","features":[
 {"type":"Feature","id":"shop","properties":{"location_id":21,"capacity":3},"geometry":{"type":"Polygon","coordinates":[[[0,0],[400,0],[400,400],[0,400],[0,0]]]}},
 {"type":"Feature","id":"queue","properties":{"location_id":21,"kind":"queue","service":"till"},"geometry":{"type":"Polygon","coordinates":[[[0,0],[100,0],[100,100],[0,100],[0,0]]]}},
 {"type":"Feature","id":"till","properties":{"location_id":21},"geometry":{"type":"Polygon","coordinates":[[[100,0],[200,0],[200,100],[100,100],[100,0]]]}},
 {"type":"Feature","id":"door","properties":{"location_id":21},"geometry":{"type":"LineString","coordinates":[[200,0],[200,400]]}},
 {"type":"Feature","id":"door","properties":{"location_id":22},"geometry":{"type":"LineString","coordinates":[[200,0],[200,400]]}}]}`

const fuzzConfig = `
auth: {required: false}
limits: {report_rows: 3000, upload_body: 65536B}
locations:
  - id: 21
    timezone: Europe/Helsinki
    capacity: 5
    day_start: "04:00"
    funnel: [shop, queue, till]
    opening_hours: {mon: ["09:00-18:00"], tue: ["09:00-12:00", "13:00-02:00"]}
  - {id: 22, timezone: America/New_York, occupancy: gates}
`

// fuzzed is a whole server without a listener.
type fuzzed struct {
	*service
	tokens *access.Registry
	stop   func()
}

func newFuzzed(t testing.TB) *fuzzed {
	t.Helper()
	folder := t.TempDir()
	path := filepath.Join(folder, "footfall.yaml")
	text := fmt.Sprintf("database: %s\nzones: %s\n%s", filepath.Join(folder, "f.db"), filepath.Join(folder, "zones.geojson"), fuzzConfig)
	for name, content := range map[string]string{path: text, filepath.Join(folder, "zones.geojson"): fuzzZones} {
		if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	c := newServe()
	err := c.ParseFlags([]string{"--config", path})
	cfg, err2 := loadConfig(c)
	if err = errors.Join(err, err2); err != nil {
		t.Fatal(err)
	}
	file, err := openZones(cfg)
	store, err2 := openStore(cfg.Database, boltstore.Options{NoSync: true})
	tokens, err3 := openAccess(cfg.Database)
	if err = errors.Join(err, err2, err3); err != nil {
		t.Fatal(err)
	}
	s, err := newService(cfg, file, store, tokens, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.engine.Run(ctx) }()
	return &fuzzed{s, tokens, func() {
		cancel()
		if err := errors.Join(<-ended, store.Close(), tokens.Close()); err != nil {
			t.Error(err)
		}
	}}
}

// ask hands a request to the server as if it had come over a connection. ok is false where
// it is none that a connection would have brought.
func (f *fuzzed) ask(wire []byte) (answer *httptest.ResponseRecorder, ok bool) {
	r, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(wire)))
	if err != nil {
		return nil, false
	}
	r.RemoteAddr = "127.0.0.1:4000"
	answer = httptest.NewRecorder()
	f.api.Handler().ServeHTTP(answer, r)
	return answer, true
}

// sound wants a success or a problem that says what is wrong, never a fault of ours.
func sound(t *testing.T, asked string, answer *httptest.ResponseRecorder) {
	t.Helper()
	if answer.Code >= http.StatusInternalServerError {
		t.Fatalf("%q: %d %s", asked, answer.Code, answer.Body)
	}
	if answer.Code < http.StatusBadRequest {
		return
	}
	var p struct {
		Status        int
		Title, Detail string
	}
	if kind := answer.Header().Get("Content-Type"); kind != "application/problem+json" {
		t.Fatalf("%q: %d as %s", asked, answer.Code, kind)
	}
	if err := json.Unmarshal(answer.Body.Bytes(), &p); err != nil || p.Status != answer.Code || p.Title == "" || p.Detail == "" || answer.Body.Len() > 64<<10 {
		t.Fatalf("%q: %v in %.1000s", asked, err, answer.Body)
	}
}

// FuzzReports: whatever is asked of any report, over the whole server with history behind
// it, the answer is a report in the form asked for, or a problem.
func FuzzReports(f *testing.F) {
	server := newFuzzed(f)
	f.Cleanup(server.stop)
	if answer := server.upload(walkThrough(3), ""); answer.Code != http.StatusOK {
		f.Fatalf("%d %s", answer.Code, answer.Body)
	}
	for i := range analytics.Kinds() {
		f.Add(byte(i), false, "from=2026-03-02&to=2026-03-03&bucket=1h")
		f.Add(byte(i), true, "location=21&location=22&from=2026-03-02T09:00:30Z&to=2026-03-03T10:00Z&format=csv")
		f.Add(byte(i), false, "from=2026-03-01&to=2026-03-08&bucket=1d&compare=previous&hours=open")
	}
	for _, query := range []string{
		"", "zone=shop&zone=door&sort=-entries&limit=2", "format=xlsx&from=2026-03-02&to=2026-03-03", "format=png", "format=parquet&tz=Asia/Kolkata",
		"tz=Local", "tz=../../etc/passwd", "bucket=1mo&from=1970-01-01&to=9999-12-31", "from=2026-03-29T03:30", "limit=-1", "sort=", "compare=9999-12-31",
		"zone=%00&zone=%ff", "from=2026-03-02&from=2026-03-03", "%zz=1", "a;b", "compare=last_year&from=1970-01-02", "hours=open&tz=Pacific/Apia&bucket=1w",
		"x HTTP/1.1\r\nAccept: text/csv\r\nIf-None-Match: *\r\nRange: bytes=0-1\r\nX: ",
	} {
		f.Add(byte(0), false, query)
	}
	f.Fuzz(func(t *testing.T, kind byte, all bool, query string) {
		kinds := analytics.Kinds()
		path := "/api/v1/locations/21/reports/"
		if all {
			path = "/api/v1/reports/"
		}
		asked := path + kinds[int(kind)%len(kinds)] + "?" + query
		answer, ok := server.ask([]byte("GET " + asked + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"))
		if !ok {
			return
		}
		sound(t, asked, answer)
		if body := answer.Body.Bytes(); answer.Code == http.StatusOK && strings.HasPrefix(answer.Header().Get("Content-Type"), "application/json") {
			var report struct {
				From, To time.Time
				Rows     []map[string]any
			}
			if err := json.Unmarshal(body, &report); err != nil || !report.From.Before(report.To) || report.Rows == nil || len(report.Rows) > 3000 {
				t.Fatalf("%q: %v in %.300s", asked, err, body)
			}
		}
	})
}

// upload posts a recording to location 21.
func (f *fuzzed) upload(body []byte, headers string) *httptest.ResponseRecorder {
	answer, _ := f.ask(fmt.Appendf(nil, "POST /api/v1/locations/21/messages HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-ndjson\r\nContent-Length: %d\r\n%s\r\n%s",
		len(body), headers, body))
	return answer
}

// walkThrough is a recording of people who walk through the shop.
func walkThrough(people int) []byte {
	var b bytes.Buffer
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	say := func(message string, a ...any) {
		fmt.Fprintf(&b, `{"time":"%s","message":%s}`+"\n", at.Format(time.RFC3339Nano), fmt.Sprintf(message, a...))
		at = at.Add(time.Second)
	}
	for i := range people {
		for x := 10; x < 450; x += 20 {
			say(`{"type":"realtime_person_position","person_id":%d,"location_id":21,"position":{"x":%d,"y":50}}`, i, x)
		}
		say(`{"type":"realtime_demographics","person_id":%d,"location_id":21,"gender":%d,"age":%d}`, i, 1+i%2, 30+i)
		say(`{"type":"realtime_person_lost","person_id":%d,"location_id":21}`, i)
	}
	return b.Bytes()
}

// FuzzUpload: whatever is posted as a recording counts whole or leaves nothing. What was
// counted is every message that reading it gives, balances, and is not counted again.
func FuzzUpload(f *testing.F) {
	whole := walkThrough(1)
	f.Add(whole, false)
	f.Add(append(whole[:len(whole):len(whole)], "{"...), false)
	f.Add(whole[:300], true)
	f.Add([]byte(`{"time":"2026-03-02T09:00:00Z","message":{"type":"realtime_person_position","person_id":1,"location_id":22,"position":{"x":1,"y":2}}}`), false)
	f.Add([]byte(`{"time":"2099-03-02T09:00:00Z","message":{"type":"realtime_person_lost","person_id":1,"location_id":21}}`), false)
	f.Add([]byte("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"), true)
	f.Add([]byte("\n\n{}\n[]\n"), false)
	f.Fuzz(func(t *testing.T, body []byte, zipped bool) {
		if len(body) > 32<<10 {
			return
		}
		server := newFuzzed(t)
		defer server.stop()
		headers := "Idempotency-Key: k\r\n"
		if zipped {
			headers += "Content-Encoding: gzip\r\n"
		}
		answer := server.upload(body, headers)
		sound(t, fmt.Sprintf("%q", body), answer)
		entries, exits := server.counted(t)
		if answer.Code != http.StatusOK {
			if entries != 0 || exits != 0 {
				t.Fatalf("%q: refused (%s), and %d entries are counted", body, answer.Body, entries)
			}
			return
		}
		var got struct{ Messages, Unknown int64 }
		if err := json.Unmarshal(answer.Body.Bytes(), &got); err != nil {
			t.Fatal(err)
		}
		if messages := messagesIn(t, body); got.Messages != messages || entries != exits || entries > messages {
			t.Fatalf("%q: %s, %d messages read, %d entries, %d exits", body, answer.Body, messages, entries, exits)
		}
		if again := server.upload(body, headers); again.Code != http.StatusOK || again.Body.String() != answer.Body.String() {
			t.Fatalf("%q: again: %d %s", body, again.Code, again.Body)
		}
		if e, x := server.counted(t); e != entries || x != exits {
			t.Fatalf("%q: counted twice", body)
		}
	})
}

// counted is the entries and exits of location 21 as a whole.
func (f *fuzzed) counted(t *testing.T) (entries, exits int64) {
	t.Helper()
	answer, _ := f.ask([]byte("GET /api/v1/locations/21/reports/ledger?zone=location&from=1970-01-02&to=2200-01-01 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"))
	var report struct {
		Rows []map[string]any
	}
	if err := json.Unmarshal(answer.Body.Bytes(), &report); err != nil || answer.Code != http.StatusOK {
		t.Fatalf("%d %s: %v", answer.Code, answer.Body, err)
	}
	for _, row := range report.Rows {
		for name, value := range row {
			n, _ := value.(float64)
			switch {
			case strings.HasPrefix(name, "entries_"):
				entries += int64(n)
			case strings.HasPrefix(name, "exits_"):
				exits += int64(n)
			}
		}
	}
	return entries, exits
}

// messagesIn reads a recording that was counted.
func messagesIn(t *testing.T, body []byte) (n int64) {
	t.Helper()
	r, err := recording.NewReader(bytes.NewReader(body), "body")
	if errors.Is(err, io.EOF) || len(body) == 0 {
		return 0
	}
	if err != nil {
		t.Fatalf("%q was counted: %v", body, err)
	}
	defer r.Close()
	for {
		var m signals.Message
		switch err := r.Next(&m); {
		case errors.Is(err, io.EOF):
			return n
		case err != nil:
			t.Fatalf("%q was counted: %v", body, err)
		case m.Kind == signals.KindPosition || m.Kind == signals.KindLost || m.Kind == signals.KindDemographics:
			n++
		}
	}
}

// FuzzControl: whatever comes to the socket of footfall token, it is answered in JSON, and
// the tokens there are are those that an answer gave.
func FuzzControl(f *testing.F) {
	for _, seed := range []string{
		"GET /tokens", "POST /keys", "DELETE /tokens/first", "DELETE /tokens/%2e%2e%2f", "GET /backup", "PUT /tokens", "GET /../tokens",
		`POST /tokens {"name":"n","scope":"read","locations":[21],"expires":3600000000000}`, `POST /tokens {"name":"n","scope":"root"}`,
		`POST /tokens {"name":"first","scope":"admin","locations":null,"expires":-1}`, `POST /tokens {"name":7}`, `POST /tokens {"name":"` + strings.Repeat("a", 300) + `"}`,
		`POST /tokens {"name":"n","scope":"write","locations":[],"expires":9223372036854775807}`, `POST /tokens [`,
	} {
		f.Add(seed)
	}
	server := newFuzzed(f)
	f.Cleanup(server.stop)
	l, err := listenControl(server.socket)
	if err != nil {
		f.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	f.Cleanup(cancel)
	go serveControl(ctx, l, server.asked, slog.New(slog.DiscardHandler))
	f.Fuzz(func(t *testing.T, asked string) {
		target, body, _ := strings.Cut(asked, " {")
		if body != "" {
			body = "{" + body
		}
		before := len(server.tokens.List())
		code, answer := askSocket(t, server.socket, fmt.Sprintf("%s HTTP/1.1\r\nHost: footfall\r\nContent-Length: %d\r\n\r\n%s", target, len(body), body))
		if code >= http.StatusInternalServerError {
			t.Fatalf("%q: %d %s", asked, code, answer)
		}
		var made struct{ Name, Secret string }
		if json.Unmarshal(answer, &made) != nil || made.Secret == "" {
			if after := len(server.tokens.List()); after > before {
				t.Fatalf("%q made a token: %d, %d before", asked, after, before)
			}
			return
		}
		if g, err := server.tokens.Grant(made.Secret); err != nil || g.Name != made.Name {
			t.Fatalf("%q: the token is not good: %v", asked, err)
		}
		if err := server.tokens.Revoke(made.Name); err != nil {
			t.Fatal(err)
		}
	})
}

// askSocket sends bytes to the socket and reads the first answer, code 0 where there is none.
func askSocket(t *testing.T, path, wire string) (code int, body []byte) {
	t.Helper()
	conn, err := net.Dial("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(20 * time.Second))
	_, _ = io.WriteString(conn, wire) // an early answer may end it
	_ = conn.(*net.UnixConn).CloseWrite()
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		return 0, nil
	}
	body, err = io.ReadAll(response.Body)
	if response.Header.Get("Content-Type") == "application/json" && (err != nil || !json.Valid(body)) {
		t.Fatalf("%q: %v in %s", wire, err, body)
	}
	return response.StatusCode, body
}
