package tracker

import (
	"errors"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/footfall/footfall/zones"
)

// TestIDs holds the table of ids against a map.
func TestIDs(t *testing.T) {
	ids := rapid.OneOf(rapid.Int64Range(-20, 20), rapid.SampledFrom([]int64{math.MinInt64, math.MaxInt64}), rapid.Int64())
	rapid.Check(t, func(t *rapid.T) {
		ps, model := newPeople(), map[int64]int32{}
		for range rapid.IntRange(1, 300).Draw(t, "steps") {
			id := ids.Draw(t, "id")
			slot, bound := model[id]
			if got, found := ps.find(id); found != bound || found && got != slot {
				t.Fatalf("id %d is in slot %d, %v, not %d, %v", id, got, found, slot, bound)
			}
			if bound {
				ps.unbind(id)
				ps.release(slot)
				delete(model, id)
				continue
			}
			model[id] = ps.alloc()
			ps.at(model[id]).id = id
			ps.bind(model[id])
		}
		for id, slot := range model {
			if got, found := ps.find(id); !found || got != slot {
				t.Fatalf("id %d is in slot %d, %v, not %d", id, got, found, slot)
			}
		}
		if ps.count != len(model) {
			t.Fatalf("%d ids, not %d", ps.count, len(model))
		}
	})
}

// TestIDsMadeToCollide: ids that would all have one home without the seed.
func TestIDsMadeToCollide(t *testing.T) {
	inverse := uint64(1)
	for range 6 { // Newton's iteration doubles the bits that are right
		inverse *= 2 - 0x9E3779B97F4A7C15*inverse
	}
	ps := newPeople()
	for i := range int64(100_000) {
		slot := ps.alloc()
		ps.at(slot).id = int64(uint64(i) * inverse)
		ps.bind(slot)
	}
	far, mask := 0, len(ps.table)-1
	for i, e := range ps.table {
		if e.slot != 0 {
			far += (i - ps.home(e.hash)) & mask
		}
	}
	if mean := far / ps.count; mean > 16 {
		t.Fatalf("an id is %d places from its home on average", mean)
	}
}

func TestClasses(t *testing.T) {
	for i := range Genders * AgeBands {
		if c := ClassAt(i); c.Index() != i {
			t.Errorf("class %d is %+v, and its index %d", i, c, c.Index())
		}
	}
	for _, c := range []struct {
		age  float64
		want string
	}{
		{-1, "unknown"}, {0, "0-17"}, {17.999, "0-17"}, {18, "18-24"}, {24.9, "18-24"}, {25, "25-34"}, {35, "35-44"},
		{45, "45-54"}, {55, "55-64"}, {64.99, "55-64"}, {65, "65+"}, {1e30, "65+"}, {math.NaN(), "unknown"},
	} {
		if got := bandOf(c.age).String(); got != c.want {
			t.Errorf("age %v is in band %s, not %s", c.age, got, c.want)
		}
	}
}

func newTestTracker(t *testing.T, sink Sink) *Tracker {
	areas := []area{{"a", 0, 0, 100, 100, zones.Unset, zones.Unset}}
	return New(DefaultSettings(), (&numbering{}).layout(t, areas, nil), sink)
}

func TestNextDue(t *testing.T) {
	tr := newTestTracker(t, deaf{})
	if due := tr.NextDue(); due != Never {
		t.Fatalf("due at %d and nobody is there", due)
	}
	tr.Position(scenarioStart, 1, 50, 50)
	if due := tr.NextDue(); due != scenarioStart+second {
		t.Fatalf("the entry is due at %d", due-scenarioStart)
	}
	tr.Advance(scenarioStart + second)
	tr.Lost(scenarioStart+5*second, 1)
	due := tr.NextDue()
	if due != scenarioStart+8*second+1 {
		t.Fatalf("the end of the wait for a stitch is due at %d", due-scenarioStart)
	}
	if tr.Advance(due - 1); tr.People() != 1 {
		t.Fatal("gone before it was due")
	}
	if tr.Advance(due); tr.People() != 0 || tr.NextDue() != Never {
		t.Fatal("not gone when it was due")
	}
}

func TestEach(t *testing.T) {
	tr := newTestTracker(t, deaf{})
	tr.Position(scenarioStart, 1, 10, 20)
	tr.Position(scenarioStart, 2, 30, 40)
	tr.Demographics(scenarioStart, 2, Female, 33)
	tr.Position(scenarioStart, 3, 5000, 5000)
	tr.Lost(scenarioStart, 3)
	var all []Present
	tr.Each(func(p Present) { all = append(all, p) })
	if len(all) != 2 || all[0].ID != 1 || all[0].Age == all[0].Age || all[1] != (Present{2, 30, 40, Female, 33}) {
		t.Fatalf("%+v", all)
	}
}

func TestStats(t *testing.T) {
	tr := newTestTracker(t, deaf{})
	at := scenarioStart
	tr.Position(at, 1, 0, 0)
	tr.Lost(at, 1)
	tr.Position(at, 2, 0, 0) // stitched
	tr.Position(at, 2, 9000, 0)
	tr.Lost(at, 7)
	tr.Sweep(at + 60*second)
	if got := tr.Stats(); got != (Stats{Tracks: 2, Stitched: 1, Expired: 2, Reused: 1, Unmatched: 1}) {
		t.Fatalf("%+v", got)
	}
}

