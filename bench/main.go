// Command bench measures how fast Footfall is and prints the table of
// docs/benchmarks.md: every row with its figure, its mark and whether it is reached.
//
//	go run . [-row people-1k,report] [-seconds 3] [-repeat 5] [-quick] [-tile38 PATH] [-markdown FILE]
//	go run . -soak 30m
//
// The load comes from another process, which is this program again. What is
// compared alternates in one run, because machines are noisy: a ratio of one run is
// worth more than a rate.
package main

import (
	"flag"
	"fmt"
	"os"
	"runtime"
	"strings"
	"time"
)

type options struct {
	rows     string
	length   time.Duration // of one measurement
	repeat   int
	quick    bool
	tile38   string
	postgres string
	footfall string
	markdown string
	profiles string
	soak     time.Duration
}

func main() {
	if os.Getenv(childVariable) != "" {
		exit(runChild())
	}
	exit(bench(parseFlags()))
}

func parseFlags() options {
	var o options
	var seconds float64
	flag.StringVar(&o.rows, "row", "", "rows to measure, by comma; a name ending in * is a prefix (default all: "+strings.Join(rowNames(), ", ")+")")
	flag.Float64Var(&seconds, "seconds", 3, "length of one measurement")
	flag.IntVar(&o.repeat, "repeat", 5, "repetitions of each measurement")
	flag.BoolVar(&o.quick, "quick", false, "a look at every row in a few minutes: short, small, and good for no figure")
	flag.StringVar(&o.tile38, "tile38", "", "tile38-server to compare with")
	flag.StringVar(&o.postgres, "postgres", "/usr/lib/postgresql/15/bin", "folder of PostgreSQL's programs")
	flag.StringVar(&o.footfall, "footfall", "", "footfall binary (default: built from this tree)")
	flag.StringVar(&o.markdown, "markdown", "", "also write the table to this file as Markdown, between its two markers where it has them")
	flag.StringVar(&o.profiles, "profiles", "", "also write a CPU profile of this process for each row to this folder")
	flag.DurationVar(&o.soak, "soak", 0, "instead of measuring, run everything at once for so long and see whether it stays as it is")
	flag.Parse()
	o.length = time.Duration(seconds * float64(time.Second))
	if o.quick {
		o.length, o.repeat = min(o.length, 300*time.Millisecond), min(o.repeat, 2)
	}
	return o
}

func exit(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

func bench(o options) error {
	chosen, err := chooseRows(o.rows)
	if err != nil {
		return err
	}
	s, err := newSuite(o)
	if err != nil {
		return err
	}
	defer s.close()
	s.closeWhenInterrupted()
	if o.soak > 0 {
		return s.runSoak(o.soak)
	}
	t := &table{machine: machine(), run: fmt.Sprintf("%d × %.1f s each, alternating; %s", o.repeat, o.length.Seconds(), time.Now().Format("2 January 2006"))}
	if o.quick {
		t.run += "; QUICK, no figure of it counts"
	}
	fmt.Printf("%s; %s\n", t.machine, t.run)
	failed := 0
	for _, r := range chosen {
		began := time.Now()
		result, err := s.measure(r)
		if err != nil {
			result = outcome{figure: "failed: " + strings.Join(strings.Fields(err.Error()), " "), verdict: unmeasured}
			failed++
		}
		t.add(r, result)
		fmt.Printf("\n%s (%.0f s)\n%s", r.name, time.Since(began).Seconds(), t.detail(len(t.lines)-1))
	}
	fmt.Printf("\n%s", t.text())
	if o.markdown != "" {
		if err := keepTable(o.markdown, t.markdown()); err != nil {
			return err
		}
	}
	if failed > 0 {
		return fmt.Errorf("%d rows failed", failed)
	}
	return nil
}

// machine says where the figures are from.
func machine() string {
	model := "unknown processor"
	info, _ := os.ReadFile("/proc/cpuinfo")
	for line := range strings.Lines(string(info)) {
		if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
			model = strings.TrimSpace(value)
			break
		}
	}
	return fmt.Sprintf("%d cores of %s, %s/%s, %s", runtime.NumCPU(), model, runtime.GOOS, runtime.GOARCH, runtime.Version())
}
