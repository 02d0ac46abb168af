package recording

import (
	"bytes"
	"errors"
	"io"
	"regexp"
	"testing"
	"time"

	"github.com/footfall/footfall/signals"
)

// FuzzParse holds the scan against encoding/json: a line that the scan takes is
// well formed, and says the same.
func FuzzParse(f *testing.F) {
	lost := `{"type":"realtime_person_lost","person_id":7,"location_id":21}`
	for _, seed := range []string{
		line(0, 1), line(1, -9),
		`{"time":"2026-03-02T09:00:00Z","message":` + lost + `}`,
		` { "time" : "2026-03-02T09:00:00+05:30" , "message" : ` + lost + ` }`,
		`{"time":"2026-03-02T09:00:00.123456789Z","message":` + lost + `,"a":1}`,
		`{"time":"2026-03-02T09:00:00Z","message":` + lost + `}}`,
		`{"time":"2026-03-02T09:00:00Z","message":` + lost + `,"message":` + lost + `}`,
		`{"time":"2026-03-02T09:00:00Z","message":{"type":"x","a":"}"}}`,
		`{"time":"2026-03-02T09:00:00\u005a","message":` + lost + `}`,
		`{"time":"1969-03-02T09:00:00Z","message":` + lost + `}`,
		`{"time":null,"message":null}`,
		"{\"time\":\"2026-03-02T09:00:00Z\",\"message\":{\"type\":\"\xff\"}}",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		line = trim(line)
		if len(line) == 0 {
			return
		}
		var scanned, unmarshalled signals.Message
		var p, q parser
		at, ok := p.scan(line, &scanned)
		want, reason := q.unmarshal(line, &unmarshalled)
		if !ok {
			return
		}
		if reason != "" {
			t.Fatalf("the scan takes what is malformed: %s", reason)
		}
		if at != want || !same(scanned, unmarshalled) || !bytes.Equal(p.raw, q.raw) {
			t.Fatalf("the scan reads %d %+v %s,\nencoding/json %d %+v %s", at, scanned, p.raw, want, unmarshalled, q.raw)
		}
		if again, ok := p.scan(line, &scanned); !ok || again != want {
			t.Fatalf("the same line again is %d, was %d", again, want)
		}
	})
}

// FuzzTime holds parseTime against the standard library.
func FuzzTime(f *testing.F) {
	for _, seed := range []string{
		"2026-03-02T09:00:00Z", "2026-03-02T09:00:00.040Z", "1970-01-01T00:00:00.0000009Z",
		"2000-02-29T23:59:59.999999999+14:00", "1900-02-29T00:00:00Z", "0000-01-01T00:00:00-23:59",
		"9999-12-31T23:59:59Z", "2026-03-02T09:00:60Z", "2026-03-02T24:00:00Z", "2026-03-02t09:00:00z",
		"2026-03-02 09:00:00Z", "2026-03-02T09:00:00,5Z", "2026-03-02T09:00:00.Z", "2026-03-02T9:00:00Z",
		"2026-03-02T09:00:00", "2026-03-02T09:00:00+0200", "2026-03-02T09:00:00+24:00", "2026-00-02T09:00:00Z",
	} {
		f.Add(seed)
	}
	// time.Parse takes more than RFC 3339: commas, hours of one digit, offsets of a day.
	form := regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$`)
	f.Fuzz(func(t *testing.T, text string) {
		want, err := time.Parse(time.RFC3339, text)
		wellFormed := err == nil && form.MatchString(text)
		got, ok := parseTime([]byte(text))
		if ok != wellFormed {
			t.Fatalf("%q: ok is %v, time.Parse says %v", text, ok, err)
		}
		if ok && got != want.UnixMicro() {
			t.Fatalf("%q is %d, time.Parse says %d", text, got, want.UnixMicro())
		}
	})
}

// FuzzReader: whatever a file holds, reading it ends, its clock never steps back,
// and its line numbers climb.
func FuzzReader(f *testing.F) {
	f.Add([]byte(line(0, 1) + "\n" + line(20_000, 1) + line(15_000, 1) + line(1, 2)))
	f.Add(compress(f, "a.gz", lines(30)))
	f.Add(compress(f, "a.zst", lines(30)))
	f.Add(compress(f, "a.gz", lines(30))[:60])
	f.Add([]byte("\ufeff{}\n\r\n[]"))
	f.Add([]byte{0x28, 0xb5, 0x2f, 0xfd})
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := NewReader(bytes.NewReader(data), "fuzz.gz")
		if err != nil {
			if _, ok := errors.AsType[*StreamError](err); !ok {
				t.Fatalf("NewReader: %v", err)
			}
			return
		}
		defer r.Close()
		var last, line int64
		for range 10_000 {
			var m signals.Message
			err := r.Next(&m)
			if bad, ok := errors.AsType[*LineError](err); ok {
				if bad.Line <= line {
					t.Fatalf("line %d after line %d", bad.Line, line)
				}
				line = bad.Line
				continue
			}
			if _, ok := errors.AsType[*StreamError](err); ok || errors.Is(err, io.EOF) {
				return
			}
			if err != nil || m.Time < last || r.Lines() <= line {
				t.Fatalf("line %d after %d at %d after %d: %v", r.Lines(), line, m.Time, last, err)
			}
			last, line = m.Time, r.Lines()
		}
	})
}
