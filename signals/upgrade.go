package signals

import (
	"bytes"
	"crypto/tls"
	"io"
	"net"
)

// handshakeBuffer is the size of the buffer in which the websocket package reads
// the server's answer, and so the most that may lie behind it.
const handshakeBuffer = 4 << 10

// upgradeConn is what the websocket package shakes hands on. It gives the package
// the answer to the request and not a byte of what follows, for frames are read
// by frameReader. So that it stands above TLS, it begins that itself, right before
// the request: what the package says before is for a proxy.
type upgradeConn struct {
	net.Conn             // from the request on encrypted where that is due
	tls      *tls.Config // nil: no encryption

	requested bool
	answered  bool
	blank     bool   // nothing but white space yet in this line of the answer
	rest      []byte // what came with the answer's end
}

func (u *upgradeConn) Write(p []byte) (int, error) {
	if !u.requested && bytes.HasPrefix(p, []byte("GET ")) {
		u.requested = true
		if u.tls != nil {
			u.Conn = tls.Client(u.Conn, u.tls)
		}
	}
	return u.Conn.Write(p)
}

func (u *upgradeConn) Read(p []byte) (int, error) {
	if u.answered {
		return 0, io.EOF
	}
	n, err := u.Conn.Read(p)
	if !u.requested {
		return n, err
	}
	if end := u.answerEnd(p[:n]); end >= 0 {
		u.answered, u.rest = true, bytes.Clone(p[end:n])
		return end, nil
	}
	return n, err
}

// answerEnd is the index after the answer's head, which a blank line ends, or -1
// if the head goes on beyond p.
func (u *upgradeConn) answerEnd(p []byte) int {
	for i, c := range p {
		switch c {
		case '\n':
			if u.blank {
				return i + 1
			}
			u.blank = true
		case '\r', ' ', '\t':
		default:
			u.blank = false
		}
	}
	return -1
}
