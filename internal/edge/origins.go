package edge

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
)

// Null is the origin of a page in a sandboxed frame, whoever it is by.
const Null = "null"

// Origins tells pages that may use what a browser adds to a request by itself (its
// place on this machine, a cookie) from all others.
type Origins struct{ listed map[string]bool }

// NewOrigins lists origins as ParseOrigin returns them.
func NewOrigins(listed []string) *Origins {
	o := &Origins{make(map[string]bool, len(listed))}
	for _, origin := range listed {
		o.listed[origin] = true
	}
	return o
}

// ParseOrigin reads SCHEME://HOST[:PORT], or null, as a browser sends it: in lower case
// and without the scheme's own port.
func ParseOrigin(text string) (string, error) {
	if text == Null {
		return Null, nil
	}
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.Hostname() == "" || !isHost(u.Host) || strings.Contains(u.Host, "*") {
		return "", errors.New("it is not an origin, such as https://dashboard.example.com")
	}
	if u.User != nil || u.Path != "" || u.RawQuery != "" || u.Fragment != "" || u.ForceQuery || strings.HasSuffix(text, "#") {
		return "", errors.New("an origin ends with the host or the port")
	}
	return serialise(u.Scheme, u.Host), nil
}

func serialise(scheme, host string) string {
	host = strings.ToLower(host)
	if scheme == "http" {
		host = strings.TrimSuffix(host, ":80")
	} else {
		host = strings.TrimSuffix(host, ":443")
	}
	return scheme + "://" + strings.TrimSuffix(host, ":")
}

// Listed is a request's one Origin where it is listed, else "".
func (o *Origins) Listed(r *http.Request) string {
	if sent := r.Header["Origin"]; len(sent) == 1 && o.listed[sent[0]] {
		return sent[0]
	}
	return ""
}

// Trusts reports whether a resolved request comes from no page of another site: its
// Origin is ours, this machine's or a listed one. Without an Origin it comes from a
// program, or from a page that cannot read the answer, which need not be made for another
// site's unless somebody follows a link.
func (o *Origins) Trusts(r *http.Request) bool {
	sent := r.Header["Origin"]
	if len(sent) == 0 {
		site := r.Header["Sec-Fetch-Site"]
		return len(site) == 0 || site[0] != "cross-site" || r.Header.Get("Sec-Fetch-Mode") == "navigate"
	}
	if len(sent) > 1 {
		return false
	}
	if o.listed[sent[0]] {
		return true
	}
	origin, err := ParseOrigin(sent[0])
	if err != nil || origin == Null {
		return false
	}
	_, host, _ := strings.Cut(origin, "://")
	return IsLoopback(host) || origin == serialise(r.URL.Scheme, r.Host)
}
