package recording

import (
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/footfall/footfall/signals"
	"pgregory.net/rapid"
)

func TestRoundTrip(t *testing.T) {
	folder := t.TempDir()
	for _, name := range []string{"a.ndjson", "a.NDJSON.GZ", "a.zst"} {
		rapid.Check(t, func(t *rapid.T) {
			path := filepath.Join(folder, name)
			os.Remove(path)
			want := rapid.SliceOfN(messages(), 0, 50).Draw(t, "messages")
			write(t, path, inOrder(want))
			r, err := Open(path)
			if err != nil {
				t.Fatal(err)
			}
			defer r.Close()
			got, faults, end := readAll(r)
			if faults != nil || len(got) != len(want) {
				t.Fatalf("%d of %d messages, %q, %v", len(got), len(want), faults, end)
			}
			for i := range got {
				if !same(got[i], want[i]) {
					t.Fatalf("message %d: wrote %+v, read %+v", i, want[i], got[i])
				}
			}
		})
	}
}

func messages() *rapid.Generator[signals.Message] {
	return rapid.Custom(func(t *rapid.T) signals.Message {
		m := position(rapid.Int64Range(earliest, latest).Draw(t, "time"), rapid.Int64().Draw(t, "person"), 0, 0)
		m.LocationID = rapid.Int64().Draw(t, "location")
		m.Kind = rapid.SampledFrom([]signals.Kind{signals.KindPosition, signals.KindLost, signals.KindDemographics}).Draw(t, "kind")
		switch m.Kind {
		case signals.KindPosition:
			m.X = rapid.Float64Range(-1e8, 1e8).Draw(t, "x")
			m.Y = rapid.Float64Range(-1e8, 1e8).Draw(t, "y")
			if rapid.Bool().Draw(t, "has confidence") {
				m.Confidence = rapid.Float32Range(0, 1).Draw(t, "confidence")
			}
		case signals.KindDemographics:
			m.Gender = signals.Gender(rapid.IntRange(1, 2).Draw(t, "gender"))
			if rapid.Bool().Draw(t, "has age") {
				m.Age = rapid.Float32Range(0, 120).Draw(t, "age")
			}
		default: // lost says no more
		}
		return m
	})
}

// inOrder makes the times of messages climb from the first one.
func inOrder(messages []signals.Message) []signals.Message {
	for i := 1; i < len(messages); i++ {
		step := messages[i].Time % 1_000_000
		messages[i].Time = min(messages[i-1].Time+step, latest)
	}
	return messages
}

func write(t rapid.TB, path string, messages []signals.Message) {
	w, err := Create(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := range messages {
		if err := w.WriteMessage(&messages[i]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestWriteKeepsWhatWasOnTheWire(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.ndjson")
	w, err := Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Write(start+1, []byte("{\"type\":\"other\",\r\n \"a\": 1}")); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(path)
	want := "{\"time\":\"2026-03-02T09:00:00.000001Z\",\"message\":{\"type\":\"other\",\r  \"a\": 1}}\n"
	if err != nil || string(got) != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestFlushedIsReadable(t *testing.T) {
	for _, name := range []string{"a.ndjson", "a.gz", "a.zst"} {
		path := filepath.Join(t.TempDir(), name)
		w, err := Create(path)
		if err != nil {
			t.Fatal(err)
		}
		for i := range 10 {
			m := position(start+int64(i), 1, 2, 3)
			if err := w.WriteMessage(&m); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
		r, err := Open(path)
		if err != nil {
			t.Fatal(err)
		}
		if messages, _, end := readAll(r); len(messages) != 10 {
			t.Errorf("%s: %d messages after a flush, %v", name, len(messages), end)
		}
		r.Close()
		w.Close()
	}
}

func TestCreateSparesWhatIsThere(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.ndjson")
	if err := os.WriteFile(path, []byte("precious"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Create(path); err == nil || !strings.Contains(err.Error(), path+": exists already") {
		t.Errorf("Create over a file: %v", err)
	}
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	w, err := Create(path)
	if err != nil {
		t.Fatalf("Create over an empty file: %v", err)
	}
	w.Close()
	if _, err := Create(filepath.Join(path, "b")); err == nil {
		t.Error("Create below a file succeeded")
	}
}

func TestWriteFaults(t *testing.T) {
	w, err := Create(filepath.Join(t.TempDir(), "a.ndjson"))
	if err != nil {
		t.Fatal(err)
	}
	for _, time := range []int64{earliest - 1, latest + 1, math.MaxInt64, math.MinInt64} {
		if err := w.Write(time, []byte(`{"type":"a"}`)); err == nil {
			t.Errorf("time %d was written", time)
		}
	}
	if err := w.Close(); err != nil {
		t.Errorf("a refused time spoils the recording: %v", err)
	}
	if err := w.Write(start, []byte(`{"type":"a"}`)); err == nil || !strings.Contains(err.Error(), "is closed") {
		t.Errorf("Write after Close: %v", err)
	}
}

func TestFullDisk(t *testing.T) {
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Skip("/dev/full: " + err.Error())
	}
	w, err := Create("/dev/full")
	if err != nil {
		t.Fatal(err)
	}
	m := position(start, 1, 2, 3)
	if err := w.WriteMessage(&m); err != nil {
		t.Fatal(err)
	}
	err = w.Flush()
	if err == nil || !strings.Contains(err.Error(), "/dev/full") {
		t.Errorf("Flush: %v", err)
	}
	if again := w.WriteMessage(&m); !errors.Is(again, err) {
		t.Errorf("the error does not stay: %v", again)
	}
	if again := w.Close(); !errors.Is(again, err) {
		t.Errorf("Close: %v", again)
	}
}
