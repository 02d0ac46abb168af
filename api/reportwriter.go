package api

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/footfall/footfall/analytics"
)

var (
	// errHead ends a report of which only the header was asked.
	errHead = errors.New("no body is wanted")
	// errNotRead says that the client does not read, or is gone.
	errNotRead = errors.New("the client does not take the report")
)

// reportWriter answers a request with a report. Nothing is sent before the first
// chunk is full, so that what goes wrong by then is still answered by a problem.
type reportWriter struct {
	Encoder
	c      echo.Context
	format Format
	kinds  []string
	single bool
}

func newReportWriter(c echo.Context, format Format, kinds []string, single bool, progress time.Duration) *reportWriter {
	stream := &stream{response: c.Response(), control: http.NewResponseController(c.Response()), progress: progress}
	return &reportWriter{Encoder: format.Encoder(stream, single), c: c, format: format, kinds: kinds, single: single}
}

// Begin implements analytics.Output.
func (w *reportWriter) Begin(h analytics.Header) error {
	header := w.c.Response().Header()
	header.Set("Cache-Control", "no-cache")
	header.Add("Vary", "Accept")
	header.Set("Content-Type", w.format.contentType())
	if w.format != FormatJSON {
		header.Set("Content-Disposition", fmt.Sprintf("attachment; filename=%q", w.filename(h)))
	}
	if w.c.Request().Method == http.MethodHead {
		return errHead
	}
	return w.Encoder.Begin(h)
}

// filename has nothing in it that needs quoting.
func (w *reportWriter) filename(h analytics.Header) string {
	place := ""
	if w.single {
		place = fmt.Sprintf("-%d", h.Locations[0].Location)
	}
	if h.Hours != analytics.HoursAll {
		place += "-" + h.Hours.String()
	}
	const day = "20060102T1504Z"
	from, to := time.UnixMicro(h.From).UTC(), time.UnixMicro(h.To).UTC()
	return fmt.Sprintf("footfall-%s%s-%s-%s.%s", strings.Join(w.kinds, "-"), place, from.Format(day), to.Format(day), w.format)
}

// stream writes chunks, each of which the client has to take in time.
type stream struct {
	response *echo.Response
	control  *http.ResponseController
	progress time.Duration
}

func (s *stream) Write(chunk []byte) (int, error) {
	// A writer without deadlines is one without a connection.
	if err := s.control.SetWriteDeadline(time.Now().Add(s.progress)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return 0, fmt.Errorf("%w: %w", errNotRead, err)
	}
	n, err := s.response.Write(chunk)
	if err != nil {
		err = fmt.Errorf("%w: %w", errNotRead, err)
	}
	return n, err
}
