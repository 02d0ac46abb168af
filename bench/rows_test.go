package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestSmoke measures rows that need no other program for a moment.
func TestSmoke(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds, and under the race detector a minute")
	}
	s, err := newSuite(options{length: 30 * time.Millisecond, repeat: 1, quick: true, postgres: "/nowhere"})
	if err != nil {
		t.Fatal(err)
	}
	defer s.close()
	chosen, err := chooseRows("people-1k,zones,naive,tile38,allocations,flush,replay,report,frames")
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range chosen {
		got, err := r.measure(s)
		if err != nil {
			t.Errorf("%s: %v", r.name, err)
			continue
		}
		if missing := r.name == "tile38" || r.name == "report" || r.name == "frames" && noBrowser() != ""; missing != (got.verdict == unmeasured) {
			t.Errorf("%s: %+v", r.name, got)
		}
	}
}

// TestNaiveCounts: the straightforward counter counts what the definitions say of a
// walk from one zone to the next, with and without delays.
func TestNaiveCounts(t *testing.T) {
	for delay, want := range map[time.Duration]string{
		0:           "map[z0:2 z1:1] map[z0:1 z1:1] map[z0:1 z1:0]",
		time.Second: "map[z0:1] map[] map[z0:1]",
	} {
		n, err := newNaive(zonesFile([]box{{0, 0, 100, 100}, {100, 0, 200, 100}}), delay)
		if err != nil {
			t.Fatal(err)
		}
		at := time.Unix(1_000_000, 0)
		for i, x := range []float64{50, 60, 150, 50, 50} { // a short trip to the neighbour
			m := &naiveMessage{PersonID: 7}
			m.Position.X, m.Position.Y = x, 50
			step := []time.Duration{0, 2000, 2100, 2200, 4000}[i] * time.Millisecond
			n.position(at.Add(step), m)
		}
		if got := fmt.Sprint(n.entries, n.exits, n.occupancy); got != want {
			t.Errorf("delay %v: %s, want %s", delay, got, want)
		}
	}
}

func TestProbeCount(t *testing.T) {
	for body, want := range map[string]int{
		``: 0,
		`{"occupancy":9,"zones":[{"zone_id":"z0","name":"z0","occupancy":12,"capacity":null}]}`:                                 12,
		`{"occupancy":9,"zones":[{"zone_id":"z1","occupancy":4},{"zone_id":"z0","name":"z0","occupancy":3}],"connected":false}`: 3,
		`{"zones":[{"zone_id":"z0"`: 0,
	} {
		if got := probeCount([]byte(body)); got != want {
			t.Errorf("%s: %d, want %d", body, got, want)
		}
	}
}

// TestRowCounter: rows count wherever the pieces are cut.
func TestRowCounter(t *testing.T) {
	body := strings.Repeat(`{"start":"x","zone_id":"a","entries":1},`, 500)
	random := rand.New(rand.NewPCG(1, 1))
	for range 200 {
		c := &rowCounter{}
		for rest := []byte(body); len(rest) > 0; {
			n := min(len(rest), 1+random.IntN(25))
			if _, err := c.Write(rest[:n]); err != nil {
				t.Fatal(err)
			}
			rest = rest[n:]
		}
		if c.n != 500 {
			t.Fatalf("%d rows", c.n)
		}
	}
}

func TestAppendCommand(t *testing.T) {
	if got := string(appendCommand(nil, "SET", "people")); got != "*2\r\n$3\r\nSET\r\n$6\r\npeople\r\n" {
		t.Errorf("%q", got)
	}
	b := box{0, 0, 100, 50}
	var ring [][][2]float64
	if err := json.Unmarshal([]byte(b.ring(degree)), &ring); err != nil || ring[0][2] != [2]float64{0.01, 0.005} {
		t.Errorf("%v, %v", ring, err)
	}
}

// TestOpenLoop: every request is asked for when it is due and all are timed.
func TestOpenLoop(t *testing.T) {
	bare, err := startChild(child{Bare: []byte("{}\n")})
	if err != nil {
		t.Fatal(err)
	}
	defer bare.kill()
	l := &openLoop{address: bare.first, rate: 1000, connections: 3, length: 200 * time.Millisecond}
	if err := l.run(); err != nil {
		t.Fatal(err)
	}
	if len(l.took) != 200 || l.unchanged != 197 || !slices.IsSorted(l.took) {
		t.Errorf("%d requests, %d unchanged", len(l.took), l.unchanged)
	}
}

func TestAskerReadsAnswers(t *testing.T) {
	client, server := net.Pipe()
	defer client.Close()
	a := &asker{conn: client, reader: bufio.NewReader(client), path: "/x"}
	go func() {
		request := make([]byte, 4096)
		for range 2 {
			n, _ := server.Read(request)
			if bytes.Contains(request[:n], []byte("If-None-Match: \"t\"\r\n")) {
				_, _ = io.WriteString(server, "HTTP/1.1 304 Not Modified\r\nEtag: \"t\"\r\n\r\n")
				continue
			}
			_, _ = io.WriteString(server, "HTTP/1.1 200 OK\r\nEtag: \"t\"\r\nContent-Length: 5\r\n\r\nhello")
		}
	}()
	for _, want := range []int{200, 304} {
		if err := a.ask(true); err != nil || a.status != want || (want == 200 && string(a.body) != "hello") {
			t.Errorf("status %d, body %q, %v", a.status, a.body, err)
		}
	}
}
