package tracker

import (
	"maps"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// here is where a person was last known to be.
type here struct {
	at   int64
	x, y float64
}

// stand is a floor on which people walk about at random.
type stand struct {
	*Tracker
	t      *rapid.T
	ear    *ear
	now    int64
	places map[int64]here
	cells  map[Heat]int64 // by the definition, where nothing is corrected
	kept   store
}

func newStand(t *rapid.T, settings Settings) *stand {
	s := &stand{t: t, ear: newEar(), now: scenarioStart, places: map[int64]here{}, cells: map[Heat]int64{}, kept: store{}}
	settings.HeatSquare = 50
	areas := []area{{"a", 0, 0, 100, 100, -1, -1}}
	s.Tracker = New(settings, (&numbering{}).layout(t, areas, nil), s.ear)
	return s
}

func (s *stand) leave(id, at int64) {
	p, there := s.places[id]
	if !there {
		return
	}
	delete(s.places, id)
	for from := p.at; from < at; {
		minute := from - mod(from, 60_000_000)
		to := min(at, minute+60_000_000)
		s.cells[Heat{Square: Square{50, int32(math.Floor(p.x / 50)), int32(math.Floor(p.y / 50))}, Minute: minute}] += to - from
		from = to
	}
}

func (s *stand) step() {
	id := rapid.Int64Range(1, 5).Draw(s.t, "id")
	switch rapid.IntRange(0, 9).Draw(s.t, "what") {
	case 0:
		s.Lost(s.now, id)
		s.leave(id, s.now)
	case 1:
		s.ear.final = s.Sweep(s.now).Final
	case 2:
		s.Warm()
	default:
		x, y := rapid.SampledFrom([]float64{-75, -50, 0, 20, 49.999, 50, 100, 3e8}).Draw(s.t, "x"), rapid.Float64Range(-200, 200).Draw(s.t, "y")
		s.Position(s.now, id, x, y)
		s.leave(id, s.now)
		s.places[id] = here{s.now, x, y}
	}
	s.now += rapid.SampledFrom([]int64{0, 0, 40_000, 100_000, 700_000, 2_500_000, 9_000_000}).Draw(s.t, "passes")
	for id, p := range s.places {
		if s.now-p.at >= s.settings.ExpireAfter {
			delete(s.places, id) // when last heard of
		}
	}
}

// byMinute are person-times of all squares.
func byMinute(cells map[Heat]int64) map[int64]int64 {
	sums := map[int64]int64{}
	for h, time := range cells {
		if sums[h.Minute] += time; sums[h.Minute] == 0 {
			delete(sums, h.Minute)
		}
	}
	return sums
}

// visited is the time of all visits to the location, by the minute.
func (e *ear) visited() map[int64]int64 {
	sums := map[int64]int64{}
	for _, one := range e.heard {
		if one.kind != "exit" || one.number != LocationZone {
			continue
		}
		for from := one.entered; from < one.at; {
			minute := from - mod(from, 60_000_000)
			to := min(one.at, minute+60_000_000)
			sums[minute] += to - from
			from = to
		}
	}
	return sums
}

// All squares together are the person-time of the location, whatever is corrected; and
// where nothing is, each square is the time that last known positions lay in it.
func TestHeat(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		settings := rapid.SampledFrom([]Settings{DefaultSettings(), correctedSettings(), {EnterAfter: 1_000_000, ExpireAfter: 8_000_000}}).Draw(t, "settings")
		s := newStand(t, settings)
		for range rapid.IntRange(0, 80).Draw(t, "steps") {
			s.step()
		}
		s.Sweep(s.now)
		s.End()
		s.Warm()
		maps.DeleteFunc(s.ear.heat, func(_ Heat, time int64) bool { return time == 0 })
		if got, want := byMinute(s.ear.heat), s.ear.visited(); !maps.Equal(got, want) {
			t.Fatalf("squares add up to %v by the minute, visits to %v", got, want)
		}
		if late := s.ear.lateBut(); len(late) > 0 {
			t.Fatalf("told after a sweep had called it final: %v", late)
		}
		if settings.Corrections {
			return
		}
		if !maps.Equal(s.ear.heat, s.cells) {
			t.Fatalf("got %v, want %v", s.ear.heat, s.cells)
		}
	})
}

// A restart loses nothing of what was told to the instant of the flush.
func TestHeatOverRestarts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := newStand(t, DefaultSettings())
		for range rapid.IntRange(1, 6).Draw(t, "runs") {
			for range rapid.IntRange(0, 20).Draw(t, "steps") {
				s.step()
			}
			bounds := s.Sweep(s.now)
			s.Warm()
			s.kept.refresh(s.Tracker)
			fresh := New(s.settings, s.layout, s.ear)
			if err := fresh.Restore(Stored{At: s.Now(), Final: bounds.Final, Known: s.KnownZones(), People: s.kept}); err != nil {
				t.Fatal(err)
			}
			s.Tracker = fresh
		}
		s.End()
		s.Warm()
		if got, want := byMinute(s.ear.heat), s.ear.visited(); !maps.Equal(got, want) {
			t.Fatalf("squares add up to %v by the minute, visits to %v", got, want)
		}
	})
}

// Far-off positions are counted in coarser squares, and none is lost.
func TestHeatOfMoreSquaresThanThereIsRoomFor(t *testing.T) {
	e := newEar()
	h := newHeatMeter(50, e)
	n := int64(0)
	for x := range 300 {
		for y := range 300 {
			h.add(float64(x*50), float64(y*50), 0, 3)
			n += 3
		}
	}
	for x := range 5000 {
		h.add(float64(x)*1e5, 0, 0, 3)
		n += 3
	}
	h.tell()
	sizes := map[int32]int{}
	for one, time := range e.heat {
		sizes[one.Square.Size]++
		n -= time
	}
	if n != 0 {
		t.Errorf("%d person-µs are missing", n)
	}
	if want := (map[int32]int{50: mostSquares, 3200: mostCoarser, 2 * everywhere: 1}); !maps.Equal(sizes, want) {
		t.Errorf("squares by size %v, want %v", sizes, want)
	}
}

// Every square near the origin is one of its own.
func TestHeatAroundTheOrigin(t *testing.T) {
	e := newEar()
	h := newHeatMeter(50, e)
	for range 3 {
		for x := int32(-40); x < 40; x++ {
			for y := int32(-40); y < 40; y++ {
				h.add(float64(x*50), float64(y*50), 0, int64(1+(x+40)*80+y+40))
			}
		}
	}
	h.tell()
	for x := int32(-40); x < 40; x++ {
		for y := int32(-40); y < 40; y++ {
			if got, want := e.heat[Heat{Square: Square{50, x, y}}], 3*int64(1+(x+40)*80+y+40); got != want {
				t.Fatalf("square %d, %d has %d, want %d", x, y, got, want)
			}
		}
	}
}

func TestSquaresAreHalfOpen(t *testing.T) {
	var lines []int32
	for _, x := range []float64{-50.1, -50, -0.1, 0, 48.9, 49, 98} {
		lines = append(lines, gridLine(x, 49))
	}
	if want := []int32{-2, -2, -1, 0, 0, 1, 2}; !slices.Equal(lines, want) {
		t.Errorf("grid lines %v, want %v", lines, want)
	}
}
