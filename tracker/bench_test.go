package tracker

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"testing"

	"github.com/footfall/footfall/zones"
)

// deaf is a Sink that hears nothing.
type deaf struct{}

func (deaf) Entry(Entry)       {}
func (deaf) Heat(Heat)         {}
func (deaf) Group(Group)       {}
func (deaf) Exit(Exit)         {}
func (deaf) Flow(Flow)         {}
func (deaf) Crossing(Crossing) {}
func (deaf) Net(Net)           {}
func (deaf) Stitch(Stitch)     {}
func (deaf) Ghost(Ghost)       {}

const (
	benchSide = 10_000.0 // cm, of a floor of 10 by 10 zones
	benchTile = benchSide / 10
)

// crowd is people on a floor of 100 zones, who report in a shuffled order, each
// ten times a second.
type crowd struct {
	tracker *Tracker
	x, y    []float64
	ids     []int64
	now     int64
	tick    int64
	next    int
}

func newCrowd(b *testing.B, people int, settings Settings) *crowd {
	var areas []area
	for i := range 100 {
		x, y := float64(i%10)*benchTile, float64(i/10)*benchTile
		areas = append(areas, area{fmt.Sprint("zone", i), x, y, x + benchTile, y + benchTile, zones.Unset, zones.Unset})
	}
	c := &crowd{tracker: New(settings, (&numbering{}).layout(b, areas, nil), deaf{}), now: scenarioStart, tick: max(1, second/10/int64(people))}
	r := rand.New(rand.NewPCG(1, 2))
	for _, id := range r.Perm(people) {
		c.ids = append(c.ids, int64(id)+1_000_000)
		c.x = append(c.x, r.Float64()*benchSide)
		c.y = append(c.y, r.Float64()*benchSide)
	}
	for range people {
		c.step(3)
	}
	r.Shuffle(people, func(i, j int) { // else they would report in the order of their slots
		c.ids[i], c.ids[j] = c.ids[j], c.ids[i]
		c.x[i], c.x[j] = c.x[j], c.x[i]
		c.y[i], c.y[j] = c.y[j], c.y[i]
	})
	for range max(12*people, 300_000) {
		c.step(3)
	}
	return c
}

// step reports the next person dx to the right of where, or there.
func (c *crowd) step(dx float64) { c.stepBeside(dx, 0) }

// stepBeside has the sensor err by so much across.
func (c *crowd) stepBeside(dx, error float64) {
	if c.next++; c.next == len(c.ids) {
		c.next = 0
	}
	c.now += c.tick
	i := c.next
	if c.next%MaxExpected == 0 {
		c.tracker.Expect(c.ids[i:min(i+MaxExpected, len(c.ids))])
	}
	c.x[i] += dx
	if c.x[i] >= benchSide {
		c.x[i] -= benchSide
	}
	c.tracker.Position(c.now, c.ids[i], c.x[i], c.y[i]+error)
}

// BenchmarkPosition has each person cross an edge about every 300th sample.
func BenchmarkPosition(b *testing.B) {
	for _, people := range []int{1_000, 100_000, 1_000_000} {
		b.Run(fmt.Sprint("people=", people), func(b *testing.B) {
			c := newCrowd(b, people, DefaultSettings())
			b.ReportAllocs()
			for b.Loop() {
				c.step(3)
			}
		})
	}
}

// BenchmarkPositionHeat is BenchmarkPosition with the heatmap.
func BenchmarkPositionHeat(b *testing.B) {
	for _, people := range []int{1_000, 100_000, 1_000_000} {
		b.Run(fmt.Sprint("people=", people), func(b *testing.B) {
			settings := DefaultSettings()
			settings.HeatSquare = 50
			c := newCrowd(b, people, settings)
			b.ReportAllocs()
			for b.Loop() {
				c.step(3)
			}
		})
	}
}

// correctedSettings have every correction on, as the configuration has by default.
func correctedSettings() Settings {
	s := DefaultSettings()
	s.MaxWindow, s.MaxMargin, s.ProveAfter, s.ProveMoved = second, 50, 1_300_000, 50
	return s
}

