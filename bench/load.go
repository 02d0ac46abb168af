package main

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/gorilla/websocket"

	"github.com/footfall/footfall/signals"
)

const (
	location = 1
	rounds   = 64   // of everybody's position, played forth and back
	floor    = 5000 // cm, the side of the square floor
	stride   = 12   // cm, about a step at 10 Hz
)

// load is the generator's process.
type load struct {
	url  string
	stop func()
}

func startLoad(o options) (*load, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(self, "-serve", "-people", fmt.Sprint(o.people))
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	stop := func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	}
	first, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		stop()
		return nil, errors.New("the load generator did not start")
	}
	return &load{url: "ws://" + strings.TrimSpace(first) + "/websocket_realtime", stop: stop}, nil
}

// generate serves positions as fast as one client takes them.
func generate(o options) error {
	stream := encodeRounds(walk(o.people))
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Println(listener.Addr())
	server := &http.Server{ReadHeaderTimeout: time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		upgrader := websocket.Upgrader{WriteBufferSize: 4096}
		c, err := upgrader.Upgrade(w, r, nil)
		if err != nil {
			return
		}
		defer c.Close()
		if _, _, err := c.ReadMessage(); err != nil {
			return
		}
		success := signals.Message{Kind: signals.KindRegister, Text: "success"}
		if c.WriteMessage(websocket.TextMessage, signals.Append(nil, &success)) != nil {
			return
		}
		for {
			for _, chunk := range stream {
				if _, err := c.NetConn().Write(chunk); err != nil {
					return
				}
			}
		}
	})}
	return server.Serve(listener)
}

// walk gives everybody's positions round by round: people who walk about and turn
// at the walls, in a shuffled order in every round.
func walk(people int) [][]signals.Message {
	random := rand.New(rand.NewPCG(1, 1))
	type walker struct{ x, y, heading float64 }
	walkers := make([]walker, people)
	for i := range walkers {
		walkers[i] = walker{random.Float64() * floor, random.Float64() * floor, random.Float64() * 2 * math.Pi}
	}
	all := make([][]signals.Message, rounds)
	for r := range all {
		for _, i := range random.Perm(people) {
			w := &walkers[i]
			w.heading += random.NormFloat64() * 0.2
			w.x = min(floor-1, max(1, w.x+stride*math.Cos(w.heading)))
			w.y = min(floor-1, max(1, w.y+stride*math.Sin(w.heading)))
			all[r] = append(all[r], signals.Message{
				Kind: signals.KindPosition, PersonID: int64(i) + 100000, LocationID: location,
				X: math.Round(w.x*10) / 10, Y: math.Round(w.y*10) / 10,
				Confidence: float32(math.NaN()), Age: float32(math.NaN()),
			})
		}
	}
	for r := rounds - 2; r > 0; r-- {
		all = append(all, all[r])
	}
	return all
}

// encodeRounds makes the bytes of each round as WebSocket text frames.
func encodeRounds(all [][]signals.Message) [][]byte {
	stream := make([][]byte, len(all))
	var frame []byte
	for r, round := range all {
		for i := range round {
			frame = signals.Append(frame[:0], &round[i])
			stream[r] = append(stream[r], 0x81)
			if len(frame) < 126 {
				stream[r] = append(stream[r], byte(len(frame)))
			} else {
				stream[r] = append(stream[r], 126)
				stream[r] = binary.BigEndian.AppendUint16(stream[r], uint16(len(frame)))
			}
			stream[r] = append(stream[r], frame...)
		}
	}
	return stream
}
