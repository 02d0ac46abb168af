package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A database that would end whoever opens it: one sentence, an exit code, and the file as
// it was.
func TestServeOfADatabaseThatCrashes(t *testing.T) {
	path := filepath.Join(t.TempDir(), crashing)
	replayed(t, path, "first.ndjson.gz")
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	code, _, stderr := footfall(t, "serve", "--listen", "127.0.0.1:0", "--zones", "", "--database", path)
	if code != exitDatabase || !strings.Contains(stderr, path+" is damaged: opening it would crash; restore a backup") {
		t.Errorf("code %d: %s", code, stderr)
	}
	if after, _ := os.ReadFile(path); !bytes.Equal(before, after) {
		t.Error("the file was touched")
	}
}

// The probe finds nothing wrong with a sound database, and says what opening says of others.
func TestProbe(t *testing.T) {
	path := filepath.Join(t.TempDir(), "shop.db")
	replayed(t, path, "first.ndjson.gz")
	succeeds(t, "db", "probe", "--database", path)
	if err := os.Truncate(path, 9000); err != nil {
		t.Fatal(err)
	}
	if code, _, stderr := footfall(t, "db", "probe", "--database", path); code != exitDatabase || !strings.Contains(stderr, "is truncated") {
		t.Errorf("code %d: %s", code, stderr)
	}
	code, _, stderr := footfall(t, "serve", "--listen", "127.0.0.1:0", "--zones", "", "--database", path)
	if code != exitDatabase || !strings.Contains(stderr, "is truncated") || strings.Count(stderr, path) != 1 {
		t.Errorf("serve: code %d: %s", code, stderr)
	}
}
