package signals

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"sync/atomic"
	"time"
)

// Sink takes what a Client receives. Its methods are called from the goroutine
// of Run, one at a time and in order: Connected, any number of Messages,
// Disconnected, and again from the beginning.
type Sink interface {
	// Connected says that from this instant (Unix µs) on the feed is received.
	Connected(at int64)
	// Messages hands over positions, losses and demographics of the registered
	// locations, at least one and at most MaxBatch, in the order of the wire. The
	// slice is reused after the return. It may block, which puts back-pressure
	// on the socket; Run cannot return before it does.
	Messages(batch []Message)
	// Disconnected says that the feed was received until this instant (Unix µs)
	// and no longer: when the connection ended or, if it fell silent, when the
	// last sign of life came.
	Disconnected(at int64, cause error)
}

// MaxBatch is the most messages that a Sink gets at once.
const MaxBatch = 256

// maxSkippedFrame bounds what a Client skips: a frame above MaxFrame costs a
// message, one above this the connection.
const maxSkippedFrame = 16 << 20

// Client reads one feed: it connects, registers, sends heartbeats, hands over what
// comes, and connects again when that ends.
type Client struct {
	cfg     ClientConfig
	log     *slog.Logger
	proxy   func(*http.Request) (*url.URL, error)
	journal journal
	sign    atomic.Int64
}

// NewClient makes a client; Run starts it.
func NewClient(cfg ClientConfig) *Client {
	cfg = cfg.withDefaults()
	c := &Client{cfg: cfg, log: cfg.Logger.With("feed", plainURL(cfg.URL)), proxy: http.ProxyFromEnvironment}
	c.journal.enter(StateConnecting, cfg.Now(), nil)
	return c
}

// Run reads the feed until ctx is done, reconnecting for as long as that takes,
// and then returns nil; every goroutine it started has ended by then. It returns
// an error, at once, only for a configuration that cannot work. It is called
// once.
func (c *Client) Run(ctx context.Context) error {
	if err := c.cfg.check(); err != nil {
		return err
	}
	pace := newPace(c.cfg.BackoffMin, c.cfg.BackoffMax)
	for ctx.Err() == nil {
		c.attempt(ctx, pace)
	}
	c.journal.enter(StateStopped, c.cfg.Now(), nil)
	return nil
}

// attempt makes one attempt, reads while it holds, and waits before the next.
func (c *Client) attempt(ctx context.Context, pace *pace) {
	before := c.journal.status().Messages
	held, err := c.connect(ctx)
	if ctx.Err() != nil {
		return
	}
	state := stateOf(err)
	wait := pace.after(state, held, c.journal.status().Messages > before)
	c.failed(ctx, state, err, wait)
	sleep(ctx, wait)
}

func sleep(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// Status is what the client tells about itself; any goroutine may ask.
func (c *Client) Status() Status { return c.journal.status() }

// SignOfLife is when the last one came over a registered connection, pongs included:
// Unix µs, 0 if none has. It is told before the messages that came with it, and any
// goroutine may ask.
func (c *Client) SignOfLife() int64 { return c.sign.Load() }

// failed notes why there is no connection. What is new goes to the log as a
// warning, repetitions only for those who debug.
func (c *Client) failed(ctx context.Context, state State, err error, wait time.Duration) {
	level := slog.LevelDebug
	if c.journal.enter(state, c.cfg.Now(), err) {
		level = slog.LevelWarn
	}
	c.log.Log(ctx, level, "feed not connected", "state", state.String(), "cause", err.Error(),
		"next_attempt_in", wait.Round(time.Millisecond).String())
}

func (cfg *ClientConfig) check() error {
	u, err := url.Parse(cfg.URL)
	switch {
	case err != nil:
		return errors.New("signals: the feed's URL cannot be parsed")
	case u.Scheme != "ws" && u.Scheme != "wss":
		return fmt.Errorf("signals: the feed's URL %s must begin with ws:// or wss://", plainURL(cfg.URL))
	case u.Host == "":
		return fmt.Errorf("signals: the feed's URL %s names no host", plainURL(cfg.URL))
	case u.User != nil:
		return fmt.Errorf("signals: the feed's URL %s must not hold credentials; a token goes into token_file", plainURL(cfg.URL))
	case len(cfg.Locations) == 0:
		return fmt.Errorf("signals: the feed %s names no locations", plainURL(cfg.URL))
	case cfg.Sink == nil:
		return fmt.Errorf("signals: the feed %s has no sink", plainURL(cfg.URL))
	}
	return nil
}

// plainURL is the URL without what may be secret in it.
func plainURL(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return "(unreadable)"
	}
	return (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}).String()
}
