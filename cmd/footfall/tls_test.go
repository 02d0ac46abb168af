package main

import (
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/footfall/footfall/internal/edge/edgetest"
)

// The certificate is read again at SIGHUP and by itself; one that is no good changes
// nothing.
func TestServeByTLS(t *testing.T) {
	files := edgetest.NewFiles(t)
	first, key := edgetest.Pair(t, "first.example", time.Now().Add(time.Hour))
	files.Write(t, first, key)
	server := startChild(t, "serve", "--listen", "127.0.0.1:0", "--zones", "", "--database", filepath.Join(t.TempDir(), "shop.db"),
		"--tls.cert", files.Cert, "--tls.key", files.Key)
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(first)
	name := func() string {
		transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}
		defer transport.CloseIdleConnections()
		response, err := (&http.Client{Transport: transport}).Get("https://" + server.address + "/livez")
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		return response.TLS.PeerCertificates[0].Subject.CommonName
	}
	if got := name(); got != "first.example" {
		t.Fatalf("the certificate of %s", got)
	}
	second, secondKey := edgetest.Pair(t, "second.example", time.Now().Add(time.Hour))
	roots.AppendCertsFromPEM(second)
	files.Write(t, second, key)
	if err := server.cmd.Process.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	await(t, "the reason in the log", func() bool { return strings.Contains(server.log.String(), "the old one stays") })
	if got := name(); got != "first.example" {
		t.Errorf("after a pair that is none: the certificate of %s", got)
	}
	if err := os.WriteFile(files.Key, secondKey, 0o600); err != nil {
		t.Fatal(err)
	}
	await(t, "the new certificate", func() bool { return name() == "second.example" })
	server.terminate(t)
}

func TestACertificateThatCannotBeServed(t *testing.T) {
	database := filepath.Join(t.TempDir(), "shop.db")
	for _, c := range []struct{ want, flag string }{
		{"one is given without the other", "--tls.cert=a.crt"},
		{"no such file", "--tls.cert=a.crt --tls.key=a.key"},
	} {
		args := append([]string{"serve", "--listen=127.0.0.1:0", "--zones=", "--database=" + database}, strings.Fields(c.flag)...)
		code, _, stderr := footfall(t, args...)
		if code != exitUsage || !strings.Contains(stderr, c.want) {
			t.Errorf("%s: code %d, %s", c.flag, code, stderr)
		}
	}
}
