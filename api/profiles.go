package api

import (
	"net/http"
	"net/http/pprof"

	"github.com/labstack/echo/v4"
)

// registerProfiles puts up the profiles, for listeners that only this machine
// reaches. The command line is left out: it may hold secrets.
func (s *Server) registerProfiles() {
	s.serve("/debug/pprof/", profile(pprof.Index))
	s.serve("/debug/pprof/:name", func(c echo.Context) error {
		switch name := c.Param("name"); name {
		case "profile":
			return profile(pprof.Profile)(c)
		case "symbol":
			return profile(pprof.Symbol)(c)
		case "trace":
			return profile(pprof.Trace)(c)
		default:
			return profile(pprof.Handler(name).ServeHTTP)(c)
		}
	})
}

func profile(h http.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if !overLoopback(c.Request()) {
			return echo.ErrNotFound
		}
		return withProblems(h, c)
	}
}
