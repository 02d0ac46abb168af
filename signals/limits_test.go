package signals

import (
	"net/http"
	"strings"
	"testing"

	"github.com/gorilla/websocket"
)

func TestFramesHaveALimit(t *testing.T) {
	server, url := serve(t, ServerConfig{MaxFrame: 1 << 10})
	c := call(t, url)
	c.register()
	c.say(`{"type":"realtime_heartbeat","pad":"` + strings.Repeat("x", 900) + `"}`)
	c.say(`{"type":"realtime_heartbeat","pad":"` + strings.Repeat("x", 1<<10) + `"}`)
	c.hearEnd("larger than 1 KiB", websocket.CloseMessageTooBig)
	until(t, "it to be counted", func() bool { return server.Status().TooLarge == 1 && server.Status().Violations == 1 })
}

// A compressed message could be a thousand times what the limit sees.
func TestCompressionIsNotSpoken(t *testing.T) {
	_, url := serve(t, ServerConfig{})
	dialer := websocket.Dialer{EnableCompression: true}
	ws, resp, err := dialer.Dial(url, http.Header{})
	if err != nil {
		t.Fatal(err)
	}
	defer ws.Close()
	if got := resp.Header.Get("Sec-Websocket-Extensions"); got != "" {
		t.Errorf("the server agrees to %q", got)
	}
}
