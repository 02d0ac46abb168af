package recording

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/footfall/footfall/signals"
)

func TestForms(t *testing.T) {
	message := `{"type":"realtime_person_lost","person_id":7,"location_id":21}`
	at := `2026-03-02T09:00:00.040Z`
	plainLine := `{"time":"` + at + `","message":` + message + `}`
	for name, text := range map[string]string{
		"plain":            plainLine + "\n",
		"no line break":    plainLine,
		"CRLF":             plainLine + "\r\n",
		"blank lines":      "\n \t\r\n" + plainLine + "\n\n\n",
		"byte order mark":  "\ufeff" + plainLine + "\n",
		"spaces":           ` { "time" : "` + at + `" , "message" : ` + message + ` } ` + "\n",
		"python":           `{"time": "` + at + `", "message": ` + message + `}` + "\n",
		"other order":      `{"message":` + message + `,"time":"` + at + `"}`,
		"further members":  `{"v":[1],"time":"` + at + `","message":` + message + `,"site":{"a":"}"}}`,
		"escapes":          `{"t\u0069me":"2026-03-02T09:00:00\u002e040Z","message":` + message + `}`,
		"last time wins":   `{"time":"x","message":` + message + `,"time":"` + at + `"}`,
		"last of messages": `{"time":"` + at + `","message":3,"message":` + message + `}`,
		"offset":           `{"time":"2026-03-02T11:30:00.040+02:30","message":` + message + `}`,
	} {
		t.Run(name, func(t *testing.T) {
			r := open(t, text)
			var m signals.Message
			if err := r.Next(&m); err != nil {
				t.Fatal(err)
			}
			if m.Kind != signals.KindLost || m.PersonID != 7 || m.LocationID != 21 || m.Time != start+40_000 {
				t.Errorf("read %+v", m)
			}
			if string(r.Raw()) != message {
				t.Errorf("Raw() = %s", r.Raw())
			}
			if err := r.Next(&m); !errors.Is(err, io.EOF) {
				t.Errorf("then %v", err)
			}
		})
	}
}

func TestMalformedLines(t *testing.T) {
	lost := `{"type":"realtime_person_lost","person_id":7,"location_id":21}`
	for _, c := range []struct{ line, reason string }{
		{`x`, "the line is not JSON: invalid character 'x' looking for beginning of value at byte 1"},
		{`[1]`, "the line is JSON, but not an object"},
		{`null`, `the line has no "time"`},
		{`{"time":"2026-03-02T09:00:00Z","mess`, "the line is cut off: unexpected end of JSON input"},
		{`{"time":"2026-03-02T09:00:00Z"}`, `the line has no "message"`},
		{`{"Time":"2026-03-02T09:00:00Z","message":` + lost + `}`, `the line has no "time"`},
		{`{"message":` + lost + `}`, `the line has no "time"`},
		{`{"time":null,"message":` + lost + `}`, `"time" is null, not a string`},
		{`{"time":1772442000,"message":` + lost + `}`, `"time" is 1772442000, not a string`},
		{`{"time":"yesterday","message":` + lost + `}`, `"time" is "yesterday", not an RFC 3339 time such as "2026-03-02T09:00:00.040Z"`},
		{`{"time":"2026-02-29T09:00:00Z","message":` + lost + `}`, `"time" is "2026-02-29T09:00:00Z", not an RFC 3339`},
		{`{"time":"1969-12-31T23:59:59.999Z","message":` + lost + `}`, `"time" is "1969-12-31T23:59:59.999Z", outside the years 1970 to 2200`},
		{`{"time":"2201-01-01T00:00:00Z","message":` + lost + `}`, `outside the years 1970 to 2200`},
		{`{"time":"2026-03-02T09:00:00Z","message":null}`, `the message `},
		{`{"time":"2026-03-02T09:00:00Z","message":7}`, `the message `},
		{`{"time":"2026-03-02T09:00:00Z","message":{"person_id":7}}`, `the message `},
		{`{"time":"2026-03-02T09:00:00Z","message":{"type":"realtime_person_lost","location_id":21}}`, `person_id is missing`},
		{`{"time":"2026-03-02T09:00:00Z","message":` + lost + `} x`, "the line is not JSON: invalid character 'x' after top-level value at byte"},
		{`{"time":"2026-03-02T09:00:00Z","message":` + lost + `}}`, "the line is not JSON: invalid character '}' after top-level value at byte"},
		{strings.Repeat(" ", 10) + `{"a":"` + strings.Repeat("a", MaxLine) + `"}`, tooLong},
		{strings.Repeat(" ", 2*MaxLine) + "{}", tooLong},
		{strings.TrimSpace(line(0, 1)) + strings.Repeat(" ", 3*MaxLine), tooLong},
		{strings.Repeat("[", 20_000), "the line is"},
	} {
		r := open(t, line(0, 1)+c.line+"\n"+line(1, 2))
		messages, faults, end := readAll(r)
		mustEnd(t, end)
		if len(messages) != 2 || len(faults) != 1 {
			t.Fatalf("%.80s: %d messages, faults %q", c.line, len(messages), faults)
		}
		if !strings.HasPrefix(faults[0], "test.ndjson:2: ") || !strings.Contains(faults[0], c.reason) {
			t.Errorf("%.80s\n got %s\nwant test.ndjson:2: …%s…", c.line, faults[0], c.reason)
		}
		if len(faults[0]) > 200 {
			t.Errorf("a reason of %d bytes", len(faults[0]))
		}
	}
}

