package main

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/spf13/cobra"

	"github.com/footfall/footfall/internal/recording"
	"github.com/footfall/footfall/internal/simulate"
	"github.com/footfall/footfall/signals"
)

type simulateOptions struct {
	listen, recording, token string
	speed                    float64
	loop                     bool
	seed                     uint64
	location                 int64
}

func newSimulate() *cobra.Command {
	var o simulateOptions
	c := &cobra.Command{
		Use:   "simulate",
		Short: "Run a Signals server alone: a simulated shop, or a recording",
		Long: `Serves the Signals protocol at /websocket_realtime: a simulated shop that is busy at
any hour, or a recording, which begins when the first client has registered and
stays at its end. Prints "listening on HOST:PORT" as its first line.`,
		Example: `  footfall simulate --listen 127.0.0.1:8765
  footfall simulate --recording monday.ndjson.gz --speed 10 --loop`,
		Args: arguments(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error { return simulated(c, o) },
	}
	f := c.Flags()
	f.StringVar(&o.listen, "listen", "127.0.0.1:8765", "address to listen on; port 0 picks one")
	f.StringVar(&o.recording, "recording", "", "recording to play instead of the simulated shop")
	f.Float64Var(&o.speed, "speed", 1, "speed of the recording; 0 is as fast as clients take it")
	f.BoolVar(&o.loop, "loop", false, "begin the recording again at its end")
	f.StringVar(&o.token, "token", "", "the only token to accept (default any)")
	f.Uint64Var(&o.seed, "seed", 1, "seed of the simulated shop")
	f.Int64Var(&o.location, "location", simulate.DefaultLocation, "location id of the simulated shop")
	return c
}

func simulated(c *cobra.Command, o simulateOptions) error {
	if o.speed < 0 {
		return withCode(exitUsage, fmt.Errorf("--speed %g is negative", o.speed))
	}
	listener, err := net.Listen("tcp", o.listen)
	if err != nil {
		return err
	}
	defer listener.Close()
	hub := signals.NewHub()
	server := signals.NewServer(signals.ServerConfig{
		Authorize: onlyToken(o.token), Source: hub, Logger: newLogger(c.ErrOrStderr()),
		CheckOrigin: func(*http.Request) bool { return true }, // it holds nobody's data
	})
	fmt.Fprintf(c.OutOrStdout(), "listening on %s\n", listener.Addr())
	return serveSignals(c.Context(), listener, server, func(ctx context.Context) error {
		if o.recording != "" {
			return play(ctx, o, hub, server)
		}
		shop := simulate.NewShop(simulate.Config{Location: o.location, Seed: o.seed, AlwaysOpen: true})
		runner := &simulate.Live{Shop: shop}
		return runner.Run(ctx, publishTo(hub))
	})
}

func publishTo(hub *signals.Hub) simulate.Publish {
	return func(batch []signals.Message) error {
		hub.Publish(batch)
		return nil
	}
}

func play(ctx context.Context, o simulateOptions, hub *signals.Hub, server *signals.Server) error {
	for server.Status().Registered == 0 {
		select {
		case <-time.After(10 * time.Millisecond):
		case <-ctx.Done():
			return nil
		}
	}
	playback := &simulate.Playback{
		Open:  func() (simulate.Recording, error) { return recording.Open(o.recording) },
		Speed: o.speed, Loop: o.loop,
	}
	if err := playback.Run(ctx, publishTo(hub)); err != nil {
		return err
	}
	<-ctx.Done()
	return nil
}

// onlyToken accepts one token, or any where it is empty.
func onlyToken(token string) signals.Authorizer {
	if token == "" {
		return signals.AllowAll
	}
	return func(ctx context.Context, got string) (signals.Access, error) {
		if subtle.ConstantTimeCompare([]byte(got), []byte(token)) != 1 {
			return nil, errors.New("the token is not accepted")
		}
		return signals.AllowAll(ctx, got)
	}
}

// serveSignals serves a Signals server and runs what feeds it until ctx is done or
// that fails.
func serveSignals(ctx context.Context, listener net.Listener, server *signals.Server, feed func(context.Context) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	mux := http.NewServeMux()
	mux.Handle("GET /websocket_realtime", server)
	web := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second, MaxHeaderBytes: 16 << 10}
	served := make(chan error, 1)
	go func() {
		served <- web.Serve(listener)
		cancel()
	}()
	err := feed(ctx)
	closing, done := context.WithTimeout(context.Background(), 5*time.Second)
	defer done()
	err = errors.Join(err, server.Shutdown(closing), web.Shutdown(closing))
	if failed := <-served; !errors.Is(failed, http.ErrServerClosed) {
		err = errors.Join(err, failed)
	}
	return err
}
