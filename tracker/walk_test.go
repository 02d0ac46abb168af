package tracker

import (
	"math"
	"slices"
	"strings"

	"github.com/footfall/footfall/zones"
	"pgregory.net/rapid"
)

// walk is a tracker and the naive model, told the same.
type walk struct {
	*rapid.T
	settings Settings
	numbers  *numbering
	areas    []area
	doors    []door
	layout   Layout
	tracker  *Tracker
	ear      *ear
	model    *model
	now      int64
	places   map[int64][2]float64
	told     []belief // at sweeps, where collected
	reloads  bool
	sameIDs  bool // reloads take no zone away
	collect  bool
}

const floorSize = 600

var delays = []int64{0, 0, second / 2, second, 2 * second}

func drawSettings(t *rapid.T) Settings {
	s := DefaultSettings()
	s.EnterAfter = rapid.SampledFrom(delays).Draw(t, "enter_after")
	s.ExitAfter = rapid.SampledFrom(delays).Draw(t, "exit_after")
	s.ExpireAfter = rapid.SampledFrom([]int64{second, 5 * second, 60 * second}).Draw(t, "expire_after")
	s.StitchWithin = rapid.SampledFrom([]int64{0, second, 3 * second}).Draw(t, "stitch_within")
	s.Corrections = rapid.Bool().Draw(t, "corrections")
	return s
}

// drawAreas draws overlapping, nested and coinciding zones.
func drawAreas(t *rapid.T) []area {
	side := rapid.IntRange(0, floorSize/100)
	names := []string{"a", "b", "C", "d", "e", "F"}
	var areas []area
	for _, name := range names[:rapid.IntRange(1, len(names)).Draw(t, "zones")] {
		x, y := float64(100*side.Draw(t, "x")), float64(100*side.Draw(t, "y"))
		w, h := float64(100+100*side.Draw(t, "width")), float64(100+100*side.Draw(t, "height"))
		areas = append(areas, area{name, x, y, x + w, y + h, drawDelay(t), drawDelay(t)})
	}
	return areas
}

// drawTiles draws tiles of the whole floor.
func drawTiles(t *rapid.T) []area {
	nx, ny := rapid.IntRange(1, 3).Draw(t, "columns"), rapid.IntRange(1, 2).Draw(t, "rows")
	w, h := float64(floorSize/nx), float64(floorSize/ny)
	var areas []area
	for i := range nx * ny {
		x, y := float64(i%nx)*w, float64(i/nx)*h
		areas = append(areas, area{string(rune('a' + i)), x, y, x + w, y + h, zones.Unset, zones.Unset})
	}
	return areas
}

func drawDelay(t *rapid.T) int64 {
	if rapid.IntRange(0, 2).Draw(t, "own delay") > 0 {
		return zones.Unset
	}
	return rapid.SampledFrom(delays).Draw(t, "delay")
}

func newWalk(t *rapid.T, settings Settings, areas []area) *walk {
	doors := []door{
		{"front", 300, 1e6, 300, -1e6, zones.Unset},
		{"back", 450, 1e6, 450, -1e6, second / 2},
	}
	w := &walk{
		T: t, settings: settings, numbers: &numbering{}, areas: areas, doors: doors,
		ear: newEar(), now: scenarioStart, places: map[int64][2]float64{},
	}
	w.layout = w.numbers.layout(t, areas, doors)
	w.tracker = New(settings, w.layout, w.ear)
	w.model = newModel(settings, w.numbers, areas, doors)
	w.tracker.clearance = rapid.SampledFrom([]float64{0, 0, 20, 50, 80, 100, 130}).Draw(t, "clearance")
	w.model.margin = w.tracker.clearance
	return w
}

// step does one thing to both.
func (w *walk) step() {
	w.now += rapid.SampledFrom([]int64{0, 0, second / 10, second / 2, second, second, 2 * second, 4 * second}).Draw(w.T, "later")
	id := rapid.Int64Range(1, 4).Draw(w.T, "person")
	at := w.now - rapid.SampledFrom([]int64{0, 0, 0, 0, 1, second, 10 * second}).Draw(w.T, "stamped earlier")
	switch what := rapid.IntRange(0, 20).Draw(w.T, "what"); {
	case what == 0:
		w.tracker.Lost(at, id)
		w.model.lost(at, id)
	case what == 1:
		w.now++ // an exit that was told at this very instant is classified already
		if w.sweep(); w.settings.stitches() && w.model.called(id) == nil {
			return // so are those of whoever goes on under this id
		}
		gender, age := Gender(rapid.IntRange(0, 2).Draw(w.T, "gender")), drawAge(w.T)
		w.tracker.Demographics(at, id, gender, age)
		w.model.demographics(at, id, gender, age)
	case what == 2:
		w.now += rapid.Int64Range(0, 70*second).Draw(w.T, "silence")
		w.sweep()
	case what == 3:
		w.sweep()
	case what == 4 && w.reloads:
		w.reload()
	case what == 5: // the clock is set forward
		w.now += 24 * 3600 * second
	default:
		x, y := w.moved(id)
		w.tracker.Position(at, id, x, y)
		w.model.position(at, id, x, y)
	}
}

