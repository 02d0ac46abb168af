package edge

import (
	"bytes"
	"context"
	"crypto/tls"
	"log/slog"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/footfall/footfall/internal/edge/edgetest"
)

type safeBuffer struct {
	mu sync.Mutex
	bytes.Buffer
}

func (b *safeBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.Write(p)
}

func (b *safeBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.String()
}

func served(t *testing.T, c *Certificate) string {
	t.Helper()
	got, err := c.Config().GetCertificate(&tls.ClientHelloInfo{})
	if err != nil {
		t.Fatal(err)
	}
	return got.Leaf.Subject.CommonName
}

func TestCertificateKeepsTheOldPair(t *testing.T) {
	files, tomorrow := edgetest.NewFiles(t), time.Now().Add(24*time.Hour)
	certificate, key := edgetest.Pair(t, "first", tomorrow)
	files.Write(t, certificate, key)
	var log safeBuffer
	c, err := OpenCertificate(files.Cert, files.Key, slog.New(slog.NewTextHandler(&log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	second, secondKey := edgetest.Pair(t, "second", tomorrow)
	stale, staleKey := edgetest.Pair(t, "stale", time.Now().Add(-time.Hour))
	for name, bad := range map[string]func(){
		"a key of another":    func() { files.Write(t, second, key) },
		"no PEM":              func() { files.Write(t, []byte("x"), key) },
		"empty":               func() { files.Write(t, nil, nil) },
		"an expired one":      func() { files.Write(t, stale, staleKey) },
		"a file that is gone": func() { os.Remove(files.Key) },
	} {
		bad()
		if err := c.Reload(); err == nil {
			t.Errorf("%s: no error", name)
		}
		if got := served(t, c); got != "first" {
			t.Errorf("%s: %q is served", name, got)
		}
	}
	if text := log.String(); strings.Count(text, "the old one stays") != 5 || strings.Contains(text, "PRIVATE") {
		t.Errorf("the log says %s", text)
	}
	files.Write(t, second, secondKey)
	if err := c.Reload(); err != nil || served(t, c) != "second" {
		t.Errorf("%v; %q is served", err, served(t, c))
	}
	if s := c.Status(); s.Reloads != 1 || s.Failures != 5 || !s.Expires.Equal(tomorrow.Truncate(time.Second)) {
		t.Errorf("status %+v", s)
	}
}

func TestCertificateIsWatched(t *testing.T) {
	files, tomorrow := edgetest.NewFiles(t), time.Now().Add(24*time.Hour)
	certificate, key := edgetest.Pair(t, "first", tomorrow)
	files.Write(t, certificate, key)
	var log safeBuffer
	c, err := OpenCertificate(files.Cert, files.Key, slog.New(slog.NewTextHandler(&log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { defer close(ended); c.Watch(ctx, 2*time.Millisecond) }()
	defer func() { cancel(); <-ended }()
	second, secondKey := edgetest.Pair(t, "second", tomorrow)
	files.Write(t, second, secondKey)
	for deadline := time.Now().Add(10 * time.Second); served(t, c) != "second"; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("the new pair is not served; the log says %s", log.String())
		}
	}
	os.Remove(files.Cert)
	for deadline := time.Now().Add(10 * time.Second); c.Status().Failures == 0; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("a file that is gone is not noticed")
		}
	}
	time.Sleep(20 * time.Millisecond)
	if text := log.String(); strings.Count(text, "the old one stays") != 1 || served(t, c) != "second" {
		t.Errorf("the log says %s", text)
	}
}

func TestCertificateThatCannotBeRead(t *testing.T) {
	files := edgetest.NewFiles(t)
	if _, err := OpenCertificate(files.Cert, files.Key, slog.Default()); err == nil || !strings.Contains(err.Error(), files.Cert) {
		t.Errorf("got %v", err)
	}
	certificate, key := edgetest.Pair(t, "stale", time.Now().Add(-time.Hour))
	files.Write(t, certificate, key)
	var log safeBuffer
	c, err := OpenCertificate(files.Cert, files.Key, slog.New(slog.NewTextHandler(&log, nil)))
	if err != nil || !strings.Contains(log.String(), "has expired") {
		t.Fatalf("%v; the log says %s", err, log.String())
	}
	again, againKey := edgetest.Pair(t, "stale too", time.Now().Add(-time.Minute))
	files.Write(t, again, againKey)
	if err := c.Reload(); err != nil || served(t, c) != "stale too" {
		t.Errorf("%v; %q is served", err, served(t, c))
	}
}