func TestLongestLine(t *testing.T) {
	for _, ending := range []string{"\n", "\r\n", ""} {
		text := strings.TrimSpace(line(0, 1))
		text = text[:len(text)-1] + strings.Repeat(" ", MaxLine-len(text)) + "}"
		messages, faults, end := readAll(open(t, text+ending))
		mustEnd(t, end)
		if len(messages) != 1 || faults != nil {
			t.Errorf("%d messages, %q", len(messages), faults)
		}
		long := text[:len(text)-1] + " }"
		messages, faults, end = readAll(open(t, long+ending))
		mustEnd(t, end)
		if len(messages) != 0 || len(faults) != 1 {
			t.Errorf("%d messages, %q", len(messages), faults)
		}
	}
}

func TestUnknownTypeIsNoError(t *testing.T) {
	r := open(t, `{"time":"2026-03-02T09:00:00Z","message":{"type":"realtime_weather","wind":3}}`)
	var m signals.Message
	if err := r.Next(&m); err != nil || m.Kind != signals.KindUnknown || m.Time != start {
		t.Errorf("%+v, %v", m, err)
	}
}

func TestStepsBack(t *testing.T) {
	r := open(t, line(0, 1)+line(20_000, 1)+line(10_000, 1)+line(9_999, 1)+line(19_000, 1)+line(20_000, 1)+line(20_001, 1))
	messages, faults, end := readAll(r)
	mustEnd(t, end)
	var times []int64
	for _, m := range messages {
		times = append(times, (m.Time-start)/1000)
	}
	if want := []int64{0, 20_000, 20_000, 20_000, 20_000, 20_001}; fmt.Sprint(times) != fmt.Sprint(want) {
		t.Errorf("times %v, want %v", times, want)
	}
	want := "test.ndjson:4: the time steps back by 10.001s, from 2026-03-02T09:00:20.000Z to 2026-03-02T09:00:09.999Z; at most 10s is taken"
	if len(faults) != 1 || faults[0] != want {
		t.Errorf("faults %q, want %q", faults, want)
	}
	if r.StepsBack() != 2 || r.Lines() != 7 {
		t.Errorf("%d steps back in %d lines", r.StepsBack(), r.Lines())
	}
}

func TestStepsForward(t *testing.T) {
	line := func(day string) string {
		return `{"time":"` + day + `T09:00:00Z","message":{"type":"realtime_person_lost","person_id":1,"location_id":7}}` + "\n"
	}
	text := line("2023-03-02") + line("2026-03-02") + line("2024-03-02") + line("2025-03-03") + line("2026-03-04")
	messages, faults, end := readAll(open(t, text))
	mustEnd(t, end)
	want := "test.ndjson:2: the time steps forward by 1096 days, from 2023-03-02T09:00:00.000Z to 2026-03-02T09:00:00.000Z; at most 366 are taken"
	if len(messages) != 4 || len(faults) != 1 || faults[0] != want {
		t.Errorf("%d messages and %q, want %q", len(messages), faults, want)
	}
}

func TestCutPlain(t *testing.T) {
	text := lines(3)
	for n := range len(text) {
		messages, faults, end := readAll(open(t, text[:n]))
		mustEnd(t, end)
		whole := strings.Count(text[:n], "\n")
		rest := strings.TrimSpace(text[:n][strings.LastIndexByte(text[:n], '\n')+1:])
		if complete := strings.HasSuffix(rest, "}}}"); complete {
			whole, rest = whole+1, ""
		}
		if len(messages) != whole || (len(faults) == 1) != (rest != "") {
			t.Fatalf("cut at %d: %d messages of %d, %q", n, len(messages), whole, faults)
		}
	}
}

func TestCutCompressed(t *testing.T) {
	text := lines(3000)
	for _, name := range []string{"x.ndjson.gz", "x.ndjson.zst"} {
		data := compress(t, name, text)
		for n := 0; n < len(data); n += 1 + n/7 {
			messages, faults, end := cutAt(data[:n], name)
			bad, ok := errors.AsType[*StreamError](end)
			if !ok || len(faults) > 0 {
				t.Fatalf("%s cut at %d of %d: faults %q, end %v", name, n, len(data), faults, end)
			}
			if bad.File != name || bad.Line != int64(len(messages))+1 {
				t.Fatalf("%s cut at %d: %v after %d messages", name, n, bad, len(messages))
			}
			if !errors.Is(end, io.ErrUnexpectedEOF) || !strings.Contains(end.Error(), "stream is cut off here") {
				t.Fatalf("%s cut at %d: %v", name, n, end)
			}
		}
		messages, _, end := cutAt(data, name)
		mustEnd(t, end)
		if len(messages) != 3000 {
			t.Errorf("%s: %d messages", name, len(messages))
		}
	}
}