func drawAge(t *rapid.T) float32 {
	if rapid.Bool().Draw(t, "no age") {
		return float32(math.NaN())
	}
	return float32(rapid.IntRange(0, 180).Draw(t, "age")) / 2
}

// moved is a step of the person's walk, now and then a leap. Places lie on a grid
// that has the zones' edges and corners.
func (w *walk) moved(id int64) (x, y float64) {
	at, seen := w.places[id]
	if leap := rapid.IntRange(0, 15).Draw(w.T, "leap"); leap == 0 || !seen {
		coordinate := rapid.IntRange(-2, floorSize/50+2)
		at = [2]float64{float64(50 * coordinate.Draw(w.T, "x")), float64(50 * coordinate.Draw(w.T, "y"))}
	} else {
		step := rapid.IntRange(-2, 2)
		at[0] += float64(50 * step.Draw(w.T, "dx"))
		at[1] += float64(50 * step.Draw(w.T, "dy"))
	}
	w.places[id] = at
	return at[0], at[1]
}

func (w *walk) sweep() {
	bounds := w.tracker.Sweep(w.now)
	w.model.sweep(w.now)
	if bounds.Final < w.ear.final {
		w.Fatalf("Final stepped back from %d to %d", w.ear.final, bounds.Final)
	}
	if bounds.Settled < bounds.Final || bounds.Settled > w.now {
		w.Fatalf("Settled is %d with Final %d at %d", bounds.Settled, bounds.Final, w.now)
	}
	w.ear.final = bounds.Final
	if w.collect {
		w.told = append(w.told, w.believed(bounds.Settled))
	}
}

// reload brings other zones: some gone, some new, some moved, with other delays.
func (w *walk) reload() {
	fresh := drawAreas(w.T)
	if w.sameIDs && len(fresh) < len(w.areas) {
		fresh = append(fresh, w.areas[len(fresh):]...)
	}
	w.areas = fresh
	if !w.sameIDs && rapid.Bool().Draw(w.T, "without the first") {
		w.areas = w.areas[1:]
	}
	w.layout = w.numbers.layout(w.T, w.areas, w.doors)
	w.tracker.Reload(w.now, w.layout)
	w.model.reload(w.now, w.areas)
}

// checkLive compares every live count with the model's.
func (w *walk) checkLive() {
	if err := w.tracker.audit(); err != nil {
		w.Fatal(err)
	}
	counts, _ := w.tracker.Live()
	for number, got := range counts {
		if want := w.model.live(w.numbers.zoneID(int32(number))); got != want || got < 0 {
			w.Fatalf("at %d the live count of %s is %d, not %d", w.now-scenarioStart, w.numbers.zoneID(int32(number)), got, want)
		}
	}
}

// finish ends everything and compares all that was told.
func (w *walk) finish() {
	w.tracker.End()
	w.model.endAll()
	want, tied := w.model.events()
	if lines := difference(w.ear.heard, want); lines != nil {
		w.Fatalf("not as the model has it:\n%s", strings.Join(lines, "\n"))
	}
	for _, e := range w.ear.late {
		if e.kind != "flow" || !tied[e] {
			w.Fatalf("told after a sweep had called it final: %+v", e)
		}
	}
	w.checkSums()
	w.checkEmpty()
}

// checkSums: who came has gone.
func (w *walk) checkSums() {
	balance := map[int32]int{}
	for _, e := range w.ear.heard {
		switch {
		case e.kind == "entry":
			balance[e.number]++
		case e.kind == "exit" && e.entered > e.at:
			w.Fatalf("left before it was entered: %+v", e)
		case e.kind == "exit":
			balance[e.number]--
		}
	}
	for number, n := range balance {
		if n != 0 {
			w.Fatalf("zone %d has %d more entries than exits", number, n)
		}
	}
}

// checkEmpty: nothing is left of those who have gone.
func (w *walk) checkEmpty() {
	t := w.tracker
	counts, _ := t.Live()
	if slices.ContainsFunc(counts, func(n int32) bool { return n != 0 }) || t.People() != 0 {
		w.Fatalf("%d people and live counts %v are left", t.People(), counts)
	}
	if err := t.audit(); err != nil {
		w.Fatal(err)
	}
}
