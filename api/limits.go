package api

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/footfall/footfall/analytics"
	"github.com/footfall/footfall/internal/edge"
)

// reportPatience is how long a report waits for others to end.
const reportPatience = 5 * time.Second

// throttles hold back who asks too often.
type throttles struct {
	limit     *edge.Limit
	tokens    *edge.Rate[string]
	addresses *edge.Rate[netip.Addr]
}

func newThrottles(l *edge.Limits) throttles {
	return throttles{
		limit:     l.Requests,
		tokens:    edge.NewRate[string](l.RequestsPerSecond, l.RequestsBurst),
		addresses: edge.NewRate[netip.Addr](l.RequestsPerSecond, l.RequestsBurst),
	}
}

// hold refuses a request whose token, or whose address where it brought none that is
// good, asks too often. Without a token this machine may ask as often as it likes.
func (t *throttles) hold(h http.Header, r *http.Request, token string) *huma.ErrorModel {
	var wait time.Duration
	who := "this token"
	if now := time.Now().UnixNano(); token != "" {
		wait = t.tokens.Take(token, now)
	} else if addr := edge.Client(r); addr.IsValid() && !addr.IsLoopback() {
		who = "this address"
		wait = t.addresses.Take(edge.Network(addr), now)
	}
	if wait == 0 {
		return nil
	}
	t.limit.Refuse()
	h.Set("Retry-After", strconv.FormatInt(int64((wait+time.Second-1)/time.Second), 10))
	return problem(http.StatusTooManyRequests, fmt.Sprintf("%s may ask %.0f times a second; ask again after the seconds of Retry-After", who, t.limit.Most))
}

// limitBody refuses a body that says it is too long, and cuts one that is.
func limitBody(r *http.Request, limit *edge.Limit) *huma.ErrorModel {
	most := int64(limit.Most)
	if r.ContentLength > most {
		limit.Refuse()
		return problem(http.StatusRequestEntityTooLarge, fmt.Sprintf("the body has %d bytes, and may have %d", r.ContentLength, most))
	}
	if r.ContentLength != 0 { // -1 where it comes in chunks
		r.Body = &limitedBody{ReadCloser: http.MaxBytesReader(nil, r.Body, most), limit: limit}
	}
	return nil
}

type limitedBody struct {
	io.ReadCloser
	limit *edge.Limit
	over  bool
}

func (b *limitedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	var long *http.MaxBytesError
	if err != nil && !b.over && errors.As(err, &long) {
		b.over = true
		b.limit.Refuse()
	}
	return n, err
}

// admitReport lets a report be made when there are few enough others, for a bounded time.
// done must be called at its end.
func (s *Server) admitReport(ctx context.Context, h http.Header) (limited context.Context, done func(), err error) {
	patience := time.NewTimer(s.patience)
	defer patience.Stop()
	select {
	case s.reports <- struct{}{}:
	case <-ctx.Done():
		return nil, nil, ctx.Err()
	case <-patience.C:
		s.limits.Reports.Refuse()
		h.Set("Retry-After", "5")
		return nil, nil, problem(http.StatusServiceUnavailable, fmt.Sprintf("%d reports are being made already", cap(s.reports)))
	}
	limited, cancel := context.WithTimeoutCause(ctx, s.limits.Most.ReportTime, errReportTime)
	return limited, func() { cancel(); <-s.reports }, nil
}

var errReportTime = errors.New("the report took too long")

// overtime is the problem of a report that was not made, or not taken, in its time.
func (s *Server) overtime() *huma.ErrorModel {
	s.limits.ReportTime.Refuse()
	return problem(http.StatusServiceUnavailable, fmt.Sprintf("the report took longer than the %s that it may; ask for a shorter interval, a longer bucket or fewer zones", s.limits.Most.ReportTime))
}

// countRows notes a report that was refused for its rows.
func (s *Server) countRows(q *analytics.QueryError) {
	if q.TooLarge {
		s.limits.ReportRows.Refuse()
	}
}
