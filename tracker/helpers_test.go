package tracker

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/footfall/footfall/zones"
)

const second = int64(1_000_000)

// tb is what the helpers need of *testing.T, *testing.B and *rapid.T.
type tb interface {
	Helper()
	Errorf(format string, args ...any)
	Fatal(args ...any)
}

// area is a rectangle as a zone: like a tile it has its least edges and not the
// others.
type area struct {
	id                    string
	x0, y0, x1, y1        float64
	enterAfter, exitAfter int64 // zones.Unset for the default
}

func (a area) has(x, y float64) bool { return x >= a.x0 && x < a.x1 && y >= a.y0 && y < a.y1 }

// door is a straight line.
type door struct {
	id             string
	x0, y0, x1, y1 float64
	enterAfter     int64
}

// numbering gives lasting numbers to ids, as a profile does.
type numbering struct{ zones, lines []string }

func (n *numbering) zone(id string) int32 {
	if id == zones.LocationZone {
		return LocationZone
	}
	return numberOf(&n.zones, id) + 1
}

func (n *numbering) line(id string) int32 { return numberOf(&n.lines, id) }

func numberOf(ids *[]string, id string) int32 {
	if i := slices.Index(*ids, id); i >= 0 {
		return int32(i)
	}
	*ids = append(*ids, id)
	return int32(len(*ids) - 1)
}

func (n *numbering) zoneID(number int32) string {
	if number == LocationZone {
		return zones.LocationZone
	}
	return n.zones[number-1]
}

func (n *numbering) layout(t tb, areas []area, doors []door) Layout {
	t.Helper()
	var features []string
	for _, a := range areas {
		features = append(features, fmt.Sprintf(
			`{"type":"Feature","id":%s,"properties":{"location_id":1%s%s},"geometry":{"type":"Polygon","coordinates":[[[%g,%g],[%g,%g],[%g,%g],[%g,%g],[%g,%g]]]}}`,
			quote(a.id), delayProperty("enter_after", a.enterAfter), delayProperty("exit_after", a.exitAfter),
			a.x0, a.y0, a.x1, a.y0, a.x1, a.y1, a.x0, a.y1, a.x0, a.y0))
	}
	for _, d := range doors {
		features = append(features, fmt.Sprintf(
			`{"type":"Feature","id":%s,"properties":{"location_id":1%s},"geometry":{"type":"LineString","coordinates":[[%g,%g],[%g,%g]]}}`,
			quote(d.id), delayProperty("enter_after", d.enterAfter), d.x0, d.y0, d.x1, d.y1))
	}
	return n.parse(t, features)
}

// parse makes a layout of GeoJSON features of location 1.
func (n *numbering) parse(t tb, features []string) Layout {
	t.Helper()
	set, err := zones.Parse([]byte(`{"type":"FeatureCollection","features":[` + strings.Join(features, ",") + `]}`))
	if err != nil {
		t.Fatal(err)
	}
	layout := Layout{Plan: set.Plan(1)}
	for _, z := range layout.Plan.Zones() {
		layout.Zones = append(layout.Zones, n.zone(z.ID))
	}
	for _, l := range layout.Plan.Lines() {
		layout.Lines = append(layout.Lines, n.line(l.ID))
	}
	return layout
}

func quote(s string) string {
	b, _ := json.Marshal(s)
	return string(b)
}

func delayProperty(key string, delay int64) string {
	if delay < 0 {
		return ""
	}
	return fmt.Sprintf(`,%q:%g`, key, float64(delay)/1e6)
}

// event is whatever a Sink hears, in one shape.
type event struct {
	kind      string // entry, exit, flow, crossing, net
	number    int32  // of the zone, of From, or of the line
	to        int32
	direction int8
	reason    Reason
	entered   int64
	at        int64
	who       Class
}

// ear is a Sink that keeps what it hears, and checks that nothing but a flow is
// dated before what a Sweep called final, and who is said to have done it.
type ear struct {
	been     map[int32]map[int32]bool // by person: the zones entered
	gone     map[int32]int64          // by person who was here: when they left
	heard    []event
	stitches []event
	ghosts   []event
	final    int64
	late     []event
	heat     map[Heat]int64 // by square and minute: person-µs
	groups   []Group
}

func newEar() *ear {
	return &ear{final: -1 << 62, been: map[int32]map[int32]bool{}, gone: map[int32]int64{}}
}

