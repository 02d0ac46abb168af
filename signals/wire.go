package signals

import (
	"context"
	"net"
	"time"
)

// wireConn is the network under a client's connection, below TLS. frameReader
// reads the network only when it has handed out all that it had, so the moment
// before such a read is when nothing more is to be had without waiting, and the
// moment after it is when everything that it brought was received.
type wireConn struct {
	net.Conn
	beforeRead func() (deadline time.Time) // both nil until the handshake is done
	afterRead  func()
}

func (w *wireConn) Read(p []byte) (int, error) {
	if w.beforeRead == nil {
		return w.Conn.Read(p)
	}
	if err := w.Conn.SetReadDeadline(w.beforeRead()); err != nil {
		return 0, err
	}
	n, err := w.Conn.Read(p)
	if n > 0 {
		w.afterRead()
	}
	return n, err
}

// closeWhenDone closes the connection when ctx is done. The function returned
// ends that and waits for it.
func closeWhenDone(ctx context.Context, conn net.Conn) (stop func()) {
	quit, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		select {
		case <-ctx.Done():
			ignore(conn.Close)
		case <-quit:
		}
	}()
	return func() {
		close(quit)
		<-ended
	}
}

// ignore calls what may fail on a connection that is over anyhow.
func ignore(do func() error) { _ = do() }
