package edge

import (
	"errors"
	"net"
	"net/netip"
	"sync"
	"syscall"
)

// Connections bounds those that are open at once, in all and of one address. This machine
// and trusted proxies, which stand for many, are bounded in all alone.
type Connections struct {
	all, each *Limit
	proxies   *Proxies

	mu   sync.Mutex
	open int
	by   map[netip.Addr]int
}

// NewConnections bounds connections by limits.
func NewConnections(l *Limits, proxies *Proxies) *Connections {
	return &Connections{all: l.Connections, each: l.ConnectionsPerAddress, proxies: proxies, by: map[netip.Addr]int{}}
}

// Listener closes what comes in beyond the limits.
func (c *Connections) Listener(l net.Listener) net.Listener { return &boundedListener{l, c} }

// Open is how many are open.
func (c *Connections) Open() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.open
}

type boundedListener struct {
	net.Listener
	bounds *Connections
}

func (l *boundedListener) Accept() (net.Conn, error) {
	for {
		conn, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		from, full := l.bounds.enter(conn.RemoteAddr())
		if full == nil {
			return &boundedConn{Conn: conn, leave: sync.OnceFunc(func() { l.bounds.leave(from) })}, nil
		}
		full.Refuse()
		conn.Close()
	}
}

// enter counts a connection, or says which limit it is over. from is the zero Addr where
// its address is not counted.
func (c *Connections) enter(remote net.Addr) (from netip.Addr, full *Limit) {
	if addr, ok := parseAddr(remote.String()); ok && !addr.IsLoopback() && !c.proxies.Trusts(addr) {
		from = Network(addr)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if float64(c.open) >= c.all.Most {
		return from, c.all
	}
	if from.IsValid() {
		if float64(c.by[from]) >= c.each.Most {
			return from, c.each
		}
		c.by[from]++
	}
	c.open++
	return from, nil
}

func (c *Connections) leave(from netip.Addr) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.open--
	if !from.IsValid() {
		return
	}
	if c.by[from]--; c.by[from] == 0 {
		delete(c.by, from)
	}
}

// boundedConn counts until it is closed.
type boundedConn struct {
	net.Conn
	leave func()
}

func (c *boundedConn) Close() error {
	c.leave()
	return c.Conn.Close()
}

// CloseWrite ends what is sent, as *net.TCPConn does.
func (c *boundedConn) CloseWrite() error {
	if half, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return errors.ErrUnsupported
}

// SyscallConn implements syscall.Conn.
func (c *boundedConn) SyscallConn() (syscall.RawConn, error) {
	if raw, ok := c.Conn.(syscall.Conn); ok {
		return raw.SyscallConn()
	}
	return nil, errors.ErrUnsupported
}
