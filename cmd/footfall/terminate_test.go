package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"hash/crc32"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/footfall/footfall/signals/signalstest"
)

type figuresOfLocation struct {
	Zone     string `json:"zone_id"`
	Coverage float64
	Entries  int64
	Exits    int64
}

// locationRow is what a database has of location 7 in this and the last hour.
func locationRow(t *testing.T, database string) figuresOfLocation {
	t.Helper()
	code, out, errs := footfall(t, "report", "occupancy", "--database", database, "--location", "7", "--zone", "location", "--format", "json",
		"--from", time.Now().Add(-time.Hour).UTC().Format(time.RFC3339), "--to", time.Now().Add(time.Minute).UTC().Format(time.RFC3339))
	if code != exitOK {
		t.Fatal(errs)
	}
	var report struct{ Rows []figuresOfLocation }
	if err := json.Unmarshal([]byte(out), &report); err != nil || len(report.Rows) != 1 {
		t.Fatalf("%v in %s", err, out)
	}
	return report.Rows[0]
}

// Asked to end under load, a server stops taking messages, stores all that it took, closes
// WebSockets with 1001 and ends well, in seconds; with what it did not take sent to the
// next one, the totals are the truth.
func TestTerminatedUnderLoad(t *testing.T) {
	folder := sceneFolder(t)
	messages := readScene(t, filepath.Join(folder, "recording.ndjson.gz"))
	sender := signalstest.NewSender(t)
	database := filepath.Join(t.TempDir(), "terminated.db")
	config := writeKillConfig(t, sender.URL(), folder, database)
	slowest, next := time.Duration(0), int64(0)
	label := `footfall_messages_total{location="` + strconv.Itoa(killLocation) + `"}`
	for range 3 {
		server := startChild(t, "serve", "--config", config)
		closed := make(chan int, 1)
		go func() { closed <- closeCodeOf(server.address) }()
		await(t, "the client to register", func() bool { return metric(t, server.address, "footfall_relay_registered") == 1 })
		sent := make(chan int64, 1)
		go func() { sent <- sendScene(t, sender, messages[next:], killSpeed, time.Now().Add(time.Minute)) }()
		await(t, "load", func() bool { return metric(t, server.address, label) > 500 })
		before := int64(metric(t, server.address, label))
		began := time.Now()
		if err := server.cmd.Process.Signal(syscall.SIGTERM); err != nil {
			t.Fatal(err)
		}
		if err := server.cmd.Wait(); err != nil {
			t.Errorf("it ended with %v:\n%s", err, server.log)
		}
		took := time.Since(began)
		if slowest = max(slowest, took); took > 5*time.Second {
			t.Errorf("it took %v to end", took)
		}
		if code := <-closed; code != 1001 {
			t.Errorf("the client was closed by %d, want 1001", code)
		}
		n := <-sent // it fails to send to who is gone
		sender.Drop()
		counted := countedMessages(t, database)
		if counted < next+before || counted > next+n {
			t.Errorf("%d messages counted; %d were before the signal, %d were sent", counted-next, before, n)
		}
		next = counted
	}
	t.Logf("the slowest of 3 took %v to end", slowest)
	k := &killing{t: t, messages: messages, sender: sender, database: database, config: config, next: next}
	k.finish()
	compareWithTruth(t, folder, database)
}

// closeCodeOf registers at a server's /websocket_realtime and reads until it is closed.
func closeCodeOf(address string) int {
	code, err := signalstest.CloseCode(context.Background(), "ws://"+address+"/websocket_realtime", killLocation)
	if err != nil {
		return -1
	}
	return code
}

// Whatever file stands where the database should be, each command says what it is in one
// sentence, ends with exit code 3 and leaves every byte as it was.
func TestRefusedDatabases(t *testing.T) {
	sound, zones := countedShop(t)
	whole, err := os.ReadFile(sound)
	if err != nil {
		t.Fatal(err)
	}
	newer := bytes.ReplaceAll(whole, schemaRecord(2), schemaRecord(99))
	if bytes.Equal(newer, whole) {
		t.Fatal("the schema's version is not where it should be")
	}
	for name, c := range map[string]struct {
		content []byte
		says    string
	}{
		"empty":     {nil, "is an empty file"},
		"truncated": {whole[:20_000], "is truncated"},
		"foreign":   {[]byte(strings.Repeat("somebody else's notes\n", 1000)), "is not a Footfall database"},
		"newer":     {newer, "was written by a newer version"},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "footfall.db")
			if err := os.WriteFile(path, c.content, 0o600); err != nil {
				t.Fatal(err)
			}
			refuseAll(t, path, zones, c.says)
			if after, err := os.ReadFile(path); err != nil || string(after) != string(c.content) {
				t.Errorf("the file is changed; %v", err)
			}
		})
	}
	t.Run("in use", func(t *testing.T) {
		server := startChild(t, "serve", "--listen", "127.0.0.1:0", "--database", sound, "--zones", zones)
		defer server.terminate(t)
		code, _, errs := footfall(t, "serve", "--listen", "127.0.0.1:0", "--database", sound, "--zones", zones)
		if code != exitDatabase || !strings.Contains(errs, "is in use by another process") {
			t.Errorf("a second server: exit %d: %s", code, errs)
		}
	})
}

// schemaRecord is the record that says of which version a database is.
func schemaRecord(version uint32) []byte {
	value := binary.LittleEndian.AppendUint32([]byte("footfall"), version)
	sum := crc32.Checksum(append([]byte("\xffschema"), value...), crc32.MakeTable(crc32.Castagnoli))
	return append(binary.LittleEndian.AppendUint32(nil, sum), value...)
}

func refuseAll(t *testing.T, path, zones, says string) {
	t.Helper()
	for _, args := range [][]string{
		{"serve", "--listen", "127.0.0.1:0", "--zones", zones, "--database", path},
		{"report", "occupancy", "--database", path},
		{"db", "check", "--database", path},
		{"db", "compact", "--database", path},
		{"db", "backup", "--database", path, filepath.Join(t.TempDir(), "copy.db")},
	} {
		code, _, errs := footfall(t, args...)
		if code != exitDatabase || !strings.Contains(errs, says) || strings.Count(strings.TrimSpace(errs), "\n") > 0 {
			t.Errorf("%v: exit %d: %s", args, code, errs)
		}
	}
}
