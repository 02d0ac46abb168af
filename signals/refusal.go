package signals

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// RefusedError says that a server answered and does not want us: State is
// StateRefusedToken, StateRefusedLocation or StateRefused.
type RefusedError struct {
	State State
	Text  string // the server's own words, shortened, without the token
}

// Error implements error.
func (e *RefusedError) Error() string {
	switch e.State {
	case StateRefusedToken:
		return "the server refuses the token: " + e.Text
	case StateRefusedLocation:
		return "the server refuses a location: " + e.Text
	default:
		return "the server refuses the registration: " + e.Text
	}
}

// ClosedError says that a server took leave by close_connection.
type ClosedError struct {
	Text string // the server's own words, shortened, without the token
}

// Error implements error.
func (e *ClosedError) Error() string { return "the server closed the connection: " + e.Text }

var errNoToken = errors.New("the token cannot be read")

// refusal judges a refusal by the server's words, for the protocol has no codes.
// Locations come first: "location 22 is not allowed for this token" is about a
// location, though it mentions the token.
func refusal(text string) *RefusedError {
	said := strings.ToLower(text)
	switch {
	case strings.Contains(said, "location"):
		return &RefusedError{StateRefusedLocation, text}
	case strings.Contains(said, "token"), strings.Contains(said, "auth"):
		return &RefusedError{StateRefusedToken, text}
	}
	return &RefusedError{StateRefused, text}
}

// dismissal judges a close_connection that comes instead of success: a refusal
// where it speaks of one, else a server that has no time for us now.
func dismissal(text string) error {
	if refused := refusal(text); refused.State != StateRefused {
		return refused
	}
	return &ClosedError{text}
}

// quotable makes a stranger's text fit for a log: short, and without the token,
// should it be repeated there.
func quotable(text, token string) string {
	const most = 200
	if token != "" {
		text = strings.ReplaceAll(text, token, "(the token)")
	}
	text = strings.Map(func(r rune) rune {
		if r < ' ' || r == utf8.RuneError {
			return ' '
		}
		return r
	}, text)
	if len(text) > most {
		cut := most
		for !utf8.RuneStart(text[cut]) {
			cut--
		}
		text = fmt.Sprintf("%s… (%d bytes)", text[:cut], len(text))
	}
	return text
}
