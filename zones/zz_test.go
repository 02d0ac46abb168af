package zones

import (
	"fmt"
	"math"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/paulmach/orb"
)

func mem() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc >> 20
}

func cpu() time.Duration {
	var r syscall.Rusage
	syscall.Getrusage(0, &r)
	return time.Duration(r.Utime.Nano())
}
func report(name string, zones [][]orb.Ring, pts []orb.Point) {
	m0 := mem()
	s := time.Now()
	c0 := cpu()
	p := planOf(zones)
	took := cpu() - c0
	l := p.NewLocator()
	m1 := mem()
	s = time.Now()
	for _, q := range pts {
		l.Locate(q[0], q[1])
	}
	per := time.Since(s) / time.Duration(len(pts))
	m2 := mem()
	ix := p.index
	fmt.Printf("%-20s build %v, locate %v, plan %d MiB, locator own sets %d, +%d MiB; cells %d words %d members %d edges %d\n", name, took, per, int(m1)-int(m0), len(l.own.ends), int(m2)-int(m1), len(ix.cells), len(ix.words), len(ix.sets.members), len(ix.edges))
}

func TestZZ(t *testing.T) {
	pts := walk()[:20000]
	for i := range pts {
		pts[i][0] /= 10
		pts[i][1] /= 10
	}
	for _, n := range []int{2000, 20000} {
		var nested [][]orb.Ring
		for i := range n {
			d := float64(i) * 250 / float64(n)
			nested = append(nested, []orb.Ring{rectangle(d, d, 1000-d, 600-d)})
		}
		report(fmt.Sprint("nested ", n), nested, pts)
	}
	var stack [][]orb.Ring
	for i := range 5000 {
		d := float64(i) * 0.01
		stack = append(stack, []orb.Ring{closed(orb.Point{d, 0}, orb.Point{1000, d}, orb.Point{1000 - d, 600}, orb.Point{0, 600 - d})})
	}
	report("stack 5000", stack, pts)
	var fan [][]orb.Ring
	for i := range 5000 {
		a, b := 2*math.Pi*float64(i)/5000, 2*math.Pi*float64(i+1)/5000
		fan = append(fan, []orb.Ring{closed(orb.Point{500, 300}, orb.Point{500 + 300*math.Cos(a), 300 + 300*math.Sin(a)}, orb.Point{500 + 300*math.Cos(b), 300 + 300*math.Sin(b)})})
	}
	report("fan 5000", fan, pts)
	report("100 mixed", floor(100, 1000, 600, 1), pts)
	report("10000 mixed1", floor(10000, 1000, 600, 1), pts)
	report("10000 mixed6", floor(10000, 1000, 600, 6), pts)
	report("65535 mixed", floor(65535, 1000, 600, 2), pts)
	var big orb.Ring
	for i := range 99998 {
		a := 2 * math.Pi * float64(i) / 99998
		r := 250 + 40*math.Sin(a*2000)
		big = append(big, orb.Point{500 + r*math.Cos(a), 300 + r*math.Sin(a)})
	}
	var bigs [][]orb.Ring
	for range 20 {
		bigs = append(bigs, []orb.Ring{closed(big...)})
		for j := range big {
			big[j][0] += 0.37
		}
	}
	report("20 x 100k vertices", bigs, pts)
	far := append(floor(100, 1000, 600, 1), []orb.Ring{rectangle(9e7, 9e7, 9e7+10, 9e7+10)})
	report("stray far zone", far, pts)
	// many locations with combs
	var b strings.Builder
	b.WriteString(`{"type":"FeatureCollection","features":[`)
	for i := range 20000 {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"type":"Feature","id":1,"properties":{"location_id":%d},"geometry":{"type":"Polygon","coordinates":[[`, i)
		for k := range 100 {
			fmt.Fprintf(&b, "[%d,%d],", k*10, (k%2)*100000)
		}
		b.WriteString(`[990,-5],[-5,-5],[0,0]]]}}`)
	}
	b.WriteString("]}")
	m0 := mem()
	s := time.Now()
	c0 := cpu()
	set, err := Parse([]byte(b.String()))
	fmt.Println("20000 combs", b.Len()>>20, "MiB file", time.Since(s), cpu()-c0, "err", err == nil, int(mem())-int(m0), "MiB")
	runtime.KeepAlive(set)
}
