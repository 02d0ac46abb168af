package edge

import "strings"

// list is a header of comma-separated values, whole.
func list(values []string) []string {
	var all []string
	for _, v := range values {
		for one := range strings.SplitSeq(v, ",") {
			all = append(all, strings.TrimSpace(one))
		}
	}
	return all
}

// last is what the nearest proxy wrote of such a header.
func last(values []string) string {
	if len(values) == 0 {
		return ""
	}
	v := values[len(values)-1]
	return strings.TrimSpace(v[strings.LastIndexByte(v, ',')+1:])
}

// forwarded reads Forwarded (RFC 7239): the chain of "for", and the last element's proto
// and host. An element that cannot be read ends the chain there.
func forwarded(values []string) (chain []string, proto, host string) {
	for _, v := range values {
		for _, element := range split(v, ',') {
			hop := ""
			proto, host = "", ""
			for _, pair := range split(element, ';') {
				name, value, _ := strings.Cut(pair, "=")
				switch strings.ToLower(strings.TrimSpace(name)) {
				case "for":
					hop = unquote(value)
				case "proto":
					proto = unquote(value)
				case "host":
					host = unquote(value)
				}
			}
			chain = append(chain, hop)
		}
	}
	return chain, proto, host
}

// split cuts at a separator outside quotes.
func split(text string, separator byte) []string {
	var parts []string
	begin, quoted := 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\\' && quoted:
			i++
		case c == '"':
			quoted = !quoted
		case c == separator && !quoted:
			parts = append(parts, text[begin:i])
			begin = i + 1
		}
	}
	return append(parts, text[begin:])
}

func unquote(text string) string {
	text = strings.TrimSpace(text)
	if len(text) < 2 || text[0] != '"' || text[len(text)-1] != '"' {
		return text
	}
	var b strings.Builder
	for i := 1; i < len(text)-1; i++ {
		if text[i] == '\\' && i < len(text)-2 {
			i++
		}
		b.WriteByte(text[i])
	}
	return b.String()
}
