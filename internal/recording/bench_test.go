package recording

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/footfall/footfall/signals"
	"github.com/klauspost/compress/gzip"
)

// recorded is a recording of n lines: frames of 20 walking people.
func recorded(n int) string {
	var b strings.Builder
	walk := rand.New(rand.NewPCG(1, 2))
	var x, y [20]float64
	for i := range n {
		p := i % len(x)
		x[p] += walk.NormFloat64() * 20
		y[p] += walk.NormFloat64() * 20
		fmt.Fprintf(&b, `{"time":"%s","message":{"type":"realtime_person_position","message_type":"realtime_person_position","person_id":%d,"location_id":21,"position":{"x":%.2f,"y":%.2f}}}`+"\n",
			appendTime(nil, start+int64(i/len(x))*100_000), 1000+p, x[p], y[p])
	}
	return b.String()
}

// BenchmarkRead reads a gzipped recording through a Reader, and in the same run
// decompresses and splits it alone, alternating; ratio is the speed of the first
// in terms of the second.
func BenchmarkRead(b *testing.B) {
	const n = 100_000
	data := compress(b, "a.gz", recorded(n))
	var reading, splitting time.Duration
	b.ReportAllocs()
	b.ResetTimer()
	for range b.N {
		begin := time.Now()
		if got := splitAll(b, data); got != n {
			b.Fatalf("%d lines", got)
		}
		middle := time.Now()
		if got := countAll(b, data); got != n {
			b.Fatalf("%d messages", got)
		}
		splitting += middle.Sub(begin)
		reading += time.Since(middle)
	}
	per := float64(b.N) * n
	b.ReportMetric(float64(splitting)/per, "split-ns/line")
	b.ReportMetric(float64(reading)/per, "read-ns/line")
	b.ReportMetric(float64(splitting)/float64(reading), "ratio")
}

func splitAll(b *testing.B, data []byte) (n int) {
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		b.Fatal(err)
	}
	for r := bufio.NewReaderSize(z, 1<<20); ; n++ {
		if _, err := r.ReadSlice('\n'); err == io.EOF {
			return n
		} else if err != nil {
			b.Fatal(err)
		}
	}
}

func countAll(b *testing.B, data []byte) (n int) {
	r, err := NewReader(bytes.NewReader(data), "a.gz")
	if err != nil {
		b.Fatal(err)
	}
	defer r.Close()
	var m signals.Message
	for {
		if err := r.Next(&m); errors.Is(err, io.EOF) {
			return n
		} else if err != nil {
			b.Fatal(err)
		}
		n++
	}
}

// BenchmarkNext is one line of a plain recording; Decode alone is its larger part.
func BenchmarkNext(b *testing.B) {
	text := recorded(20_000)
	b.ReportAllocs()
	var m signals.Message
	r := open(b, text)
	for range b.N {
		if err := r.Next(&m); err != nil {
			b.StopTimer()
			r = open(b, text)
			b.StartTimer()
		}
	}
}

func BenchmarkWrite(b *testing.B) {
	for _, name := range []string{"a.ndjson", "a.gz", "a.zst"} {
		b.Run(name, func(b *testing.B) {
			w, err := Create(b.TempDir() + "/" + name)
			if err != nil {
				b.Fatal(err)
			}
			defer w.Close()
			b.ReportAllocs()
			for i := range b.N {
				m := position(start+int64(i)*1000, 7, float64(i%1000)*1.25, 2.5)
				if err := w.WriteMessage(&m); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func TestNextDoesNotAllocate(t *testing.T) {
	r := open(t, recorded(5_000))
	var m signals.Message
	allocs := testing.AllocsPerRun(4_000, func() {
		if err := r.Next(&m); err != nil {
			t.Fatal(err)
		}
	})
	if allocs != 0 {
		t.Errorf("%v allocations a line", allocs)
	}
}
