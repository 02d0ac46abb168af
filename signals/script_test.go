package signals

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// peer is a server that does what a test tells it, good or bad.
type peer struct {
	*websocket.Conn
	t        testing.TB
	number   int // of the connection, from 1
	register struct {
		Type        string  `json:"type"`
		MessageType string  `json:"message_type"`
		Token       string  `json:"token"`
		Locations   []int64 `json:"locations"`
	}
}

// script serves each connection by play, after it has read the registration.
func script(t testing.TB, play func(p *peer)) string {
	t.Helper()
	return scriptHTTP(t, func(http.ResponseWriter, *http.Request) bool { return true }, play)
}

func scriptHTTP(t testing.TB, admit func(http.ResponseWriter, *http.Request) bool, play func(p *peer)) string {
	t.Helper()
	var mu sync.Mutex
	number := 0
	var plays sync.WaitGroup
	host := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !admit(w, r) {
			return
		}
		plays.Add(1)
		defer plays.Done()
		ws, err := (&websocket.Upgrader{}).Upgrade(w, r, nil)
		if err != nil {
			return
		}
		defer ws.Close()
		mu.Lock()
		number++
		p := &peer{Conn: ws, t: t, number: number}
		mu.Unlock()
		if _, request, err := ws.ReadMessage(); err == nil {
			if err := json.Unmarshal(request, &p.register); err != nil {
				t.Errorf("registration %s: %v", request, err)
			}
			play(p)
		}
	}))
	t.Cleanup(func() {
		host.Close()
		plays.Wait()
	})
	return wsURL(host)
}

func (p *peer) say(text string) {
	p.WriteMessage(websocket.TextMessage, []byte(text))
}

func (p *peer) accept() { p.say(`{"message_type":"realtime_register","result":"success"}`) }

func (p *peer) send(messages ...Message) {
	for i := range messages {
		p.say(string(Append(nil, &messages[i])))
	}
}

// linger reads until the client is gone.
func (p *peer) linger() {
	for {
		if _, _, err := p.ReadMessage(); err != nil {
			return
		}
	}
}

// await reads until a message of the kind comes.
func (p *peer) await(kind Kind) bool {
	p.SetReadDeadline(time.Now().Add(patience))
	for {
		_, frame, err := p.ReadMessage()
		var m Message
		switch {
		case err != nil:
			return false
		case Decode(frame, &m) == nil && m.Kind == kind:
			return true
		}
	}
}