// follow checks an entry's person; wrong ones are among the late.
func (e *ear) follow(x Entry) {
	if x.Zone == LocationZone {
		_, here := e.been[x.Person]
		if left, before := e.gone[x.Person]; here || !x.First || before && x.At < left {
			e.late = append(e.late, event{kind: "a person begins who is here", number: x.Person, at: x.At})
		}
		e.been[x.Person] = map[int32]bool{}
		return
	}
	been := e.been[x.Person]
	if been == nil { // tentative, or from before
		return
	}
	if x.First == been[x.Zone] {
		e.late = append(e.late, event{kind: "wrongly first or not", number: x.Zone, at: x.At})
	}
	been[x.Zone] = true
}

func (e *ear) hear(one event) {
	e.heard = append(e.heard, one)
	e.checkLate(one)
}

func (e *ear) checkLate(one event) {
	if one.at < e.final {
		e.late = append(e.late, one)
	}
}

func (e *ear) Entry(x Entry) {
	e.follow(x)
	e.hear(event{kind: "entry", number: x.Zone, reason: x.Reason, at: x.At})
}

func (e *ear) Exit(x Exit) {
	if x.Zone == LocationZone {
		delete(e.been, x.Person)
		e.gone[x.Person] = x.Left
	}
	e.hear(event{kind: "exit", number: x.Zone, reason: x.Reason, entered: x.Entered, at: x.Left, who: x.Who})
}

func (e *ear) Group(x Group) { e.groups = append(e.groups, x) }

func (e *ear) Heat(x Heat) {
	if e.heat == nil {
		e.heat = map[Heat]int64{}
	}
	if x.Minute+60_000_000 <= e.final {
		e.late = append(e.late, event{kind: "heat", at: x.Minute})
	}
	time := x.Time
	x.Time = 0
	e.heat[x] += time
}

func (e *ear) Flow(x Flow) { e.hear(event{kind: "flow", number: x.From, to: x.To, at: x.At}) }

func (e *ear) Crossing(x Crossing) {
	e.hear(event{kind: "crossing", number: x.Line, direction: x.Direction, at: x.At})
}

func (e *ear) Net(x Net) {
	e.hear(event{kind: "net", number: x.Line, direction: x.Direction, at: x.At})
}

// Stitches and ghosts are kept apart: they are about tracks, not visits.
func (e *ear) Stitch(x Stitch) {
	e.stitches = append(e.stitches, event{kind: "stitch", number: x.Zone, at: x.At})
	e.checkLate(e.stitches[len(e.stitches)-1])
}

func (e *ear) Ghost(x Ghost) {
	e.ghosts = append(e.ghosts, event{kind: "ghost", number: x.Zone, at: x.At})
	e.checkLate(e.ghosts[len(e.ghosts)-1])
}

// lateBut are the late events that are no flows.
func (e *ear) lateBut() []event {
	return slices.DeleteFunc(slices.Clone(e.late), func(one event) bool { return one.kind == "flow" })
}

// difference lists what only one of two multisets of events has.
func difference(got, want []event) []string {
	count := map[event]int{}
	for _, e := range got {
		count[e]++
	}
	for _, e := range want {
		count[e]--
	}
	var lines []string
	for _, e := range slices.SortedFunc(maps.Keys(count), compareEvents) {
		if n := count[e]; n > 0 {
			lines = append(lines, fmt.Sprintf("told but not expected (%d): %+v", n, e))
		} else if n < 0 {
			lines = append(lines, fmt.Sprintf("expected but not told (%d): %+v", -n, e))
		}
	}
	return lines
}

func compareEvents(a, b event) int {
	return strings.Compare(fmt.Sprintf("%020d %+v", a.at, a), fmt.Sprintf("%020d %+v", b.at, b))
}

// slanted is a layout of the quadrangles between vertices.
func slanted(t tb, vertices [][4][2]float64) Layout {
	var features []string
	for i := range len(vertices) - 1 {
		for j := range len(vertices[i]) - 1 {
			a, b, c, d := vertices[i][j], vertices[i+1][j], vertices[i+1][j+1], vertices[i][j+1]
			ring, _ := json.Marshal([][2]float64{a, b, c, d, a})
			features = append(features, fmt.Sprintf(
				`{"type":"Feature","id":"tile%d%d","properties":{"location_id":1},"geometry":{"type":"Polygon","coordinates":[%s]}}`, i, j, ring))
		}
	}
	return (&numbering{}).parse(t, features)
}
