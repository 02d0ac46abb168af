package config

import (
	"net"
	"net/url"
)

// keysURLKind is where keys are fetched from: whoever could change them on the way could
// sign anything.
func keysURLKind() kind[string] {
	const allowed = "https://HOST…, or http:// with a loopback address, without name or password"
	return kind[string]{"text", allowed, []string{tagText}, func(text string) (string, string) {
		u, err := url.Parse(text)
		switch {
		case text == "":
			return "", ""
		case err != nil || u.Hostname() == "":
			return "", "is not a URL with a host"
		case u.User != nil:
			return "", "has a name or password in it"
		case u.Scheme == "https" || u.Scheme == "http" && IsLoopback(net.JoinHostPort(u.Hostname(), "80")):
			return text, ""
		}
		return "", "does not begin with https://"
	}}
}
