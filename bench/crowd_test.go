package main

import (
	"math"
	"net"
	"slices"
	"testing"
	"time"

	"github.com/footfall/footfall/signals"
	"github.com/footfall/footfall/zones"
)

// TestWalk: everybody reports once a round, on the floor, in another order each
// time, and nobody walks faster than the stride; the same crowd every time.
func TestWalk(t *testing.T) {
	c := newCrowd(200)
	var rounds [][]place
	c.walk(20, func(round []place) { rounds = append(rounds, slices.Clone(round)) })
	last := map[int]place{}
	for n, round := range rounds {
		seen := map[int]bool{}
		for _, p := range round {
			before, known := last[p.person]
			if seen[p.person] || p.x < 1 || p.y < 1 || p.x > c.Width-1 || p.y > c.Height-1 {
				t.Fatalf("round %d: %v", n, p)
			}
			if known && math.Hypot(p.x-before.x, p.y-before.y) > c.Stride+0.2 {
				t.Fatalf("round %d: from %v to %v", n, before, p)
			}
			seen[p.person], last[p.person] = true, p
		}
		if len(seen) != c.People {
			t.Fatalf("round %d: %d people", n, len(seen))
		}
	}
	if rounds[0][0].person == rounds[1][0].person && rounds[0][1].person == rounds[1][1].person {
		t.Error("the order is not shuffled")
	}
	var again []place
	c.walk(1, func(round []place) { again = slices.Clone(round) })
	if !slices.Equal(again, rounds[0]) {
		t.Error("another crowd the second time")
	}
}

func TestForthAndBack(t *testing.T) {
	if got := forthAndBack(4); !slices.Equal(got, []int{0, 1, 2, 3, 2, 1}) {
		t.Error(got)
	}
}

// TestEncode: chunks hold a millisecond's positions, and their frames decode.
func TestEncode(t *testing.T) {
	c := newCrowd(25)
	c.Rate = 10_000
	rounds := c.encode(appendPosition)
	var sizes []int
	for _, part := range rounds[0] {
		sizes = append(sizes, part.positions)
	}
	if !slices.Equal(sizes, []int{10, 10, 5}) {
		t.Errorf("chunks of %v", sizes)
	}
	wire := rounds[0][0].wire
	if wire[0] != 0x81 {
		t.Fatalf("the frame begins with %x", wire[0])
	}
	n, head := int(wire[1]), 2
	if n == 126 {
		n, head = int(wire[2])<<8|int(wire[3]), 4
	}
	var m signals.Message
	if err := signals.Decode(wire[head:head+n], &m); err != nil || m.Kind != signals.KindPosition || m.LocationID != location {
		t.Errorf("%v, %+v", err, m)
	}
}

func TestPacer(t *testing.T) {
	p := pacer{rate: 10_000, burst: 5000}
	began := time.Now()
	p.wait(5000)
	for range 20 {
		p.wait(10)
	}
	if took := time.Since(began); took < 20*time.Millisecond || took > 2*time.Second {
		t.Errorf("200 positions at 10,000/s took %v", took)
	}
}

// TestFloors: tiles cover the floor, numbered as zonesFile does, and are valid zones.
func TestFloors(t *testing.T) {
	g := tiling(100)
	boxes := g.boxes()
	for _, p := range []place{{0, 1, 1}, {0, 4999, 4999}, {0, 1234.5, 777.7}} {
		if b := boxes[g.of(p)]; p.x < b.x0 || p.x > b.x1 || p.y < b.y0 || p.y > b.y1 {
			t.Errorf("%v is not in %v", p, b)
		}
	}
	for _, boxes := range [][]box{boxes, nested(10), append([]box{probeZone}, tiling(99).boxes()...)} {
		set, err := zones.Parse(zonesFile(boxes))
		if err != nil {
			t.Fatal(err)
		}
		if got := len(set.Plan(location).Zones()); got != len(boxes) {
			t.Errorf("%d of %d zones", got, len(boxes))
		}
	}
}

// TestEqualStride: on the small floor people stride until they change zones as often
// as on the large one.
func TestEqualStride(t *testing.T) {
	large, small := grid{20, 20, tile, tile}, grid{5, 2, tile, tile}
	wanted := changes(onTiles(large), large)
	c := onTiles(small)
	c.Stride = equalStride(c, small, wanted)
	if got := changes(c, small); math.Abs(got/wanted-1) > 0.02 {
		t.Errorf("%.4f changes a position, want %.4f", got, wanted)
	}
}

// TestLoadServes: the generator is another process that a client can read.
func TestLoadServes(t *testing.T) {
	load, err := startLoad(newCrowd(10))
	if err != nil {
		t.Fatal(err)
	}
	defer load.kill()
	if _, _, err := net.SplitHostPort(load.first); err != nil {
		t.Fatal(err)
	}
	one, err := measureDiscard(feedURL(load.first), 10, 10*time.Millisecond)
	if err != nil || one.units == 0 {
		t.Errorf("%+v, %v", one, err)
	}
}
