package edge

import (
	"log/slog"
	"net"
	"net/netip"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"
)

func TestLimitsTellTheLogOnceAMinute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log safeBuffer
		l := NewLimits(DefaultMost(), slog.New(slog.NewTextHandler(&log, nil)))
		for range 3 {
			l.Body.Refuse()
		}
		l.Sockets.Refuse()
		time.Sleep(time.Minute)
		l.Body.Refuse()
		if text := log.String(); strings.Count(text, "limits.body ") != 2 || strings.Count(text, "limits.sockets ") != 1 {
			t.Errorf("the log says %s", text)
		}
		if l.Body.Refused() != 4 {
			t.Errorf("%d refused", l.Body.Refused())
		}
		l.Body.CountedBy(func() uint64 { return 9 })
		if l.Body.Refused() != 9 {
			t.Errorf("%d refused, counted by another", l.Body.Refused())
		}
	})
}

// A rate is as a plain bucket that is filled by the clock: what it lets through of any key
// is the burst and what has been gained since, and a refusal says when to come again.
func TestRateIsATokenBucket(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		perSecond, burst := rapid.Int64Range(1, 50).Draw(t, "per second"), rapid.Int64Range(1, 20).Draw(t, "burst")
		each := int64(time.Second) / perSecond
		rate := NewRate[int](perSecond, burst)
		have, last := map[int]int64{}, map[int]int64{} // ns worth of tokens
		now := int64(0)
		for range rapid.IntRange(1, 200).Draw(t, "requests") {
			now += rapid.Int64Range(0, 2*each).Draw(t, "pause")
			key := rapid.IntRange(0, 3).Draw(t, "key")
			if _, known := have[key]; !known {
				have[key] = burst * each
			}
			have[key] = min(burst*each, have[key]+now-last[key])
			last[key] = now
			wait := rate.Take(key, now)
			if want := have[key] >= each; (wait == 0) != want {
				t.Fatalf("let in: %v, want %v", wait == 0, want)
			}
			if wait == 0 {
				have[key] -= each
			} else if int64(wait) != each-have[key] {
				t.Fatalf("wait %v, want %v", wait, time.Duration(each-have[key]))
			}
		}
	})
}

// However many addresses ask, memory is bounded, and those that are known keep their own.
func TestRateIsBounded(t *testing.T) {
	rate := NewRate[int](1, 2)
	rate.most = 100
	for key := range 100 {
		rate.Take(key, 0)
	}
	refused := 0
	for key := range 1000 {
		if rate.Take(1000+key, 0) > 0 {
			refused++
		}
	}
	if len(rate.full) != 100 || refused != 998 {
		t.Errorf("%d buckets, %d of strangers refused", len(rate.full), refused)
	}
	if rate.Take(5, 0) != 0 {
		t.Error("a known one is refused for others")
	}
	if rate.Take(5000, int64(time.Hour)) != 0 || len(rate.full) != 1 {
		t.Errorf("an hour later there are %d buckets", len(rate.full))
	}
}

func BenchmarkRate(b *testing.B) {
	rate, addr := NewRate[netip.Addr](1_000_000, 1_000_000), netip.MustParseAddr("198.51.100.7")
	b.ReportAllocs()
	for i := range b.N {
		rate.Take(addr, int64(i)*1000)
	}
}

func TestNetwork(t *testing.T) {
	for addr, want := range map[string]string{"198.51.100.7": "198.51.100.7", "2001:db8:1:2:3:4:5:6": "2001:db8:1:2::", "::ffff:198.51.100.7": "::ffff:198.51.100.7"} {
		if got := Network(netip.MustParseAddr(addr)); got.String() != want {
			t.Errorf("%s: %s", addr, got)
		}
	}
}

// from is a connection of any address.
type from struct {
	net.Conn
	addr   string
	closed bool
}

func (f *from) RemoteAddr() net.Addr { return net.TCPAddrFromAddrPort(netip.MustParseAddrPort(f.addr)) }
func (f *from) Close() error         { f.closed = true; return nil }

// coming is a listener of these connections.
type coming struct {
	net.Listener
	conns []*from
}

func (c *coming) Accept() (net.Conn, error) {
	if len(c.conns) == 0 {
		return nil, net.ErrClosed
	}
	next := c.conns[0]
	c.conns = c.conns[1:]
	return next, nil
}

func TestConnectionsAreBounded(t *testing.T) {
	most := DefaultMost()
	most.Connections, most.ConnectionsPerAddress = 7, 2
	limits := NewLimits(most, slog.New(slog.DiscardHandler))
	bounds := NewConnections(limits, proxies)
	addresses := []string{
		"198.51.100.7:1", "198.51.100.7:2", "198.51.100.7:3", // one too many
		"10.0.0.1:1", "10.0.0.1:2", "10.0.0.1:3", // a proxy
		"127.0.0.1:1",
		"[2001:db8::1]:1",
		"[2001:db8::2]:1", // the eighth
	}
	var in coming
	for _, addr := range addresses {
		in.conns = append(in.conns, &from{addr: addr})
	}
	all := in.conns
	listener := bounds.Listener(&in)
	var open []net.Conn
	for {
		conn, err := listener.Accept()
		if err != nil {
			break
		}
		open = append(open, conn)
	}
	if len(open) != 7 || bounds.Open() != 7 || !all[2].closed || !all[8].closed || limits.Connections.Refused() != 1 || limits.ConnectionsPerAddress.Refused() != 1 {
		t.Fatalf("%d open, counted %d; refused %d and %d", len(open), bounds.Open(), limits.Connections.Refused(), limits.ConnectionsPerAddress.Refused())
	}
	for _, conn := range open {
		conn.Close()
		conn.Close()
	}
	if bounds.Open() != 0 || len(bounds.by) != 0 {
		t.Errorf("%d open, by address %v", bounds.Open(), bounds.by)
	}
}
