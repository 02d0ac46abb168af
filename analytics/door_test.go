package analytics_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/footfall/footfall/analytics"
	"github.com/footfall/footfall/analytics/storetest"
	"github.com/footfall/footfall/tracker"
)

// door is a location counted by gates with a random history, and all that happened
// there as a plain list.
type door struct {
	t        *rapid.T
	store    analytics.Store
	profile  *analytics.Profile
	calendar analytics.Calendar
	recorder *analytics.Recorder
	clock    *tracker.Tracker // with nobody in it: tells the time
	first    int64
	now      int64
	final    int64
	batch    int64
	happened []gateEvent
}

type gateEvent struct {
	at   int64
	kind int // 0 a day start, 1 a reset, 2 in, 3 out
	set  int64
}

func newDoor(t *rapid.T) *door {
	night := rapid.SampledFrom(nights[:9]).Draw(t, "night")
	d := &door{t: t, store: storetest.NewMemory()}
	d.profile = &analytics.Profile{Location: 7, Timezone: night.zone, DayStart: drawQuarter(t), Gates: true, Lines: []analytics.Subject{{Number: 1, ID: "front"}, {Number: 2, ID: "back"}}}
	d.calendar = calendarOf(t, night.zone, d.profile.DayStart)
	d.first = instant(t, night.at) - rapid.Int64Range(0, 26*3600).Draw(t, "seconds before")*analytics.Second
	d.now, d.final = d.first, d.first
	b := &analytics.Batch{}
	d.must(d.profile.Put(b))
	d.must(d.store.Apply(b))
	d.recorder = analytics.NewRecorder(7, d.first)
	d.begin()
	return d
}

func (d *door) must(err error) {
	if err != nil {
		d.t.Fatal(err)
	}
}

// begin counts by gates, under data, as after a start of the program.
func (d *door) begin() {
	d.recorder.CountByGates(d.calendar)
	d.recorder.Connected(d.now)
	d.clock = tracker.New(tracker.DefaultSettings(), tracker.Layout{Plan: noZones()}, discard{})
	d.clock.Advance(d.now)
}

func (d *door) dated() int64 {
	if rapid.Bool().Draw(d.t, "at once") {
		return d.now
	}
	return rapid.Int64Range(d.final, d.now).Draw(d.t, "at")
}

func (d *door) cross() {
	c := tracker.Crossing{Line: rapid.Int32Range(1, 2).Draw(d.t, "line"), Direction: rapid.SampledFrom([]int8{1, 1, -1}).Draw(d.t, "direction"), At: d.dated()}
	d.recorder.Crossing(c)
	kind := 2
	if c.Direction < 0 {
		kind = 3
	}
	d.happened = append(d.happened, gateEvent{at: c.At, kind: kind})
}

func (d *door) reset() {
	n := rapid.SampledFrom([]int64{0, 1, 5, 40}).Draw(d.t, "occupancy")
	d.must(d.recorder.ResetOccupancy(d.now, n))
	d.happened = append(d.happened, gateEvent{d.now, 1, n})
}

// person is one whom the sensors see: nobody that a gate counts.
func (d *door) person() {
	at := d.dated()
	d.recorder.Entry(tracker.Entry{Zone: tracker.LocationZone, Reason: tracker.Appeared, At: at})
	d.recorder.Exit(tracker.Exit{Zone: tracker.LocationZone, Reason: tracker.Lost, Entered: at, Left: at})
}

func (d *door) advance() {
	d.now += rapid.SampledFrom([]int64{1, analytics.Second, 40 * analytics.Second, 7 * analytics.Minute, hour, 9 * hour}).Draw(d.t, "passes")
	d.clock.Advance(d.now)
}

func (d *door) follow() {
	d.final = rapid.SampledFrom([]int64{d.now, (d.final + d.now) / 2}).Draw(d.t, "final")
	d.recorder.Follow(d.final)
}

func (d *door) save() {
	d.batch++
	b := &analytics.Batch{}
	d.recorder.Flush(b, analytics.State{At: d.now, Counted: d.now, Batch: d.batch})
	d.must(analytics.Commit(d.store, b))
	d.recorder.Committed(d.batch)
}

func (d *door) restart() {
	d.save()
	d.must(d.store.View(func(v analytics.View) error {
		stored, err := analytics.Load(v, 7)
		d.recorder = stored.Recorder
		return err
	}))
	d.begin()
}

func (d *door) derive() {
	d.save()
	d.must(analytics.Derive(d.store, 7))
}

// inOrder is all that happened by an instant, that included, with the day starts.
func (d *door) inOrder() []gateEvent {
	all := slices.Clone(d.happened)
	days := naiveCut(d.calendar, analytics.Bucket1d, floor(d.first, analytics.Minute)-analytics.Minute, ceil(d.now+1, analytics.Minute))
	for _, day := range days[1:] {
		if day.from >= d.first && day.from <= d.now {
			all = append(all, gateEvent{at: day.from})
		}
	}
	slices.SortStableFunc(all, func(a, b gateEvent) int {
		if a.at != b.at {
			return int(min(1, max(-1, a.at-b.at)))
		}
		return a.kind - b.kind
	})
	return all
}