// BenchmarkPositionCorrected is BenchmarkPosition with every correction: of a sensor
// without noise, and of one whose positions jitter.
func BenchmarkPositionCorrected(b *testing.B) {
	for name, noise := range map[string]float64{"clean": 0, "noise=10cm": 10} {
		for _, people := range []int{1_000, 100_000, 1_000_000} {
			b.Run(fmt.Sprintf("%s/people=%d", name, people), func(b *testing.B) {
				r := rand.New(rand.NewPCG(3, 4))
				c := newCrowd(b, people, correctedSettings())
				for range 20 * people {
					c.stepBeside(10, noise*r.NormFloat64())
				}
				b.ReportAllocs()
				for b.Loop() {
					c.stepBeside(10, noise*r.NormFloat64())
				}
			})
		}
	}
}

// BenchmarkPositionCrossing has every sample in another zone than the one before.
func BenchmarkPositionCrossing(b *testing.B) {
	for _, people := range []int{1_000, 1_000_000} {
		for _, delay := range []int64{0, second} {
			b.Run(fmt.Sprintf("people=%d/delay=%ds", people, delay/second), func(b *testing.B) {
				settings := DefaultSettings()
				settings.EnterAfter, settings.ExitAfter = delay, delay
				settings.StitchRadius = benchSide
				c := newCrowd(b, people, settings)
				c.tick = max(1, 2*second/int64(people)) // each entry and exit holds
				for range max(10_000, 2*people) {
					c.step(benchTile)
				}
				b.ReportAllocs()
				for b.Loop() {
					c.step(benchTile)
				}
			})
		}
	}
}

// newNested is a tracker of ten zones, each within the one before.
func newNested(t tb) *Tracker {
	var areas []area
	for i := range 10 {
		margin := float64(100 * i)
		areas = append(areas, area{fmt.Sprint("zone", i), margin, margin, 3000 - margin, 3000 - margin, zones.Unset, zones.Unset})
	}
	return New(DefaultSettings(), (&numbering{}).layout(t, areas, nil), deaf{})
}

// bytesPerPerson is all that a tracker of people ten zones deep holds for each.
func bytesPerPerson(t tb, people int) float64 {
	before := heapBytes()
	tr := newNested(t)
	for at := range int64(4) {
		for id := range int64(people) {
			tr.Position(scenarioStart+at*second, id*7919, 1500, 1500)
		}
		tr.Sweep(scenarioStart + at*second)
		tr.Drain(func(int32, []byte) {})
	}
	bytes := heapBytes() - before
	if tr.People() != people {
		t.Fatal("not everybody is there")
	}
	return float64(bytes) / float64(people)
}

// heapBytes is what is reachable.
func heapBytes() int64 {
	var stats runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc)
}

func BenchmarkMemory(b *testing.B) {
	for _, people := range []int{100_000, 1_000_000} {
		b.Run(fmt.Sprint("people=", people), func(b *testing.B) {
			var bytes float64
			for b.Loop() {
				bytes = bytesPerPerson(b, people)
			}
			b.ReportMetric(bytes, "B/person")
		})
	}
}

// BenchmarkSweep is one look at everybody.
func BenchmarkSweep(b *testing.B) {
	for _, people := range []int{1_000, 100_000, 1_000_000} {
		b.Run(fmt.Sprint("people=", people), func(b *testing.B) {
			c := newCrowd(b, people, DefaultSettings())
			b.ReportAllocs()
			for b.Loop() {
				c.tracker.Sweep(c.now)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(people), "ns/person")
		})
	}
}

// BenchmarkRecords makes the records of everybody, in order and of those who
// changed, who lie anywhere.
func BenchmarkRecords(b *testing.B) {
	const people = 1_000_000
	c := newCrowd(b, people, DefaultSettings())
	perRecord := func(b *testing.B, n int) {
		b.ReportAllocs()
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(n), "ns/record")
	}
	b.Run("all", func(b *testing.B) {
		n := 0
		for b.Loop() {
			c.tracker.Records(0, c.tracker.Slots(), func(int32, []byte) { n++ })
		}
		perRecord(b, n)
	})
	b.Run("changed", func(b *testing.B) {
		c.tracker.Drain(func(int32, []byte) {})
		n := 0
		for b.Loop() {
			b.StopTimer()
			for range people {
				c.step(30)
			}
			b.StartTimer()
			c.tracker.Drain(func(int32, []byte) { n++ })
		}
		perRecord(b, n)
	})
}
