package main

import (
	"errors"
	"io"
	"runtime"
	"time"

	"github.com/gorilla/websocket"

	"github.com/footfall/footfall/signals"
)

const readBuffer = 256 << 10 // the engine's own

// register connects as a client that has nothing but gorilla's.
func register(url string, dialer websocket.Dialer) (*websocket.Conn, error) {
	c, response, err := dialer.Dial(url, nil)
	if err != nil {
		return nil, err
	}
	response.Body.Close()
	message := signals.Message{Kind: signals.KindRegister}
	if err := c.WriteMessage(websocket.TextMessage, signals.Append(nil, &message)); err != nil {
		c.Close()
		return nil, err
	}
	return c, nil
}

// discarder reads frames into a reused buffer and throws them away.
type discarder struct {
	conn   *websocket.Conn
	buffer []byte
}

func (d *discarder) next() error {
	_, r, err := d.conn.NextReader()
	if err != nil {
		return err
	}
	for n := 0; ; {
		k, err := r.Read(d.buffer[n:])
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		n += k
	}
}

// measureDiscard is the limit: reading and throwing away.
func measureDiscard(url string, people int, length time.Duration) (sample, error) {
	runtime.GC()
	c, err := register(url, websocket.Dialer{ReadBufferSize: readBuffer})
	if err != nil {
		return sample{}, err
	}
	defer c.Close()
	d := &discarder{c, make([]byte, 4096)}
	return measureReader(d.next, warmUp(people), length)
}

// measureReader calls next for a while after some calls to warm up.
func measureReader(next func() error, warm int64, length time.Duration) (sample, error) {
	for range warm {
		if err := next(); err != nil {
			return sample{}, err
		}
	}
	began, used, n := time.Now(), ownCPU(), int64(0)
	for ; n%1024 != 0 || time.Since(began) < length; n++ {
		if err := next(); err != nil {
			return sample{}, err
		}
	}
	return sample{units: n, took: time.Since(began), cpu: ownCPU() - used}, nil
}
