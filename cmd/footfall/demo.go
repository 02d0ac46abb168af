package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"time"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"

	"github.com/footfall/footfall/internal/boltstore"
	"github.com/footfall/footfall/internal/config"
	"github.com/footfall/footfall/internal/engine"
	"github.com/footfall/footfall/internal/simulate"
	"github.com/footfall/footfall/signals"
)

const (
	demoTimezone  = "Europe/Helsinki"
	historyRate   = 2  // frames a second
	liveRate      = 10 // frames a second
	day           = 24 * time.Hour
	defaultListen = "127.0.0.1:8080"
	demoDatabase  = "demo.db"
	demoPlan      = "plan.svg"
)

type demoOptions struct {
	listen string
	days   int
	seed   uint64
}

func newDemo() *cobra.Command {
	var o demoOptions
	c := &cobra.Command{
		Use:   "demo",
		Short: "Run a whole store on this machine: simulated shop, real engine",
		Long: `Simulates a shop and everything around it: visitors who walk, look, queue and leave, a
sensor that sees them imperfectly, a real Signals server on a loopback port, and
the real engine connected to it, with a week of history counted before. Nothing is
kept when it ends.`,
		Args: arguments(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error { return demo(c, o) },
	}
	c.Flags().StringVar(&o.listen, "listen", defaultListen, "address to listen on, loopback; port 0 picks one")
	c.Flags().IntVar(&o.days, "days", 7, "days of history to lay down first")
	c.Flags().Uint64Var(&o.seed, "seed", 1, "seed of the simulated shop")
	return c
}

func demo(c *cobra.Command, o demoOptions) error {
	if o.days < 0 || o.days > 60 {
		return withCode(exitUsage, fmt.Errorf("--days %d is not between 0 and 60", o.days))
	}
	listener, err := listenHere(o.listen)
	if err != nil {
		return err
	}
	defer listener.Close()
	folder, err := os.MkdirTemp("", "footfall-demo-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	file := filepath.Join(folder, "zones.geojson")
	if err := os.WriteFile(file, simulate.Zones(simulate.DefaultLocation), 0o600); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(folder, demoPlan), simulate.Plan(), 0o600); err != nil {
		return err
	}
	store, err := openStore(filepath.Join(folder, demoDatabase), boltstore.Options{NoSync: true})
	if err != nil {
		return err
	}
	defer store.Close()
	return runDemo(c, o, file, store, listener)
}

func runDemo(c *cobra.Command, o demoOptions, zonesPath string, store *boltstore.Store, listener net.Listener) error {
	zone, err := time.LoadLocation(demoTimezone)
	if err != nil {
		return err
	}
	feed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	defer feed.Close()
	cfg := demoConfig(zone, zonesPath, feed.Addr().String())
	cfg.Database = filepath.Join(filepath.Dir(zonesPath), demoDatabase)
	file, err := openZones(cfg)
	if err != nil {
		return err
	}
	past := simulate.NewShop(simulate.Config{Seed: o.seed, Timezone: zone, FrameRate: historyRate})
	if err := layHistory(c, o.days, past, engine.NewReplayer(store, cfg, file.set)); err != nil {
		return err
	}
	tokens, err := openAccess(cfg.Database)
	if err != nil {
		return err
	}
	defer tokens.Close()
	s, err := newService(cfg, file, store, tokens, newLogger(c.ErrOrStderr()))
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(c.Context())
	defer cancel()
	shop := make(chan error, 1)
	go func() {
		shop <- openShop(ctx, o.seed+1, zone, feed)
		cancel()
	}()
	err = s.run(ctx, listener, func() {
		s.awaitFeeds(ctx)
		printTour(c.OutOrStdout(), listener.Addr().String(), feed.Addr().String())
	})
	cancel()
	if failed := <-shop; err == nil {
		err = failed
	}
	return err
}

func demoConfig(zone *time.Location, zonesPath, feed string) *config.Config {
	cfg := config.Default()
	cfg.Zones = zonesPath
	shop := cfg.Location(simulate.DefaultLocation)
	shop.Name, shop.Timezone, shop.Capacity = "Demo shop", zone, 120
	shop.Funnel = []string{"passage", "entrance", "promo", "till"}
	shop.Opening = demoHours()
	shop.Plan = config.Plan{File: filepath.Join(filepath.Dir(zonesPath), demoPlan), Scale: 1, Origin: simulate.PlanOrigin}
	cfg.Locations = []config.Location{shop}
	signalsFeed := config.Feed{URL: "ws://" + feed + "/websocket_realtime", Locations: []int64{simulate.DefaultLocation}}
	cfg.Feeds = []config.Feed{signalsFeed.WithToken("demo")}
	return cfg
}

// demoHours are those in which the simulated shop of the past lets people in.
func demoHours() config.Opening {
	o := config.Opening{Given: true}
	for weekday := range o.Week {
		o.Week[weekday] = []config.Span{{Start: 9 * 60, End: 21 * 60}}
	}
	for _, weekday := range []time.Weekday{time.Saturday, time.Sunday} {
		o.Week[weekday] = []config.Span{{Start: 10 * 60, End: 18 * 60}}
	}
	return o
}

// openShop runs the live shop behind a real Signals server.
func openShop(ctx context.Context, seed uint64, zone *time.Location, listener net.Listener) error {
	hub := signals.NewHub()
	server := signals.NewServer(signals.ServerConfig{Authorize: onlyToken("demo"), Source: hub})
	runner := &simulate.Live{Shop: simulate.NewShop(simulate.Config{
		Seed: seed, Timezone: zone, FrameRate: liveRate, AlwaysOpen: true, FirstID: 1 << 32,
	})}
	return serveSignals(ctx, listener, server, func(ctx context.Context) error {
		return runner.Run(ctx, publishTo(hub))
	})
}

// layHistory counts the days up to now, each through the real pipeline.
func layHistory(c *cobra.Command, days int, shop *simulate.Shop, r *engine.Replayer) error {
	if days == 0 {
		return nil
	}
	end := time.Now()
	bar := progressbar.NewOptions(days*24, progressbar.OptionSetWriter(io.Discard))
	if isTerminal(c.ErrOrStderr()) {
		bar = progressbar.NewOptions(days*24, progressbar.OptionSetWriter(c.ErrOrStderr()), progressbar.OptionClearOnFinish(),
			progressbar.OptionSetDescription(fmt.Sprintf("a shop's last %d days", days)))
	}
	began := time.Now()
	from := end.Add(-time.Duration(days) * day)
	shop.Start(from.UnixMicro())
	for d := range days {
		messages := &shopMessages{shop: shop, bar: bar, at: from.Add(time.Duration(d) * day).UnixMicro(), to: from.Add(time.Duration(d+1) * day).UnixMicro()}
		if err := r.Add(c.Context(), fmt.Sprintf("simulated day %d", d+1), messages); err != nil {
			return err
		}
	}
	if err := r.Finish(); err != nil {
		return err
	}
	_ = bar.Finish()
	fmt.Fprintf(c.OutOrStdout(), "%d days of history: %d messages counted in %.1f s\n\n", days, r.Summary.Messages, time.Since(began).Seconds())
	return nil
}

// shopMessages is a stretch of a simulated shop's life as a recording. It begins
// and ends with a message that is not counted: the sensor is on all night.
type shopMessages struct {
	shop   *simulate.Shop
	bar    *progressbar.ProgressBar
	at, to int64
	batch  []signals.Message
	next   int
	ended  bool
}

// Next implements engine.Messages.
func (s *shopMessages) Next(m *signals.Message) error {
	for s.next == len(s.batch) {
		if s.ended {
			return io.EOF
		}
		s.advance()
	}
	*m = s.batch[s.next]
	s.next++
	return nil
}

func (s *shopMessages) advance() {
	s.batch, s.next = s.batch[:0], 0
	if s.batch == nil {
		s.batch = append(s.batch, signals.Message{Time: s.at})
	}
	s.at = min(s.to, s.at+time.Hour.Microseconds())
	s.batch = s.shop.Step(s.at, s.batch)
	if s.ended = s.at >= s.to; s.ended {
		s.batch = append(s.batch, signals.Message{Time: s.to})
	}
	_ = s.bar.Add(1)
}

func printTour(w io.Writer, address, feed string) {
	fmt.Fprintf(w, `listening on %[1]s

A shop is being counted. Open

  http://%[1]s/

or ask

  curl http://%[1]s/api/v1/locations/1/occupancy
  curl 'http://%[1]s/api/v1/locations/1/reports/occupancy?bucket=1h&zone=location'
  curl 'http://%[1]s/api/v1/locations/1/reports/flows'

Its positions come from a Signals server at ws://%[2]s/websocket_realtime
and are served on at ws://%[1]s/websocket_realtime. Ctrl-C ends it.

`, address, feed)
}

// listenHere opens an address that only this machine reaches: a demo asks for no token.
func listenHere(address string) (net.Listener, error) {
	if !config.IsLoopback(address) {
		return nil, withCode(exitUsage, fmt.Errorf("listen: %s is not a loopback address; a demo is for this machine alone", address))
	}
	return net.Listen("tcp", address)
}
