package config

import (
	"fmt"
	"net/netip"
	"strings"

	"github.com/footfall/footfall/internal/edge"
)

// TLS is the certificate to serve with.
type TLS struct {
	Cert string // path of a PEM file: the certificate and those that vouch for it
	Key  string // path of a PEM file
}

// CORS says which pages of other origins may ask from a browser.
type CORS struct {
	Origins []string // as edge.ParseOrigin returns them
}

var edgeSettings = []setting{
	define("tls.cert", "",
		"path of a certificate with its chain (PEM), read again when it changes; empty is without TLS",
		optionalPathKind(), func(c *Config, v string) { c.TLS.Cert = v }),
	define("tls.key", "",
		"path of the certificate's key (PEM)",
		optionalPathKind(), func(c *Config, v string) { c.TLS.Key = v }),
	define("trusted_proxies", "",
		"addresses of proxies whose X-Forwarded-For, -Proto and -Host (or Forwarded) are believed",
		listKind("a list of addresses and CIDR prefixes, such as 127.0.0.1 and 10.0.0.0/8", parsePrefix),
		func(c *Config, v []string) {
			c.TrustedProxies = nil
			for _, text := range v {
				c.TrustedProxies = append(c.TrustedProxies, netip.MustParsePrefix(text))
			}
		}),
	define("cors.origins", "",
		"origins of other sites' pages that may use the API, each with a token of its own",
		listKind("a list of origins such as https://board.example.com, and null for pages in a sandbox", func(text string) (string, string) {
			origin, err := edge.ParseOrigin(text)
			if err != nil {
				return "", quoted(text) + ": " + err.Error()
			}
			return origin, ""
		}),
		func(c *Config, v []string) { c.CORS.Origins = v }),
}

// parsePrefix is a prefix as text; that of every address is refused.
func parsePrefix(text string) (canonical, problem string) {
	if addr, err := netip.ParseAddr(text); err == nil && addr.Zone() == "" {
		addr = addr.Unmap()
		return netip.PrefixFrom(addr, addr.BitLen()).String(), ""
	}
	prefix, err := netip.ParsePrefix(text)
	switch {
	case err != nil:
		return "", quoted(text) + " is neither an address nor a prefix"
	case prefix.Bits() == 0:
		return "", quoted(text) + " is everybody, who could then claim to be anybody"
	case prefix.Addr().Is4In6():
		return "", quoted(text) + " is an IPv4 prefix written as IPv6"
	}
	return prefix.Masked().String(), ""
}

const mostItems = 256

// listKind is a list of text without commas, written as a YAML list or with commas
// between.
func listKind(allowed string, parse func(item string) (canonical, problem string)) kind[[]string] {
	return kind[[]string]{typeList, allowed, []string{tagText}, func(text string) ([]string, string) {
		var items []string
		for item := range strings.SplitSeq(text, ",") {
			if item = strings.TrimSpace(item); item == "" {
				continue
			}
			canonical, problem := parse(item)
			if problem != "" {
				return nil, problem
			}
			items = append(items, canonical)
		}
		if len(items) > mostItems {
			return nil, fmt.Sprintf("has %d items, and may have %d", len(items), mostItems)
		}
		return items, ""
	}}
}
