package main

import (
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/gorilla/websocket"

	"github.com/footfall/footfall/signals"
)

// startLoad starts the generator's process.
func startLoad(c crowd) (*process, error) { return startChild(child{Crowd: &c}) }

// feedURL is where a generator serves.
func feedURL(address string) string { return "ws://" + address + "/websocket_realtime" }

// serveCrowd is the generator: it plays the crowd to whoever connects.
func serveCrowd(c crowd) error {
	rounds := c.encode(appendPosition)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Println(listener.Addr())
	return serveFeed(listener, func(conn net.Conn) { c.play(rounds, conn) })
}

// serveFeed accepts clients, answers their registration, and leaves the
// connection to play.
func serveFeed(listener net.Listener, play func(net.Conn)) error {
	upgrader := websocket.Upgrader{WriteBufferSize: 4096}
	server := &http.Server{ReadHeaderTimeout: time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c, err := upgrader.Upgrade(w, r, nil)
		if err != nil {
			return
		}
		defer c.Close()
		if _, _, err := c.ReadMessage(); err != nil {
			return
		}
		success := signals.Message{Kind: signals.KindRegister, Text: "success"}
		if c.WriteMessage(websocket.TextMessage, signals.Append(nil, &success)) == nil {
			play(c.NetConn())
		}
	})}
	return server.Serve(listener)
}

// play writes rounds forth and back, at the crowd's rate, until the connection ends.
func (c crowd) play(rounds [][]chunk, conn net.Conn) {
	order, pace := forthAndBack(len(rounds)), pacer{rate: c.Rate, burst: c.Burst}
	for {
		for _, r := range order {
			for _, part := range rounds[r] {
				if _, err := conn.Write(part.wire); err != nil {
					return
				}
				pace.wait(part.positions)
			}
		}
	}
}

// pacer holds a rate over the whole: what is late follows at once.
type pacer struct {
	rate, burst int
	began       time.Time
	sent        int
}

// wait returns when the positions after the n that were just sent are due.
func (p *pacer) wait(n int) {
	if p.rate == 0 {
		return
	}
	if p.burst > 0 {
		p.burst -= n
		return
	}
	if p.began.IsZero() {
		p.began = time.Now()
	}
	p.sent += n
	due := p.began.Add(time.Duration(float64(p.sent) / float64(p.rate) * float64(time.Second)))
	time.Sleep(time.Until(due))
}
