package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"math"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/gorilla/websocket"

	"github.com/footfall/footfall/internal/boltstore"
	"github.com/footfall/footfall/internal/config"
	"github.com/footfall/footfall/internal/engine"
	"github.com/footfall/footfall/signals"
	"github.com/footfall/footfall/zones"
)

const readBuffer = 256 << 10 // the engine's own

// cpu is what this process has used.
func cpu() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// measureDiscard reads frames into a reused buffer and throws them away.
func measureDiscard(url string, length time.Duration) (result, error) {
	dialer := websocket.Dialer{ReadBufferSize: readBuffer}
	c, response, err := dialer.Dial(url, nil)
	if err != nil {
		return result{}, err
	}
	defer c.Close()
	defer response.Body.Close()
	register := signals.Message{Kind: signals.KindRegister}
	if err := c.WriteMessage(websocket.TextMessage, signals.Append(nil, &register)); err != nil {
		return result{}, err
	}
	buffer := make([]byte, 0, 4096)
	read := func() error {
		_, r, err := c.NextReader()
		if err != nil {
			return err
		}
		buffer = buffer[:0]
		for {
			n, err := r.Read(buffer[len(buffer):cap(buffer)])
			buffer = buffer[:len(buffer)+n]
			if err == io.EOF {
				return nil
			}
			if err != nil {
				return err
			}
		}
	}
	for range 100_000 { // warm
		if err := read(); err != nil {
			return result{}, err
		}
	}
	began, used, n := time.Now(), cpu(), int64(0)
	for ; n%1024 != 0 || time.Since(began) < length; n++ {
		if err := read(); err != nil {
			return result{}, err
		}
	}
	return result{positions: n, took: time.Since(began), cpu: cpu() - used}, nil
}

// measurePipeline runs the engine with its default settings and a real database.
func measurePipeline(url string, o options, length time.Duration) (r result, err error) {
	folder, err := os.MkdirTemp("", "footfall-bench-")
	if err != nil {
		return r, err
	}
	defer os.RemoveAll(folder)
	store, err := boltstore.Open(filepath.Join(folder, "bench.db"), boltstore.Options{})
	if err != nil {
		return r, err
	}
	defer store.Close()
	set, err := zones.Parse([]byte(tiles(o.zones)))
	if err != nil {
		return r, err
	}
	cfg := config.Default()
	cfg.Feeds = []config.Feed{{URL: url, Locations: []int64{location}}}
	e, err := engine.New(engine.Options{
		Config: cfg, Zones: set, Store: store, Wall: time.Now,
		Logger: slog.New(slog.NewTextHandler(io.Discard, nil)),
	})
	if err != nil {
		return r, err
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- e.Run(ctx) }()
	counted := func() int64 { return e.Status().Locations[0].Messages }
	for counted() < 100_000 { // warm
		time.Sleep(time.Millisecond)
	}
	began, used, before := time.Now(), cpu(), counted()
	time.Sleep(length)
	r = result{positions: counted() - before, took: time.Since(began), cpu: cpu() - used}
	cancel()
	return r, <-ended
}

// tiles is a zones file of n rectangles that tile the floor.
func tiles(n int) string {
	columns := int(math.Ceil(math.Sqrt(float64(n))))
	rows := (n + columns - 1) / columns
	width, height := float64(floor)/float64(columns), float64(floor)/float64(rows)
	var features []string
	for i := range n {
		x, y := float64(i%columns)*width, float64(i/columns)*height
		features = append(features, fmt.Sprintf(`{"type":"Feature","id":"z%d","properties":{"location_id":%d},"geometry":{"type":"Polygon","coordinates":[[[%g,%g],[%g,%g],[%g,%g],[%g,%g],[%g,%g]]]}}`,
			i, location, x, y, x+width, y, x+width, y+height, x, y+height, x, y))
	}
	return `{"type":"FeatureCollection","features":[` + strings.Join(features, ",") + `]}`
}
