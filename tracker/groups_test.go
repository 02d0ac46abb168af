package tracker

import (
	"cmp"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// walked is a track as it was told: where somebody was, from when on.
type walked struct {
	steps []here
	end   int64
}

func (r *walked) first() int64 { return r.steps[0].at }

func (r *walked) at(second int64) here {
	last := r.steps[0]
	for _, s := range r.steps {
		if s.at <= second {
			last = s
		}
	}
	return last
}

// pair reports whether two belong together by the definition.
func pair(a, b *walked) bool {
	if a.first()-b.first() > 10e6 || b.first()-a.first() > 10e6 {
		return false
	}
	from := max(a.first(), b.first())
	to := min(from+60e6, a.end, b.end)
	if to-from < 10e6 {
		return false
	}
	seconds, near := 0, 0
	for s := from / 1e6 * 1e6; s < to; s += 1e6 {
		if s < from {
			continue
		}
		seconds++
		x, y := a.at(s), b.at(s)
		if math.Hypot(float64(float32(x.x)-float32(y.x)), float64(float32(x.y)-float32(y.y))) <= 150 {
			near++
		}
	}
	return 5*near >= 4*seconds
}

// groupsOf are those of some tracks, by joining whoever belongs to anybody in a group.
func groupsOf(traces []*walked) (found []Group) {
	seen := map[*walked]bool{}
	for _, t := range traces {
		if seen[t] {
			continue
		}
		members := []*walked{t}
		seen[t] = true
		for i := 0; i < len(members); i++ {
			for _, o := range traces {
				if !seen[o] && pair(members[i], o) {
					seen[o] = true
					members = append(members, o)
				}
			}
		}
		if len(members) > 1 {
			last := slices.MaxFunc(members, func(a, b *walked) int { return cmp.Compare(a.first(), b.first()) })
			found = append(found, Group{People: int32(len(members)), At: last.first()})
		}
	}
	return found
}

func sorted(groups []Group) []Group {
	groups = slices.Clone(groups)
	slices.SortFunc(groups, func(a, b Group) int { return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.People, b.People)) })
	return groups
}

func TestGroups(t *testing.T) {
	met := 0
	rapid.Check(t, func(t *rapid.T) {
		settings := Settings{EnterAfter: second, ExpireAfter: 8 * second}
		s := newStand(t, settings)
		restarts := rapid.Bool().Draw(t, "restarts")
		var traces []*walked
		present := map[int64]*walked{}
		places := map[int64][2]float64{}
		for range rapid.IntRange(20, 150).Draw(t, "steps") {
			id := rapid.Int64Range(1, 5).Draw(t, "id")
			for id, r := range present {
				if last := r.steps[len(r.steps)-1].at; s.now-last >= settings.ExpireAfter {
					r.end = last
					delete(present, id)
				}
			}
			switch what := rapid.IntRange(0, 39).Draw(t, "what"); {
			case what == 0:
				s.Lost(s.now, id)
				if r := present[id]; r != nil {
					r.end = s.now
					delete(present, id)
				}
			case what < 6:
				s.Sweep(s.now)
			case what < 8 && restarts:
				bounds := s.Sweep(s.now)
				s.kept.refresh(s.Tracker)
				stored := Stored{At: s.Now(), Final: bounds.Final, Known: s.KnownZones(), People: s.kept}
				stored.Groups, _ = s.AppendGroups(nil)
				fresh := New(s.settings, s.layout, s.ear)
				if err := fresh.Restore(stored); err != nil {
					t.Fatal(err)
				}
				s.Tracker = fresh
			default:
				at := places[id]
				at[0] = min(max(at[0]+rapid.Float64Range(-60, 60).Draw(t, "dx"), 0), 200)
				at[1] = min(max(at[1]+rapid.Float64Range(-60, 60).Draw(t, "dy"), 0), 100)
				places[id] = at
				s.Position(s.now, id, at[0], at[1])
				r := present[id]
				if r == nil {
					r = &walked{end: Never}
					present[id], traces = r, append(traces, r)
				}
				r.steps = append(r.steps, here{s.now, at[0], at[1]})
			}
			s.now += rapid.SampledFrom([]int64{0, 40_000, 100_000, 700_000, 1_000_000, 3_000_000}).Draw(t, "passes")
		}
		s.Sweep(s.now)
		s.End()
		for _, r := range traces {
			if r.end == Never {
				r.end = r.steps[len(r.steps)-1].at
			}
		}
		got, want := sorted(s.ear.groups), sorted(groupsOf(traces))
		if met += len(want); !slices.Equal(got, want) {
			t.Fatalf("groups %v, want %v", got, want)
		}
	})
	if met == 0 {
		t.Error("nobody came together")
	}
}

