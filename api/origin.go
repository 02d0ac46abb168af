package api

import (
	"net/http"
	"net/netip"
	"net/url"
	"strings"
)

// CheckOrigin lets in what is no browser's page, pages of this server and pages
// served by this machine. It is for signals.ServerConfig: as long as no token is
// needed, any other page that a browser shows could read along. The origin "null"
// is any page's in a sandboxed frame, and refused.
func CheckOrigin(r *http.Request) bool {
	origins := r.Header.Values("Origin")
	if len(origins) == 0 {
		return true
	}
	origin, err := url.Parse(origins[0])
	if len(origins) > 1 || err != nil || origin.Host == "" {
		return false
	}
	return strings.EqualFold(origin.Host, r.Host) || isLoopback(origin.Host)
}

// isLoopback reports whether a host, with or without a port, is this machine by
// name or number. No other name will do: anyone's name can be made to lead here.
func isLoopback(hostport string) bool {
	host := hostport
	if i := strings.LastIndexByte(host, ':'); i >= 0 && strings.IndexByte(host[i:], ']') < 0 {
		host = host[:i]
	}
	if strings.EqualFold(host, "localhost") {
		return true
	}
	if len(host) > 2 && host[0] == '[' && host[len(host)-1] == ']' {
		host = host[1 : len(host)-1]
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.Unmap().IsLoopback()
}
