package main

import (
	"bytes"
	"encoding/json"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

func startUploads(t *testing.T, zones, database string) *child {
	t.Helper()
	return startChild(t, "serve", "--listen", "127.0.0.1:0", "--zones", zones, "--database", database,
		"--tracking.enter_after", "0s", "--tracking.exit_after", "0s", "--tracking.corrections=false")
}

// upload posts a body; the status is 0 where the server went away.
func upload(t *testing.T, c *child, key, encoding string, body io.Reader) (status int, answer string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+c.address+"/api/v1/locations/102/messages", body)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-ndjson")
	request.Header.Set("Content-Encoding", encoding)
	if key != "" {
		request.Header.Set("Idempotency-Key", key)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, err.Error()
	}
	defer response.Body.Close()
	read, err := io.ReadAll(response.Body)
	if err != nil {
		return 0, err.Error()
	}
	return response.StatusCode, string(read)
}

const uploadReport = "/api/v1/locations/102/reports/occupancy?from=2026-03-02T00:00:00Z&to=2026-03-03T00:00:00Z&bucket=1h&tz=UTC"

// chunked hides how long a body is, so that it is sent in chunks.
type chunked struct{ io.Reader }

// The server is killed at random moments while a recording is uploaded, and the same
// upload is sent again each time: it counts once, as a replay of the file does.
func TestUploadsOverKills(t *testing.T) {
	folder := sceneFolder(t)
	zones := filepath.Join(folder, "zones.geojson")
	recording, err := os.ReadFile(filepath.Join(folder, "recording.ndjson.gz"))
	if err != nil {
		t.Fatal(err)
	}
	database := filepath.Join(t.TempDir(), "uploads.db")
	random := rand.New(rand.NewPCG(3, 4))
	kills := 12
	if testing.Short() {
		kills = 4
	}
	for range kills {
		c := startUploads(t, zones, database)
		wait := time.Duration(random.IntN(150)) * time.Millisecond
		go func() {
			time.Sleep(wait)
			_ = c.cmd.Process.Kill()
		}()
		if status, answer := upload(t, c, "the-scene", "gzip", chunked{bytes.NewReader(recording)}); status != 0 && status != http.StatusOK {
			t.Fatalf("%d %s", status, answer)
		}
		c.kill()
	}
	c := startUploads(t, zones, database)
	status, first := upload(t, c, "the-scene", "gzip", bytes.NewReader(recording))
	if status != http.StatusOK || !strings.Contains(first, `"first":"2026-03-02T`) {
		t.Fatalf("%d %s", status, first)
	}
	if status, again := upload(t, c, "the-scene", "gzip", bytes.NewReader(recording)); status != http.StatusOK || again != first {
		t.Errorf("again: %d %s, want %s", status, again, first)
	}
	var got, want any
	getJSON(t, "http://"+c.address+uploadReport, &got)
	c.terminate(t)
	replayed := filepath.Join(t.TempDir(), "replayed.db")
	if code, _, errs := footfall(t, "replay", "--zones", zones, "--database", replayed,
		"--tracking.enter_after", "0s", "--tracking.exit_after", "0s", "--tracking.corrections=false", filepath.Join(folder, "recording.ndjson.gz")); code != exitOK {
		t.Fatal(errs)
	}
	code, out, errs := footfall(t, "report", "occupancy", "--database", replayed, "--location", "102", "--from", "2026-03-02T00:00:00Z", "--to", "2026-03-03T00:00:00Z", "--bucket", "1h", "--tz", "UTC", "--format", "json")
	if code != exitOK {
		t.Fatal(errs)
	}
	if err := json.Unmarshal([]byte(out), &want); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("the upload tells\n%v\nthe replay\n%v", got, want)
	}
}

func TestUploadsThatAreRefused(t *testing.T) {
	folder := sceneFolder(t)
	c := startUploads(t, filepath.Join(folder, "zones.geojson"), filepath.Join(t.TempDir(), "uploads.db"))
	line := func(minute, location string) string {
		return `{"time":"2026-03-02T09:` + minute + `:00Z","message":{"type":"realtime_person_position","person_id":1,"location_id":` + location + `,"position":{"x":10,"y":10}}}` + "\n"
	}
	var before, after any
	getJSON(t, "http://"+c.address+uploadReport, &before)
	for _, tt := range []struct {
		body, key string
		status    int
		text      string
	}{
		{line("00", "102") + line("01", "102") + "{}\n", "", 422, "line 3"},
		{line("00", "102") + line("01", "103"), "", 422, "line 2: the message is of location 103"},
		{line("05", "102") + line("00", "102"), "", 422, "line 2: the time steps back"},
		{"\x1f\x8b", "", 422, "line 1"},
	} {
		if status, answer := upload(t, c, tt.key, "", strings.NewReader(tt.body)); status != tt.status || !strings.Contains(answer, tt.text) {
			t.Errorf("%q: %d %s, want %d and %q", tt.body, status, answer, tt.status, tt.text)
		}
	}
	getJSON(t, "http://"+c.address+uploadReport, &after)
	if !reflect.DeepEqual(before, after) {
		t.Errorf("what was refused was counted: %v", after)
	}
	if status, answer := upload(t, c, "k", "", strings.NewReader(line("05", "102"))); status != 200 {
		t.Fatalf("%d %s", status, answer)
	}
	for _, tt := range []struct {
		minute, key string
		status      int
		text        string
	}{
		{"04", "", 409, "counted up to 2026-03-02T09:05:00Z already, and the recording begins there at 2026-03-02T09:04:00Z"},
		{"06", "k", 422, "Idempotency-Key"},
	} {
		if status, answer := upload(t, c, tt.key, "", strings.NewReader(line(tt.minute, "102"))); status != tt.status || !strings.Contains(answer, tt.text) {
			t.Errorf("%s: %d %s, want %d and %q", tt.minute, status, answer, tt.status, tt.text)
		}
	}
}
