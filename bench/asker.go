package main

import (
	"bufio"
	"bytes"
	"fmt"
	"net"
	"strconv"
	"time"
)

// asker asks for one path over one connection that stays open, with as little work
// of its own as can be.
type asker struct {
	conn    net.Conn
	reader  *bufio.Reader
	path    string
	request []byte

	status int
	tag    []byte // of the last answer
	body   []byte // reused
}

func dialAsker(address, path string) (*asker, error) {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return nil, err
	}
	return &asker{conn: conn, reader: bufio.NewReaderSize(conn, 64<<10), path: path}, nil
}

// ask sends the request and reads the answer; with again it says what it has.
func (a *asker) ask(again bool) error {
	a.request = append(append(append(a.request[:0], "GET "...), a.path...), " HTTP/1.1\r\nHost: localhost\r\n"...)
	if again && len(a.tag) > 0 {
		a.request = append(append(append(a.request, "If-None-Match: "...), a.tag...), "\r\n"...)
	}
	if _, err := a.conn.Write(append(a.request, "\r\n"...)); err != nil {
		return err
	}
	return a.answer()
}

func (a *asker) answer() error {
	length := 0
	for first := true; ; first = false {
		line, err := a.reader.ReadSlice('\n')
		if err != nil {
			return err
		}
		line = bytes.TrimRight(line, "\r\n")
		if first {
			if len(line) < 12 {
				return fmt.Errorf("the answer begins with %q", line)
			}
			if a.status, err = strconv.Atoi(string(line[9:12])); err != nil {
				return err
			}
			continue
		}
		if len(line) == 0 {
			break
		}
		if value, ok := bytes.CutPrefix(line, []byte("Content-Length: ")); ok {
			if length, err = strconv.Atoi(string(value)); err != nil {
				return err
			}
		}
		if value, ok := bytes.CutPrefix(line, []byte("Etag: ")); ok {
			a.tag = append(a.tag[:0], value...)
		}
	}
	return a.read(length)
}

func (a *asker) read(length int) error {
	if cap(a.body) < length {
		a.body = make([]byte, length)
	}
	a.body = a.body[:length]
	for n := 0; n < length; {
		k, err := a.reader.Read(a.body[n:])
		if err != nil {
			return err
		}
		n += k
	}
	return nil
}

// times asks so often, one request after the other.
func (a *asker) times(n int, again bool) (time.Duration, error) {
	began := time.Now()
	for range n {
		if err := a.ask(again); err != nil {
			return 0, err
		}
	}
	return time.Since(began), nil
}

func (a *asker) close() { a.conn.Close() }
