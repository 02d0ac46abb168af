package signals

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"

	"github.com/gorilla/websocket"
)

// Server is the protocol's server side, an http.Handler. Each connection has two
// goroutines, which read and write; nothing else waits for a client.
type Server struct {
	cfg      ServerConfig
	log      *slog.Logger
	upgrader websocket.Upgrader
	counts   serverCounts

	ctx  context.Context // ends when connections have no more time to end by themselves
	stop context.CancelFunc

	mu      sync.Mutex
	conns   map[*serverConn]struct{}
	pending int // requests between being let in and being upgraded
	closing bool
	ended   sync.WaitGroup
}

type serverCounts struct {
	registered                          atomic.Int64
	accepted, turnedAway, registrations atomic.Uint64
	refusedToken, refusedLocation       atomic.Uint64
	tooLarge                            atomic.Uint64
	violations, timedOut, droppedSlow   atomic.Uint64
}

// NewServer makes a server. It panics where the configuration names no
// Authorize or no Source.
func NewServer(cfg ServerConfig) *Server {
	if cfg.Authorize == nil || cfg.Source == nil {
		panic("signals: a server needs Authorize and Source")
	}
	cfg = cfg.withDefaults()
	s := &Server{cfg: cfg, log: cfg.Logger, conns: make(map[*serverConn]struct{})}
	s.ctx, s.stop = context.WithCancel(context.Background())
	s.upgrader = websocket.Upgrader{CheckOrigin: cfg.CheckOrigin, HandshakeTimeout: cfg.WriteTimeout}
	return s
}

// ServeHTTP upgrades the request and serves the connection until it ends.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !s.enter() {
		http.Error(w, "no more connections are accepted now", http.StatusServiceUnavailable)
		return
	}
	defer s.ended.Done()
	ws, err := s.upgrader.Upgrade(w, r, nil)
	if err != nil { // answered already
		s.leave(nil)
		return
	}
	c := newServerConn(s, ws.NetConn(), r.RemoteAddr)
	s.begin(c)
	defer s.leave(c)
	c.serve()
}

// enter lets one more request in, if there is room.
func (s *Server) enter() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closing || len(s.conns)+s.pending >= s.cfg.MaxConnections {
		s.counts.turnedAway.Add(1)
		return false
	}
	s.pending++
	s.ended.Add(1)
	return true
}

// begin makes a connection one of those that Shutdown ends.
func (s *Server) begin(c *serverConn) {
	s.counts.accepted.Add(1)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pending--
	s.conns[c] = struct{}{}
	if s.closing {
		c.goAway()
	}
}

func (s *Server) leave(c *serverConn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c == nil {
		s.pending--
		return
	}
	delete(s.conns, c)
}

// Shutdown tells every client that the server goes away, sends it what is still
// queued for it, closes with code 1001 and waits until every connection has
// ended. When ctx is done before that, it cuts those that are left and returns
// the error of ctx. New connections are turned away from now on. (Shutdown of
// an http.Server does not know of these connections.)
func (s *Server) Shutdown(ctx context.Context) error {
	s.mu.Lock()
	s.closing = true
	for c := range s.conns {
		c.goAway()
	}
	s.mu.Unlock()
	defer s.stop()

	ended := make(chan struct{})
	go func() {
		s.ended.Wait()
		close(ended)
	}()
	select {
	case <-ended:
		return nil
	case <-ctx.Done():
	}
	s.stop()
	s.mu.Lock()
	for c := range s.conns {
		c.cut()
	}
	s.mu.Unlock()
	<-ended
	return ctx.Err()
}

// Status is what the server tells about itself; any goroutine may ask.
func (s *Server) Status() ServerStatus {
	s.mu.Lock()
	open := len(s.conns)
	s.mu.Unlock()
	n := &s.counts
	return ServerStatus{
		Connections:     open,
		Registered:      int(n.registered.Load()),
		Accepted:        n.accepted.Load(),
		TurnedAway:      n.turnedAway.Load(),
		Registrations:   n.registrations.Load(),
		RefusedToken:    n.refusedToken.Load(),
		RefusedLocation: n.refusedLocation.Load(),
		TooLarge:        n.tooLarge.Load(),
		Violations:      n.violations.Load(),
		TimedOut:        n.timedOut.Load(),
		DroppedSlow:     n.droppedSlow.Load(),
	}
}

var errDropped = errors.New("the client does not read fast enough")
