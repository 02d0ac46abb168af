package api

import (
	"net/http"
)

// What pages of listed origins may send and read beyond what browsers allow anyway.
// Cookies are not for them: they bring a token.
const (
	corsMethods = "GET, HEAD, POST, PUT, PATCH, DELETE"
	corsHeaders = "Authorization, Content-Type, Content-Encoding, If-Match, If-None-Match, Idempotency-Key"
	corsExposed = "Content-Disposition, ETag, Location, Retry-After, " + requestIDHeader
	corsMaxAge  = "600" // seconds
)

// preflight answers a browser that asks whether a page of a listed origin may send a
// request.
func (s *Server) preflight(w http.ResponseWriter, r *http.Request) bool {
	origin := s.origins.Listed(r)
	if origin == "" || len(r.Header["Access-Control-Request-Method"]) == 0 {
		return false
	}
	h := w.Header()
	h.Set("Access-Control-Allow-Origin", origin)
	h.Set("Access-Control-Allow-Methods", corsMethods)
	h.Set("Access-Control-Allow-Headers", corsHeaders)
	h.Set("Access-Control-Max-Age", corsMaxAge)
	h.Add("Vary", "Origin")
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(http.StatusNoContent)
	return true
}

// share lets a page of a listed origin read the answer.
func (s *Server) share(h http.Header, r *http.Request) {
	if len(s.cfg.Edge.Origins) == 0 {
		return
	}
	h.Add("Vary", "Origin")
	if origin := s.origins.Listed(r); origin != "" {
		h.Set("Access-Control-Allow-Origin", origin)
		h.Set("Access-Control-Expose-Headers", corsExposed)
	}
}