// A group is told once nobody can join it, and in its order of time before Grouped.
func TestGroupedTellsWhatIsKnown(t *testing.T) {
	e := newEar()
	tr := New(Settings{ExpireAfter: 60 * second}, (&numbering{}).layout(t, nil, nil), e)
	for step := range int64(200) {
		at := scenarioStart + step*second
		tr.Position(at, 1, 0, 0)
		if step >= 4 {
			tr.Position(at, 2, 100, 0)
		}
		tr.Sweep(at)
		if known := tr.Grouped() > scenarioStart+4*second; known != (len(e.groups) == 1) {
			t.Fatalf("after %d s: grouped %d, told %v", step, (tr.Grouped()-scenarioStart)/second, e.groups)
		}
	}
	if want := []Group{{People: 2, At: scenarioStart + 4*second}}; !slices.Equal(e.groups, want) {
		t.Errorf("groups %v, want %v", e.groups, want)
	}
}

func FuzzGroups(f *testing.F) {
	g := newGroups()
	p := &person{first: scenarioStart}
	g.appear(3, p)
	g.grow(3, p, scenarioStart+5*second)
	tr := New(DefaultSettings(), (&numbering{}).layout(f, nil, nil), deaf{})
	tr.groups = g
	stored, _ := tr.AppendGroups(nil)
	f.Add(stored)
	f.Add([]byte{recordVersion, 1})
	f.Fuzz(func(t *testing.T, value []byte) {
		read, err := readGroups(value)
		if err != nil {
			return
		}
		tr := New(DefaultSettings(), Layout{Plan: tr.layout.Plan}, deaf{})
		tr.groups = read
		first, _ := tr.AppendGroups(nil)
		again, err := readGroups(first)
		if err != nil {
			t.Fatalf("%x was stored as %x, and that cannot be read", value, first)
		}
		tr.groups = again
		if second, _ := tr.AppendGroups(nil); !slices.Equal(first, second) {
			t.Fatalf("%x was stored as %x, and then as %x", value, first, second)
		}
		again.decide(Never, deaf{})
	})
}

// The definition at its edges: two people, the second so much later, who are apart for
// the last seconds that both are there.
func TestPairs(t *testing.T) {
	for _, c := range []struct {
		what                string
		later, stays, apart int64 // seconds
		distance            float64
		want                bool
	}{
		{"side by side", 0, 100, 0, 150, true},
		{"a little too far", 0, 100, 0, 150.1, false},
		{"apart for a fifth", 0, 100, 12, 0, true},
		{"for more", 0, 100, 13, 0, false},
		{"what comes after the minute does not matter", 0, 60, 12, 0, true},
		{"ten seconds later", 10, 100, 0, 0, true},
		{"eleven", 11, 100, 0, 0, false},
		{"ten seconds together", 0, 10, 0, 0, true},
		{"nine", 0, 9, 0, 0, false},
		{"of ten, two apart", 0, 10, 2, 0, true},
		{"of ten, three", 0, 10, 3, 0, false},
	} {
		e := newEar()
		tr := New(Settings{ExpireAfter: 60 * second}, (&numbering{}).layout(t, nil, nil), e)
		minute := min(c.stays, 60)
		for at := range c.later + c.stays {
			tr.Position(scenarioStart+at*second, 1, 0, 0)
			if at < c.later {
				continue
			}
			x := c.distance
			if since := at - c.later; since >= minute-c.apart && since < minute {
				x = 1000
			}
			tr.Position(scenarioStart+at*second, 2, x, 0)
		}
		for id := range int64(2) {
			tr.Lost(scenarioStart+(c.later+c.stays)*second, 1+id)
		}
		tr.End()
		if got := len(e.groups) == 1; got != c.want {
			t.Errorf("%s: %v, want %v", c.what, got, c.want)
		}
	}
}
