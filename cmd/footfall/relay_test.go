package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/footfall/footfall/signals/signalstest"
)

// sceneFolder is where the kill test's scene lies, or skips.
func sceneFolder(t *testing.T) string {
	t.Helper()
	folder := filepath.Join("..", "..", "..", "shared", "data", killScene)
	if _, err := os.Stat(folder); errors.Is(err, os.ErrNotExist) {
		t.Skipf("SKIPPED: the recordings of real people are not on this machine (%s)", folder)
	}
	return folder
}

// A recorder that listens to footfall as to any Signals server gets everything
// that footfall gets: what it wrote counts to the same.
func TestRecordingOfTheRelayCountsTheSame(t *testing.T) {
	folder := sceneFolder(t)
	sender := signalstest.NewSender(t)
	server := startChild(t, "serve", "--config", writeKillConfig(t, sender.URL(), folder, filepath.Join(t.TempDir(), "served.db")))
	file := filepath.Join(t.TempDir(), "relayed.ndjson.zst")
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	recorded := make(chan int, 1)
	var out bytes.Buffer
	go func() {
		recorded <- run(ctx, []string{"record", "--url", "ws://" + server.address + "/websocket_realtime", "--location", strconv.Itoa(killLocation), file}, strings.NewReader(""), &out, io.Discard)
	}()
	await(t, "the recorder to register", func() bool { return metric(t, server.address, "footfall_relay_registered") == 1 })
	messages := readScene(t, filepath.Join(folder, "recording.ndjson.gz"))
	for i := range messages {
		if err := sender.Send(ctx, &messages[i]); err != nil {
			t.Fatal(err)
		}
	}
	label := `footfall_messages_total{location="` + strconv.Itoa(killLocation) + `"}`
	await(t, "everything to be counted", func() bool { return metric(t, server.address, label) == float64(len(messages)) })
	await(t, "everybody to leave", func() bool { return countedLive(t, server.address) == 0 })
	time.Sleep(200 * time.Millisecond) // the relay's last batch is on its way
	cancel()
	if code := <-recorded; code != exitOK {
		t.Fatalf("record: exit %d", code)
	}
	if want := strconv.Itoa(len(messages)) + " messages in "; !strings.Contains(out.String(), want) {
		t.Errorf("record says %q, want %q", out.String(), want)
	}
	database := filepath.Join(t.TempDir(), "replayed.db")
	code, _, errs := footfall(t, "replay", "--config", writeKillConfig(t, sender.URL(), folder, database), file)
	if code != exitOK {
		t.Fatalf("replay: exit %d: %s", code, errs)
	}
	compareWithTruth(t, folder, database)
	server.terminate(t)
}

// A recording played by simulate counts to the truth.
func TestSimulatedRecordingCountsToTheTruth(t *testing.T) {
	folder := sceneFolder(t)
	player := startChild(t, "simulate", "--listen", "127.0.0.1:0", "--recording", filepath.Join(folder, "recording.ndjson.gz"), "--speed", "100", "--token", "test")
	database := filepath.Join(t.TempDir(), "simulated.db")
	server := startChild(t, "serve", "--config", writeKillConfig(t, "ws://"+player.address+"/websocket_realtime", folder, database))
	label := `footfall_messages_total{location="` + strconv.Itoa(killLocation) + `"}`
	await(t, "everything to be counted", func() bool { return metric(t, server.address, label) == 22274 })
	server.terminate(t)
	player.terminate(t)
	compareWithTruth(t, folder, database)
}

// A wrong token is told apart from a network fault.
func TestReadyzTellsWhatIsWrongWithAFeed(t *testing.T) {
	player := startChild(t, "simulate", "--listen", "127.0.0.1:0", "--token", "right")
	folder := t.TempDir()
	for feed, want := range map[string]string{
		"ws://" + player.address + "/websocket_realtime": "refused_token",
		"ws://127.0.0.1:1/websocket_realtime":            "network_fault",
	} {
		path := filepath.Join(folder, "footfall.yaml")
		text := "listen: 127.0.0.1:0\ndatabase: " + filepath.Join(folder, want+".db") + "\nzones: \"\"\nfeeds: [{url: \"" + feed + "\", token: secretwrong, locations: [1]}]\n"
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		server := startChild(t, "serve", "--config", path)
		await(t, want, func() bool {
			response, err := http.Get("http://" + server.address + "/readyz")
			if err != nil {
				t.Fatal(err)
			}
			defer response.Body.Close()
			body, _ := io.ReadAll(response.Body)
			if strings.Contains(string(body), "secretwrong") {
				t.Fatalf("the token is in %s", body)
			}
			return response.StatusCode == http.StatusServiceUnavailable && strings.Contains(string(body), want)
		})
		server.terminate(t)
	}
}

func await(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); !ok(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain for %s", what)
		}
	}
}

// metric is a figure of /metrics, -1 where there is none of that name.
func metric(t *testing.T, address, name string) float64 {
	t.Helper()
	found, err := scrape(address, name)
	if err != nil {
		t.Fatal(err)
	}
	return found[0]
}

// scrape reads figures of /metrics at one time, -1 for one that is not there.
func scrape(address string, names ...string) (found []float64, err error) {
	response, err := http.Get("http://" + address + "/metrics")
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		value := -1.
		for line := range strings.SplitSeq(string(body), "\n") {
			if text, ok := strings.CutPrefix(line, name+" "); ok {
				if value, err = strconv.ParseFloat(text, 64); err != nil {
					return nil, err
				}
			}
		}
		found = append(found, value)
	}
	return found, nil
}
