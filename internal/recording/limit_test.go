package recording

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/footfall/footfall/signals"
)

// Of text that is longer than the limit nothing beyond it is read, however small it
// is compressed; one of just its length is read whole.
func TestLimitedRecordings(t *testing.T) {
	line := `{"time":"2026-03-02T09:00:00Z","message":{"type":"realtime_person_lost","person_id":1,"location_id":7}}` + "\n"
	text := strings.Repeat(line, 3)
	bomb := &bytes.Buffer{}
	w := gzip.NewWriter(bomb)
	if _, err := io.WriteString(w, text+strings.Repeat("\n", 10<<20)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		src   io.Reader
		limit int
		want  error
	}{
		"no limit":    {strings.NewReader(text), 0, io.EOF},
		"just enough": {strings.NewReader(text), len(text), io.EOF},
		"one short":   {strings.NewReader(text), len(text) - 1, ErrTooLong},
		"a bomb":      {bomb, 1 << 20, ErrTooLong},
	} {
		r, err := NewLimited(tt.src, name, int64(tt.limit))
		if err != nil {
			t.Fatal(err)
		}
		var m signals.Message
		for err == nil {
			err = r.Next(&m)
		}
		var stream *StreamError
		if !errors.Is(err, tt.want) || errors.Is(tt.want, ErrTooLong) && !errors.As(err, &stream) {
			t.Errorf("%s: %v, want %v", name, err, tt.want)
		}
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	}
}
