package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/footfall/footfall/analytics"
)

const tile = 500 // cm, the side of every zone of this row

// zonesRow compares a floor of 10,000 zones with one of 10. The few are left more
// rarely, having walls where others have neighbours, so people stride on there
// until zone visits per position are equal.
func zonesRow(s *suite) (outcome, error) {
	many, few := grid{100, 100, tile, tile}, grid{5, 2, tile, tile}
	manyCrowd := onTiles(many)
	fewCrowd := onTiles(few)
	fewCrowd.Stride = equalStride(fewCrowd, few, changes(manyCrowd, many))
	manySide, stopMany, err := s.zonesSide("10,000 zones", many, manyCrowd)
	if err != nil {
		return outcome{}, err
	}
	defer stopMany()
	fewSide, stopFew, err := s.zonesSide("10 zones", few, fewCrowd)
	if err != nil {
		return outcome{}, err
	}
	defer stopFew()
	if err := alternate(s.repeat, manySide.side, fewSide.side); err != nil {
		return outcome{}, err
	}
	ratio, cpu := ratios(manySide.side, fewSide.side, sample.rate), ratios(fewSide.side, manySide.side, sample.cpuEach)
	a, b := spreadOf(manySide.entries).median, spreadOf(fewSide.entries).median
	equal := math.Abs(a/b-1) <= 0.1
	return outcome{ratio.show("%.3f"), judge(ratio.median >= 0.6 && equal), []string{
		manySide.note(), fewSide.note(), "by CPU instead of wall time: " + cpu.show("%.2f"),
		fmt.Sprintf("zone entries a position %.4f and %.4f, %.1f %% apart; delays 0", a, b, 100*math.Abs(a/b-1)),
	}}, nil
}

// onTiles is 1,000 people on the floor of a grid.
func onTiles(g grid) crowd {
	c := newCrowd(1000)
	c.Width, c.Height = g.width*float64(g.columns), g.height*float64(g.rows)
	return c
}

// changes is how often a position lies in another zone than the one before.
func changes(c crowd, g grid) float64 {
	last, changed, rounds := map[int]int{}, 0, c.rounds()
	c.walk(rounds, func(round []place) {
		for _, p := range round {
			now := g.of(p)
			if was, known := last[p.person]; known && was != now {
				changed++
			}
			last[p.person] = now
		}
	})
	return float64(changed) / float64((rounds-1)*c.People)
}

// equalStride is the stride at which the crowd changes zones so often.
func equalStride(c crowd, g grid, wanted float64) float64 {
	low, high := 1.0, 10.0*stride
	for range 20 {
		c.Stride = (low + high) / 2
		if changes(c, g) < wanted {
			low = c.Stride
		} else {
			high = c.Stride
		}
	}
	return (low + high) / 2
}

type zonesSide struct {
	*side
	entries []float64 // a position
}

func (s *suite) zonesSide(name string, g grid, c crowd) (*zonesSide, func(), error) {
	load, err := startLoad(c)
	if err != nil {
		return nil, nil, err
	}
	z := &zonesSide{side: &side{name: name, unit: "position"}}
	file := zonesFile(g.boxes())
	z.run = func() (sample, error) {
		p, err := s.startPipeline(pipelineOptions{url: feedURL(load.first), zones: file, noDelays: true})
		if err != nil {
			return sample{}, err
		}
		if err := p.await(warmUp(c.People)); err != nil {
			return sample{}, errors.Join(err, p.stop())
		}
		one := p.window(s.length)
		entries, err := p.entries()
		z.entries = append(z.entries, float64(entries)/float64(p.counted()))
		return one, errors.Join(err, p.stop())
	}
	return z, load.kill, nil
}

// entries are all zones' since the start, by the engine's own report.
func (p *pipeline) entries() (int64, error) {
	now := time.UnixMicro(p.engine.Now())
	q := analytics.Query{Kind: "occupancy", Locations: []int64{location}, Now: now.UnixMicro(),
		From: now.Add(-time.Hour).UnixMicro(), To: now.Add(time.Hour).UnixMicro(), Bucket: analytics.Whole}
	sum := &entrySum{}
	err := (&analytics.Reports{Store: p.store, Open: p.engine.Open}).Run(context.Background(), q, sum)
	return sum.entries, err
}

// entrySum is an analytics.Output that adds up the zones' entries.
type entrySum struct{ entries int64 }

func (*entrySum) Begin(analytics.Header) error { return nil }

func (e *entrySum) Row(r *analytics.Row) error {
	if r.Cells[0].Text != "location" {
		e.entries += r.Cells[1].Int
	}
	return nil
}
