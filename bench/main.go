// Command bench measures the whole pipeline beside a client that reads the same
// stream and throws it away, alternating in one run. The load comes from another
// process, which is this program again.
//
//	go run ./bench [-seconds 3] [-repeat 5] [-people 1000] [-zones 100]
package main

import (
	"flag"
	"fmt"
	"os"
	"runtime"
	"slices"
	"time"
)

type options struct {
	seconds float64
	repeat  int
	people  int
	zones   int
	serve   bool
}

func main() {
	var o options
	flag.Float64Var(&o.seconds, "seconds", 3, "length of one measurement")
	flag.IntVar(&o.repeat, "repeat", 5, "measurements of each kind")
	flag.IntVar(&o.people, "people", 1000, "people present")
	flag.IntVar(&o.zones, "zones", 100, "zones that tile the floor")
	flag.BoolVar(&o.serve, "serve", false, "be the load generator (used by the program itself)")
	flag.Parse()
	if err := run(o); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(o options) error {
	if o.serve {
		return generate(o)
	}
	load, err := startLoad(o)
	if err != nil {
		return err
	}
	defer load.stop()
	fmt.Printf("%s/%s, %d cores, %s; %d people, %d zones, %d × %.0f s each, alternating\n\n",
		runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), runtime.Version(), o.people, o.zones, o.repeat, o.seconds)
	length := time.Duration(o.seconds * float64(time.Second))
	var discards, pipelines []result
	for range o.repeat {
		d, err := measureDiscard(load.url, length)
		if err != nil {
			return err
		}
		p, err := measurePipeline(load.url, o, length)
		if err != nil {
			return err
		}
		discards, pipelines = append(discards, d), append(pipelines, p)
	}
	fmt.Printf("%-34s %14s %22s %16s\n", "", "positions/s", "spread", "CPU ns/position")
	line("read and discard", discards)
	line("whole pipeline, flush each second", pipelines)
	var ratios []float64
	for i := range discards {
		ratios = append(ratios, pipelines[i].rate()/discards[i].rate())
	}
	slices.Sort(ratios)
	fmt.Printf("\nratio %.2f (%.2f to %.2f); mark 0.25\n", median(ratios), ratios[0], ratios[len(ratios)-1])
	return nil
}

// result is one measurement.
type result struct {
	positions int64
	took, cpu time.Duration
}

func (r result) rate() float64 { return float64(r.positions) / r.took.Seconds() }

func line(name string, results []result) {
	var rates, cpu []float64
	for _, r := range results {
		rates = append(rates, r.rate())
		cpu = append(cpu, float64(r.cpu.Nanoseconds())/float64(r.positions))
	}
	slices.Sort(rates)
	slices.Sort(cpu)
	fmt.Printf("%-34s %14.0f %10.0f–%-11.0f %16.0f\n", name, median(rates), rates[0], rates[len(rates)-1], median(cpu))
}

// median of sorted numbers.
func median(sorted []float64) float64 { return sorted[len(sorted)/2] }
