package systemd

import (
	"context"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

// manager is the socket of a service manager.
func manager(t *testing.T, name string) *net.UnixConn {
	t.Helper()
	conn, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: name, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	if err := conn.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	t.Setenv("NOTIFY_SOCKET", name)
	return conn
}

func heard(t *testing.T, conn *net.UnixConn) string {
	t.Helper()
	buffer := make([]byte, 256)
	n, err := conn.Read(buffer)
	if err != nil {
		t.Fatal(err)
	}
	return string(buffer[:n])
}

func TestTell(t *testing.T) {
	for _, name := range []string{filepath.Join(t.TempDir(), "notify"), "@footfall-test-" + strconv.Itoa(os.Getpid())} {
		conn := manager(t, name)
		n := New()
		if err := n.Tell(Ready + "\n" + Status("listening on 127.0.0.1:8080")); err != nil {
			t.Fatal(err)
		}
		if got := heard(t, conn); got != "READY=1\nSTATUS=listening on 127.0.0.1:8080" {
			t.Errorf("told %q", got)
		}
		if _, left := os.LookupEnv("NOTIFY_SOCKET"); left {
			t.Error("children could tell in our place")
		}
	}
}

func TestWatch(t *testing.T) {
	conn := manager(t, filepath.Join(t.TempDir(), "notify"))
	t.Setenv("WATCHDOG_USEC", "3000")
	t.Setenv("WATCHDOG_PID", strconv.Itoa(os.Getpid()))
	ctx, cancel := context.WithCancel(t.Context())
	asked, ended := 0, make(chan struct{})
	n := New()
	go func() { defer close(ended); n.Watch(ctx, func() { asked++ }) }()
	for range 3 {
		if got := heard(t, conn); got != "WATCHDOG=1" {
			t.Errorf("told %q", got)
		}
	}
	cancel()
	<-ended
	if asked < 3 {
		t.Errorf("asked %d times whether it lives", asked)
	}
}

func TestNobodyAsked(t *testing.T) {
	n := New()
	if err := n.Tell(Ready); err != nil {
		t.Error(err)
	}
	n.Watch(t.Context(), func() { t.Error("asked") })
	t.Setenv("NOTIFY_SOCKET", filepath.Join(t.TempDir(), "gone"))
	t.Setenv("WATCHDOG_USEC", "1000")
	t.Setenv("WATCHDOG_PID", "1")
	n = New()
	if err := n.Tell(Ready); err == nil {
		t.Error("a socket that is gone is no error")
	}
	n.Watch(t.Context(), func() { t.Error("asked for another process") })
}
