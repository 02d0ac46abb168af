// Package systemd tells the service manager how the program is (sd_notify(3)). Where no
// manager asked to be told, nothing happens.
package systemd

import (
	"context"
	"fmt"
	"net"
	"os"
	"strconv"
	"time"
)

// What can be told; more than one is joined by line breaks.
const (
	Ready    = "READY=1"    // it serves
	Stopping = "STOPPING=1" // it puts things away
	watchdog = "WATCHDOG=1"
)

// Status is a line for whoever asks systemctl status.
func Status(text string) string { return "STATUS=" + text }

// Notifier tells the manager.
type Notifier struct {
	socket   *net.UnixAddr // nil: nobody asked
	watchdog time.Duration // within which the manager wants a sign of life; 0: none
}

// New reads what the manager asked for in the environment, which is for this process
// alone: it is taken out, so that no child tells in our place.
func New() *Notifier {
	n := &Notifier{}
	if path := os.Getenv("NOTIFY_SOCKET"); path != "" {
		n.socket = &net.UnixAddr{Name: path, Net: "unixgram"}
	}
	micros, err := strconv.ParseInt(os.Getenv("WATCHDOG_USEC"), 10, 64)
	if pid := os.Getenv("WATCHDOG_PID"); err == nil && micros > 0 && (pid == "" || pid == strconv.Itoa(os.Getpid())) {
		n.watchdog = time.Duration(micros) * time.Microsecond
	}
	for _, name := range []string{"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"} {
		_ = os.Unsetenv(name) // fails for no such name
	}
	return n
}

// Tell sends a state.
func (n *Notifier) Tell(state string) error {
	if n.socket == nil {
		return nil
	}
	conn, err := net.DialUnix("unixgram", nil, n.socket)
	if err != nil {
		return fmt.Errorf("telling systemd: %w", err)
	}
	defer func() { _ = conn.Close() }()
	if _, err = conn.Write([]byte(state)); err != nil {
		return fmt.Errorf("telling systemd: %w", err)
	}
	return nil
}

// Watch gives a sign of life, three times as often as it is wanted, after each alive that
// returns, until ctx is done. A program in which alive hangs is restarted by the manager.
func (n *Notifier) Watch(ctx context.Context, alive func()) {
	if n.socket == nil || n.watchdog == 0 {
		return
	}
	tick := time.NewTicker(max(n.watchdog/3, time.Millisecond))
	defer tick.Stop()
	for {
		alive()
		_ = n.Tell(watchdog) // the manager notices by itself
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}
