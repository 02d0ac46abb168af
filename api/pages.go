package api

import (
	"bytes"
	"compress/gzip"
	"embed"
	"io"
	"net/http"
	"path"
	"strings"

	"github.com/labstack/echo/v4"
)

//go:embed pages
var pageFiles embed.FS

// Everything comes from this server, and scripts only from files. The API
// reference makes styles while it runs, which its policy has to allow.
const docsPolicy = "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; img-src 'self' data: blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

var assets = []struct{ name, mediaType string }{
	{"docs.js", "text/javascript; charset=utf-8"},
	{"scalar.js.gz", "text/javascript; charset=utf-8"},
	{"icon.svg", "image/svg+xml"},
}

func (s *Server) registerPages() {
	s.serve("/docs", page("docs.html", docsPolicy))
	for _, a := range assets {
		s.serve("/assets/"+strings.TrimSuffix(a.name, ".gz"), asset(a.name, a.mediaType))
	}
}

func page(name, policy string) echo.HandlerFunc {
	answer := embedded(name, "text/html; charset=utf-8")
	return func(c echo.Context) error {
		h := c.Response().Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("X-Frame-Options", "DENY") // for what knows no frame-ancestors
		return answer.write(c.Response(), c.Request())
	}
}

func asset(name, mediaType string) echo.HandlerFunc {
	answer := embedded(name, mediaType)
	zipped := path.Ext(name) == ".gz"
	return func(c echo.Context) error {
		h := c.Response().Header()
		if zipped {
			h.Add("Vary", "Accept-Encoding")
			if !takesGzip(c.Request()) {
				return unzipped(c, answer.body, mediaType)
			}
			h.Set("Content-Encoding", "gzip")
		}
		return answer.write(c.Response(), c.Request())
	}
}

func embedded(name, mediaType string) rendered {
	body, err := pageFiles.ReadFile("pages/" + name)
	if err != nil {
		panic(err) // the program was built without it
	}
	return newRendered(mediaType, contentTag(body), body)
}

func takesGzip(r *http.Request) bool {
	for _, list := range r.Header["Accept-Encoding"] {
		for one := range strings.SplitSeq(list, ",") {
			name, parameters, _ := strings.Cut(one, ";")
			if strings.EqualFold(strings.TrimSpace(name), "gzip") && weight(parameters) > 0 {
				return true
			}
		}
	}
	return false
}

func unzipped(c echo.Context, zipped []byte, mediaType string) error {
	z, err := gzip.NewReader(bytes.NewReader(zipped))
	if err != nil {
		return err
	}
	c.Response().Header().Set("Content-Type", mediaType)
	c.Response().Header().Set("Cache-Control", "no-cache")
	_, _ = io.Copy(c.Response(), z) // fails only where the client is gone
	return nil
}
