package engine

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/footfall/footfall/analytics"
	"github.com/footfall/footfall/analytics/storetest"
	"github.com/footfall/footfall/internal/recording"
)

func TestReplayCounts(t *testing.T) {
	store := storetest.NewMemory()
	r := NewReplayer(store, plain(), mustParse(t, shop))
	err := r.Add(context.Background(), "a", scriptOf(
		position(0, 1, 50, 50), position(10, 1, 150, 50), lost(30, 1)))
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Finish(); err != nil {
		t.Fatal(err)
	}
	rows := runReport(t, fromStore(store), analytics.Query{Kind: "occupancy", From: at(0), To: at(60)})
	for zone, want := range map[string][2]any{"location": {int64(1), 30.0}, "west": {int64(1), 10.0}, "east": {int64(1), 20.0}} {
		row := zoneRow(t, rows, zone)
		if row["entries"] != want[0] || row["exits"] != want[0] || row["person_seconds"] != want[1] {
			t.Errorf("%s: %v, want %v entries and exits and %v person-seconds", zone, row, want[0], want[1])
		}
	}
	flow := runReport(t, fromStore(store), analytics.Query{Kind: "flows", From: at(0), To: at(60)})
	if len(flow) != 1 || flow[0]["from_zone"] != "west" || flow[0]["to_zone"] != "east" || flow[0]["count"] != int64(1) {
		t.Errorf("flows %v, want one from west to east", flow)
	}
	lines := runReport(t, fromStore(store), analytics.Query{Kind: "lines", From: at(0), To: at(60)})
	if len(lines) != 1 || lines[0]["in"] != int64(1) || lines[0]["net_in"] != int64(1) || lines[0]["out"] != int64(0) {
		t.Errorf("lines %v, want one in", lines)
	}
}

func TestReplayPeopleGoOnIntoTheNextFile(t *testing.T) {
	store := storetest.NewMemory()
	r := NewReplayer(store, plain(), mustParse(t, shop))
	for _, s := range []*script{
		scriptOf(position(0, 1, 50, 50), position(10, 1, 50, 50)),
		scriptOf(position(20, 1, 50, 50), position(25, 1, 50, 50)),
	} {
		if err := r.Add(context.Background(), "a", s); err != nil {
			t.Fatal(err)
		}
	}
	if err := r.Finish(); err != nil {
		t.Fatal(err)
	}
	if r.Summary.First != at(0) || r.Summary.Last != at(25) {
		t.Errorf("the recordings go from %d to %d, want %d to %d", r.Summary.First, r.Summary.Last, at(0), at(25))
	}
	row := zoneRow(t, runReport(t, fromStore(store), analytics.Query{Kind: "occupancy", From: at(0), To: at(60)}), "west")
	if row["entries"] != int64(1) || row["exits"] != int64(1) || row["person_seconds"] != 25.0 {
		t.Errorf("%v, want one visit of 25 s", row)
	}
	if got, want := row["coverage"], 15.0/60; got != want {
		t.Errorf("coverage %v, want %v: the time between two files is uncovered", got, want)
	}
}

func TestReplayKeepsNothingOfAFileThatIsWrong(t *testing.T) {
	bad := func() *script {
		s := scriptOf(position(100, 2, 50, 50), lost(130, 2))
		s.messages = append(s.messages, nil)
		return s
	}
	store := storetest.NewMemory()
	r := NewReplayer(store, plain(), mustParse(t, shop))
	if err := r.Add(context.Background(), "good", scriptOf(position(0, 1, 50, 50), lost(30, 1))); err != nil {
		t.Fatal(err)
	}
	err := r.Add(context.Background(), "bad", bad())
	var line *recording.LineError
	if !errors.As(err, &line) || line.Line != 3 {
		t.Fatalf("got %v, want the malformed line 3", err)
	}
	if err := r.Finish(); err != nil {
		t.Fatal(err)
	}
	row := zoneRow(t, runReport(t, fromStore(store), analytics.Query{Kind: "occupancy", From: at(0), To: at(600)}), "west")
	if row["entries"] != int64(1) || row["person_seconds"] != 30.0 {
		t.Errorf("%v, want the first file's visit alone", row)
	}

	r = NewReplayer(store, plain(), mustParse(t, shop))
	r.SkipMalformed = true
	if err := r.Add(context.Background(), "bad", bad()); err != nil {
		t.Fatalf("after the refusal, skipping: %v", err)
	}
	if r.Summary.Skipped != 1 || r.Summary.Messages != 2 {
		t.Errorf("summary %+v, want 2 messages and 1 skipped", r.Summary)
	}
}

func TestReplayRefusesWhatIsCountedAlready(t *testing.T) {
	store := storetest.NewMemory()
	for i, begins := range []float64{0, 20} {
		r := NewReplayer(store, plain(), mustParse(t, shop))
		err := r.Add(context.Background(), "file", scriptOf(position(begins, 1, 50, 50), lost(begins+30, 1)))
		if i == 0 {
			if err != nil {
				t.Fatal(err)
			}
			if err := r.Finish(); err != nil {
				t.Fatal(err)
			}
			continue
		}
		var behind *BehindError
		if !errors.As(err, &behind) || behind.Begins != at(20) || behind.Counted != at(30) {
			t.Fatalf("got %v, want a refusal with both times", err)
		}
		if !strings.Contains(err.Error(), "2026-03-02T09:00:20Z") || !strings.Contains(err.Error(), "2026-03-02T09:00:30Z") {
			t.Errorf("the message does not name both times: %v", err)
		}
	}
	r := NewReplayer(store, plain(), mustParse(t, shop))
	if err := r.Add(context.Background(), "later", scriptOf(position(30, 1, 50, 50), lost(40, 1))); err != nil {
		t.Errorf("a recording that begins where the last one ended: %v", err)
	}
}

func TestReplayInPiecesEqualsReplayWhole(t *testing.T) {
	path, set := scene(t, "zara02")
	whole, pieces := storetest.NewMemory(), storetest.NewMemory()
	replayFile := func(store analytics.Store, cut int64) {
		reader, err := recording.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		defer reader.Close()
		r := NewReplayer(store, config1s(), set)
		for part := newParts(reader, cut); part.more(); {
			if err := r.Add(context.Background(), path, part); err != nil {
				t.Fatal(err)
			}
		}
		if err := r.Finish(); err != nil {
			t.Fatal(err)
		}
	}
	replayFile(whole, 1<<62)
	replayFile(pieces, 777)
	for _, kind := range []string{"occupancy", "dwell", "flows", "demographics", "lines"} {
		q := analytics.Query{Kind: kind, Locations: []int64{101}, From: at(0), To: at(600), Bucket: analytics.Bucket1m}
		a, b := runReport(t, fromStore(whole), q), runReport(t, fromStore(pieces), q)
		if len(a) == 0 && kind != "lines" {
			t.Fatalf("%s: no rows", kind)
		}
		for i := range a {
			delete(a[i], "coverage") // files have gaps of one frame between them
			delete(b[i], "coverage")
			for _, figure := range []string{"occupancy_mean", "occupancy_min", "occupancy_max"} {
				delete(a[i], figure)
				delete(b[i], figure)
			}
			if !equalRows(a[i], b[i]) {
				t.Errorf("%s: whole %v, in pieces %v", kind, a[i], b[i])
			}
		}
	}
}
