package main

import (
	"bytes"
	"os"
	"strings"
	"testing"
)

// A terminal is spared what is no text.
func TestBinaryReportsAreNotForTerminals(t *testing.T) {
	terminal, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skip("no terminal here:", err)
	}
	defer terminal.Close()
	if !isTerminal(terminal) {
		t.Skip("/dev/ptmx is no terminal")
	}
	for _, format := range []string{"xlsx", "parquet"} {
		var stderr bytes.Buffer
		code := run(t.Context(), []string{"report", "dwell", "--format", format, "--database", "none.db"}, nil, terminal, &stderr)
		if code != exitUsage || !strings.Contains(stderr.String(), "give --output FILE") {
			t.Errorf("%s: exit code %d, %s", format, code, stderr.String())
		}
	}
}
