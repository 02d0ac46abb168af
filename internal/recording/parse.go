package recording

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/footfall/footfall/signals"
)

// parser takes a line apart. parse tries the plain form first, by a scan without
// allocations; whatever that does not take goes to encoding/json. The two agree on
// every line (FuzzParse).
type parser struct {
	raw []byte // the line's message

	// The text of the last time and what it says: messages of one frame share it.
	text  [48]byte
	len   int
	value int64
}

// parse reads one line without its line break. reason is empty where it is well formed.
func (p *parser) parse(line []byte, m *signals.Message) (at int64, reason string) {
	p.raw = nil
	if at, ok := p.scan(line, m); ok {
		return at, ""
	}
	return p.unmarshal(line, m)
}

// scan reads {"time":"…","message":{…}}, with or without spaces between the tokens.
// What it takes is well formed: signals.Decode vouches for the message up to the
// object's last brace.
func (p *parser) scan(line []byte, m *signals.Message) (at int64, ok bool) {
	rest, ok := after(line, `{`, true)
	rest, ok = after(rest, `"time"`, ok)
	rest, ok = after(rest, `:`, ok)
	rest, ok = after(rest, `"`, ok)
	end := bytes.IndexByte(rest, '"')
	if !ok || end < 0 {
		return 0, false
	}
	if at, ok = p.time(rest[:end]); !ok {
		return 0, false
	}
	rest, ok = after(rest[end+1:], `,`, true)
	rest, ok = after(rest, `"message"`, ok)
	rest, ok = after(rest, `:`, ok)
	last := len(rest) - 1
	if !ok || last < 0 || rest[last] != '}' {
		return 0, false
	}
	message := trim(rest[:last])
	if signals.Decode(message, m) != nil {
		return 0, false
	}
	p.raw = message
	return at, true
}

// after skips white space and then token, if ok.
func after(b []byte, token string, ok bool) ([]byte, bool) {
	for len(b) > 0 && isSpace(b[0]) {
		b = b[1:]
	}
	if !ok || len(b) < len(token) || string(b[:len(token)]) != token {
		return nil, false
	}
	return b[len(token):], true
}

// time is parseTime within range, with a memory of one.
func (p *parser) time(text []byte) (at int64, ok bool) {
	if p.len > 0 && string(text) == string(p.text[:p.len]) {
		return p.value, true
	}
	at, ok = parseTime(text)
	if !ok || !inRange(at) {
		return 0, false
	}
	p.len = 0
	if len(text) <= len(p.text) {
		p.len, p.value = copy(p.text[:], text), at
	}
	return at, true
}

// unmarshal reads a line in any form that JSON allows.
func (p *parser) unmarshal(line []byte, m *signals.Message) (at int64, reason string) {
	var members map[string]json.RawMessage // keys by their exact case, the last of equals
	if err := json.Unmarshal(line, &members); err != nil {
		return 0, jsonFault(err)
	}
	text, given := members["time"]
	if !given {
		return 0, `the line has no "time"`
	}
	message, given := members["message"]
	if !given {
		return 0, `the line has no "message"`
	}
	at, reason = unmarshalTime(text)
	if reason != "" {
		return 0, reason
	}
	if err := signals.Decode(message, m); err != nil {
		return 0, err.Error()
	}
	p.raw = message
	return at, ""
}

func unmarshalTime(text json.RawMessage) (at int64, reason string) {
	var value *string
	if err := json.Unmarshal(text, &value); err != nil || value == nil {
		return 0, fmt.Sprintf(`"time" is %s, not a string`, excerpt(text))
	}
	at, ok := parseTime([]byte(*value))
	if !ok {
		return 0, fmt.Sprintf(`"time" is %s, not an RFC 3339 time such as "2026-03-02T09:00:00.040Z"`, excerpt(text))
	}
	if !inRange(at) {
		return 0, fmt.Sprintf(`"time" is %s, outside the years 1970 to 2200`, excerpt(text))
	}
	return at, ""
}

// jsonFault says why a line is no JSON object.
func jsonFault(err error) string {
	var syntax *json.SyntaxError
	switch {
	case !errors.As(err, &syntax):
		return "the line is JSON, but not an object"
	case strings.HasPrefix(err.Error(), "unexpected end"):
		return "the line is cut off: " + err.Error()
	}
	return fmt.Sprintf("the line is not JSON: %s at byte %d", err, syntax.Offset)
}

// excerpt is enough of a JSON value to know it by.
func excerpt(value []byte) string {
	const enough = 60
	if len(value) > enough {
		return fmt.Sprintf("%.*s…", enough, bytes.ToValidUTF8(value[:enough], nil))
	}
	return string(bytes.ToValidUTF8(value, nil))
}
