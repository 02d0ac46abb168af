package main

import (
	"io"
	"net/http"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// tourCommand is a curl of the README, with the status it announces.
var tourCommand = regexp.MustCompile(`(?m)^    curl (?:-OJ )?'?(http://127\.0\.0\.1:8080[^'\s]*)'?(?: +# (\d+))?$`)

// Every request of the README's tour gives what it should against a real demo.
func TestReadmeTour(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	tour := tourCommand.FindAllStringSubmatch(string(readme), -1)
	if curls := strings.Count(string(readme), "\n    curl "); len(tour) != curls || curls < 10 {
		t.Fatalf("the test reads %d of the README's %d curls", len(tour), curls)
	}
	demo := startChild(t, "demo", "--listen", "127.0.0.1:0", "--days", "2")
	for _, step := range tour {
		url, status := strings.Replace(step[1], "127.0.0.1:8080", demo.address, 1), http.StatusOK
		if step[2] != "" {
			status, _ = strconv.Atoi(step[2])
		}
		response, err := http.Get(url)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(response.Body)
		response.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		if response.StatusCode != status {
			t.Errorf("%s: %s, want %d\n%s", step[1], response.Status, status, body)
		}
		if len(body) < 20 {
			t.Errorf("%s: only %q", step[1], body)
		}
	}
	demo.terminate(t)
}
