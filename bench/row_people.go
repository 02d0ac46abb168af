package main

import (
	"fmt"
	"time"
)

// peopleRow compares the pipeline with reading and discarding the same stream.
func peopleRow(people int, mark float64) func(*suite) (outcome, error) {
	return func(s *suite) (outcome, error) {
		people := people
		if s.quick {
			people = min(people, 50_000)
		}
		load, err := startLoad(newCrowd(people))
		if err != nil {
			return outcome{}, err
		}
		defer load.kill()
		url, generator := feedURL(load.first), &busy{process: load}
		discard := &side{name: "read and discard", unit: "position", run: func() (sample, error) {
			return generator.during(func() (sample, error) { return measureDiscard(url, people, s.length) })
		}}
		whole := &side{name: "whole pipeline, flush each second", unit: "position", run: func() (sample, error) {
			return s.measurePipeline(pipelineOptions{url: url, zones: zonesFile(tiling(100).boxes())}, people)
		}}
		if err := alternate(s.repeat, discard, whole); err != nil {
			return outcome{}, err
		}
		ratio := ratios(whole, discard, sample.rate)
		byCPU := ratios(discard, whole, sample.cpuEach)
		return outcome{ratio.show("%.3f"), judge(ratio.median >= mark), []string{
			discard.note(), whole.note(),
			fmt.Sprintf("by CPU instead of wall time: %s", byCPU.show("%.2f")),
			fmt.Sprintf("the generator used %.2f of a core while its stream was discarded", generator.share()),
		}}, nil
	}
}

// busy notes how much of a core a process uses during measurements of others.
type busy struct {
	process   *process
	cpu, took time.Duration
}

func (b *busy) during(measure func() (sample, error)) (sample, error) {
	began, used := time.Now(), b.process.cpu()
	one, err := measure()
	b.took += time.Since(began)
	b.cpu += b.process.cpu() - used
	return one, err
}

func (b *busy) share() float64 { return b.cpu.Seconds() / b.took.Seconds() }
