package main

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/footfall/footfall/internal/recording"
)

// TestSoak: with a feed that flaps, a hundred readers who poll and fifty who listen, every
// entry and exit is counted once, every listener hears everything, and whoever left is
// forgotten. make soak is the same for half an hour, and looks whether anything grows.
func TestSoak(t *testing.T) {
	if testing.Short() {
		t.Skip("takes half a minute; the server is a process of its own, without the race detector")
	}
	s, err := newSuite(options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.close()
	if err := s.runSoak(30 * time.Second); err != nil {
		t.Error(err)
	}
}

// TestScriptAddsUp: whoever comes goes, and what differs is told.
func TestScriptAddsUp(t *testing.T) {
	k := newScript(time.Unix(1_770_000_000, 0), discardedLog(t))
	if _, err := k.following(nil, 20*soakPeople); err != nil {
		t.Fatal(err)
	}
	if _, err := k.end(); err != nil {
		t.Fatal(err)
	}
	var rows []tally
	for _, c := range k.counts {
		if c.Entries == 0 || c.Entries != c.Exits {
			t.Errorf("%+v", c)
		}
		rows = append(rows, *c)
	}
	if faults := k.differences(rows); faults != nil || len(rows) != soakZones+1 {
		t.Errorf("%d rows, %v", len(rows), faults)
	}
	rows[5].Entries++
	if faults := k.differences(rows[1:]); len(faults) != 2 {
		t.Errorf("one row missing and one wrong: %v", faults)
	}
}

// TestJudgeFlat: what grows is told, a peak is not.
func TestJudgeFlat(t *testing.T) {
	looks := make([]look, 60)
	for i := range looks {
		looks[i] = look{rss: 2e7, anonymous: 1e7, goroutines: 100, fds: 100}
	}
	looks[50].goroutines, looks[51].anonymous = 1000, 9e9
	if _, faults := judgeFlat(looks); faults != nil {
		t.Errorf("flat: %v", faults)
	}
	for i := range looks {
		looks[i].goroutines += float64(i)
		looks[i].anonymous += 5e4 * float64(i)
	}
	if _, faults := judgeFlat(looks); len(faults) != 2 || !strings.Contains(strings.Join(faults, ";"), "goroutines") {
		t.Errorf("growing: %v", faults)
	}
}

func discardedLog(t *testing.T) *recording.Writer {
	t.Helper()
	log, err := recording.Create(filepath.Join(t.TempDir(), "log.ndjson"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { log.Close() })
	return log
}
