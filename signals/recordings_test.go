package signals

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"testing"
)

// The messages of real recordings take the fast way, to the same effect as the slow one.
func TestDecodeRecordings(t *testing.T) {
	const pattern = "../../shared/data/*/recording.ndjson.gz"
	files, err := filepath.Glob(pattern)
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Skipf("no recordings at %s", pattern)
	}
	for _, name := range files {
		file, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		plain, err := gzip.NewReader(file)
		if err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(plain)
		for n := 1; lines.Scan(); n++ {
			_, frame, found := bytes.Cut(lines.Bytes(), []byte(`"message":`))
			frame = bytes.TrimSuffix(frame, []byte("}"))
			var fast, slow Message
			if !found || !decodeFast(frame, &fast) {
				t.Fatalf("%s:%d: not read by the scanner: %s", name, n, frame)
			}
			if n%10 == 0 {
				if err := decodeSlow(frame, &slow); err != nil || !same(fast, slow) {
					t.Fatalf("%s:%d: %s\nscanner       %+v\nencoding/json %+v, %v", name, n, frame, fast, slow, err)
				}
			}
		}
		if lines.Err() != nil {
			t.Fatal(lines.Err())
		}
	}
}
