package signals

import (
	"crypto/tls"
	"crypto/x509"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/gorilla/websocket"
)

// What breaks the protocol costs the connection, and the server is told.
func TestClientClosesOnAFaultyFrame(t *testing.T) {
	tests := []struct {
		name string
		wire []byte
		code int
	}{
		{"reserved bit", []byte{0xC1, 0}, websocket.CloseProtocolError},
		{"mask", masked(true, opText, []byte("{}")), websocket.CloseProtocolError},
		{"half a close code", plain(true, opClose, []byte{3}), websocket.CloseProtocolError},
		{"close code 1005", appendClose(nil, 1005, ""), websocket.CloseProtocolError},
		{"close text", plain(true, opClose, []byte("\x03\xE8\xFF")), websocket.CloseProtocolError},
		{"monster", []byte{0x81, 127, 0, 0, 0, 0, 0x7F, 0, 0, 0}, websocket.CloseMessageTooBig},
		{"close", appendClose(nil, 1001, "bye"), websocket.CloseGoingAway},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			ends := make(chan error, 1)
			url := script(t, func(p *peer) {
				p.accept()
				p.NetConn().Write(test.wire)
				_, _, err := p.ReadMessage()
				select {
				case ends <- err:
				default:
				}
			})
			listen(t, ClientConfig{URL: url, Sink: newDiary()})
			if err := <-ends; !websocket.IsCloseError(err, test.code) {
				t.Errorf("the client ends by %v, want code %d", err, test.code)
			}
		})
	}
}

func TestClientReadsFragmentsAndAnswersPings(t *testing.T) {
	var pongs atomic.Int64
	url := script(t, func(p *peer) {
		p.SetPongHandler(func(text string) error {
			if text == "are you there" {
				pongs.Add(1)
			}
			return nil
		})
		p.accept()
		wire := plain(false, opText, []byte(`{"type":"realtime_person_lost","per`))
		wire = append(wire, plain(true, opPing, []byte("are you there"))...)
		wire = append(wire, plain(false, opContinuation, []byte(`son_id":7,`))...)
		wire = append(wire, plain(true, opPong, nil)...)
		wire = append(wire, plain(true, opContinuation, []byte(`"location_id":1}`))...)
		p.NetConn().Write(wire)
		p.linger()
	})
	d := newDiary()
	listen(t, ClientConfig{URL: url, Sink: d})
	if m := messages(d.awaitCount(t, "message", 1))[0]; m.Kind != KindLost || m.PersonID != 7 {
		t.Errorf("%+v", m)
	}
	until(t, "the pong", func() bool { return pongs.Load() > 0 })
}

// tunnel is an HTTP proxy that connects to where it is told.
func tunnel(t *testing.T, used *atomic.Int64) *url.URL {
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodConnect {
			http.Error(w, "only CONNECT", http.StatusMethodNotAllowed)
			return
		}
		far, err := net.Dial("tcp", r.Host)
		if err != nil {
			http.Error(w, "no way", http.StatusBadGateway)
			return
		}
		near, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		used.Add(1)
		io.WriteString(near, "HTTP/1.1 200 Connection established\r\n\r\n")
		go func() {
			io.Copy(far, near)
			far.Close()
		}()
		io.Copy(near, far)
		near.Close()
	}))
	t.Cleanup(proxy.Close)
	address, err := url.Parse(proxy.URL)
	if err != nil {
		t.Fatal(err)
	}
	return address
}

func TestClientBehindAProxy(t *testing.T) {
	hub := NewHub()
	host := httptest.NewServer(NewServer(ServerConfig{Authorize: AllowAll, Source: hub}))
	defer host.Close()
	secure := httptest.NewUnstartedServer(NewServer(ServerConfig{Authorize: AllowAll, Source: hub}))
	secure.Config.ErrorLog = log.New(io.Discard, "", 0)
	secure.StartTLS()
	defer secure.Close()
	roots := x509.NewCertPool()
	roots.AddCert(secure.Certificate())
	for _, server := range []string{host.URL, secure.URL} {
		var used atomic.Int64
		address := tunnel(t, &used)
		d := newDiary()
		client := NewClient(ClientConfig{URL: "ws" + strings.TrimPrefix(server, "http") + "/websocket_realtime",
			Locations: []int64{1}, Sink: d, TLS: &tls.Config{RootCAs: roots}})
		client.proxy = func(*http.Request) (*url.URL, error) { return address, nil }
		stop := start(t, client)
		until(t, "the subscription", func() bool { return hub.Subscribers(1) == 1 })
		hub.Publish([]Message{position(3, 1, 1, 2)})
		if m := messages(d.awaitCount(t, "message", 1))[0]; m.PersonID != 3 {
			t.Errorf("%+v", m)
		}
		if used.Load() == 0 {
			t.Errorf("%s was reached without the proxy", server)
		}
		stop()
		until(t, "the end", func() bool { return hub.Subscribers(1) == 0 })
	}
}

// The head of the answer may be written in any way that HTTP allows; what comes
// behind it is the first frame's.
func TestUpgradeStopsAtTheAnswersEnd(t *testing.T) {
	for _, head := range []string{"HTTP/1.1 101 x\r\na: b\r\n\r\n", "HTTP/1.1 101 x\na: b\n\n", "HTTP/1.1 101 x\r\n\r\n"} {
		for cut := 1; cut < len(head)+5; cut++ {
			conn := &cannedConn{answered: true, frames: io.MultiReader(
				strings.NewReader((head + "frame")[:cut]), strings.NewReader((head + "frame")[cut:]))}
			u := &upgradeConn{Conn: conn}
			io.WriteString(u, "GET / HTTP/1.1\r\n\r\n")
			answer, err := io.ReadAll(u)
			rest, _ := io.ReadAll(io.MultiReader(strings.NewReader(string(u.rest)), u.Conn))
			if string(answer) != head || string(rest) != "frame" || err != nil {
				t.Errorf("cut at %d: %q, then %q, %v", cut, answer, rest, err)
			}
		}
	}
}
