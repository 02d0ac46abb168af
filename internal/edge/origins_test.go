package edge

import (
	"crypto/tls"
	"testing"
)

func TestOriginsTrust(t *testing.T) {
	listed := NewOrigins([]string{"https://board.example", "null"})
	none := NewOrigins(nil)
	for _, c := range []struct {
		host    string
		tls     bool
		headers []string
		origins *Origins
		want    bool
	}{
		{"shop.example:8080", false, nil, none, true}, // a program
		{"shop.example:8080", false, []string{"Origin", "http://shop.example:8080"}, none, true},
		{"Shop.example", true, []string{"Origin", "https://shop.example"}, none, true},
		{"shop.example:443", true, []string{"Origin", "https://shop.example"}, none, true},
		{"shop.example:8080", false, []string{"Origin", "https://shop.example:8080"}, none, false},
		{"shop.example:8080", false, []string{"Origin", "http://shop.example"}, none, false},
		{"shop.example:8080", false, []string{"Origin", "http://evil.example"}, none, false},
		{"shop.example:8080", false, []string{"Origin", "http://localhost:3000"}, none, true},
		{"shop.example:8080", false, []string{"Origin", "https://[::1]:8443"}, none, true},
		{"127.0.0.1:1", false, []string{"Origin", "http://127.0.0.1"}, none, true},
		{"127.0.0.1:1", false, []string{"Origin", "http://localhost.evil.example"}, none, false},
		{"127.0.0.1:1", false, []string{"Origin", "http://127.0.0.1@evil.example"}, none, false},
		{"127.0.0.1:1", false, []string{"Origin", "http://127.0.0.1.evil.example"}, none, false},
		{"127.0.0.1:1", false, []string{"Origin", "null"}, none, false},
		{"127.0.0.1:1", false, []string{"Origin", ""}, none, false},
		{"127.0.0.1:1", false, []string{"Origin", "file://"}, none, false},
		{"127.0.0.1:1", false, []string{"Origin", "::"}, none, false},
		{"127.0.0.1:1", false, []string{"Origin", "chrome-extension://abc"}, none, false},
		{"127.0.0.1:1", false, []string{"Origin", "http://localhost", "Origin", "http://evil.example"}, none, false},
		{"127.0.0.1:1", false, []string{"Origin", "null"}, listed, true},
		{"127.0.0.1:1", false, []string{"Origin", "https://board.example"}, listed, true},
		{"127.0.0.1:1", false, []string{"Origin", "http://board.example"}, listed, false},
		{"127.0.0.1:1", false, []string{"Origin", "https://board.example", "Origin", "https://evil.example"}, listed, false},
		{"127.0.0.1:1", false, []string{"Sec-Fetch-Site", "same-origin", "Sec-Fetch-Mode", "cors"}, none, true},
		{"127.0.0.1:1", false, []string{"Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "no-cors"}, none, false},
		{"127.0.0.1:1", false, []string{"Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "navigate"}, none, true}, // a link
		{"127.0.0.1:1", false, []string{"Sec-Fetch-Site", "none", "Sec-Fetch-Mode", "navigate"}, none, true},
	} {
		r := request("203.0.113.9:1", c.headers...)
		if r.Host = c.host; c.tls {
			r.TLS = &tls.ConnectionState{}
		}
		NewProxies(nil).Resolve(r)
		if got := c.origins.Trusts(r); got != c.want {
			t.Errorf("at %s, TLS %v, %v: %v", c.host, c.tls, c.headers, got)
		}
	}
}

func TestParseOrigin(t *testing.T) {
	for text, want := range map[string]string{
		"https://Board.Example": "https://board.example", "https://board.example:443": "https://board.example", "http://board.example:80": "http://board.example",
		"http://board.example:443": "http://board.example:443", "null": "null", "http://[::1]:8080": "http://[::1]:8080",
		"": "", "*": "", "board.example": "", "https://": "", "https://a/": "", "https://a?": "", "https://a#": "", "https://u@a": "", "ftp://a": "", "https://*.a": "",
	} {
		got, err := ParseOrigin(text)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q, %v", text, got, err)
		}
	}
}
