package main

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strconv"
	"time"
)

// look is what the process is like at one moment.
type look struct {
	after                time.Duration
	rss, anonymous, file float64 // bytes: all that is resident, what is its own, the database
	goroutines, fds      float64
	messages, dropped    float64
	flush                float64 // s, the last one
	cpu                  time.Duration
}

var (
	metricLine = regexp.MustCompile(`(?m)^([a-z_]+)(?:\{[^}]*\})? (\S+)$`)
	statusLine = regexp.MustCompile(`(?m)^(VmRSS|RssAnon):\s+(\d+) kB$`)
)

// look takes one.
func (s *service) look(began time.Time) (l look, err error) {
	body, err := s.get("/metrics")
	if err != nil {
		return l, err
	}
	values := map[string]float64{}
	for _, found := range metricLine.FindAllSubmatch(body, -1) {
		value, err := strconv.ParseFloat(string(found[2]), 64)
		if err != nil {
			return l, err
		}
		values[string(found[1])] += value
	}
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid))
	if err != nil {
		return l, err
	}
	for _, found := range statusLine.FindAllSubmatch(status, -1) {
		kb, err := strconv.ParseFloat(string(found[2]), 64)
		if err != nil {
			return l, err
		}
		values[string(found[1])] = kb * 1024
	}
	return look{
		after: time.Since(began), rss: values["VmRSS"], anonymous: values["RssAnon"], file: values["footfall_database_bytes"],
		goroutines: values["go_goroutines"], fds: values["process_open_fds"], messages: values["footfall_messages_total"],
		dropped: values["footfall_relay_dropped_total"], flush: values["footfall_flush_seconds"], cpu: s.cpu(),
	}, nil
}

const soakHead = "   after  messages   RSS MiB  own MiB  goroutines  descriptors  database MiB  flush ms  cores"

// line is a row of the table; cores are those used since the look before.
func (l look) line(before look) string {
	cores := (l.cpu - before.cpu).Seconds() / max((l.after-before.after).Seconds(), 0.001)
	return fmt.Sprintf("%8s %9.0f %9.1f %8.1f %11.0f %12.0f %13.2f %9.1f %6.2f",
		l.after.Round(time.Second), l.messages, l.rss/(1<<20), l.anonymous/(1<<20), l.goroutines, l.fds, l.file/(1<<20), l.flush*1e3, cores)
}

// flat is a figure that may not grow from the middle third of the run to the last: by the
// medians, so that no single collection or request decides.
type flat struct {
	name  string
	of    func(look) float64
	slack func(middle float64) float64
}

var flats = []flat{
	{"memory of its own", func(l look) float64 { return l.anonymous }, func(m float64) float64 { return 0.05 * m }},
	{"RSS, with pages of the growing database", func(l look) float64 { return l.rss }, func(m float64) float64 { return 0.1 * m }},
	{"goroutines", func(l look) float64 { return l.goroutines }, func(float64) float64 { return 5 }},
	{"descriptors", func(l look) float64 { return l.fds }, func(float64) float64 { return 5 }},
}

// judgeFlat tells of each figure whether it was flat.
func judgeFlat(looks []look) (notes, faults []string) {
	third := len(looks) / 3
	for _, f := range flats {
		middle, last := medianOf(looks[third:2*third], f.of), medianOf(looks[2*third:], f.of)
		note := fmt.Sprintf("%s: %s in the second third, %s in the last", f.name, amount(middle), amount(last))
		notes = append(notes, note)
		if last > middle+f.slack(middle) {
			faults = append(faults, note)
		}
	}
	return notes, faults
}

func medianOf(looks []look, of func(look) float64) float64 {
	values := make([]float64, len(looks))
	for i, l := range looks {
		values[i] = of(l)
	}
	slices.Sort(values)
	return percentile(values, 0.5)
}

// amount writes a number, one above a million as bytes.
func amount(n float64) string {
	if n > 1e6 {
		return fmt.Sprintf("%.1f MiB", n/(1<<20))
	}
	return fmt.Sprintf("%.0f", n)
}
