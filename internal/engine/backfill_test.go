package engine

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/footfall/footfall/analytics"
	"github.com/footfall/footfall/analytics/storetest"
	"github.com/footfall/footfall/internal/recording"
	"github.com/footfall/footfall/signals"
	"github.com/footfall/footfall/signals/signalstest"
)

func (r *running) upload(key, content string) (string, error) {
	answer, err := r.Backfill(context.Background(), Upload{
		Location: 7, Key: key, Body: content, Content: strings.NewReader(content),
		Answer: func(s Summary) ([]byte, error) { return fmt.Appendf(nil, "%+v", s), nil },
	})
	return string(answer), err
}

func lines(t *testing.T, messages ...signals.Message) string {
	t.Helper()
	var b strings.Builder
	for i := range messages {
		m := &messages[i]
		fmt.Fprintf(&b, "{\"time\":%q,\"message\":%s}\n", formatTime(m.Time), signals.Append(nil, m))
	}
	return b.String()
}

func allReports(t *testing.T, rs *analytics.Reports, location int64) map[string][]map[string]any {
	all := map[string][]map[string]any{}
	for _, kind := range analytics.Kinds() {
		q := analytics.Query{Kind: kind, Locations: []int64{location}, From: at(-600), To: at(7200), Bucket: analytics.Bucket1m, Now: at(86400)}
		if kind == "peaks" {
			q.Bucket = analytics.Whole
		}
		all[kind] = runReport(t, rs, q)
	}
	return all
}

// A scene uploaded in one piece and in two leaves what a replay of it does; by a
// running engine, and by one after it.
func TestBackfillIsAReplay(t *testing.T) {
	path, set := scene(t, "students03")
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	want, got := storetest.NewMemory(), storetest.NewMemory()
	r := NewReplayer(want, plain(), set)
	reader, err := recording.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	if err := r.Add(context.Background(), path, reader); err != nil {
		t.Fatal(err)
	}
	if err := r.Finish(); err != nil {
		t.Fatal(err)
	}
	e := start(t, plain(), set, got)
	answer, err := e.Backfill(context.Background(), Upload{
		Location: 102, Content: file,
		Answer: func(s Summary) ([]byte, error) { return fmt.Append(nil, s == r.Summary), nil },
	})
	if err != nil || string(answer) != "true" {
		t.Fatalf("%s, %v", answer, err)
	}
	expected := allReports(t, fromStore(want), 102)
	if live := allReports(t, e.reports(got), 102); !reflect.DeepEqual(live, expected) {
		t.Error("the engine tells other figures than a replay")
	}
	if c := e.Counts(102); c.Occupancy != 0 || c.Connected {
		t.Errorf("afterwards there are %+v", c)
	}
	e.stop()
	if after := allReports(t, fromStore(got), 102); !reflect.DeepEqual(after, expected) {
		t.Error("the store has other figures than of a replay")
	}
}

func TestUploadsFollowOneAnother(t *testing.T) {
	store := storetest.NewMemory()
	e := start(t, plain(), mustParse(t, shop), store)
	first := lines(t, position(0, 1, 50, 50), position(10, 1, 150, 50))
	if _, err := e.upload("a", first); err != nil {
		t.Fatal(err)
	}
	entries := func() any {
		return zoneRow(t, runReport(t, e.reports(store), analytics.Query{Kind: "occupancy", From: at(0), To: at(7200)}), "location")["entries"]
	}
	row := zoneRow(t, runReport(t, e.reports(store), analytics.Query{Kind: "ledger", From: at(0), To: at(7200)}), "location")
	if row["exits_expired"] != int64(1) || row["occupancy_to"] != int64(0) {
		t.Errorf("whoever was in at the end did not expire: %v", row)
	}
	var behind *BehindError
	if _, err := e.upload("", first); !errors.As(err, &behind) || behind.Begins != at(0) || behind.Counted != at(10) {
		t.Errorf("the same again without a key: %v", err)
	}
	if _, err := e.upload("b", lines(t, position(3600, 2, 50, 50), lost(3601, 2))); err != nil {
		t.Fatalf("the second: %v", err)
	}
	if _, err := e.upload("c", lines(t, position(1800, 2, 50, 50))); !errors.As(err, &behind) || behind.Counted != at(3601) {
		t.Errorf("one between: %v", err)
	}
	if n := entries(); n != int64(2) {
		t.Errorf("%v entries, want 2", n)
	}
	e.stop()
	e = start(t, plain(), mustParse(t, shop), store)
	if _, err := e.upload("d", lines(t, position(3602, 3, 50, 50))); err != nil {
		t.Errorf("after a restart: %v", err)
	}
	if n := entries(); n != int64(3) {
		t.Errorf("%v entries, want 3", n)
	}
}

