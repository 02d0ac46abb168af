package api

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"
)

// Deadlines of every request; a report moves its own on as its client reads. The
// headers' is that of the whole request: net/http then sets it once.
const (
	readTimeout  = 10 * time.Second
	writeTimeout = 30 * time.Second
	idleTimeout  = 2 * time.Minute
	maxHeader    = 16 << 10
)

// Serve answers requests on l until ctx is done. It then takes no new ones, gives
// those under way a few seconds, cuts what is left and returns nil, within five
// seconds in all; when it returns, no handler runs any more but one that ignores
// its context. It returns earlier only with the listener's error. It closes l.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	requests, cut := context.WithCancel(withListener(context.WithoutCancel(ctx), l))
	defer cut()
	conns := newConnections()
	server := &http.Server{
		Handler:           s.Handler(),
		ReadHeaderTimeout: readTimeout, ReadTimeout: readTimeout, WriteTimeout: writeTimeout, IdleTimeout: idleTimeout,
		MaxHeaderBytes: maxHeader,
		ErrorLog:       slog.NewLogLogger(s.log.Handler(), slog.LevelDebug),
		BaseContext:    func(net.Listener) context.Context { return requests },
		ConnState:      conns.track,
	}
	server.RegisterOnShutdown(conns.closeFresh)
	failed := make(chan error, 1)
	go func() { failed <- s.accept(server, l) }()
	err := error(nil)
	select {
	case err = <-failed:
		err = fmt.Errorf("listening on %s: %w", l.Addr(), err)
		failed <- nil
	case <-ctx.Done():
	}
	s.shutdown(server)
	cut()
	<-failed //nolint:errcheck // the listener was closed here
	conns.wait(time.Second)
	return err
}

// accept serves until the listener is closed, by TLS where there is a certificate.
func (s *Server) accept(server *http.Server, l net.Listener) error {
	l = s.connections.Listener(l)
	if s.cfg.Edge.Certificate == nil {
		return server.Serve(l)
	}
	server.HTTP2 = &http.HTTP2Config{MaxConcurrentStreams: 100}
	server.TLSConfig = s.cfg.Edge.Certificate.Config()
	return server.ServeTLS(l, "", "")
}

// shutdown ends requests and WebSockets side by side, kindly while there is time.
func (s *Server) shutdown(server *http.Server) {
	ctx, cancel := context.WithTimeout(context.Background(), s.grace)
	defer cancel()
	var signals sync.WaitGroup
	signals.Go(func() { s.shutdownSignals(ctx) })
	if err := server.Shutdown(ctx); err != nil {
		s.log.Warn("requests under way were cut", "error", err)
		server.Close()
	}
	signals.Wait()
}

// connections knows those that net/http still serves. They are opened by the
// goroutine that accepts, so that none is once that has ended.
type connections struct {
	open  sync.WaitGroup
	mu    sync.Mutex
	fresh map[net.Conn]struct{} // nothing was read of them yet
}

func newConnections() *connections { return &connections{fresh: map[net.Conn]struct{}{}} }

func (c *connections) track(conn net.Conn, state http.ConnState) {
	switch state {
	case http.StateNew:
		c.open.Add(1)
	case http.StateClosed, http.StateHijacked:
		c.open.Done()
	case http.StateIdle:
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if state == http.StateNew {
		c.fresh[conn] = struct{}{}
	} else {
		delete(c.fresh, conn)
	}
}

// closeFresh closes what browsers open in advance. To http.Server.Shutdown these
// are requests on their way.
func (c *connections) closeFresh() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for conn := range c.fresh {
		conn.Close()
	}
}

// wait waits until none is left, though not for ever.
func (c *connections) wait(most time.Duration) {
	ended := make(chan struct{})
	go func() {
		c.open.Wait()
		close(ended)
	}()
	select {
	case <-ended:
	case <-time.After(most):
	}
}