// account is what an interval's row of the ledger must be, with the person-time,
// and whether anybody was in or anything happened.
func (d *door) account(in interval) (a account, personTime int64, touched bool) {
	count, last := int64(0), d.first
	stay := func(until int64) {
		if s := (interval{last, until}).and(interval{in.from, min(in.to, d.now)}).length(); s > 0 {
			personTime += count * s
		}
		last = until
	}
	for _, e := range d.inOrder() {
		if e.at >= in.to {
			break
		}
		stay(e.at)
		was := a
		next := count
		switch {
		case e.kind < 2:
			next = e.set
			a[7] += max(0, next-count)
			a[8] += max(0, count-next)
		case e.kind == 2:
			next++
			a[1]++
		case count == 0:
			a[9]++
		default:
			next--
			a[3]++
		}
		count = next
		if e.at < in.from {
			a = account{count}
		} else {
			touched = touched || a != was
		}
	}
	stay(min(in.to, d.now))
	a[10] = count
	if in.from > d.now {
		return a, 0, false
	}
	return a, personTime, touched || count > 0 || a[0] > 0
}

func (d *door) ask() {
	b := rapid.SampledFrom([]analytics.Bucket{analytics.Whole, analytics.Bucket15m, analytics.Bucket1h, analytics.Bucket1d}).Draw(d.t, "bucket")
	from := floor(rapid.Int64Range(d.first-hour, d.now).Draw(d.t, "from"), analytics.Minute)
	q := analytics.Query{Locations: []int64{7}, Zones: []string{"location"}, Bucket: b, From: from, To: min(ceil(d.now+2, analytics.Minute)+hour, from+48*hour), Now: d.now}
	open := d.recorder.Open(d.clock, d.now)
	rows := map[string][]row{}
	for _, q.Kind = range []string{"ledger", "occupancy", "dwell", "demographics"} {
		out, err := run(d.store, q, open)
		d.must(err)
		rows[q.Kind] = out.rows
	}
	cuts := naiveCut(d.calendar, b, q.From, q.To)
	for i, in := range cuts {
		want, personTime, touched := d.account(in)
		l, o := rows["ledger"][i], rows["occupancy"][i]
		cells := append([]analytics.Cell{text("location")}, want.cells()...)
		entries, exits, seconds := integer(want[1]+want[7]), integer(want[3]+want[8]), seconds(float64(personTime))
		if l.coverage == 0 && !touched {
			clear(cells[1:])
		}
		if touched = touched && want != (account{9: want[9]}); l.coverage == 0 && !touched { // a clamp alone is no visit
			entries, exits, seconds = null, null, null
		}
		if l.interval != in || !slices.Equal(l.cells, cells) {
			d.t.Fatalf("ledger by %q of %s, now %s:\n got %v\nwant %v", b, show([]interval{in}), clockTime(d.now), l.cells, cells)
		}
		if o.cells[1] != entries || o.cells[2] != exits || !sameCell("person_seconds", o.cells[6], seconds) {
			d.t.Fatalf("occupancy by %q of %s: got %v, want %v %v %v", b, show([]interval{in}), o.cells, entries, exits, seconds)
		}
		if o.cells[3].Int < 0 {
			d.t.Fatalf("fewer than nobody: %v", o.cells)
		}
	}
	for _, kind := range []string{"dwell", "demographics"} {
		for _, r := range rows[kind] {
			for _, c := range r.cells {
				if c.Type != analytics.Text && c.Type != analytics.Bool && c != null {
					d.t.Fatalf("%s of a location counted by gates: %v", kind, r.cells)
				}
			}
		}
	}
	d.believe()
}

// believe: what is served live is the count at this instant.
func (d *door) believe() {
	want, _, _ := d.account(interval{d.first, tracker.Never})
	if got := d.recorder.Believed(d.clock); got != want[10] {
		d.t.Fatalf("%d are in at %s, want %d", got, clockTime(d.now), want[10])
	}
}

func TestGatesAgreeWithTheList(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := newDoor(t)
		do := map[string]func(){
			"cross": d.cross, "reset": d.reset, "person": d.person, "advance": d.advance, "follow": d.follow,
			"restart": d.restart, "derive": d.derive, "ask": d.ask, "believe": d.believe,
		}
		for _, name := range rapid.SliceOfN(rapid.SampledFrom([]string{
			"cross", "cross", "cross", "cross", "advance", "advance", "advance", "follow", "follow",
			"reset", "person", "restart", "derive", "ask", "believe",
		}), 10, 80).Draw(t, "actions") {
			do[name]()
		}
		d.ask()
		d.final = d.now
		d.recorder.Follow(d.now)
		d.restart()
		d.derive()
		d.ask()
		if n := d.recorder.Misplaced(); n != 0 {
			t.Fatalf("%d events misplaced", n)
		}
	})
}