func cutAt(data []byte, name string) ([]signals.Message, []string, error) {
	r, err := NewReader(bytes.NewReader(data), name)
	if err != nil {
		return nil, nil, err
	}
	defer r.Close()
	messages, faults, end := readAll(r)
	if again := r.Next(new(signals.Message)); !errors.Is(again, end) {
		return nil, nil, fmt.Errorf("the error does not stay: %w, then %w", end, again)
	}
	return messages, faults, end
}

func TestDamagedCompressed(t *testing.T) {
	for _, name := range []string{"x.gz", "x.zst"} {
		data := compress(t, name, lines(3000))
		for at := 5; at < len(data); at += 1 + len(data)/40 {
			damaged := bytes.Clone(data)
			damaged[at] ^= 0x41
			if _, _, end := cutAt(damaged, name); end == nil {
				t.Fatalf("%s damaged at %d: no end", name, at)
			}
		}
	}
}

func TestEncodingByFirstBytes(t *testing.T) {
	for _, made := range []string{"a.ndjson", "a.gz", "a.zst"} {
		for _, named := range []string{"b", "b.gz", "b.zst"} {
			messages, _, end := cutAt(compress(t, made, lines(10)), named)
			if !errors.Is(end, io.EOF) || len(messages) != 10 {
				t.Errorf("%s named %s: %d messages, %v", made, named, len(messages), end)
			}
		}
	}
	double := compress(t, "a.gz", lines(10))
	messages, _, end := cutAt(append(double, compress(t, "a.gz", lines(10))...), "c.gz")
	if !errors.Is(end, io.EOF) || len(messages) != 20 {
		t.Errorf("two gzip members: %d messages, %v", len(messages), end)
	}
	skippable := append([]byte{0x5a, 0x2a, 0x4d, 0x18, 2, 0, 0, 0, 1, 2}, compress(t, "a.zst", lines(10))...)
	messages, _, end = cutAt(skippable, "c.zst")
	if !errors.Is(end, io.EOF) || len(messages) != 10 {
		t.Errorf("zstd with a skippable frame: %d messages, %v", len(messages), end)
	}
}

func TestOpenFaults(t *testing.T) {
	folder := t.TempDir()
	if _, err := Open(folder); err == nil || !strings.Contains(err.Error(), "is a directory") {
		t.Errorf("a directory: %v", err)
	}
	if _, err := Open(filepath.Join(folder, "none")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a missing file: %v", err)
	}
	if _, err := Size(folder, filepath.Join(folder, "none")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("size of a missing file: %v", err)
	}
}

func TestProgress(t *testing.T) {
	for _, name := range []string{"a.ndjson", "a.gz", "a.zst"} {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, compress(t, name, lines(5000)), 0o600); err != nil {
			t.Fatal(err)
		}
		r, err := Open(path)
		if err != nil {
			t.Fatal(err)
		}
		readAll(r)
		size, err := Size(path)
		if err != nil || r.BytesRead() != size {
			t.Errorf("%s: read %d of %d, %v", name, r.BytesRead(), size, err)
		}
		if err := r.Close(); err != nil {
			t.Error(err)
		}
		if err := r.Next(new(signals.Message)); !errors.Is(err, errClosed) {
			t.Errorf("Next after Close: %v", err)
		}
		if err := r.Close(); err != nil {
			t.Errorf("second Close: %v", err)
		}
	}
}

// TestCloseEarly is for goleak: the decompressing goroutine ends although nobody
// reads on.
func TestCloseEarly(t *testing.T) {
	data := compress(t, "a.gz", lines(50_000))
	for n := range 3 {
		r, err := NewReader(bytes.NewReader(data), "a.gz")
		if err != nil {
			t.Fatal(err)
		}
		for range n {
			if err := r.Next(new(signals.Message)); err != nil {
				t.Fatal(err)
			}
		}
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestRealRecordings(t *testing.T) {
	const data = "../../../shared/data"
	want := map[string]int{"zara02": 9741, "students03": 22274, "xovis_sdu": 1320, "bi_corr_400": 121270, "croma_female": 62560}
	if _, err := os.Stat(data); err != nil {
		t.Skipf("%s: %v", data, err)
	}
	for scene, n := range want {
		r, err := Open(filepath.Join(data, scene, "recording.ndjson.gz"))
		if err != nil {
			t.Fatal(err)
		}
		messages, faults, end := readAll(r)
		r.Close()
		if !errors.Is(end, io.EOF) || faults != nil || len(messages) != n || r.StepsBack() != 0 {
			t.Errorf("%s: %d messages of %d, faults %q, end %v", scene, len(messages), n, faults, end)
		}
	}
}
