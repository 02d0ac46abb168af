package api

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/footfall/footfall/analytics"
)

// fiftyZones are the counts that the benchmarks serve.
func fiftyZones() *analytics.Counts {
	c := &analytics.Counts{LocationID: 21, Time: noon.UnixMicro(), Version: 1, Occupancy: 312, Connected: true}
	for i := range 50 {
		c.Zones = append(c.Zones, analytics.ZoneCount{ID: fmt.Sprintf("zone-%02d", i), Name: fmt.Sprintf("Zone %d", i), Occupancy: int64(i % 13), Capacity: 20})
	}
	return c
}

// BenchmarkOccupancy is a request for the counts of 50 zones over a connection
// that stays open; its mark is 0.8 of the speed of BenchmarkBare.
func BenchmarkOccupancy(b *testing.B) {
	s := start(b, nil)
	s.live.set(fiftyZones())
	tag := s.renderedFor(21, s.live.Counts(21)).tag
	address := strings.TrimPrefix(s.url, "http://")
	const request = "GET /api/v1/locations/21/occupancy HTTP/1.1\r\nHost: localhost\r\n"
	b.Run("200", func(b *testing.B) { hammer(b, address, request+"\r\n") })
	b.Run("304", func(b *testing.B) { hammer(b, address, request+"If-None-Match: "+tag+"\r\n\r\n") })
}

// BenchmarkBare is the same from net/http alone.
func BenchmarkBare(b *testing.B) {
	body := append(appendCounts(nil, fiftyZones()), '\n')
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Etag", `"tag"`)
		if r.Header.Get("If-None-Match") != "" {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		h.Set("Content-Type", jsonType)
		h.Set("Content-Length", strconv.Itoa(len(body)))
		_, _ = w.Write(body)
	})}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	defer server.Close()
	go func() { _ = server.Serve(l) }()
	const request = "GET /api/v1/locations/21/occupancy HTTP/1.1\r\nHost: localhost\r\n"
	b.Run("200", func(b *testing.B) { hammer(b, l.Addr().String(), request+"\r\n") })
	b.Run("304", func(b *testing.B) { hammer(b, l.Addr().String(), request+"If-None-Match: \"tag\"\r\n\r\n") })
}

// hammer asks again and again, with as little work on the client's side as can be:
// it reads no more of an answer than its length.
func hammer(b *testing.B, address, request string) {
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			b.Error(err)
			return
		}
		defer conn.Close()
		reader, asked := bufio.NewReaderSize(conn, 64<<10), []byte(request)
		for pb.Next() {
			if _, err := conn.Write(asked); err != nil {
				b.Error(err)
				return
			}
			if err := skipAnswer(reader); err != nil {
				b.Error(err)
				return
			}
		}
	})
}

func skipAnswer(r *bufio.Reader) error {
	length := 0
	for {
		line, err := r.ReadSlice('\n')
		if err != nil {
			return err
		}
		if len(line) <= 2 {
			_, err := r.Discard(length)
			return err
		}
		if value, ok := strings.CutPrefix(string(line), "Content-Length: "); ok {
			if length, err = strconv.Atoi(strings.TrimSpace(value)); err != nil {
				return err
			}
		}
	}
}

// BenchmarkReport is a year by the hour of 100 zones, 876,000 rows, as an answer.
func BenchmarkReport(b *testing.B) {
	const rows = 876_000
	s := start(b, nil)
	s.reports.rows = manyRows(rows)
	for _, format := range []string{"json", "csv"} {
		b.Run(format, func(b *testing.B) {
			for b.Loop() {
				resp, err := s.client.Get(s.url + "/api/v1/locations/21/reports/occupancy?format=" + format)
				if err != nil {
					b.Fatal(err)
				}
				n, err := io.Copy(io.Discard, resp.Body)
				resp.Body.Close()
				if err != nil {
					b.Fatal(err)
				}
				b.SetBytes(n)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/rows, "ns/row")
		})
	}
}
