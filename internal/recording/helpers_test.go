package recording

import (
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/footfall/footfall/signals"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const start = int64(1_772_442_000_000_000) // 2026-03-02T09:00:00Z

func position(time, person int64, x, y float64) signals.Message {
	m := signals.Message{Kind: signals.KindPosition, Time: time, PersonID: person, LocationID: 21, X: x, Y: y}
	m.Confidence, m.Age = float32(math.NaN()), float32(math.NaN())
	return m
}

// line is a recording's line with a position at start + ms.
func line(ms int64, person int64) string {
	return fmt.Sprintf(`{"time":"%s","message":{"type":"realtime_person_position","person_id":%d,"location_id":21,"position":{"x":1.5,"y":-2}}}`+"\n",
		appendTime(nil, start+ms*1000), person)
}

func lines(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(line(int64(i/20)*100, int64(i%20)+1))
	}
	return b.String()
}

func open(t testing.TB, text string) *Reader {
	t.Helper()
	r, err := NewReader(strings.NewReader(text), "test.ndjson")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	return r
}

// readAll reads to the end, or to an error that stays, over malformed lines.
func readAll(r *Reader) (messages []signals.Message, faults []string, end error) {
	for {
		var m signals.Message
		err := r.Next(&m)
		if bad, ok := errors.AsType[*LineError](err); ok {
			faults = append(faults, bad.Error())
			continue
		}
		if err != nil {
			return messages, faults, err
		}
		messages = append(messages, m)
	}
}

// same compares messages, of which NaN is a value.
func same(a, b signals.Message) bool { return fmt.Sprint(a) == fmt.Sprint(b) }

func compress(t testing.TB, name, text string) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	w, err := Create(path)
	if err != nil {
		t.Fatal(err)
	}
	for l := range strings.Lines(text) {
		w.text.WriteString(l)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func mustEnd(t testing.TB, end error) {
	t.Helper()
	if !errors.Is(end, io.EOF) {
		t.Fatalf("the recording ended with %v, not at its end", end)
	}
}
