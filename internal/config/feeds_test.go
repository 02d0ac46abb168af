package config

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const secret = "top-secret-token"

func TestTokenIsNeverShown(t *testing.T) {
	c := mustLoad(t, feed("token: "+secret), nil)
	f := c.Feeds[0]
	if token, err := f.ReadToken(); err != nil || token != secret {
		t.Fatalf("token %q, %v", token, err)
	}
	hidden := struct{ feed Feed }{f}
	var shown bytes.Buffer
	for _, v := range []any{f, &f, c, *c, c.Feeds, hidden, &hidden} {
		fmt.Fprintf(&shown, "%v %+v %#v %s %q\n", v, v, v, v, v)
		if data, err := json.Marshal(v); err == nil {
			shown.Write(data)
		}
		slog.New(slog.NewTextHandler(&shown, nil)).Info("feed", "v", v)
		slog.New(slog.NewJSONHandler(&shown, nil)).Info("feed", "v", v)
	}
	if strings.Contains(shown.String(), secret) {
		t.Errorf("the token is shown:\n%s", shown.String())
	}
	if !strings.Contains(shown.String(), "wss://a.example locations [1] (token: set)") {
		t.Errorf("the feed is not shown:\n%s", shown.String())
	}
}

func TestQueryIsNotShown(t *testing.T) {
	f := mustLoad(t, "feeds: [{url: 'wss://a.example/x?token="+secret+"', locations: [1]}]", nil).Feeds[0]
	if !strings.HasSuffix(f.URL, secret) || strings.Contains(f.String(), secret) || strings.Contains(f.LogValue().String(), secret) {
		t.Errorf("%s", f)
	}
}

func TestTokenFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "signals.token")
	c := mustLoad(t, feed("token_file: "+path), nil)
	f := c.Feeds[0]
	if _, err := f.ReadToken(); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), path) {
		t.Errorf("missing: %v", err)
	}
	for content, want := range map[string]string{
		secret: secret, secret + "\n": secret, secret + "\r\n": secret, "a b\n\n": "a b",
	} {
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if got, err := f.ReadToken(); err != nil || got != want {
			t.Errorf("%q: %q, %v", content, got, err)
		}
	}
	for content, want := range map[string]string{
		"": "is empty", "\n": "is empty", secret + "\n" + secret: "line break", "\xff": "not valid UTF-8",
		strings.Repeat(secret, 5000): "larger than 64 KiB",
	} {
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := f.ReadToken()
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), path) || strings.Contains(err.Error(), secret) {
			t.Errorf("%.20q: %v, want %s", content, err, want)
		}
	}
}

func TestFeedWithoutToken(t *testing.T) {
	c := mustLoad(t, feed("")+"\n- {url: 'ws://127.0.0.1:1/x', locations: [1]}", nil)
	for _, f := range c.Feeds {
		if token, err := f.ReadToken(); err != nil || token != "" {
			t.Errorf("%s: %q, %v", f, token, err)
		}
	}
	if len(c.Feeds) != 2 {
		t.Errorf("a location in two feeds: %v", c.Feeds)
	}
	f := Feed{TokenFile: "none"}.WithToken(secret)
	if token, err := f.ReadToken(); err != nil || token != secret {
		t.Errorf("%q, %v", token, err)
	}
}
