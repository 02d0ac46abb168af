package signals

import (
	"crypto/tls"
	"crypto/x509"
	"io"
	"log"
	"net/http/httptest"
	"strings"
	"testing"
)

// Over TLS everything is as without, batches included.
func TestClientAndServerOverTLS(t *testing.T) {
	hub := NewHub()
	server := NewServer(ServerConfig{Authorize: only, Source: hub})
	host := httptest.NewUnstartedServer(server)
	host.Config.ErrorLog = log.New(io.Discard, "", 0)
	host.StartTLS()
	defer host.Close()
	roots := x509.NewCertPool()
	roots.AddCert(host.Certificate())
	url := "wss" + strings.TrimPrefix(host.URL, "https") + "/websocket_realtime"

	stranger := NewClient(ClientConfig{URL: url, Locations: []int64{1}, Sink: newDiary()})
	if _, err := stranger.connect(t.Context()); err == nil || !strings.Contains(err.Error(), "certificate") {
		t.Errorf("a certificate that nobody vouches for: %v", err)
	}

	d := newDiary()
	client, stop := listen(t, ClientConfig{URL: url, Token: token("t"), Sink: d, TLS: &tls.Config{RootCAs: roots}})
	until(t, "the subscription", func() bool { return hub.Subscribers(1) == 1 })
	const n = 4 * MaxBatch
	batch := make([]Message, n)
	for i := range batch {
		batch[i] = position(int64(i), 1, 0, 0)
	}
	hub.Publish(batch)
	events := d.awaitCount(t, "message", n)
	for i, m := range messages(events) {
		if m.PersonID != int64(i) {
			t.Fatalf("message %d is about person %d", i, m.PersonID)
		}
	}
	if s := client.Status(); s.State != StateConnected {
		t.Errorf("status %+v", s)
	}
	stop()
	until(t, "the end", func() bool { return server.Status().Connections == 0 })
}
