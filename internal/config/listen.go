package config

import (
	"net"
	"net/netip"
	"strconv"
	"strings"
)

func addressKind() kind[string] {
	return kind[string]{"text", "HOST:PORT, such as 127.0.0.1:8080, localhost:0, [::1]:8080 or :8080", []string{tagText},
		func(text string) (string, string) {
			host, port, err := net.SplitHostPort(text)
			if err != nil {
				return "", quoted(text) + " is not HOST:PORT"
			}
			if _, err := strconv.ParseUint(port, 10, 16); err != nil {
				return "", quoted(text) + ": the port is not a number from 0 to 65535"
			}
			if !isHost(host) {
				return "", quoted(text) + ": the host is neither a name nor an IP address"
			}
			return text, ""
		}}
}

func isHost(host string) bool {
	if _, err := netip.ParseAddr(host); err == nil {
		return true
	}
	const letters = "abcdefghijklmnopqrstuvwxyz0123456789-._"
	return !strings.ContainsFunc(strings.ToLower(host), func(r rune) bool { return !strings.ContainsRune(letters, r) })
}

// IsLoopback says whether HOST:PORT can be reached from this machine alone: localhost or a
// loopback IP address. Any other name is not looked up and counts as reachable.
func IsLoopback(address string) bool {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return false
	}
	if strings.EqualFold(strings.TrimSuffix(host, "."), "localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Unmap().IsLoopback()
}
