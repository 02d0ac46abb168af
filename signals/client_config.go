package signals

import (
	"cmp"
	"context"
	"crypto/tls"
	"log/slog"
	"net"
	"time"
)

// ClientConfig says which feed a Client reads, and how. URL, Locations and Sink
// are required; a zero value of the rest means its default.
type ClientConfig struct {
	URL string // ws://HOST/… or wss://HOST/…, without credentials

	// Token is asked anew at every attempt, so that a token file may be rotated;
	// space around the token is cut off. Nil: an empty token. Its error must not
	// tell the token.
	Token func() (string, error)

	Locations []int64
	Sink      Sink
	Now       func() int64 // Unix µs, asked once a network read; default: the wall clock
	Logger    *slog.Logger // default: none
	TLS       *tls.Config  // default: the system's roots

	// DialContext opens the connection below TLS; default: a net.Dialer.
	DialContext func(ctx context.Context, network, address string) (net.Conn, error)

	HeartbeatEvery  time.Duration // default 22 s
	PingEvery       time.Duration // default 20 s
	DeadAfter       time.Duration // of silence, pongs included; default 50 s
	ConnectTimeout  time.Duration // of dialling and handshake; default 15 s
	RegisterTimeout time.Duration // from our registration to its answer; default 10 s
	WriteTimeout    time.Duration // default 10 s
	BackoffMin      time.Duration // default 500 ms
	BackoffMax      time.Duration // default 30 s
	ReadBuffer      int           // bytes, at least 4 KiB; default 256 KiB
}

func (cfg ClientConfig) withDefaults() ClientConfig {
	if cfg.Token == nil {
		cfg.Token = func() (string, error) { return "", nil }
	}
	if cfg.Now == nil {
		cfg.Now = func() int64 { return time.Now().UnixMicro() }
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	if cfg.DialContext == nil {
		cfg.DialContext = new(net.Dialer).DialContext
	}
	cfg.HeartbeatEvery = cmp.Or(cfg.HeartbeatEvery, 22*time.Second)
	cfg.PingEvery = cmp.Or(cfg.PingEvery, 20*time.Second)
	cfg.DeadAfter = cmp.Or(cfg.DeadAfter, 50*time.Second)
	cfg.ConnectTimeout = cmp.Or(cfg.ConnectTimeout, 15*time.Second)
	cfg.RegisterTimeout = cmp.Or(cfg.RegisterTimeout, 10*time.Second)
	cfg.WriteTimeout = cmp.Or(cfg.WriteTimeout, 10*time.Second)
	cfg.BackoffMin = cmp.Or(cfg.BackoffMin, 500*time.Millisecond)
	cfg.BackoffMax = cmp.Or(cfg.BackoffMax, 30*time.Second)
	cfg.ReadBuffer = cmp.Or(cfg.ReadBuffer, 256<<10)
	return cfg
}
