package edge

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"sync/atomic"
	"time"
)

// Certificate is a pair of PEM files that is read again when it changes. A new pair that
// is no good leaves the old one in use.
type Certificate struct {
	certFile, keyFile string
	log               *slog.Logger
	current           atomic.Pointer[tls.Certificate]
	reloads, failures atomic.Uint64

	mu   sync.Mutex // one reader at a time
	read [2]stamp   // of the files when they were last read
}

// stamp tells a file's content from another's as far as its directory entry can.
type stamp struct {
	size     int64
	modified time.Time
}

// OpenCertificate reads a pair: the certificate with those that vouch for it, and its key.
func OpenCertificate(certFile, keyFile string, log *slog.Logger) (*Certificate, error) {
	c := &Certificate{certFile: certFile, keyFile: keyFile, log: log}
	c.read = c.stamps()
	pair, err := c.load()
	if err != nil {
		return nil, err
	}
	if expired(pair, time.Now()) {
		log.Warn("the certificate has expired; clients will refuse it", "file", certFile, "expired", pair.Leaf.NotAfter)
	}
	c.current.Store(pair)
	return c, nil
}

func (c *Certificate) load() (*tls.Certificate, error) {
	pair, err := tls.LoadX509KeyPair(c.certFile, c.keyFile)
	if err != nil {
		return nil, fmt.Errorf("certificate %s with key %s: %w", c.certFile, c.keyFile, err)
	}
	return &pair, nil
}

func expired(pair *tls.Certificate, now time.Time) bool { return now.After(pair.Leaf.NotAfter) }

// Reload reads the files now. Where they are no good it says why and keeps what it has.
func (c *Certificate) Reload() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.read = c.stamps()
	pair, err := c.load()
	if now := time.Now(); err == nil && expired(pair, now) && !expired(c.current.Load(), now) {
		err = fmt.Errorf("certificate %s has expired at %s", c.certFile, pair.Leaf.NotAfter.UTC().Format(time.RFC3339))
	}
	if err != nil {
		c.failures.Add(1)
		c.log.Error("certificate not reloaded; the old one stays", "error", err)
		return err
	}
	c.current.Store(pair)
	c.reloads.Add(1)
	c.log.Info("certificate reloaded", "file", c.certFile, "expires", pair.Leaf.NotAfter.UTC().Format(time.RFC3339))
	return nil
}

// Watch reloads the pair when a file has changed and then been left alone from one look
// to the next, until ctx is done.
func (c *Certificate) Watch(ctx context.Context, every time.Duration) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	before := c.stamps()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		now := c.stamps()
		if now == before && c.changed(now) {
			_ = c.Reload() // it has logged why
		}
		before = now
	}
}

func (c *Certificate) changed(now [2]stamp) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return now != c.read
}

func (c *Certificate) stamps() (s [2]stamp) {
	for i, name := range []string{c.certFile, c.keyFile} {
		if info, err := os.Stat(name); err == nil {
			s[i] = stamp{info.Size(), info.ModTime()}
		}
	}
	return s
}

// Config is what a server needs to serve the pair: TLS 1.2 or later, HTTP/2 and HTTP/1.1.
func (c *Certificate) Config() *tls.Config {
	return &tls.Config{
		MinVersion: tls.VersionTLS12,
		NextProtos: []string{"h2", "http/1.1"},
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) {
			if pair := c.current.Load(); pair != nil {
				return pair, nil
			}
			return nil, errors.New("there is no certificate")
		},
	}
}

// CertificateStatus is what a Certificate tells of itself.
type CertificateStatus struct {
	Expires           time.Time
	Reloads, Failures uint64
}

// Status may be asked for at any time.
func (c *Certificate) Status() CertificateStatus {
	return CertificateStatus{c.current.Load().Leaf.NotAfter, c.reloads.Load(), c.failures.Load()}
}
