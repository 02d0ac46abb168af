package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/footfall/footfall/internal/recording"
)

// soak is a long run of a real server with everything going on at once.
type soak struct {
	*suite
	length   time.Duration
	database string
	sent     string // a recording of it
	script   *script
	flapper  *flapper
	service  *service
	readers  *readers
	looks    []look
	faults   []string
}

// leastFlat is the least length of a run of which one can tell that something is flat: the
// last hour's positions, which are kept in memory, reach their bound after nine minutes.
const leastFlat = 27 * time.Minute

// runSoak runs one and prints what came of it. The error says what was not as it should be.
func (s *suite) runSoak(length time.Duration) error {
	k := &soak{suite: s, length: length, database: s.path("soak.db"), sent: s.path("soak.ndjson.gz")}
	fmt.Printf("%s; %s of %d people, %d zones, %d polling readers, %d of /websocket_realtime; %s\n",
		machine(), length, soakPeople, soakZones, soakPollers, soakSockets, time.Now().Format("2 January 2006"))
	if err := k.run(); err != nil {
		return err
	}
	if err := k.judge(); err != nil {
		return err
	}
	for _, fault := range k.faults {
		fmt.Println("FAULT:", fault)
	}
	if len(k.faults) > 0 {
		return fmt.Errorf("soak: %d faults", len(k.faults))
	}
	fmt.Println("verdict: sound")
	return nil
}

func (k *soak) run() error {
	log, err := recording.Create(k.sent)
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	defer l.Close()
	if _, err := k.product(); err != nil { // takes its time
		return err
	}
	began := time.Now()
	k.script = newScript(began, log)
	k.flapper = newFlapper(k.script, began.Add(k.length))
	k.flapper.deadFeed = k.length >= 10*time.Minute
	if err := k.start(l.Addr().String()); err != nil {
		return err
	}
	defer k.service.kill()
	k.flapper.counted = func(context.Context) error { return k.service.await(k.script.sent) }
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	first, err := k.service.look(began)
	if err != nil {
		return err
	}
	k.readers = startReaders(k.service.address)
	defer k.readers.stop()
	time.Sleep(time.Second) // so that those who stay hear everything
	go k.flapper.serve(l)
	played := make(chan error, 1)
	go func() { played <- k.flapper.play(ctx) }()
	if err := k.watch(began, played); err != nil {
		return err
	}
	return errors.Join(log.Close(), k.settle(began, first))
}

// start starts the server. What it counts is what is sent: no delays and no corrections.
func (k *soak) start(feed string) (err error) {
	k.service, err = k.startService(serviceOptions{
		url: feedURL(feed), zones: zonesFile(k.tiles()), database: k.database, noDelays: true,
		more: []string{"--tracking.corrections=false", "--retention.minutes", "90d", "--retention.quarters", "730d",
			"--tracking.expire_after", "5m"}, // longer than any gap
	})
	return err
}

func (k *soak) tiles() []box { return tiling(soakZones).boxes() }

// watch looks now and then until everything is sent.
func (k *soak) watch(began time.Time, played <-chan error) error {
	fmt.Println(soakHead)
	beat := time.NewTicker(max(k.length/60, time.Second))
	defer beat.Stop()
	for {
		select {
		case err := <-played:
			return err
		case <-beat.C:
		}
		l, err := k.service.look(began)
		if err != nil {
			return err
		}
		before := look{}
		if n := len(k.looks); n > 0 {
			before = k.looks[n-1]
		}
		k.looks = append(k.looks, l)
		fmt.Println(l.line(before))
	}
}

// settle waits until everything is counted and heard, and sends the readers home.
func (k *soak) settle(began time.Time, first look) error {
	if err := k.service.await(k.script.sent); err != nil {
		return err
	}
	for deadline := time.Now().Add(10 * time.Second); k.readers.missed(k.script.sent) != nil && time.Now().Before(deadline); {
		time.Sleep(50 * time.Millisecond)
	}
	k.faults = append(k.faults, k.readers.missed(k.script.sent)...)
	k.faults = append(k.faults, k.readers.faults...)
	k.readers.stop()
	last, err := k.afterwards(began, first)
	if err != nil {
		return err
	}
	fmt.Printf("before the readers came: %.0f goroutines, %.0f descriptors; after they left: %.0f, %.0f\n",
		first.goroutines, first.fds, last.goroutines, last.fds)
	if last.goroutines > first.goroutines+10 || last.fds > first.fds+10 {
		k.faults = append(k.faults, "goroutines or descriptors are left over")
	}
	if last.dropped > 0 {
		k.faults = append(k.faults, fmt.Sprintf("%.0f clients of /websocket_realtime were dropped", last.dropped))
	}
	return k.terminate()
}

