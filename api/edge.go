package api

import (
	"fmt"
	"mime"
	"net/http"
	"net/netip"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/footfall/footfall/internal/edge"
)

// Edge says how requests come to a Server. The zero value is a server without TLS and
// without proxies before it.
type Edge struct {
	Certificate    *edge.Certificate // nil: no TLS
	TrustedProxies []netip.Prefix    // whose forwarding headers are believed
	Origins        []string          // of pages that may read answers; as edge.ParseOrigin returns them
	Limits         *edge.Limits      // nil: the defaults
}

// enter is what a request passes before it is routed.
func (s *Server) enter(w http.ResponseWriter, r *http.Request) {
	s.proxies.Resolve(r)
	if r.Method == http.MethodOptions && s.preflight(w, r) {
		return
	}
	s.echo.ServeHTTP(w, r)
}

// refuse says why a request must not reach its handler, nil if it may.
func (s *Server) refuse(r *http.Request, to *route) *huma.ErrorModel {
	open := !s.cfg.Required
	if open && !edge.IsLoopback(r.Host) {
		return problem(http.StatusMisdirectedRequest, fmt.Sprintf("this server answers to localhost, 127.0.0.1 and [::1] only, not to %q", r.Host))
	}
	if p := s.refuseOrigin(r, open); p != nil {
		return p
	}
	if open && to.media != nil {
		if p := refuseMedia(r, to.media); p != nil {
			return p
		}
	}
	limit := to.body
	if limit == nil {
		limit = s.limits.Body
	}
	if p := limitBody(r, limit); p != nil {
		return p
	}
	if !to.strict {
		return nil
	}
	return checkQuery(r.URL.RawQuery, to.query)
}

// refuseOrigin keeps the pages of other sites away from what a browser would let them use
// unasked: an open server that it can reach, or the cookie of somebody who has signed in.
// What brings a token of its own, in a header or later in a WebSocket's registration,
// may come from anywhere.
func (s *Server) refuseOrigin(r *http.Request, open bool) *huma.ErrorModel {
	signsIn := len(r.Header["Cookie"]) > 0 && len(r.Header["Authorization"]) == 0
	if !open && !signsIn || s.origins.Trusts(r) {
		return nil
	}
	origin := strings.Join(r.Header["Origin"], ", ")
	if origin == "" {
		return problem(http.StatusForbidden, "a page of another site may not use what is here")
	}
	return problem(http.StatusForbidden, fmt.Sprintf("a page of %q may not use what is here, which is %s://%s; cors.origins can list it, and trusted_proxies a proxy that ends TLS", origin, r.URL.Scheme, r.Host))
}

// sentMedia are the types of what can be sent anywhere: a browser asks (preflight) before
// it sends one of them for a page of another site.
var sentMedia = []string{jsonType, geoJSONType, ndjsonType, "application/ndjson", "application/gzip", "application/x-gzip", "application/zstd"}

// refuseMedia refuses a body that is not said to be of one of the route's types or of
// sentMedia.
func refuseMedia(r *http.Request, own []string) *huma.ErrorModel {
	if r.Method == http.MethodGet || r.Method == http.MethodHead || r.Body == http.NoBody {
		return nil
	}
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err == nil && (slices.Contains(own, media) || slices.Contains(sentMedia, media)) {
		return nil
	}
	return problem(http.StatusUnsupportedMediaType, fmt.Sprintf("Content-Type must say what the body is: %s", strings.Join(own, ", ")))
}
