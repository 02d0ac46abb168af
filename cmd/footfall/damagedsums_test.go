package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/footfall/footfall/analytics"
	"github.com/footfall/footfall/api"
	"github.com/footfall/footfall/internal/boltstore"
)

type reportRow map[string]any

// figuresOf is a report of a database file.
func figuresOf(store analytics.Store, kind string, bucket analytics.Bucket) (rows []reportRow, err error) {
	reports := &analytics.Reports{Store: store, Open: func(context.Context, int64) (*analytics.Open, error) { return nil, nil }}
	var text bytes.Buffer
	out := api.NewJSON(&text, true)
	const from = 1772442000_000000 // 2026-03-02T09:00:00Z
	q := analytics.Query{Kind: kind, Locations: []int64{21}, From: from, To: from + 3600_000000, Bucket: bucket, Now: from + 7200_000000}
	if err := errors.Join(reports.Run(context.Background(), q, out), out.Close()); err != nil {
		return nil, err
	}
	var answer struct{ Rows []reportRow }
	return answer.Rows, json.Unmarshal(text.Bytes(), &answer)
}

// A minute that is damaged before it is summed up: its quarter hour has no figures, all
// others do, and counting goes on.
func TestSumsOfADamagedMinute(t *testing.T) {
	folder := t.TempDir()
	whole, part, damaged := filepath.Join(folder, "whole.db"), filepath.Join(folder, "part.db"), filepath.Join(folder, "damaged.db")
	replayed(t, part, "first.ndjson.gz")
	succeeds(t, "db", "backup", "--database", part, damaged)
	replayed(t, whole, "first.ndjson.gz")
	replayed(t, whole, "rest.ndjson.gz")
	content, err := os.ReadFile(damaged)
	if err != nil {
		t.Fatal(err)
	}
	const minute = 1772442000/60 + 17 // 09:17
	key := binary.BigEndian.AppendUint64([]byte{1}, 21|1<<63)
	key = binary.BigEndian.AppendUint32(append(key, 'z'), minute)
	at := bytes.Index(content, key)
	if at < 0 {
		t.Fatal("there is no such minute")
	}
	content[at+len(key)+4+6] ^= 1 // behind the zone's number and the checksum
	if err := os.WriteFile(damaged, content, 0o600); err != nil {
		t.Fatal(err)
	}
	replayed(t, damaged, "rest.ndjson.gz")
	for _, r := range figuresIn(t, damaged, "peaks", analytics.Whole) {
		if in := r["weekday"] == 1. && r["hour"] == 9.; in != (r["damaged"] != nil) || in && r["occupancy_mean"] != nil {
			t.Errorf("peaks: %v", r)
		}
	}
	for bucket, want := range map[analytics.Bucket]string{analytics.Bucket1m: "09:17", analytics.Bucket15m: "09:15", analytics.Bucket1h: "09:00"} {
		for _, kind := range []string{"occupancy", "visits", "utilization"} {
			got, right := figuresIn(t, damaged, kind, bucket), figuresIn(t, whole, kind, bucket)
			for i, r := range got {
				if r["damaged"] == nil && !reflect.DeepEqual(r, right[i]) {
					t.Errorf("%s by %v: %v, want %v", kind, bucket, r, right[i])
				}
				start := r["start"].(string)
				if strings.Contains(start, "T09:16") { // beside it: what is damaged may have been there
					continue
				}
				if in := strings.Contains(start, "T"+want); in != (r["damaged"] != nil) {
					t.Errorf("%s by %v: %v", kind, bucket, r)
				}
			}
		}
	}
}

func figuresIn(t *testing.T, database, kind string, bucket analytics.Bucket) []reportRow {
	t.Helper()
	store, err := boltstore.Open(database, boltstore.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	rows, err := figuresOf(store, kind, bucket)
	if err != nil {
		t.Fatal(err)
	}
	return rows
}
