package main

import (
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// While a feed is cut off, /readyz, the metrics and the locations say so and since when.
func TestAGapInTheFeedIsTold(t *testing.T) {
	began := time.Now().Add(-time.Minute)
	player := startChild(t, "simulate", "--listen", "127.0.0.1:0")
	path := filepath.Join(t.TempDir(), "footfall.yaml")
	text := "listen: 127.0.0.1:0\ndatabase: " + path + ".db\nzones: \"\"\nfeeds: [{url: \"ws://" + player.address + "/websocket_realtime\", locations: [1]}]\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	server := startChild(t, "serve", "--config", path)
	defer server.terminate(t)
	connected, since := `footfall_connected{location="1"}`, `footfall_connected_since_timestamp_seconds{location="1"}`
	await(t, "the feed to connect", func() bool { return metric(t, server.address, connected) == 1 })
	from := metric(t, server.address, since)
	if from < float64(began.Unix()) {
		t.Errorf("connected since %v", from)
	}
	player.terminate(t)
	await(t, "the gap", func() bool { return metric(t, server.address, connected) == 0 })
	if gap := metric(t, server.address, since); gap < from {
		t.Errorf("connected since %v, in a gap since %v", from, gap)
	}
	var listed struct {
		Locations []struct {
			Connected bool
			Since     *time.Time
		}
	}
	get(t, server.address, "/api/v1/locations", &listed)
	if l := listed.Locations; len(l) != 1 || l[0].Connected || l[0].Since == nil || l[0].Since.Before(began) {
		t.Errorf("the locations are %+v", l)
	}
	var ready struct {
		Feeds []struct{ State, Since string }
	}
	await(t, "the feed to be told", func() bool {
		code := get(t, server.address, "/readyz", &ready)
		return code == http.StatusServiceUnavailable && ready.Feeds[0].State == "network_fault"
	})
	if at, err := time.Parse(time.RFC3339, ready.Feeds[0].Since); err != nil || at.Before(began) {
		t.Errorf("/readyz says since %s", ready.Feeds[0].Since)
	}
}

func get(t *testing.T, address, path string, into any) (code int) {
	t.Helper()
	response, err := http.Get("http://" + address + path)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err == nil {
		err = json.Unmarshal(body, into)
	}
	if err != nil {
		t.Fatalf("%v in %s", err, body)
	}
	return response.StatusCode
}
