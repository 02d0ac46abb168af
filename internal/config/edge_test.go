package config

import (
	"fmt"
	"strings"
	"testing"
)

func TestLists(t *testing.T) {
	for yaml, want := range map[string]string{
		`trusted_proxies: ["10.1.2.3/8", "::1", "::ffff:192.0.2.1"]`: "[10.0.0.0/8 ::1/128 192.0.2.1/32]",
		`trusted_proxies: 127.0.0.1, 10.0.0.0/8`:                     "[127.0.0.1/32 10.0.0.0/8]",
		`trusted_proxies: []`:                                        "[]",
		"trusted_proxies:\n  - 127.0.0.1\n":                          "[127.0.0.1/32]",
	} {
		if got := fmt.Sprint(mustLoad(t, yaml, nil).TrustedProxies); got != want {
			t.Errorf("%s: %s, want %s", yaml, got, want)
		}
	}
	c := mustLoad(t, `cors: {origins: ["HTTPS://Board.example:443", "null"]}`, nil)
	if got := strings.Join(c.CORS.Origins, " "); got != "https://board.example null" {
		t.Errorf("origins %s", got)
	}
	c = mustLoad(t, "", []string{"FOOTFALL_CORS_ORIGINS=https://a.example,https://b.example"}, "--trusted_proxies=10.0.0.1")
	if len(c.CORS.Origins) != 2 || len(c.TrustedProxies) != 1 || c.Text("cors.origins") != "https://a.example,https://b.example" {
		t.Errorf("%+v", c)
	}
}

func TestListFaults(t *testing.T) {
	for yaml, want := range map[string]string{
		`trusted_proxies: ["10.0.0.0/33"]`:            `f.yaml:1: trusted_proxies: "10.0.0.0/33" is neither an address nor a prefix`,
		`trusted_proxies: ["0.0.0.0/0"]`:              `"0.0.0.0/0" is everybody, who could then claim to be anybody`,
		`trusted_proxies: ["::ffff:10.0.0.0/104"]`:    "is an IPv4 prefix written as IPv6",
		`trusted_proxies: {a: b}`:                     "trusted_proxies: is a mapping, not a list",
		`trusted_proxies: [[a]]`:                      "trusted_proxies[0]: is a list, not text",
		`trusted_proxies: [1]`:                        "trusted_proxies[0]: is a number, not text",
		`trusted_proxies: ["10.0.0.1,10.0.0.2"]`:      "trusted_proxies[0]: has a comma in it",
		`cors: {origins: ["*"]}`:                      `"*": it is not an origin`,
		`cors: {origins: ["https://board.example/"]}`: "an origin ends with the host or the port",
		"trusted_proxies: " + strings.TrimSuffix(strings.Repeat("10.0.0.1,", mostItems+1), ","): "has 257 items, and may have 256",
	} {
		_, err := load("f.yaml", []byte(yaml), nil, nil)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.60s: %v, want %s", yaml, err, want)
		}
	}
}
