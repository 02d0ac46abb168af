package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strconv"
	"sync/atomic"
	"time"
)

// degree is a centimetre in Tile38, where positions are on the globe: the floor is
// half a degree wide, small enough to be flat and large enough for its precision.
const degree = 0.5 / defaultSide

// tile38 is a tile38-server with static fences, and a subscriber to all of them.
type tile38 struct {
	cmd          *exec.Cmd
	address      string
	folder       string
	subscriber   net.Conn
	acknowledged atomic.Int64
	enter, exit  atomic.Int64 // told to the subscriber

	enters, exits []float64 // a position, of each window
}

func startTile38(binary, parent string, fences []box) (t *tile38, err error) {
	t = &tile38{}
	if t.address, err = freeAddress(); err != nil {
		return nil, err
	}
	if t.folder, err = os.MkdirTemp(parent, "tile38-"); err != nil {
		return nil, err
	}
	_, port, err := net.SplitHostPort(t.address)
	if err != nil {
		return nil, err
	}
	t.cmd = exec.Command(binary, "-q", "-h", "127.0.0.1", "-p", port, "-d", t.folder, "--appendonly", "no")
	t.cmd.SysProcAttr = dieWithUs
	if err := t.cmd.Start(); err != nil {
		os.RemoveAll(t.folder)
		return nil, err
	}
	if err := t.prepare(fences); err != nil {
		t.stop()
		return nil, err
	}
	return t, nil
}

func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}

// prepare sets the fences and subscribes to them.
func (t *tile38) prepare(fences []box) error {
	c, err := t.dial()
	if err != nil {
		return err
	}
	defer c.Close()
	replies := bufio.NewReader(c)
	for i, b := range fences {
		object := `{"type":"Polygon","coordinates":` + b.ring(degree) + `}`
		command := appendCommand(nil, "SETCHAN", "z"+strconv.Itoa(i), "WITHIN", "people", "FENCE", "DETECT", "enter,exit", "OBJECT", object)
		if _, err := c.Write(command); err != nil {
			return err
		}
		if reply, err := replies.ReadString('\n'); err != nil || reply != ":1\r\n" {
			return fmt.Errorf("SETCHAN: %q, %w", reply, errors.Join(err))
		}
	}
	if t.subscriber, err = t.dial(); err != nil {
		return err
	}
	if _, err := t.subscriber.Write(appendCommand(nil, "PSUBSCRIBE", "*")); err != nil {
		return err
	}
	go t.listen()
	return nil
}

// dial connects, and waits for the server to come up.
func (t *tile38) dial() (c net.Conn, err error) {
	for range 500 {
		if c, err = net.Dial("tcp", t.address); err == nil {
			return c, nil
		}
		time.Sleep(10 * time.Millisecond)
	}
	return nil, err
}

// listen counts what the fences tell.
func (t *tile38) listen() {
	lines := bufio.NewReaderSize(t.subscriber, 256<<10)
	for {
		line, err := lines.ReadSlice('\n')
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return
		}
		switch {
		case bytes.Contains(line, []byte(`"detect":"enter"`)):
			t.enter.Add(1)
		case bytes.Contains(line, []byte(`"detect":"exit"`)):
			t.exit.Add(1)
		}
	}
}

// appendCommand appends a command as RESP has it.
func appendCommand(b []byte, words ...string) []byte {
	b = fmt.Appendf(b, "*%d\r\n", len(words))
	for _, w := range words {
		b = append(strconv.AppendInt(append(b, '$'), int64(len(w)), 10), "\r\n"...)
		b = append(append(b, w...), "\r\n"...)
	}
	return b
}

// appendSet appends a position as a SET.
func appendSet(b []byte, p place) []byte {
	number := func(f float64) string { return strconv.FormatFloat(f*degree, 'f', 7, 64) }
	return appendCommand(b, "SET", "people", strconv.Itoa(p.person), "POINT", number(p.y), number(p.x))
}

// feed plays the rounds, pipelined, and counts the answers, until it is stopped.
func (t *tile38) feed(c crowd, rounds [][]chunk) (stop func(), err error) {
	conn, err := t.dial()
	if err != nil {
		return nil, err
	}
	go c.play(rounds, conn)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		buffer := make([]byte, 64<<10)
		for {
			n, err := conn.Read(buffer)
			t.acknowledged.Add(int64(bytes.Count(buffer[:n], []byte("+OK\r\n"))))
			if err != nil {
				return
			}
		}
	}()
	return func() { conn.Close(); <-ended }, nil
}

// window measures for a while.
func (t *tile38) window(length time.Duration) sample {
	before, enter, exit := t.acknowledged.Load(), t.enter.Load(), t.exit.Load()
	began, used := time.Now(), cpuOf(t.cmd.Process.Pid)
	time.Sleep(length)
	one := sample{units: t.acknowledged.Load() - before, took: time.Since(began), cpu: cpuOf(t.cmd.Process.Pid) - used}
	t.enters = append(t.enters, float64(t.enter.Load()-enter)/float64(one.units))
	t.exits = append(t.exits, float64(t.exit.Load()-exit)/float64(one.units))
	return one
}

func (t *tile38) stop() {
	if t.subscriber != nil {
		t.subscriber.Close()
	}
	_ = t.cmd.Process.Kill()
	_ = t.cmd.Wait()
	os.RemoveAll(t.folder)
}
