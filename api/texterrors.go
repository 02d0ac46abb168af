package api

import (
	"bufio"
	"net"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"
)

// withProblems serves a request by a handler of another package, whose errors,
// plain text as http.Error writes them, become problems.
func withProblems(h http.Handler, c echo.Context) error {
	w := &textErrors{ResponseWriter: c.Response()}
	h.ServeHTTP(w, c.Request())
	if w.status == 0 {
		return nil
	}
	for _, name := range []string{"Content-Type", "Content-Length", "X-Go-Pprof"} {
		w.Header().Del(name)
	}
	return problem(w.status, strings.TrimSpace(string(w.text)))
}

// textErrors holds back an answer with an error status.
type textErrors struct {
	http.ResponseWriter
	status int // of the error, 0 without
	text   []byte
}

func (w *textErrors) WriteHeader(status int) {
	if status >= http.StatusBadRequest {
		w.status = status
		return
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *textErrors) Write(b []byte) (int, error) {
	if w.status == 0 {
		return w.ResponseWriter.Write(b)
	}
	const most = 1 << 10
	w.text = append(w.text, b[:min(len(b), most-min(len(w.text), most))]...)
	return len(b), nil
}

// Unwrap is for http.ResponseController.
func (w *textErrors) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// Hijack implements http.Hijacker.
func (w *textErrors) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	return http.NewResponseController(w.ResponseWriter).Hijack()
}

// headerHas reports whether a comma-separated header has a token.
func headerHas(values []string, token string) bool {
	for _, list := range values {
		for one := range strings.SplitSeq(list, ",") {
			if strings.EqualFold(strings.TrimSpace(one), token) {
				return true
			}
		}
	}
	return false
}
