package tracker

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/footfall/footfall/zones"
)

// deaf is a Sink that hears nothing.
type deaf struct{}

func (deaf) Entry(Entry)       {}
func (deaf) Exit(Exit)         {}
func (deaf) Flow(Flow)         {}
func (deaf) Crossing(Crossing) {}
func (deaf) Net(Net)           {}

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
	for range 30 * people {
		c.step(3)
	}
	return c
}

// step reports the next person dx to the right of where, or there.
func (c *crowd) step(dx float64) {
	if c.next++; c.next == len(c.ids) {
		c.next = 0
	}
	c.now += c.tick
	i := c.next
	c.x[i] += dx
	if c.x[i] >= benchSide {
		c.x[i] -= benchSide
	}
	c.tracker.Position(c.now, c.ids[i], c.x[i], c.y[i])
}

// BenchmarkPosition has each person cross an edge about every 300th sample.
func BenchmarkPosition(b *testing.B) {
	for _, people := range []int{1_000, 100_000} {
		b.Run(fmt.Sprint("people=", people), func(b *testing.B) {
			c := newCrowd(b, people, DefaultSettings())
			b.ReportAllocs()
			for b.Loop() {
				c.step(3)
			}
		})
	}
}

// BenchmarkPositionCrossing has every sample in another zone than the one before.
func BenchmarkPositionCrossing(b *testing.B) {
	for _, delay := range []int64{0, second} {
		b.Run(fmt.Sprintf("delay=%ds", delay/second), func(b *testing.B) {
			settings := DefaultSettings()
			settings.EnterAfter, settings.ExitAfter = delay, delay
			settings.StitchRadius = benchSide
			c := newCrowd(b, 1_000, settings)
			c.tick = 2 * second / 1_000 // each entry and exit holds
			for range 10_000 {
				c.step(benchTile)
			}
			b.ReportAllocs()
			for b.Loop() {
				c.step(benchTile)
			}
		})
	}
}

// BenchmarkSweep is one look at everybody.
func BenchmarkSweep(b *testing.B) {
	for _, people := range []int{1_000, 100_000} {
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
