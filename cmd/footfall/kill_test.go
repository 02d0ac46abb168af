package main

import (
	"context"
	"encoding/json"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/footfall/footfall/analytics"
	"github.com/footfall/footfall/internal/boltstore"
	"github.com/footfall/footfall/internal/recording"
	"github.com/footfall/footfall/signals"
	"github.com/footfall/footfall/signals/signalstest"
)

const killScene, killLocation, killSpeed = "students03", 102, 10

// The process is killed at random moments while a scene comes in. Each time the
// database tells how many messages it has counted, and the sender goes on from the
// next: the totals are those of an undisturbed run, so what a flush had written is
// there, what it had not is not, and nothing is counted twice.
func TestKilledAtRandomMoments(t *testing.T) {
	kills := 20
	if testing.Short() {
		kills = 4
	}
	folder := sceneFolder(t)
	messages := readScene(t, filepath.Join(folder, "recording.ndjson.gz"))
	sender := signalstest.NewSender(t)
	database := filepath.Join(t.TempDir(), "killed.db")
	config := writeKillConfig(t, sender.URL(), folder, database)
	random := rand.New(rand.NewPCG(1, 2))
	next := int64(0)
	for range kills {
		c := startChild(t, "serve", "--config", config)
		stop := time.Now().Add(time.Duration(50+random.IntN(1500)) * time.Millisecond)
		sendScene(t, sender, messages[next:], stop)
		c.kill()
		sender.Drop()
		counted := countedMessages(t, database)
		if counted < next || counted > int64(len(messages)) {
			t.Fatalf("%d messages counted after %d were", counted, next)
		}
		next = counted
	}
	t.Logf("after %d kills %d of %d messages are counted", kills, next, len(messages))
	c := startChild(t, "serve", "--config", config)
	sendScene(t, sender, messages[next:], time.Now().Add(time.Minute))
	for deadline := time.Now().Add(10 * time.Second); countedLive(t, c.address) > 0; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("people are still there at the end")
		}
	}
	c.terminate(t)
	compareWithTruth(t, folder, database)
}

func readScene(t *testing.T, path string) []signals.Message {
	t.Helper()
	r, err := recording.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	var all []signals.Message
	for {
		var m signals.Message
		if err := r.Next(&m); err == io.EOF {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, m)
	}
}

func writeKillConfig(t *testing.T, feed, folder, database string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "footfall.yaml")
	text := "listen: 127.0.0.1:0\ndatabase: " + database + "\nzones: " + filepath.Join(folder, "zones.geojson") + `
feeds:
  - {url: "` + feed + `", token: test, locations: [` + strconv.Itoa(killLocation) + `]}
tracking: {enter_after: 0s, exit_after: 0s, corrections: false}
`
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// sendScene sends messages in their time, sped up, until the client goes or stop.
func sendScene(t *testing.T, sender *signalstest.Sender, messages []signals.Message, stop time.Time) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	if err := sender.Wait(ctx); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	for i := range messages {
		m := &messages[i]
		at := began.Add(time.Duration(m.Time-messages[0].Time) * time.Microsecond / killSpeed)
		if at.After(stop) {
			time.Sleep(time.Until(stop))
			return
		}
		time.Sleep(time.Until(at))
		if sender.Send(ctx, m) != nil {
			return
		}
	}
}

// countedMessages is how many messages the last flush had counted.
func countedMessages(t *testing.T, database string) (n int64) {
	t.Helper()
	store, err := boltstore.Open(database, boltstore.Options{ReadOnly: true})
	if err != nil {
		t.Fatalf("after a kill: %v", err)
	}
	defer store.Close()
	err = store.View(func(v analytics.View) error {
		s, err := analytics.LoadState(v, killLocation)
		n = s.Messages
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func countedLive(t *testing.T, address string) int64 {
	t.Helper()
	var counts struct{ Occupancy int64 }
	getJSON(t, "http://"+address+"/api/v1/locations/"+strconv.Itoa(killLocation)+"/occupancy", &counts)
	return counts.Occupancy
}

func compareWithTruth(t *testing.T, folder, database string) {
	t.Helper()
	code, out, errs := footfall(t, "report", "occupancy", "--database", database, "--location", strconv.Itoa(killLocation),
		"--from", time.Now().Add(-time.Hour).UTC().Format(time.RFC3339), "--to", time.Now().Add(time.Hour).UTC().Format(time.RFC3339), "--format", "json")
	if code != exitOK {
		t.Fatalf("report: exit %d: %s", code, errs)
	}
	var report struct {
		Rows []struct {
			Zone           string `json:"zone_id"`
			Entries, Exits int64
		}
	}
	if err := json.Unmarshal([]byte(out), &report); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(folder, "truth.json"))
	if err != nil {
		t.Fatal(err)
	}
	var truth struct {
		Tracks int64
		Zones  map[string]struct{ Entries int64 }
	}
	if err := json.Unmarshal(data, &truth); err != nil {
		t.Fatal(err)
	}
	for _, row := range report.Rows {
		want := truth.Zones[row.Zone].Entries
		if row.Zone == "location" {
			want = truth.Tracks
		}
		if row.Entries != want || row.Exits != want {
			t.Errorf("%s: %d entries and %d exits, want %d", row.Zone, row.Entries, row.Exits, want)
		}
	}
	if len(report.Rows) != len(truth.Zones)+1 {
		t.Errorf("%d rows, want one for each of %d zones and the location", len(report.Rows), len(truth.Zones))
	}
}
