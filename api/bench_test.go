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
	"time"

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

const (
	ask      = "GET /api/v1/locations/21/occupancy HTTP/1.1\r\nHost: localhost\r\n\r\n"
	askAgain = "GET /api/v1/locations/21/occupancy HTTP/1.1\r\nHost: localhost\r\nIf-None-Match: %s\r\n\r\n"
)

// occupancySite serves the counts of 50 zones; the tag is their ETag.
func occupancySite(b *testing.B) (address, tag string) {
	s := start(b, nil)
	s.live.set(fiftyZones())
	return strings.TrimPrefix(s.url, "http://"), s.renderedFor(21, s.live.Counts(21)).tag
}

// bareSite serves the same bytes from net/http alone.
func bareSite(b *testing.B) (address, tag string) {
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
	go func() { _ = server.Serve(l) }()
	b.Cleanup(func() { server.Close() })
	return l.Addr().String(), `"tag"`
}

// BenchmarkOccupancy is a request for the counts of 50 zones over connections that
// stay open.
func BenchmarkOccupancy(b *testing.B) {
	address, tag := occupancySite(b)
	b.Run("200", func(b *testing.B) { hammer(b, address, ask) })
	b.Run("304", func(b *testing.B) { hammer(b, address, fmt.Sprintf(askAgain, tag)) })
}

// BenchmarkBare is the same from net/http alone.
func BenchmarkBare(b *testing.B) {
	address, tag := bareSite(b)
	b.Run("200", func(b *testing.B) { hammer(b, address, ask) })
	b.Run("304", func(b *testing.B) { hammer(b, address, fmt.Sprintf(askAgain, tag)) })
}

// BenchmarkOccupancyToBare asks both in turns, so that whatever else runs slows
// both alike, and reports the ratio of their speeds. Its mark is 0.8.
func BenchmarkOccupancyToBare(b *testing.B) {
	ours, ourTag := occupancySite(b)
	bare, bareTag := bareSite(b)
	b.Run("200", func(b *testing.B) { compare(b, ours, ask, bare, ask) })
	b.Run("304", func(b *testing.B) {
		compare(b, ours, fmt.Sprintf(askAgain, ourTag), bare, fmt.Sprintf(askAgain, bareTag))
	})
}

func compare(b *testing.B, ours, ourRequest, bare, bareRequest string) {
	one, other := dial(b, ours, ourRequest), dial(b, bare, bareRequest)
	var took, tookBare time.Duration
	for b.Loop() {
		took += one.ask(b, 50)
		tookBare += other.ask(b, 50)
	}
	b.ReportMetric(tookBare.Seconds()/took.Seconds(), "ratio")
}

// asker asks one thing over one connection, with as little work of its own as can be.
type asker struct {
	conn    net.Conn
	reader  *bufio.Reader
	request []byte
}

func dial(b *testing.B, address, request string) *asker {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { conn.Close() })
	return &asker{conn, bufio.NewReaderSize(conn, 64<<10), []byte(request)}
}

func (a *asker) ask(b *testing.B, times int) time.Duration {
	start := time.Now()
	for range times {
		if _, err := a.conn.Write(a.request); err != nil {
			b.Fatal(err)
		}
		if err := skipAnswer(a.reader); err != nil {
			b.Fatal(err)
		}
	}
	return time.Since(start)
}

// hammer asks again and again over a connection for each processor.
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

// skipAnswer reads no more of an answer than its length.
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
	for _, format := range []string{"json", "csv", "xlsx", "parquet"} {
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
