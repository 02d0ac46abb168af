package config

import (
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// Feed is one Signals server to connect to. Printing or logging it shows no token.
type Feed struct {
	URL       string  // ws or wss
	TokenFile string  // path, relative to the working directory; "" where the token is given itself or not at all
	Locations []int64 // at least one, distinct; other feeds may have them too

	token *string // behind a pointer, so that not even fmt's walk over unexported fields prints it
}

const mostTokenBytes = 64 << 10

// WithToken is a feed that uses the token given here, instead of one read from a file.
func (f Feed) WithToken(token string) Feed {
	f.TokenFile, f.token = "", &token
	return f
}

// ReadToken is the token, "" where the feed has none. A token file is read anew at each call,
// so that a changed token needs no restart; line breaks at its end are left out. The error
// names the file and never its content.
func (f Feed) ReadToken() (string, error) {
	if f.TokenFile == "" {
		if f.token == nil {
			return "", nil
		}
		return *f.token, nil
	}
	data, err := readFile(f.TokenFile, mostTokenBytes)
	if err != nil {
		return "", fmt.Errorf("token file: %w", err)
	}
	token := strings.TrimRight(string(data), "\r\n")
	if problem := badToken(token); problem != "" {
		return "", fmt.Errorf("token file: %s %s", f.TokenFile, problem)
	}
	return token, nil
}

func badToken(token string) string {
	switch {
	case token == "":
		return "is empty"
	case len(token) > mostTokenBytes:
		return fmt.Sprintf("is longer than %d KiB", mostTokenBytes>>10)
	case !utf8.ValidString(token):
		return "is not valid UTF-8"
	case strings.ContainsFunc(token, unicode.IsControl):
		return "has a control character or line break in it"
	}
	return ""
}

// String is the feed without its token and without the query of its URL.
func (f Feed) String() string {
	return fmt.Sprintf("%s locations %v (token: %s)", f.address(), f.Locations, f.tokenOrigin())
}

// LogValue is the feed for slog, without its token.
func (f Feed) LogValue() slog.Value {
	return slog.GroupValue(
		slog.String("url", f.address()),
		slog.Any("locations", f.Locations),
		slog.String("token", f.tokenOrigin()))
}

// address is the URL as it may be shown: some put secrets into the query.
func (f Feed) address() string {
	address, _, query := strings.Cut(f.URL, "?")
	if query {
		address += "?…"
	}
	return address
}

func (f Feed) tokenOrigin() string {
	switch {
	case f.TokenFile != "":
		return "file " + f.TokenFile
	case f.token != nil:
		return "set"
	}
	return "none"
}

var feedFields = []field[Feed]{
	{"url", func(r *reader, n *yaml.Node, key string, f *Feed) {
		f.URL, _ = value(r, n, key, urlKind())
	}},
	{"token", func(r *reader, n *yaml.Node, key string, f *Feed) {
		token, ok := value(r, n, key, tokenKind())
		if ok {
			f.token = &token
		}
	}},
	{"token_file", func(r *reader, n *yaml.Node, key string, f *Feed) {
		f.TokenFile, _ = value(r, n, key, pathKind("the path of a file that holds the token alone"))
	}},
	{"locations", readFeedLocations},
}

func readFeeds(r *reader, n *yaml.Node, c *Config) {
	items, ok := r.items(n, "feeds", "a list of feeds, each with url and locations")
	if !ok {
		return
	}
	for i, item := range items {
		key := fmt.Sprintf("feeds[%d]", i)
		var f Feed
		given, ok := fields(r, item, key, &f, feedFields)
		if !ok {
			continue
		}
		if given["url"] == nil {
			r.fault(item, key, "has no url", urlKind().allowed)
		}
		if given["locations"] == nil {
			r.fault(item, key, "has no locations", feedLocationsAllowed)
		}
		if given["token"] != nil && given["token_file"] != nil {
			r.fault(given["token_file"], key+".token_file", "is given beside token", "one of the two, or neither")
		}
		c.Feeds = append(c.Feeds, f)
	}
}

const feedLocationsAllowed = "a list of one or more different location ids, such as [21, 22]"

func readFeedLocations(r *reader, n *yaml.Node, key string, f *Feed) {
	items, ok := r.items(n, key, feedLocationsAllowed)
	if !ok {
		return
	}
	if len(items) == 0 {
		r.fault(n, key, "is empty", feedLocationsAllowed)
	}
	seen := make(map[int64]bool, len(items))
	for i, item := range items {
		at := fmt.Sprintf("%s[%d]", key, i)
		id, ok := value(r, item, at, idKind())
		if !ok {
			continue
		}
		if seen[id] {
			r.fault(item, at, fmt.Sprintf("location %d is in the feed twice", id), "")
			continue
		}
		seen[id] = true
		f.Locations = append(f.Locations, id)
	}
}

func tokenKind() kind[string] {
	return kind[string]{"text", "the token, or token_file with the path of a file that holds it", []string{tagText},
		func(text string) (string, string) { return text, badToken(text) }}
}

func urlKind() kind[string] {
	return kind[string]{"text", "ws://HOST… or wss://HOST…, without name or password, such as wss://signals.example.com/websocket_realtime", []string{tagText},
		func(text string) (string, string) { return text, badURL(text) }}
}

// badURL says what is wrong without quoting the URL, which may hold a password.
func badURL(text string) string {
	u, err := url.Parse(text)
	var parse *url.Error
	switch {
	case errors.As(err, &parse) || err != nil:
		return "is not a URL"
	case !slices.Contains([]string{"ws", "wss"}, u.Scheme):
		return "does not begin with ws:// or wss://"
	case u.Hostname() == "":
		return "has no host"
	case u.User != nil:
		return "has a name or password in it"
	case u.Fragment != "":
		return "has a fragment (#…)"
	}
	return ""
}
