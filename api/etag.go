package api

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strconv"
	"strings"
)

// rendered is an answer that is ready to be written, over and over.
type rendered struct {
	body   []byte
	tag    string
	header [4]headerField
}

type headerField struct {
	name  string
	value []string
}

func newRendered(contentType, tag string, body []byte) rendered {
	return rendered{body: body, tag: tag, header: [4]headerField{
		{"Content-Type", []string{contentType}},
		{"Cache-Control", []string{"no-cache"}},
		{"Etag", []string{tag}},
		{"Content-Length", []string{strconv.Itoa(len(body))}},
	}}
}

// contentTag is a tag of the content alone, so that it holds across restarts.
func contentTag(body []byte) string {
	sum := sha256.Sum256(body)
	return `"` + hex.EncodeToString(sum[:12]) + `"`
}

// write answers a request, with 304 and no body if the client has it already.
func (a *rendered) write(w http.ResponseWriter, r *http.Request) error {
	fresh := matches(r.Header["If-None-Match"], a.tag)
	fields := a.header[:]
	if fresh {
		fields = a.header[1:3]
	}
	h := w.Header()
	for i := range fields {
		h[fields[i].name] = fields[i].value
	}
	if fresh {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	w.WriteHeader(http.StatusOK)
	_, _ = w.Write(a.body) // fails only where the client is gone
	return nil
}

// matches compares as If-None-Match does (RFC 9110, 13.1.2): weakly, with any of
// a list or with *.
func matches(header []string, tag string) bool {
	for _, list := range header {
		if list == tag {
			return true
		}
		for one := range strings.SplitSeq(list, ",") {
			if one = strings.TrimSpace(one); one == "*" || strings.TrimPrefix(one, "W/") == tag {
				return true
			}
		}
	}
	return false
}
