package edge

import (
	"crypto/tls"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"

	"pgregory.net/rapid"
)

var proxies = NewProxies([]netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")})

func request(from string, headers ...string) *http.Request {
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.RemoteAddr, r.Host = from, "inner:8080"
	for i := 0; i < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	return r
}

func TestResolve(t *testing.T) {
	const proxy, stranger, direct = "10.1.2.3:4567", "203.0.113.9:4567", "203.0.113.9"
	for _, c := range []struct {
		name, from           string
		headers              []string
		client, scheme, host string
	}{
		{"nothing said", proxy, nil, "10.1.2.3", "http", "inner:8080"},
		{"one hop", proxy, []string{"X-Forwarded-For", "198.51.100.7", "X-Forwarded-Proto", "https", "X-Forwarded-Host", "shop.example"}, "198.51.100.7", "https", "shop.example"},
		{"a stranger's word", stranger, []string{"X-Forwarded-For", "198.51.100.7", "X-Forwarded-Proto", "https", "X-Forwarded-Host", "localhost"}, direct, "http", "inner:8080"},
		{"a stranger's Forwarded", stranger, []string{"Forwarded", "for=127.0.0.1;proto=https;host=localhost", "X-Real-Ip", "127.0.0.1"}, direct, "http", "inner:8080"},
		{"forged before the proxy's", proxy, []string{"X-Forwarded-For", "127.0.0.1, 198.51.100.7"}, "198.51.100.7", "http", "inner:8080"},
		{"forged in a header of its own", proxy, []string{"X-Forwarded-For", "127.0.0.1", "X-Forwarded-For", "198.51.100.7"}, "198.51.100.7", "http", "inner:8080"},
		{"two proxies", proxy, []string{"X-Forwarded-For", "127.0.0.1, 198.51.100.7, 10.9.9.9"}, "198.51.100.7", "http", "inner:8080"},
		{"proxies alone", proxy, []string{"X-Forwarded-For", "10.9.9.9, 10.8.8.8"}, "10.9.9.9", "http", "inner:8080"},
		{"nonsense ends the chain", proxy, []string{"X-Forwarded-For", "198.51.100.7, unknown, 10.9.9.9"}, "10.9.9.9", "http", "inner:8080"},
		{"nonsense alone", proxy, []string{"X-Forwarded-For", "unknown"}, "10.1.2.3", "http", "inner:8080"},
		{"with ports", proxy, []string{"X-Forwarded-For", "[2001:db8::7]:99, 10.9.9.9:80"}, "2001:db8::7", "http", "inner:8080"},
		{"mapped", "[::ffff:10.1.2.3]:1", []string{"X-Forwarded-For", "::ffff:198.51.100.7"}, "198.51.100.7", "http", "inner:8080"},
		{"IPv6 proxy", "[fd00::1]:1", []string{"X-Forwarded-For", "2001:db8::7"}, "2001:db8::7", "http", "inner:8080"},
		{"no scheme of ours", proxy, []string{"X-Forwarded-Proto", "javascript"}, "10.1.2.3", "http", "inner:8080"},
		{"the last scheme", proxy, []string{"X-Forwarded-Proto", "https, http"}, "10.1.2.3", "http", "inner:8080"},
		{"no host", proxy, []string{"X-Forwarded-Host", "a b"}, "10.1.2.3", "http", "inner:8080"},
		{"Forwarded", proxy, []string{"Forwarded", `for=127.0.0.1, FOR="[2001:db8::7]:80" ; proto=HTTPS;host="shop.example:8443"`}, "2001:db8::7", "https", "shop.example:8443"},
		{"Forwarded beside the other kind", proxy, []string{"Forwarded", "for=127.0.0.1;host=localhost", "X-Forwarded-For", "198.51.100.7"}, "198.51.100.7", "http", "inner:8080"},
		{"Forwarded, hidden", proxy, []string{"Forwarded", "for=198.51.100.7, for=_gone"}, "10.1.2.3", "http", "inner:8080"},
		{"Forwarded, a comma in quotes", proxy, []string{"Forwarded", `for="a,for=127.0.0.1";host="b\"c"`}, "10.1.2.3", "http", "inner:8080"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := request(c.from, c.headers...)
			proxies.Resolve(r)
			if Client(r).String() != c.client || r.URL.Scheme != c.scheme || r.Host != c.host {
				t.Errorf("%v by %s for %s, want %s by %s for %s", Client(r), r.URL.Scheme, r.Host, c.client, c.scheme, c.host)
			}
			if len(r.Header) != 0 {
				t.Errorf("headers left: %v", r.Header)
			}
		})
	}
}

func TestResolveKnowsTLS(t *testing.T) {
	r := request("203.0.113.9:1")
	r.TLS = &tls.ConnectionState{}
	if NewProxies(nil).Resolve(r); !Secure(r) {
		t.Error("a request by TLS is not secure")
	}
	absolute := httptest.NewRequest(http.MethodGet, "https://shop.example/", nil)
	absolute.TLS = nil
	if NewProxies(nil).Resolve(absolute); Secure(absolute) {
		t.Error("a request is secure because it says so")
	}
}

// Whatever stands in the headers, the client is the peer or an address written there,
// and nothing panics.
func TestResolveAnything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.SampledFrom([]string{"10.0.0.1", "198.51.100.7", "[::1]:80", `"`, `\`, ",", ";", "=", "for", "host", " ", "x"})
		text := rapid.SliceOfN(word, 0, 8)
		join := func(words []string) (all string) {
			for _, w := range words {
				all += w
			}
			return all
		}
		r := request(rapid.SampledFrom([]string{"10.1.2.3:1", "203.0.113.9:1", "@", ""}).Draw(t, "from"),
			"Forwarded", join(text.Draw(t, "forwarded")), "X-Forwarded-For", join(text.Draw(t, "for")), "X-Forwarded-Host", join(text.Draw(t, "host")))
		direct := Client(r)
		proxies.Resolve(r)
		if !proxies.Trusts(direct) && (Client(r) != direct || r.Host != "inner:8080") {
			t.Errorf("%v is believed: %v, %s", direct, Client(r), r.Host)
		}
	})
}

func TestIsLoopback(t *testing.T) {
	for host, want := range map[string]bool{
		"localhost": true, "LocalHost:80": true, "127.0.0.1": true, "127.9.8.7:80": true, "[::1]": true, "[::1]:80": true, "[::ffff:127.0.0.1]:80": true,
		"": false, ":80": false, "evil.example": false, "localhost.evil.example": false, "127.0.0.1.nip.io": false, "10.0.0.1": false, "0.0.0.0": false,
		"[::2]:80": false, "localhost.": false, "2130706433": false, "[::1": false, "[127.0.0.1": false,
	} {
		if got := IsLoopback(host); got != want {
			t.Errorf("%q: %v", host, got)
		}
	}
}
