package simulate

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/footfall/footfall/signals"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// at is an instant of the first week of March 2026, which begins on a Sunday.
func at(day, hour, minute int) int64 {
	return time.Date(2026, 3, day, hour, minute, 0, 0, helsinki).UnixMicro()
}

var helsinki = func() *time.Location {
	zone, err := time.LoadLocation(DefaultTimezone)
	if err != nil {
		panic(err)
	}
	return zone
}()

// outline is a zone or a line of the shop's own.
type outline struct {
	id    string
	kind  string // of the geometry
	rings [][][2]float64
}

func (o outline) has(x, y float64) bool {
	odd := false
	for _, ring := range o.rings {
		for i := range len(ring) - 1 {
			a, b := ring[i], ring[i+1]
			if (a[1] > y) != (b[1] > y) && x < (b[0]-a[0])*(y-a[1])/(b[1]-a[1])+a[0] {
				odd = !odd
			}
		}
	}
	return odd
}

func outlines(t testing.TB) map[string]outline {
	t.Helper()
	var collection struct {
		Features []struct {
			ID       string
			Geometry struct {
				Type        string
				Coordinates json.RawMessage
			}
		}
	}
	if err := json.Unmarshal(Zones(DefaultLocation), &collection); err != nil {
		t.Fatal(err)
	}
	result := map[string]outline{}
	for _, f := range collection.Features {
		o := outline{id: f.ID, kind: f.Geometry.Type}
		target, line := any(&o.rings), [][2]float64(nil)
		if o.kind == "LineString" {
			target = &line
		}
		if err := json.Unmarshal(f.Geometry.Coordinates, target); err != nil {
			t.Fatalf("%s: %v", f.ID, err)
		}
		if line != nil {
			o.rings = append(o.rings, line)
		}
		result[f.ID] = o
	}
	return result
}

// run steps a shop from one instant to another, a piece at a time.
func run(s *Shop, from, to int64, each func(batch []signals.Message)) {
	s.Start(from)
	var batch []signals.Message
	for t := from; t < to; {
		t = min(to, t+5*minute)
		batch = s.Step(t, batch[:0])
		each(batch)
	}
}

// watch calls look after every frame of a shop, with the shop as it then is.
func watch(s *Shop, from, to int64, look func(frame []signals.Message)) {
	s.Start(from)
	var frame []signals.Message
	for t := s.NextFrame(); t <= to; t = s.NextFrame() {
		frame = s.Step(t, frame[:0])
		look(frame)
	}
}
