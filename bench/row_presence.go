package main

import (
	"errors"
	"fmt"
	"time"
)

// presenceRow is what flushing each second costs with a million people present: the
// CPU of an engine that does less that of one that does not, at the same rate of
// positions; and the longest time in which no position was counted.
func presenceRow(s *suite) (outcome, error) {
	const mark, stall = 0.3, 100 * time.Millisecond
	people := newCrowd(1_000_000)
	if s.quick {
		people.People = 50_000
	}
	people.Rate, people.Burst = 200_000, 2*people.People
	load, err := startLoad(people)
	if err != nil {
		return outcome{}, err
	}
	defer load.kill()
	length := max(s.length, 2500*time.Millisecond) * 2
	on := &presence{suite: s, url: feedURL(load.first), people: people, length: length, every: time.Second}
	off := &presence{suite: s, url: on.url, people: people, length: length, every: time.Hour}
	flushing := &side{name: "flush each second", unit: "position", run: on.measure}
	idle := &side{name: "no flush", unit: "position", run: off.measure}
	if err := alternate(s.repeat, flushing, idle); err != nil {
		return outcome{}, err
	}
	var shares []float64
	for i, a := range flushing.samples {
		b := idle.samples[i]
		shares = append(shares, a.cpu.Seconds()/a.took.Seconds()-b.cpu.Seconds()/b.took.Seconds())
	}
	share, gaps := spreadOf(shares), spreadOf(on.gaps)
	verdict := judge(share.median <= mark && gaps.median <= milliseconds(stall))
	return outcome{share.show("%.2f") + " of a core, longest gap " + gaps.show("%.0f") + " ms", verdict, []string{
		flushing.note(), idle.note(),
		fmt.Sprintf("longest gap without flushes %s ms; a gap up to %v is taken for no stall", spreadOf(off.gaps).show("%.0f"), stall),
		fmt.Sprintf("%d people, 200,000 positions/s; the transaction of a flush took %s ms for %s keys",
			people.People, spreadOf(on.took).show("%.0f"), thousands(spreadOf(on.keys))),
	}}, nil
}

// presence is an engine with many people in it, and what was seen of it.
type presence struct {
	suite            *suite
	url              string
	people           crowd
	length, every    time.Duration
	gaps, took, keys []float64
}

func (p *presence) measure() (sample, error) {
	e, err := p.suite.startPipeline(pipelineOptions{url: p.url, zones: zonesFile(tiling(100).boxes()), flushEvery: p.every})
	if err != nil {
		return sample{}, err
	}
	if err := e.await(int64(p.people.Burst) + int64(p.people.Rate)); err != nil {
		return sample{}, errors.Join(err, e.stop())
	}
	if p.every == time.Second {
		if err := e.awaitFlushes(3); err != nil {
			return sample{}, errors.Join(err, e.stop())
		}
	}
	gap := make(chan time.Duration, 1)
	go func() { gap <- e.longestGap(p.length) }()
	one := e.window(p.length)
	p.gaps = append(p.gaps, milliseconds(<-gap))
	if f := e.engine.Status().Flush; f.Flushes > 0 {
		p.took, p.keys = append(p.took, milliseconds(f.Took)), append(p.keys, float64(f.Keys))
	}
	return one, e.stop()
}

// longestGap is the longest time, looked at each millisecond, in which nothing was
// counted.
func (p *pipeline) longestGap(length time.Duration) (longest time.Duration) {
	began := time.Now()
	last, since := p.counted(), began
	for time.Since(began) < length {
		time.Sleep(time.Millisecond)
		now, counted := time.Now(), p.counted()
		if counted != last {
			longest = max(longest, now.Sub(since))
			last, since = counted, now
		}
	}
	return max(longest, time.Since(since))
}
