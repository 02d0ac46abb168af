package edge

import (
	"net/http"
	"net/netip"
	"strings"
)

// Proxies are the addresses whose word on who asks, and how, is believed.
type Proxies struct{ trusted []netip.Prefix }

// NewProxies trusts the addresses of the prefixes; none trusts nobody.
func NewProxies(trusted []netip.Prefix) *Proxies { return &Proxies{trusted} }

// Trusts reports whether an address is one of the proxies'.
func (p *Proxies) Trusts(addr netip.Addr) bool {
	for _, prefix := range p.trusted {
		if prefix.Contains(addr) {
			return true
		}
	}
	return false
}

// forwarding are the headers that say for whom a request was passed on.
var forwarding = []string{"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Port", "X-Forwarded-Proto", "X-Forwarded-Ssl", "X-Real-Ip"}

// Resolve makes a request tell who sent it: RemoteAddr the client's address (with port 0
// where a proxy named it), Host the host that it asked for and URL.Scheme "http" or
// "https". From a trusted proxy, these are what its forwarding headers say; from anybody
// else, what the connection does. The headers are removed, so that nothing that comes
// later can believe them. It must be called once, before the request is used.
func (p *Proxies) Resolve(r *http.Request) {
	r.URL.Scheme = "http"
	if r.TLS != nil {
		r.URL.Scheme = "https"
	}
	if len(p.trusted) > 0 && p.Trusts(Client(r)) {
		p.believe(r)
	}
	for _, name := range forwarding {
		delete(r.Header, name)
	}
}

// believe heeds X-Forwarded-*, or, where none of them came, Forwarded: a proxy that
// writes the one kind may pass on the other as a stranger wrote it.
func (p *Proxies) believe(r *http.Request) {
	h := r.Header
	chain, proto, host := list(h["X-Forwarded-For"]), last(h["X-Forwarded-Proto"]), last(h["X-Forwarded-Host"])
	if chain == nil && proto == "" && host == "" {
		chain, proto, host = forwarded(h["Forwarded"])
	}
	if client, ok := p.client(chain); ok {
		r.RemoteAddr = netip.AddrPortFrom(client, 0).String()
	}
	if proto = strings.ToLower(proto); proto == "http" || proto == "https" {
		r.URL.Scheme = proto
	}
	if host != "" && isHost(host) {
		r.Host = host
	}
}

// client is the last address of a chain that is not a proxy's: each wrote the address
// that it was asked by at the end. What lies before it, the client may have made up.
func (p *Proxies) client(chain []string) (addr netip.Addr, ok bool) {
	for i := len(chain) - 1; i >= 0; i-- {
		hop, valid := parseAddr(chain[i])
		if !valid {
			return addr, ok
		}
		if addr, ok = hop, true; !p.Trusts(hop) {
			return addr, true
		}
	}
	return addr, ok
}

// Client is the address that a request comes from, the zero Addr where there is none.
func Client(r *http.Request) netip.Addr {
	addr, _ := parseAddr(r.RemoteAddr)
	return addr
}

// Secure reports whether a resolved request came by TLS, to us or to a trusted proxy.
func Secure(r *http.Request) bool { return r.URL.Scheme == "https" }

// parseAddr reads an IP address with or without port and brackets, and drops its zone.
func parseAddr(text string) (netip.Addr, bool) {
	if ap, err := netip.ParseAddrPort(text); err == nil {
		return ap.Addr().Unmap().WithZone(""), true
	}
	addr, err := netip.ParseAddr(unbracketed(text))
	return addr.Unmap().WithZone(""), err == nil
}

func unbracketed(text string) string {
	if len(text) > 2 && text[0] == '[' && text[len(text)-1] == ']' {
		return text[1 : len(text)-1]
	}
	return text
}

// isHost reports whether a text can stand as the Host of a request.
func isHost(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool {
		return r <= ' ' || r >= 0x7f || strings.ContainsRune(`/\?#@"<>,;`, r)
	})
}

// IsLoopback reports whether a host, with or without a port, is this machine by name or
// number. No other name will do: anyone's name can be made to lead here.
func IsLoopback(hostport string) bool {
	host := hostport
	if i := strings.LastIndexByte(host, ':'); i >= 0 && strings.Trim(host[i+1:], "0123456789") == "" {
		host = host[:i]
	}
	if strings.EqualFold(host, "localhost") {
		return true
	}
	addr, err := netip.ParseAddr(unbracketed(host))
	return err == nil && addr.Unmap().IsLoopback() && (addr.Is4() || host[0] == '[')
}