func TestLiveVersion(t *testing.T) {
	tr := newTestTracker(t, deaf{})
	_, before := tr.Live()
	tr.Position(scenarioStart, 1, 50, 50)
	_, born := tr.Live()
	tr.Position(scenarioStart+second/2, 1, 51, 50)
	_, waiting := tr.Live()
	tr.Advance(scenarioStart + second)
	counts, entered := tr.Live()
	if born == before || waiting != born || entered == waiting || counts[1] != 1 {
		t.Fatal(before, born, waiting, entered, counts)
	}
}

// TestDrain: a person who changed is handed over once, one who is gone as nil,
// and nobody else.
func TestDrain(t *testing.T) {
	settings := DefaultSettings()
	settings.StitchWithin = 0
	tr := New(settings, (&numbering{}).layout(t, []area{{"a", 0, 0, 100, 100, 0, 0}}, nil), deaf{})
	drained := func() (present, gone []int32) {
		tr.Drain(func(slot int32, record []byte) {
			if record == nil {
				gone = append(gone, slot)
			} else {
				present = append(present, slot)
			}
		})
		return present, gone
	}
	tr.Position(scenarioStart, 1, 50, 50)
	tr.Position(scenarioStart, 2, 50, 500)
	tr.Position(scenarioStart+1, 1, 50, 50) // decides the order of visits
	if present, gone := drained(); len(present) != 2 || len(gone) != 0 {
		t.Fatal(present, gone)
	}
	tr.Position(scenarioStart+second, 1, 51, 50) // the same zones
	tr.Position(scenarioStart+second, 2, 50, 50)
	tr.Position(scenarioStart+second, 2, 50, 150)
	if present, gone := drained(); !slices.Equal(present, []int32{1}) || len(gone) != 0 {
		t.Fatal(present, gone)
	}
	tr.Lost(scenarioStart+second, 1)
	tr.Lost(scenarioStart+second, 2)
	tr.Position(scenarioStart+second, 3, 50, 50) // in the slot of 2
	if present, gone := drained(); !slices.Equal(present, []int32{1}) || !slices.Equal(gone, []int32{0}) {
		t.Fatal(present, gone)
	}
	if present, gone := drained(); len(present)+len(gone) != 0 {
		t.Fatal(present, gone)
	}
}

// TestRecords: all parts together are everybody, each once, whether they changed
// or not.
func TestRecords(t *testing.T) {
	tr := newTestTracker(t, deaf{})
	for id := range int64(1001) {
		tr.Position(scenarioStart, id, 0, 500)
	}
	store{}.flush(tr)
	all := map[int32]int{}
	for from := int32(-7); from < tr.Slots(); from += 7 {
		tr.Records(from, from+7, func(slot int32, _ []byte) { all[slot]++ })
	}
	for slot := range int32(1001) {
		if all[slot] != 1 {
			t.Fatalf("slot %d was handed over %d times", slot, all[slot])
		}
	}
	if len(all) != 1001 {
		t.Fatalf("%d slots were handed over", len(all))
	}
}

// TestRestoreRefuses: what cannot be read changes nothing.
func TestRestoreRefuses(t *testing.T) {
	old := newTestTracker(t, deaf{})
	old.Position(scenarioStart, 1, 50, 50)
	kept := store{}
	kept.flush(old)
	good := kept[0]
	for name, people := range map[string]store{
		"a record cut short":        {0: good, 1: good[:len(good)-1]},
		"a record of nothing":       {0: good, 1: nil},
		"a record of another make":  {0: append([]byte{recordVersion + 1}, good[1:]...)},
		"something after a record":  {0: append(slices.Clone(good), 0)},
		"one id twice":              {0: good, 1: good},
		"a slot that cannot be":     {-1: good},
		"a slot beyond all measure": {maxSlots: good},
	} {
		tr := newTestTracker(t, deaf{})
		err := tr.Restore(Stored{At: scenarioStart, Final: scenarioStart, People: people})
		if !errors.Is(err, ErrRecord) {
			t.Errorf("%s: %v", name, err)
		}
		if tr.People() != 0 || tr.people.used != 0 || tr.Now() != newTestTracker(t, deaf{}).Now() {
			t.Errorf("%s: half restored", name)
		}
	}
}

// TestRestoreWithoutItsZones: what is stored of zones that are gone by now is no
// obstacle.
func TestRestoreWithoutItsZones(t *testing.T) {
	var areas []area
	for _, id := range []string{"a", "b", "c", "d"} {
		areas = append(areas, area{id, 0, 0, 100, 100, 0, 0})
	}
	areas = append(areas, area{"slow", 0, 0, 900, 900, 60 * second, 0})
	ear := newEar()
	old := New(DefaultSettings(), (&numbering{}).layout(t, areas, nil), ear)
	for i, x := range []float64{150, 50, 150, 50, 150} {
		old.Position(scenarioStart+int64(i)*second, 1, x, 50)
	}
	kept := store{}
	tr := restarted(t, old, kept, DefaultSettings(), (&numbering{}).layout(t, nil, nil), ear)
	tr.Position(scenarioStart+6*second, 1, 50, 50)
	tr.Lost(scenarioStart+7*second, 1)
	tr.End()
	flows := 0
	for _, e := range ear.heard {
		if e.kind == "flow" {
			flows++
		}
	}
	if flows != 1 { // into the first of those entered again
		t.Fatalf("%d flows in %+v", flows, ear.heard)
	}
}