// afterwards is a look when those who left are forgotten.
func (k *soak) afterwards(began time.Time, first look) (l look, err error) {
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(200 * time.Millisecond) {
		if l, err = k.service.look(began); err != nil {
			return l, err
		}
		if l.goroutines <= first.goroutines+10 || time.Now().After(deadline) {
			return l, nil
		}
	}
}

func (k *soak) terminate() error {
	k.service.stop()
	if code := k.service.cmd.ProcessState.ExitCode(); code != 0 {
		k.faults = append(k.faults, fmt.Sprintf("the server ended with exit code %d", code))
	}
	return nil
}

// judge compares the counts with those of the same input without the flapping, and looks
// whether anything has grown.
func (k *soak) judge() error {
	fmt.Printf("%d messages over %d connections (%v); %d answers, %d of them 304, %d reports\n", k.script.sent,
		1+sum(k.flapper.flaps), k.flapper.flaps, k.readers.answers.Load(), k.readers.unchanged.Load(), k.readers.reports.Load())
	if err := k.judgeCounts(); err != nil {
		return err
	}
	if err := k.judgeFile(); err != nil {
		return err
	}
	if k.length < leastFlat {
		fmt.Printf("too short to tell what is flat: that takes %s\n", leastFlat)
		return nil
	}
	notes, faults := judgeFlat(k.looks)
	fmt.Println(strings.Join(notes, "\n"))
	k.faults = append(k.faults, faults...)
	return nil
}

func sum(counts map[string]int) (n int) {
	for _, c := range counts {
		n += c
	}
	return n
}

// judgeCounts holds the live counts, and those of footfall replay of the same messages,
// against the script's.
func (k *soak) judgeCounts() error {
	replayed := k.path("replayed.db")
	zones := filepath.Join(k.folder, "zones-of-the-soak.geojson")
	if err := os.WriteFile(zones, zonesFile(k.tiles()), 0o600); err != nil {
		return err
	}
	if _, err := k.command("replay", "--database", replayed, "--zones", zones, "--tracking.corrections=false",
		"--tracking.enter_after", "0s", "--tracking.exit_after", "0s", k.sent); err != nil {
		return err
	}
	for name, database := range map[string]string{"the server": k.database, "replay without the flapping": replayed} {
		rows, err := k.counts(database)
		if err != nil {
			return err
		}
		faults := k.script.differences(rows)
		fmt.Printf("%s: %d zones, %d entries, %d of them wrong\n", name, len(rows), entriesOf(rows), len(faults))
		for _, fault := range faults {
			k.faults = append(k.faults, name+": "+fault)
		}
	}
	return nil
}

func entriesOf(rows []tally) (n int64) {
	for _, row := range rows {
		n += row.Entries
	}
	return n
}

// counts reads the entries and exits of the whole run.
func (k *soak) counts(database string) ([]tally, error) {
	from, to := time.UnixMicro(k.script.at).Add(-24*time.Hour), time.Now().Add(time.Hour)
	out, err := k.command("report", "occupancy", "--database", database, "--format", "json", "--location", fmt.Sprint(location),
		"--from", from.UTC().Format(time.RFC3339), "--to", to.UTC().Format(time.RFC3339))
	if err != nil {
		return nil, err
	}
	var report struct{ Rows []tally }
	err = json.Unmarshal(out, &report)
	return report.Rows, err
}

// judgeFile asks how much of the file is what is kept: the rest are pages that flushes
// have left behind and will use again.
func (k *soak) judgeFile() error {
	before, err := os.Stat(k.database)
	if err != nil {
		return err
	}
	if _, err := k.command("db", "compact", "--database", k.database); err != nil {
		return err
	}
	after, err := os.Stat(k.database)
	if err != nil {
		return err
	}
	note := fmt.Sprintf("database: %s, compacted %s", amount(float64(before.Size())), amount(float64(after.Size())))
	fmt.Println(note)
	if before.Size() > 3*after.Size()+4<<20 {
		k.faults = append(k.faults, note+": more than three times as much and 4 MiB")
	}
	return nil
}

// command runs footfall to its end.
func (k *soak) command(args ...string) ([]byte, error) {
	binary, err := k.product()
	if err != nil {
		return nil, err
	}
	out, err := exec.Command(binary, args...).Output()
	var failed *exec.ExitError
	if errors.As(err, &failed) {
		return nil, fmt.Errorf("footfall %s: %w: %s", args[0], err, failed.Stderr)
	}
	return out, err
}
