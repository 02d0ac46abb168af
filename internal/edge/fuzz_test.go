package edge

import (
	"crypto/tls"
	"net"
	"net/netip"
	"strings"
	"testing"
)

// FuzzResolve: whatever stands in the headers that say for whom a request was passed on,
// a stranger's are not believed, a proxy's give an address and a host that can be ones, and
// none of them is left.
func FuzzResolve(f *testing.F) {
	for _, from := range []string{"10.1.2.3:4567", "203.0.113.9:4567", "[fd00::1]:1", "@"} {
		f.Add(from, "198.51.100.7, 10.9.9.9", "https", "shop.example", "")
		f.Add(from, "", "", "", `for="[2001:db8::7]:80";proto=https;host="shop.example:8443", for=unknown`)
		f.Add(from, ",,[::ffff:1.2.3.4%eth0]:99,", "javascript, http", "a b", `for="a\"b,c;host=x`)
		f.Add(from, "10.0.0.1", "", "localhost", `for=127.0.0.1;host=evil"`)
	}
	f.Fuzz(func(t *testing.T, from, chain, proto, host, element string) {
		r := request(from, "X-Forwarded-For", chain, "X-Forwarded-Proto", proto, "X-Forwarded-Host", host, "Forwarded", element, "X-Real-Ip", "127.0.0.1")
		direct := Client(r)
		proxies.Resolve(r)
		if r.URL.Scheme != "http" && r.URL.Scheme != "https" || !isHost(r.Host) || r.Host == "" {
			t.Fatalf("%q by %q", r.Host, r.URL.Scheme)
		}
		if len(r.Header) != 0 {
			t.Fatalf("left: %v", r.Header)
		}
		client := Client(r)
		if !proxies.Trusts(direct) && (client != direct || r.Host != "inner:8080" || Secure(r)) {
			t.Fatalf("%v is believed: %v, %s", direct, client, r.Host)
		}
		if client != direct && (!client.IsValid() || client.Zone() != "" || client.Is4In6() || !written(client, chain+" "+element)) {
			t.Fatalf("%v is nowhere in %q and %q", client, chain, element)
		}
	})
}

// written reports whether an address, in any of its forms, stands in a text.
func written(addr netip.Addr, text string) bool {
	for _, word := range strings.FieldsFunc(text, func(c rune) bool { return strings.ContainsRune(`,;= "\`+"\t\n\v\f\r\u0085\u00a0", c) }) {
		if got, ok := parseAddr(word); ok && got == addr {
			return true
		}
	}
	return strings.ContainsAny(text, `\`) || strings.ContainsFunc(text, func(c rune) bool { return c > 0x7f }) // quoted, or white space that only Unicode knows
}

// FuzzOrigin: an origin that is taken is one that a browser sends, is taken again as it is,
// and another site's is trusted only where it is listed.
func FuzzOrigin(f *testing.F) {
	for _, origin := range []string{
		"https://board.example", "http://127.0.0.1@evil.example", "null", "http://localhost:3000", "http://[::1]:80", "http://localhost.evil.example", "HTTP://LOCALHOST",
		"http://127.0.0.1%2eevil.example", "https://shop.example:443", "http://evil.example#.localhost", "http://[::1]evil.example", "http://[::ffff:127.0.0.1]", "file://", "http://:80",
	} {
		f.Add(origin, "shop.example", true)
		f.Add(origin, "127.0.0.1:8080", false)
	}
	f.Fuzz(func(t *testing.T, origin, host string, secure bool) {
		parsed, err := ParseOrigin(origin)
		if err == nil {
			if again, err := ParseOrigin(parsed); err != nil || again != parsed || parsed != strings.ToLower(parsed) {
				t.Fatalf("%q is %q, which is %q, %v", origin, parsed, again, err)
			}
		}
		r := request("203.0.113.9:1", "Origin", origin)
		if r.Host = host; secure {
			r.TLS = &tls.ConnectionState{}
		}
		NewProxies(nil).Resolve(r)
		if !NewOrigins([]string{origin}).Trusts(r) {
			t.Fatalf("%q is listed", origin)
		}
		if !NewOrigins(nil).Trusts(r) {
			return
		}
		_, site, found := strings.Cut(parsed, "://")
		if err != nil || !found || !IsLoopback(site) && parsed != serialise(r.URL.Scheme, host) {
			t.Fatalf("%q may do as %q pleases", origin, host)
		}
	})
}

// FuzzIsLoopback: what is taken for this machine is localhost or an address of it.
func FuzzIsLoopback(f *testing.F) {
	for _, host := range []string{"localhost", "127.0.0.1:80", "[::1]:80", "[::1", "127.1", "localhost.", "0x7f.1", "[::ffff:7f00:1%25a]", "::1", ":1:1"} {
		f.Add(host)
	}
	f.Fuzz(func(t *testing.T, host string) {
		if !IsLoopback(host) {
			return
		}
		name, _, err := net.SplitHostPort(host)
		if err != nil {
			name = strings.Trim(host, "[]")
		}
		name, _, _ = strings.Cut(name, "%") // a zone, which changes nothing
		if ip := net.ParseIP(name); !strings.EqualFold(name, "localhost") && (ip == nil || !ip.IsLoopback()) {
			t.Fatalf("%q is this machine", host)
		}
	})
}
