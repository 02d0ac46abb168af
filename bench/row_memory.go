package main

import (
	"errors"
	"fmt"
	"runtime"
	"slices"
	"time"

	"github.com/footfall/footfall/analytics"
)

// memoryRow is the live heap that people in ten zones take, the whole engine and its
// database's share of the heap included, but for the last hour's positions: these are
// bounded for a location, whoever is there.
func memoryRow(s *suite) (outcome, error) {
	const mark = 300
	people := newCrowd(100_000)
	if s.quick {
		people.People = 20_000
	}
	people.Rate, people.Burst = 50_000, 3*people.People
	figure, err := s.memoryOf(people, pipelineOptions{noPreview: true})
	if err != nil {
		return outcome{}, err
	}
	whole, err := s.memoryOf(people, pipelineOptions{})
	hour := (whole.median - figure.median) * float64(people.People) / 1e6
	return outcome{figure.show("%.0f") + " B", judge(figure.median <= mark), []string{
		fmt.Sprintf("%d people in 10 nested zones, visits open and stored; live heap after a collection less that before the engine; the spread is that of a flush under way", people.People),
		fmt.Sprintf("privacy.preview is off: on, the positions of the last hour took %.1f MB of the at most 25 MB a location, which is %s B a person in all", hour, whole.show("%.0f")),
	}}, err
}

func (s *suite) memoryOf(people crowd, o pipelineOptions) (spread, error) {
	load, err := startLoad(people)
	if err != nil {
		return spread{}, err
	}
	defer load.kill()
	before := liveHeap()
	o.url, o.zones = feedURL(load.first), zonesFile(nested(10))
	p, err := s.startPipeline(o)
	if err != nil {
		return spread{}, err
	}
	if err := p.awaitVisits(people.People, 10); err != nil {
		return spread{}, errors.Join(err, p.stop())
	}
	var each []float64
	for range 2*s.repeat + 1 {
		time.Sleep(331 * time.Millisecond) // not in step with the flushes
		each = append(each, float64(liveHeap()-before)/float64(people.People))
	}
	return spreadOf(each), p.stop()
}

// liveHeap is what is in use after a collection.
func liveHeap() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// awaitVisits waits until so many people are counted in every zone, and for two
// flushes more.
func (p *pipeline) awaitVisits(people, zones int) error {
	deadline := time.Now().Add(time.Minute)
	for {
		if c := p.engine.Counts(location); allHold(c, int64(people), zones) {
			break
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("not everybody was counted in %d zones in a minute", zones)
		}
		time.Sleep(10 * time.Millisecond)
	}
	return p.awaitFlushes(2)
}

func allHold(c *analytics.Counts, people int64, zones int) bool {
	return c != nil && len(c.Zones) == zones &&
		!slices.ContainsFunc(c.Zones, func(z analytics.ZoneCount) bool { return z.Occupancy != people })
}
