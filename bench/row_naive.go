package main

import (
	"runtime"
	"time"

	"github.com/gorilla/websocket"
)

// naiveRow compares the pipeline with a straightforward one, default delays both.
func naiveRow(s *suite) (outcome, error) {
	const people, mark = 1000, 12
	load, err := startLoad(newCrowd(people))
	if err != nil {
		return outcome{}, err
	}
	defer load.kill()
	url, file := feedURL(load.first), zonesFile(tiling(100).boxes())
	ours := &side{name: "whole pipeline", unit: "position", run: func() (sample, error) {
		return s.measurePipeline(pipelineOptions{url: url, zones: file}, people)
	}}
	theirs := &side{name: "straightforward one", unit: "position", run: func() (sample, error) {
		return measureNaive(url, file, s.length)
	}}
	if err := alternate(s.repeat, ours, theirs); err != nil {
		return outcome{}, err
	}
	ratio := ratios(ours, theirs, sample.rate)
	return outcome{ratio.show("%.1f"), judge(ratio.median >= mark), []string{
		ours.note(), theirs.note(), "by CPU instead of wall time: " + ratios(theirs, ours, sample.cpuEach).show("%.1f"),
	}}, nil
}

func measureNaive(url string, zones []byte, length time.Duration) (sample, error) {
	runtime.GC()
	n, err := newNaive(zones, time.Second)
	if err != nil {
		return sample{}, err
	}
	c, err := register(url, websocket.Dialer{})
	if err != nil {
		return sample{}, err
	}
	defer c.Close()
	return measureReader(func() error { return n.next(c) }, 20_000, length)
}
