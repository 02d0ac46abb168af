package api

import (
	"bytes"
	"compress/gzip"
	"io/fs"
	"path"
	"sync"

	"github.com/labstack/echo/v4"

	"github.com/footfall/footfall/api/dashboard"
)

const dashboardPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; " +
	"base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// dashboardViews are the addresses of the page's views; the page itself reads them.
var dashboardViews = []string{"/", "/reports", "/zones", "/status", "/kiosk"}

var dashboardTypes = map[string]string{
	".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8",
	".woff2": "font/woff2", ".png": "image/png", ".svg": "image/svg+xml",
}

// dashboardFile is a file of the page, once as it is and once zipped where that is smaller.
type dashboardFile struct{ plain, zipped rendered }

// dashboardFiles are zipped once in a process, whatever number of servers it has.
var dashboardFiles = sync.OnceValue(func() map[string]*dashboardFile {
	all := map[string]*dashboardFile{}
	err := fs.WalkDir(dashboard.Files(), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		body, err := fs.ReadFile(dashboard.Files(), name)
		if err != nil {
			return err
		}
		all["/"+name] = newDashboardFile(dashboardTypes[path.Ext(name)], body)
		return nil
	})
	if err != nil {
		panic(err) // the files are in the program
	}
	return all
})

func newDashboardFile(mediaType string, body []byte) *dashboardFile {
	f := &dashboardFile{plain: newRendered(mediaType, contentTag(body), body)}
	var zipped bytes.Buffer
	z, _ := gzip.NewWriterLevel(&zipped, gzip.BestCompression)
	_, _ = z.Write(body) // a buffer takes everything
	_ = z.Close()
	if zipped.Len() < len(body)*9/10 {
		f.zipped = newRendered(mediaType, contentTag(zipped.Bytes()), zipped.Bytes())
	}
	return f
}

func (s *Server) registerDashboard() {
	files := dashboardFiles()
	for name, file := range files {
		if name != "/index.html" {
			s.serve(name, file.serve)
		}
	}
	page := files["/index.html"]
	for _, view := range dashboardViews {
		s.serve(view, func(c echo.Context) error {
			c.Response().Header().Set("Content-Security-Policy", dashboardPolicy)
			return page.serve(c)
		})
	}
}

func (f *dashboardFile) serve(c echo.Context) error {
	if f.zipped.body == nil {
		return f.plain.write(c.Response(), c.Request())
	}
	c.Response().Header().Set("Vary", "Accept-Encoding")
	if !takesGzip(c.Request()) {
		return f.plain.write(c.Response(), c.Request())
	}
	c.Response().Header().Set("Content-Encoding", "gzip")
	return f.zipped.write(c.Response(), c.Request())
}
