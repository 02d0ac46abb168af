package api

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

// store takes uploads, and refuses those that say so.
type uploads struct {
	got     []Upload
	content []string
}

func (u *uploads) take(_ context.Context, up Upload) ([]byte, error) {
	content, err := io.ReadAll(up.Content)
	if err != nil {
		return nil, err
	}
	u.got, u.content = append(u.got, up), append(u.content, string(content))
	switch {
	case bytes.HasPrefix(content, []byte("wrong")):
		return nil, &UploadError{Status: http.StatusUnprocessableEntity, Line: 7, Reason: "line 7: it is wrong"}
	case bytes.HasPrefix(content, []byte("early")):
		return nil, &UploadError{Status: http.StatusConflict, Reason: "counted up to noon"}
	case bytes.HasPrefix(content, []byte("broken")):
		return nil, errors.New("the disk is full")
	}
	return RenderUploaded(up.Location, Uploaded{Messages: 3, First: noon.UnixMicro(), Last: noon.UnixMicro() + 1})
}

const messagesPath = "/api/v1/locations/21/messages"

func zipped(t *testing.T, text string) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := io.WriteString(w, text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestUpload(t *testing.T) {
	u := &uploads{}
	s := start(t, func(c *Config) { c.Upload = u.take })
	want := `{"location_id":21,"messages":3,"steps_back":0,"unknown":0,"first":"2026-03-02T10:00:00Z","last":"2026-03-02T10:00:00.000001Z"}`
	long := strings.Repeat("x", 3<<20) // more than other requests may have
	for _, c := range []struct{ body, key, encoding string }{
		{"a", "", ""}, {"a", "k-1", "identity"}, {zipped(t, "a"), `"k"`, "gzip"}, {long, "", ""}, {"", "", ""},
	} {
		headers := []string{"Content-Type", ndjsonType}
		if c.key != "" {
			headers = append(headers, keyHeader, c.key)
		}
		if c.encoding != "" {
			headers = append(headers, "Content-Encoding", c.encoding)
		}
		a := s.post(t, messagesPath, c.body, headers...)
		a.wantStatus(t, http.StatusOK)
		last := len(u.got) - 1
		if got := strings.TrimSpace(string(a.body)); got != want || u.content[last] != c.body || u.got[last].Key != c.key || u.got[last].Location != 21 {
			t.Errorf("%.20q with key %q: took %.20q of %+v, answered %s", c.body, c.key, u.content[last], u.got[last], got)
		}
	}
	if u.got[0].Body != u.got[1].Body || u.got[0].Body == u.got[2].Body {
		t.Errorf("bodies are told apart by %q, %q, %q", u.got[0].Body, u.got[1].Body, u.got[2].Body)
	}
}

func TestUploadsRefused(t *testing.T) {
	u := &uploads{}
	s := start(t, func(c *Config) { c.Upload = u.take })
	for _, c := range []struct {
		path, body     string
		headers        []string
		status         int
		text, location string
	}{
		{messagesPath, "wrong", nil, 422, "line 7", "body.line[7]"},
		{messagesPath, "early", nil, 409, "up to noon", ""},
		{messagesPath, "broken", nil, 500, "log", ""},
		{"/api/v1/locations/9/messages", "a", nil, 404, "no location 9", "path.location"},
		{"/api/v1/locations/x/messages", "a", nil, 400, "not an integer", "path.location"},
		{messagesPath + "?key=1", "a", nil, 400, "no parameter", "query.key"},
		{messagesPath, "a", []string{"Content-Type", "multipart/form-data; boundary=x"}, 415, "must say what the body is", ""},
		{messagesPath, "a", []string{"Content-Type", "text/plain"}, 415, "must say what the body is: application/x-ndjson", ""},
		{messagesPath, "a", []string{"Content-Encoding", "br"}, 415, "gzip or zstd", ""},
		{messagesPath, "a", []string{"Content-Encoding", "gzip"}, 400, "not compressed", ""},
		{messagesPath, "a", []string{keyHeader, ""}, 400, "1 to 255", "header.Idempotency-Key"},
		{messagesPath, "a", []string{keyHeader, "a b"}, 400, "1 to 255", "header.Idempotency-Key"},
		{messagesPath, "a", []string{keyHeader, strings.Repeat("k", 256)}, 400, "1 to 255", "header.Idempotency-Key"},
		{messagesPath, "a", []string{"Origin", "https://elsewhere.example"}, 403, "elsewhere", ""},
	} {
		if !slices.Contains(c.headers, "Content-Type") {
			c.headers = append(c.headers, "Content-Type", ndjsonType)
		}
		s.post(t, c.path, c.body, c.headers...).wantProblem(t, c.status, c.text, c.location)
	}
	if len(u.got) != 3 {
		t.Errorf("%d uploads were counted, want those 3 that were refused there", len(u.got))
	}
	s.get(t, messagesPath).wantProblem(t, 405, "GET", "")
}

func TestUploadsTooLong(t *testing.T) {
	s := start(t, func(c *Config) { c.Upload = (&uploads{}).take })
	conn, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_, err = io.WriteString(conn, "POST "+messagesPath+" HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\nContent-Length: 268435457\r\n\r\n")
	if err != nil {
		t.Fatal(err)
	}
	if err := conn.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	answer := make([]byte, 64)
	if n, err := io.ReadFull(conn, answer); err != nil || !strings.HasPrefix(string(answer[:n]), "HTTP/1.1 413") {
		t.Errorf("%q, %v", answer[:n], err)
	}
}

// A body that stops coming, or breaks off, is not counted.
func TestUploadsThatStop(t *testing.T) {
	u := &uploads{}
	s := start(t, func(c *Config) { c.Upload = u.take })
	s.progress = 50 * time.Millisecond
	reader, writer := io.Pipe()
	defer writer.Close()
	go func() { _, _ = io.WriteString(writer, "a") }()
	a := s.send(t, http.MethodPost, messagesPath, reader, "Content-Type", ndjsonType)
	a.wantProblem(t, http.StatusRequestTimeout, "nothing came", "")
	if len(u.got) != 0 {
		t.Errorf("it was counted: %+v", u.got)
	}
}
