package signals

// The scanners here and in scan_number.go read one plain value that begins at b[i] and return it with
// the index after it, or with -1 where the value is not what they read, be it
// malformed or only unusual. Where they compare with a literal they do so at the
// spot: the compiler then makes one or two loads of it instead of a call.

func skipSpace(b []byte, i int) int {
	for i < len(b) && b[i] <= ' ' && isSpace(b[i]) {
		i++
	}
	return i
}

func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' }

// scanType reads the name of a hot kind.
func scanType(b []byte, i int) (Kind, int) {
	v := b[i:]
	if len(v) >= 16 && string(v[:16]) == `"realtime_person` {
		if len(v) >= 26 && string(v[16:26]) == `_position"` {
			return KindPosition, i + 26
		}
		if len(v) >= 22 && string(v[16:22]) == `_lost"` {
			return KindLost, i + 22
		}
	}
	if len(v) >= 23 && string(v[:12]) == `"realtime_de` && string(v[12:23]) == `mographics"` {
		return KindDemographics, i + 23
	}
	return KindUnknown, -1
}

// skipMember reads a member of no interest whose value is a number, a plain
// string or a literal.
func skipMember(b []byte, i int) int {
	if i = skipString(b, i); i < 0 || i == len(b) || b[i] != ':' {
		return -1
	}
	i = skipSpace(b, i+1)
	if i == len(b) {
		return -1
	}
	switch b[i] {
	case '"':
		return skipString(b, i)
	case 't':
		return skipLiteral(b, i, "true")
	case 'f':
		return skipLiteral(b, i, "false")
	case 'n':
		return skipLiteral(b, i, "null")
	}
	_, i = scanFloat(b, i)
	return i
}

func skipLiteral(b []byte, i int, literal string) int {
	if len(b)-i < len(literal) || string(b[i:i+len(literal)]) != literal {
		return -1
	}
	return i + len(literal)
}

// skipString skips a string of printable ASCII without escapes.
func skipString(b []byte, i int) int {
	if i == len(b) || b[i] != '"' {
		return -1
	}
	for i++; i < len(b); i++ {
		switch c := b[i]; {
		case c == '"':
			return i + 1
		case c == '\\' || c < ' ' || c > '~':
			return -1
		}
	}
	return -1
}
