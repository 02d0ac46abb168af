package main

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/footfall/footfall/signals/signalstest"
)

// Backups of a server under load are whole, each at some flush; once restored it goes on
// from there.
func TestHotBackup(t *testing.T) {
	folder := sceneFolder(t)
	messages := readScene(t, filepath.Join(folder, "recording.ndjson.gz"))
	sender := signalstest.NewSender(t)
	shop := t.TempDir()
	database := filepath.Join(shop, "hot.db")
	config := writeKillConfig(t, sender.URL(), folder, database)
	c := startChild(t, "serve", "--config", config)
	stop := time.Now().Add(3 * time.Second)
	sent := make(chan struct{})
	go func() {
		defer close(sent)
		sendScene(t, sender, messages, killSpeed, stop)
	}()
	last, counted := "", int64(0)
	for i := 0; time.Now().Before(stop); i++ {
		time.Sleep(200 * time.Millisecond)
		last = filepath.Join(shop, fmt.Sprint(i, ".db"))
		succeeds(t, "db", "backup", "--config", config, last)
		succeeds(t, "db", "check", "--database", last)
		now := countedMessages(t, last)
		if now < counted || now > int64(len(messages)) {
			t.Errorf("a backup with %d messages after one with %d", now, counted)
		}
		counted = now
	}
	if counted == 0 {
		t.Fatal("no backup has a message: this shows nothing")
	}
	if code, _, stderr := footfall(t, "db", "restore", "--config", config, last); code != exitDatabase {
		t.Errorf("restored while a server holds it: code %d, %s", code, stderr)
	}
	<-sent
	c.terminate(t)
	sender.Drop()
	if more := countedMessages(t, database); more < counted {
		t.Errorf("%d messages counted, fewer than the backup's %d", more, counted)
	}
	succeeds(t, "db", "restore", "--config", config, last)
	if restored := countedMessages(t, database); restored != counted {
		t.Errorf("%d messages restored of %d", restored, counted)
	}
	c = startChild(t, "serve", "--config", config)
	sendScene(t, sender, messages[counted:], killSpeed, time.Now().Add(time.Second))
	c.terminate(t)
	if more := countedMessages(t, database); more <= counted {
		t.Errorf("%d messages counted after it was restored with %d", more, counted)
	}
}

func succeeds(t *testing.T, args ...string) {
	t.Helper()
	if code, stdout, stderr := footfall(t, args...); code != exitOK {
		t.Fatalf("footfall %v: code %d\n%s%s", args, code, stdout, stderr)
	}
}
