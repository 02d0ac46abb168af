package main

import (
	"context"
	"encoding/json"
	"flag"
	"io"
	"math/rand/v2"
	"net/http"
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

var kills = flag.Int("kills", 20, "at how many random moments TestKilledAtRandomMoments kills the server; each 20 are a database")

// The process is killed at random moments while a scene comes in. Each time it is ready
// again in seconds, the database is sound and tells how many messages it has counted, of
// which none is missing that came before the last flush but one began, and the sender goes
// on from the next. The totals are those of an undisturbed run: what a flush had written
// is there, what it had not is not, and nothing is counted twice.
func TestKilledAtRandomMoments(t *testing.T) {
	left, each := *kills, 20
	if testing.Short() {
		left = 4
	}
	folder := sceneFolder(t)
	messages := readScene(t, filepath.Join(folder, "recording.ndjson.gz"))
	for seed := uint64(1); left > 0; seed++ {
		k := &killing{t: t, messages: messages, sender: signalstest.NewSender(t), random: rand.New(rand.NewPCG(seed, 2))}
		k.database = filepath.Join(t.TempDir(), "killed.db")
		k.config = writeKillConfig(t, k.sender.URL(), folder, k.database)
		n := min(left, each)
		for range n {
			k.once()
		}
		left -= n
		k.finish()
		compareWithTruth(t, folder, k.database)
		t.Logf("%d kills: ready again after %v at most; of %d messages %d were sent again, %d at most after one kill",
			n, k.slowest.Round(time.Millisecond), len(messages), k.again, k.mostAgain)
	}
}

// killing is one database and the scene on its way into it.
type killing struct {
	t        *testing.T
	messages []signals.Message
	sender   *signalstest.Sender
	random   *rand.Rand
	database string
	config   string

	next             int64         // message to be sent
	slowest          time.Duration // from the start to being ready
	again, mostAgain int64         // messages sent before a kill and not counted by then
}

const readyWithin = 5 * time.Second

func (k *killing) start() *child {
	began := time.Now()
	c := startChild(k.t, "serve", "--config", k.config)
	for !isReady(k.t, c.address) {
		if time.Since(began) > readyWithin {
			k.t.Fatalf("not ready %v after the start:\n%s", readyWithin, c.log)
		}
		time.Sleep(2 * time.Millisecond)
	}
	k.slowest = max(k.slowest, time.Since(began))
	return c
}

func isReady(t *testing.T, address string) bool {
	t.Helper()
	response, err := http.Get("http://" + address + "/readyz")
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	return response.StatusCode == http.StatusOK
}

// once starts the server, sends for a while, kills it and looks at what is there.
func (k *killing) once() {
	c := k.start()
	watch := watchFlushes(k.t, c.address)
	stop := time.Now().Add(time.Duration(50+k.random.IntN(2500)) * time.Millisecond)
	sent := sendScene(k.t, k.sender, k.messages[k.next:], killSpeed, stop)
	c.kill()
	k.sender.Drop()
	if code, _, errs := footfall(k.t, "db", "check", "--database", k.database); code != exitOK {
		k.t.Fatalf("after a kill db check says: %s", errs)
	}
	counted := countedMessages(k.t, k.database)
	flushed := watch.flushed()
	if counted < k.next+flushed || counted > k.next+sent {
		k.t.Fatalf("%d messages counted; %d were before, %d came before the last flush but one, %d were sent", counted, k.next, flushed, sent)
	}
	k.again += k.next + sent - counted
	k.mostAgain = max(k.mostAgain, k.next+sent-counted)
	k.next = counted
}

// finish sends what is left and waits until everybody is gone.
func (k *killing) finish() {
	c := k.start()
	sendScene(k.t, k.sender, k.messages[k.next:], 5*killSpeed, time.Now().Add(time.Minute))
	for deadline := time.Now().Add(10 * time.Second); countedLive(k.t, c.address) > 0; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			k.t.Fatal("people are still there at the end")
		}
	}
	c.terminate(k.t)
}

// flushWatch follows the metrics of a server until that is gone.
type flushWatch struct {
	ended chan struct{}
	seen  [][2]int64 // flushes written, and messages counted at that time
}

func watchFlushes(t *testing.T, address string) *flushWatch {
	w := &flushWatch{ended: make(chan struct{})}
	location := `{location="` + strconv.Itoa(killLocation) + `"}`
	go func() {
		defer close(w.ended)
		for {
			found, err := scrape(address, "footfall_flushes_total", "footfall_messages_total"+location)
			if err != nil {
				return
			}
			w.seen = append(w.seen, [2]int64{int64(found[0]), int64(found[1])})
			time.Sleep(20 * time.Millisecond)
		}
	}()
	return w
}

// flushed is how many messages a flush has surely written: those counted before the
// flush began that was the last one to be seen to end.
func (w *flushWatch) flushed() (messages int64) {
	<-w.ended
	for _, s := range w.seen {
		if s[0] <= w.seen[len(w.seen)-1][0]-2 {
			messages = s[1]
		}
	}
	return messages
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

// sendScene sends messages in their time, sped up, until the client goes or stop, and
// tells how many.
func sendScene(t *testing.T, sender *signalstest.Sender, messages []signals.Message, speed int, stop time.Time) (sent int64) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	if err := sender.Wait(ctx); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	for i := range messages {
		m := &messages[i]
		at := began.Add(time.Duration(m.Time-messages[0].Time) * time.Microsecond / time.Duration(speed))
		if at.After(stop) {
			time.Sleep(time.Until(stop))
			return sent
		}
		time.Sleep(time.Until(at))
		if sender.Send(ctx, m) != nil {
			return sent
		}
		sent++
	}
	return sent
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
