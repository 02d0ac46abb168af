package api

import (
	"net/http"
	"testing"
)

func TestAccepted(t *testing.T) {
	for header, want := range map[string]string{
		"":                       jsonType,
		"*/*":                    jsonType,
		"text/csv":               csvType,
		"TEXT/CSV; charset=utf8": csvType,
		"text/*":                 csvType,
		"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8": jsonType,
		"application/json;q=0.5, text/csv":                                csvType,
		"text/csv;q=0.5, application/json;q=0.5":                          jsonType,
		"*/*, application/json;q=0":                                       csvType,
		"text/csv;q=0":                                                    "",
		"text/csv;q=nonsense":                                             "",
		"image/png":                                                       "",
		",;=,":                                                            "",
	} {
		if got := accepted([]string{header}, jsonType, csvType); got != want {
			t.Errorf("%q takes %q, want %q", header, got, want)
		}
	}
}

func TestMatches(t *testing.T) {
	for header, want := range map[string]bool{
		`"a"`: true, `W/"a"`: true, `"b", "a"`: true, `*`: true, `"b",W/"a"`: true,
		``: false, `"b"`: false, `a`: false, `"a`: false, `"a-"`: false,
	} {
		if got := matches([]string{header}, `"a"`); got != want {
			t.Errorf("%s: %v", header, got)
		}
	}
}

func TestCheckOrigin(t *testing.T) {
	for origin, want := range map[string]bool{
		"http://localhost:3000": true, "http://127.0.0.1": true, "https://[::1]:8443": true, "http://shop.example:8080": true,
		"null": false, "": false, "http://evil.example": false, "http://localhost.evil.example": false, "http://127.0.0.1.evil.example": false,
		"http://shop.example": false, "file://": false, "http://127.0.0.1@evil.example": false, "::": false,
	} {
		r := &http.Request{Host: "shop.example:8080", Header: http.Header{"Origin": {origin}}}
		if got := CheckOrigin(r); got != want {
			t.Errorf("%s: %v", origin, got)
		}
	}
	if !CheckOrigin(&http.Request{Host: "127.0.0.1:1"}) {
		t.Error("a program, which sends no Origin, is refused")
	}
	if CheckOrigin(&http.Request{Host: "127.0.0.1:1", Header: http.Header{"Origin": {"http://localhost", "http://evil.example"}}}) {
		t.Error("two origins are let in")
	}
}

func TestIsLoopback(t *testing.T) {
	for host, want := range map[string]bool{
		"localhost": true, "LocalHost:80": true, "127.0.0.1": true, "127.9.8.7:80": true, "[::1]": true, "[::1]:80": true, "[::ffff:127.0.0.1]:80": true,
		"": false, ":80": false, "evil.example": false, "localhost.evil.example": false, "127.0.0.1.nip.io": false, "10.0.0.1": false, "0.0.0.0": false,
		"[::2]:80": false, "localhost.": false, "2130706433": false, "[::1": false, "[127.0.0.1": false,
	} {
		if got := isLoopback(host); got != want {
			t.Errorf("%q: %v", host, got)
		}
	}
}
