package api

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"runtime/debug"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"

	"github.com/footfall/footfall/internal/edge"
)

// What every answer carries, at the cost of no allocation: the slices are shared.
// With the four fields of a rendered answer they are eight, which is what a map
// holds before it grows; two more take a tenth off the requests per second.
var commonHeaders = []struct {
	name  string
	value []string
}{
	{"X-Content-Type-Options", []string{"nosniff"}},
	{"Cross-Origin-Resource-Policy", []string{"same-origin"}},
	{"Referrer-Policy", []string{"no-referrer"}},
	{"Content-Security-Policy", []string{"default-src 'none'; frame-ancestors 'none'"}},
}

// strictTransport is for a year and this host alone. A loopback host is never told: a
// browser would hold it against every port of its machine.
var strictTransport = []string{"max-age=31536000"}

// entry is what every request passes, after it was routed and before its handler:
// it gives it an id, refuses what must not come in, turns errors and panics into
// problems, counts and logs.
func (s *Server) entry(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		start := time.Now()
		h := c.Response().Header()
		for _, common := range commonHeaders {
			h[common.name] = common.value
		}
		if edge.Secure(c.Request()) && !edge.IsLoopback(c.Request().Host) {
			h["Strict-Transport-Security"] = strictTransport
		}
		s.share(h, c.Request())
		r := s.routeOf(c.Request().Method, c.Path())
		number := s.requests.Add(1)
		if !r.polled {
			h.Set(requestIDHeader, s.requestID(number))
		}
		defer func() { s.leave(c, r, number, start, recover()) }()

		var err error
		grant, invalid := s.who(c.Request())
		if held := s.throttles.hold(h, c.Request(), holderOf(grant)); held != nil {
			err = held
		} else if refused := s.refuse(c.Request(), r); refused != nil {
			err = refused
		} else if denied := s.admit(c, r, grant, invalid); denied != nil {
			err = denied
		} else {
			done := withGrant(c, r, grant)
			err = next(c)
			done()
		}
		if err != nil {
			s.answer(c, s.problemOf(err, c, s.requestID(number)), number)
		}
		return nil
	}
}

const requestIDHeader = "X-Request-Id"

// requestID is unique among all runs of all servers. Every answer has it that may
// have an entry in the log: problems, and whatever can fail once it has begun.
func (s *Server) requestID(number uint64) string {
	return s.boot + "-" + strconv.FormatUint(number, 36)
}

// answer writes a problem, or cuts the connection where the answer has begun: the
// client must not take what it has for the whole.
func (s *Server) answer(c echo.Context, p *huma.ErrorModel, number uint64) {
	if c.Response().Committed {
		panic(http.ErrAbortHandler)
	}
	c.Response().Header().Set(requestIDHeader, s.requestID(number))
	if err := writeProblem(c.Response(), p.Status, p); err != nil {
		s.log.Debug("problem not delivered", "error", err)
	}
}

// leave ends a request, whether its handler returned or panicked.
func (s *Server) leave(c echo.Context, r *route, number uint64, start time.Time, panicked any) {
	abort := isAbort(panicked)
	if panicked != nil && !abort {
		id := s.requestID(number)
		s.log.Error("request panicked", "request", id, "route", r.template, "panic", panicked, "stack", string(debug.Stack()))
		if abort = c.Response().Committed; !abort {
			s.answer(c, internalProblem(id), number)
		}
	}
	took := time.Since(start)
	status := c.Response().Status
	if !r.upgrades || status >= http.StatusBadRequest {
		s.durations.WithLabelValues(r.template, strconv.Itoa(status)).Observe(took.Seconds())
	}
	if s.log.Enabled(context.Background(), slog.LevelDebug) {
		s.log.Debug("request", "request", s.requestID(number), "method", c.Request().Method, "route", r.template, "status", status,
			"bytes", c.Response().Size, "took", took, "from", c.Request().RemoteAddr, "aborted", abort)
	}
	if abort {
		panic(http.ErrAbortHandler)
	}
}

// loopbackKey marks the requests of a listener that only this machine reaches.
type loopbackKey struct{}

func withListener(ctx context.Context, l net.Listener) context.Context {
	tcp, ok := l.Addr().(*net.TCPAddr)
	return context.WithValue(ctx, loopbackKey{}, ok && tcp.IP.IsLoopback())
}

func overLoopback(r *http.Request) bool {
	loopback, _ := r.Context().Value(loopbackKey{}).(bool)
	return loopback && edge.IsLoopback(r.Host) && edge.Client(r).IsLoopback()
}

// isAbort reports whether a handler panicked to abort its answer.
func isAbort(panicked any) bool {
	err, ok := panicked.(error)
	return ok && errors.Is(err, http.ErrAbortHandler)
}
