package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/footfall/footfall/signals/signalstest"
)

var stall = flag.Duration("stall", 3*time.Second, "how long the reader of TestStalledExport takes nothing")

// Somebody asks for a month by the minute and stops reading in the middle: counting and
// writing go on, the file does not grow by it, and what comes
// at last is whole, or ends as no whole answer does.
func TestStalledExport(t *testing.T) {
	folder := t.TempDir()
	zones, database := filepath.Join(folder, "zones.geojson"), filepath.Join(folder, "shop.db")
	if err := os.WriteFile(zones, []byte(twoShops), 0o600); err != nil {
		t.Fatal(err)
	}
	sender := signalstest.NewSender(t)
	config := filepath.Join(folder, "footfall.yaml")
	text := fmt.Sprintf("listen: 127.0.0.1:0\ndatabase: %s\nzones: %s\nfeeds: [{url: %q, token: x, locations: [7]}]\n", database, zones, sender.URL())
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	c := startChild(t, "serve", "--config", config)
	send := func(i int) {
		frame := fmt.Appendf(nil, `{"type":"realtime_person_position","person_id":%d,"location_id":7,"position":{"x":%d,"y":50}}`, i%50, i*37%200)
		if err := sender.SendRaw(t.Context(), frame); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 1000 {
		send(i)
	}
	await(t, "flushes", func() bool { return metric(t, c.address, "footfall_flushes_total") >= 2 })
	before, flushed := metric(t, c.address, "footfall_database_bytes"), metric(t, c.address, "footfall_flushes_total")
	conn, err := net.Dial("tcp", c.address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	to := time.Now().UTC().Truncate(time.Hour)
	fmt.Fprintf(conn, "GET /api/v1/locations/7/reports/occupancy?bucket=1m&from=%s&to=%s HTTP/1.1\r\nHost: %s\r\nAccept-Encoding: identity\r\n\r\n",
		to.AddDate(0, 0, -60).Format(time.RFC3339), to.Format(time.RFC3339), c.address)
	var flushes []float64
	for began, i := time.Now(), 0; time.Since(began) < *stall; i++ {
		send(i)
		time.Sleep(2 * time.Millisecond)
		if i%50 == 0 {
			flushes = append(flushes, metric(t, c.address, "footfall_flush_seconds"))
		}
	}
	slices.Sort(flushes)
	after := metric(t, c.address, "footfall_database_bytes")
	p99 := flushes[len(flushes)*99/100]
	t.Logf("%v: the file had %.1f MB and has %.1f MB, a flush takes %.1f ms at p99", *stall, before/1e6, after/1e6, p99*1e3)
	if metric(t, c.address, "footfall_flushes_total") < flushed+2 {
		t.Error("nothing was written meanwhile")
	}
	const step = 4 << 20 // by which the file grows
	if after >= 2*max(before, step) {
		t.Errorf("the file grew from %v to %v bytes", before, after)
	}
	if *stall >= time.Minute && p99 >= 0.1 {
		t.Errorf("a flush takes %v s at p99", p99)
	}
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var report struct{ Rows []struct{ Start string } }
	err = json.NewDecoder(response.Body).Decode(&report)
	if *stall >= time.Minute && errors.Is(err, io.ErrUnexpectedEOF) {
		t.Log("the reader was cut off, and is told by the missing end")
		c.terminate(t)
		return
	}
	if err != nil || len(report.Rows) < 60*24*60 || !strings.HasPrefix(report.Rows[0].Start, to.AddDate(0, 0, -60).Format(time.DateOnly)) {
		t.Errorf("%s with %d rows, %v", response.Status, len(report.Rows), err)
	}
	c.terminate(t)
}
