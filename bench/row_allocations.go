package main

import (
	"errors"
	"runtime"
	"time"
)

// allocationsRow counts allocations of the whole process over a window of the
// pipeline. The flush of each second allocates; that a position does not shows in
// that less than one in a hundred is left for it.
func allocationsRow(s *suite) (outcome, error) {
	const people, mark = 1000, 0.01
	load, err := startLoad(newCrowd(people))
	if err != nil {
		return outcome{}, err
	}
	defer load.kill()
	p, err := s.startPipeline(pipelineOptions{url: feedURL(load.first), zones: zonesFile(tiling(100).boxes())})
	if err != nil {
		return outcome{}, err
	}
	if err := p.await(10 * warmUp(people)); err != nil {
		return outcome{}, errors.Join(err, p.stop())
	}
	var each, bytes []float64
	for range s.repeat {
		a, b := p.allocations(s.length)
		each, bytes = append(each, a), append(bytes, b)
	}
	figure := spreadOf(each)
	return outcome{figure.show("%.4f"), judge(figure.median < mark), []string{
		spreadOf(bytes).show("%.2f") + " B a position; the flush each second is included and allocates, so 0 is reached below 0.01",
	}}, p.stop()
}

// allocations a position, and bytes, over a while.
func (p *pipeline) allocations(length time.Duration) (count, bytes float64) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	counted := p.counted()
	time.Sleep(length)
	positions := float64(p.counted() - counted)
	runtime.ReadMemStats(&after)
	return float64(after.Mallocs-before.Mallocs) / positions, float64(after.TotalAlloc-before.TotalAlloc) / positions
}
