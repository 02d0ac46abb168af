package main

import (
	"net"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// As a systemd service it says when it is ready, gives signs of life, and says that it
// stops.
func TestServeAsAService(t *testing.T) {
	folder := t.TempDir()
	socket := filepath.Join(folder, "notify")
	conn, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: socket, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	t.Setenv("NOTIFY_SOCKET", socket)
	t.Setenv("WATCHDOG_USEC", "60000")
	server := startChild(t, "serve", "--listen", "127.0.0.1:0", "--zones", "", "--database", filepath.Join(folder, "shop.db"))
	hear := func() string {
		buffer := make([]byte, 256)
		if err := conn.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
			t.Fatal(err)
		}
		n, err := conn.Read(buffer)
		if err != nil {
			t.Fatal(err)
		}
		return string(buffer[:n])
	}
	if got, want := hear(), "READY=1\nSTATUS=listening on "+server.address; got != want {
		t.Errorf("told %q, want %q", got, want)
	}
	for range 3 {
		if got := hear(); got != "WATCHDOG=1" {
			t.Errorf("told %q", got)
		}
	}
	server.terminate(t)
	for said := ""; !strings.Contains(said, "STOPPING=1"); {
		said = hear()
	}
}