func TestUploadsSentAgain(t *testing.T) {
	store := storetest.NewMemory()
	e := start(t, plain(), mustParse(t, shop), store)
	content := lines(t, position(0, 1, 50, 50), lost(5, 1))
	first, err := e.upload("k", content)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := e.upload("k", content); err != nil || again != first {
		t.Errorf("again: %q, %v", again, err)
	}
	if _, err := e.upload("k", lines(t, position(100, 1, 50, 50))); !errors.Is(err, ErrKeyReused) {
		t.Errorf("another body: %v", err)
	}
	e.stop()
	e = start(t, plain(), mustParse(t, shop), store)
	if again, err := e.upload("k", content); err != nil || again != first {
		t.Errorf("after a restart: %q, %v", again, err)
	}
	for i := range analytics.MaxUploads {
		if _, err := e.upload(fmt.Sprint(i), lines(t, position(10+float64(i), 1, 50, 50), lost(10.5+float64(i), 1))); err != nil {
			t.Fatal(err)
		}
	}
	var behind *BehindError
	if _, err := e.upload("k", content); !errors.As(err, &behind) {
		t.Errorf("once it is forgotten: %v", err)
	}
	row := zoneRow(t, runReport(t, e.reports(store), analytics.Query{Kind: "occupancy", From: at(0), To: at(7200)}), "west")
	if row["entries"] != int64(analytics.MaxUploads+1) {
		t.Errorf("%v entries, want each upload's once", row["entries"])
	}
}

func TestRefusedUploadsLeaveNothing(t *testing.T) {
	store := storetest.NewMemory()
	e := start(t, plain(), mustParse(t, shop), store)
	good := lines(t, position(0, 1, 50, 50), position(1, 1, 50, 50))
	elsewhere := position(2, 1, 50, 50)
	elsewhere.LocationID = 8
	for name, tt := range map[string]struct {
		content string
		line    int64
	}{
		"no JSON":            {good + "\n{\n", 4},
		"another location":   {good + lines(t, elsewhere), 3},
		"a step back":        {good + lines(t, position(-60, 1, 50, 50)), 3},
		"the future":         {good + lines(t, position(1e9, 1, 50, 50)), 3},
		"nothing but a word": {"hello", 1},
	} {
		var wrong *recording.LineError
		if _, err := e.upload(name, tt.content); !errors.As(err, &wrong) || wrong.Line != tt.line {
			t.Errorf("%s: %v, want line %d", name, err, tt.line)
		}
		if row := zoneRow(t, runReport(t, e.reports(store), analytics.Query{Kind: "occupancy", From: at(-60), To: at(7200)}), "location"); row["coverage"] != 0.0 {
			t.Fatalf("%s left something: %v", name, row)
		}
	}
	if _, err := e.upload("no JSON", good); err != nil {
		t.Errorf("with the key of one that was refused: %v", err)
	}
	if _, err := e.Backfill(context.Background(), Upload{Location: 9}); !errors.Is(err, ErrNoLocation) {
		t.Errorf("no location: %v", err)
	}
}

func TestAnEmptyUpload(t *testing.T) {
	e := start(t, plain(), mustParse(t, shop), storetest.NewMemory())
	if _, err := e.upload("e", "\n"); err != nil {
		t.Error(err)
	}
	if _, err := e.upload("f", lines(t, position(0, 1, 50, 50))); err != nil {
		t.Errorf("after it: %v", err)
	}
}

// While a feed brings data nothing is added, and the feed goes on.
func TestUploadsBesideAFeed(t *testing.T) {
	sender := signalstest.NewSender(t)
	store := storetest.NewMemory()
	e := start(t, withFeed(plain(), sender.URL(), 7), mustParse(t, shop), store)
	eventually(t, "the connection", func() bool { return e.Counts(7).Connected })
	if _, err := e.upload("", lines(t, position(0, 1, 50, 50))); !errors.Is(err, ErrCounting) {
		t.Errorf("beside a live feed: %v", err)
	}
	send(t, sender, position(0, 1, 50, 50))
	eventually(t, "a person", func() bool { return e.Counts(7).Occupancy == 1 })
}

// slow gives its text only when told.
type slow struct {
	io.Reader
	reading, goOn chan struct{}
}

func (s *slow) Read(p []byte) (int, error) {
	select {
	case <-s.reading:
	default:
		close(s.reading)
	}
	<-s.goOn
	return s.Reader.Read(p)
}

func TestOneUploadAtATime(t *testing.T) {
	e := start(t, plain(), mustParse(t, shop), storetest.NewMemory())
	s := &slow{strings.NewReader(lines(t, position(0, 1, 50, 50))), make(chan struct{}), make(chan struct{})}
	ended := make(chan error, 1)
	go func() {
		_, err := e.Backfill(context.Background(), Upload{Location: 7, Content: s, Answer: func(Summary) ([]byte, error) { return nil, nil }})
		ended <- err
	}()
	<-s.reading
	if _, err := e.upload("", "\n"); !errors.Is(err, ErrUploading) {
		t.Errorf("beside another: %v", err)
	}
	close(s.goOn)
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
