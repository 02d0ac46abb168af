package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"github.com/footfall/footfall/signals"
)

// flapper is a feed that keeps breaking, in every way that a network has. It sends
// nothing while nobody is connected, and begins the next connection with the first
// message that the last one did not deliver.
type flapper struct {
	script   *script
	until    time.Time
	spell    time.Duration               // the longest between two flaps, about
	deadFeed bool                        // whether one may fall silent for the minute that it takes to be given up
	counted  func(context.Context) error // returns when all that was sent is counted
	random   *rand.Rand
	clients  chan *feedClient
	flaps    map[string]int

	mu   sync.Mutex
	away int // how many connections to turn away
}

// feedClient is the engine's connection.
type feedClient struct {
	net.Conn
	gone chan struct{} // closed when it has hung up
}

func newFlapper(s *script, until time.Time) *flapper {
	return &flapper{
		script: s, until: until, spell: min(14*time.Second, time.Until(until)/10), random: rand.New(rand.NewPCG(3, 5)),
		clients: make(chan *feedClient), flaps: map[string]int{},
	}
}

// serve accepts the engine's connections until the listener is closed.
func (f *flapper) serve(l net.Listener) {
	server := &http.Server{ReadHeaderTimeout: time.Second, Handler: http.HandlerFunc(f.accept)}
	_ = server.Serve(l)
}

func (f *flapper) accept(w http.ResponseWriter, r *http.Request) {
	if f.turnAway() {
		http.Error(w, "not now", http.StatusServiceUnavailable)
		return
	}
	upgrader := websocket.Upgrader{}
	ws, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	defer ws.Close()
	if _, _, err := ws.ReadMessage(); err != nil {
		return
	}
	success := signals.Message{Kind: signals.KindRegister, Text: "success"}
	if ws.WriteMessage(websocket.TextMessage, signals.Append(nil, &success)) != nil {
		return
	}
	c := &feedClient{ws.NetConn(), make(chan struct{})}
	defer close(c.gone)
	select {
	case f.clients <- c:
	case <-r.Context().Done():
		return
	}
	_, _ = io.Copy(io.Discard, c) // pings are not answered: positions tell that we live
}

func (f *flapper) turnAway() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.away--
	return f.away >= 0
}

// play sends the script until its time is over, and then everybody's going.
func (f *flapper) play(ctx context.Context) error {
	var undelivered []byte
	for {
		c, err := f.client(ctx)
		if err != nil {
			return err
		}
		if _, err := c.Write(undelivered); err != nil {
			return fmt.Errorf("the engine hung up: %w", err)
		}
		spell := time.Second + time.Duration(f.random.Int64N(int64(f.spell)))
		if err := f.send(ctx, c, min(spell, time.Until(f.until))); err != nil {
			return err
		}
		if !time.Now().Before(f.until) {
			return f.finish(c)
		}
		if undelivered, err = f.flap(ctx, c); err != nil {
			return err
		}
	}
}

func (f *flapper) client(ctx context.Context) (*feedClient, error) {
	wait, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	select {
	case c := <-f.clients:
		return c, nil
	case <-wait.Done():
		return nil, fmt.Errorf("the engine does not come back: %w", wait.Err())
	}
}

// send sends for a while at the script's rate.
func (f *flapper) send(ctx context.Context, c *feedClient, length time.Duration) error {
	const tick, each = 50 * time.Millisecond, soakPeople * soakRate / 20
	var frames [][]byte
	beat := time.NewTicker(tick)
	defer beat.Stop()
	for end := time.Now().Add(length); time.Now().Before(end); {
		var err error
		if frames, err = f.script.following(frames[:0], each); err != nil {
			return err
		}
		if _, err := c.Write(bytes.Join(frames, nil)); err != nil {
			return fmt.Errorf("the engine hung up: %w", err)
		}
		select {
		case <-beat.C:
		case <-c.gone:
			return errors.New("the engine hung up")
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

func (f *flapper) finish(c *feedClient) error {
	frames, err := f.script.end()
	if err != nil {
		return err
	}
	_, err = c.Write(bytes.Join(frames, nil))
	return err
}

// flapKinds are the ways to end a connection, by turns; "dead" is another.
var flapKinds = []string{"torn", "reset", "cut", "closed", "turned away"}

// flap ends the connection and waits until the engine has noticed. What it returns was
// sent in part and is to be sent again.
func (f *flapper) flap(ctx context.Context, c *feedClient) (undelivered []byte, err error) {
	kind := flapKinds[sum(f.flaps)%len(flapKinds)]
	if f.deadFeed && f.random.IntN(25) == 0 {
		kind = "dead"
	}
	f.flaps[kind]++
	switch kind {
	case "closed":
		err = writeClose(c)
	case "turned away":
		f.mu.Lock()
		f.away = 1 + f.random.IntN(2)
		f.mu.Unlock()
		err = writeClose(c)
	case "cut":
		err = closeWrite(c)
	case "torn":
		var frames [][]byte
		if frames, err = f.script.following(nil, 1); err != nil {
			return nil, err
		}
		undelivered = frames[0]
		_, err = c.Write(undelivered[:1+f.random.IntN(len(undelivered)-1)])
		err = errors.Join(err, closeWrite(c))
	case "reset":
		if err = f.counted(ctx); err == nil { // what is on its way is lost
			err = errors.Join(c.Conn.(*net.TCPConn).SetLinger(0), c.Close())
		}
	case "dead": // silence; the engine gives up after 50 s
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", kind, err)
	}
	return undelivered, f.hungUp(ctx, c, kind)
}

func (f *flapper) hungUp(ctx context.Context, c *feedClient, kind string) error {
	select {
	case <-c.gone:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(time.Minute):
		return fmt.Errorf("%s: the engine does not hang up", kind)
	}
}

func writeClose(c *feedClient) error {
	_, err := c.Write([]byte{0x88, 2, 1001 >> 8, 1001 & 0xff})
	return err
}

func closeWrite(c *feedClient) error { return c.Conn.(*net.TCPConn).CloseWrite() }
