package analytics

import (
	"slices"

	"github.com/footfall/footfall/tracker"
)

// journeys follow people through the zones that a queue or the funnel is about. What a
// person did is told in the order of its confirmation, and matters in the order of
// time: so steps wait until nothing earlier of that person can be told any more.
type journeys struct {
	rules   *journeyRules
	people  map[int32]*journey // of those who are on one, by person
	shared  map[int32]*journey // of a copy: what it was copied from, not to be changed
	pending []int32            // people who have steps that wait, or stepped out of a queue
	changed bool               // since they were put into a batch
}

// journey is one person's.
type journey struct {
	steps   []step  // that wait, by time
	stage   int     // of the funnel that was reached, 0 for none
	in      []int32 // service zones
	waits   []wait
	pending bool // is in journeys.pending
}

// step is an entry to a zone, or the end of a visit to it.
type step struct {
	at      int64
	entered int64 // of the visit
	zone    int32
	leaves  bool
}

// wait is a stay in a queue zone.
type wait struct {
	zone  int32
	began int64
	left  int64 // tracker.Never while in the zone
}

// journeyEvents is who is told what came of it. at may lie before what was told
// already, where a wait turned out to be over.
type journeyEvents interface {
	stageReached(stage int, at int64)
	waitBegan(zone int32, at int64)
	waitServed(w wait, at, target int64)
	waitAbandoned(w wait)
}

func newJourneys() *journeys {
	return &journeys{rules: &journeyRules{}, people: map[int32]*journey{}}
}

// goBy takes other rules, for all that still waits.
func (js *journeys) goBy(rules *journeyRules) {
	if rules.funnel != js.rules.funnel {
		for _, j := range js.people {
			j.stage = 0 // of another funnel
		}
		js.changed = true
	}
	js.rules = rules
}

// clone is a copy, which reads js until js is called again.
func (js *journeys) clone() *journeys {
	return &journeys{rules: js.rules, people: map[int32]*journey{}, shared: js.people, pending: slices.Clone(js.pending)}
}

// of is a person's journey for writing, nil for none.
func (js *journeys) of(person int32) *journey {
	if j, known := js.people[person]; known {
		return j
	}
	before := js.shared[person]
	if before == nil {
		return nil
	}
	j := &journey{
		steps: slices.Clone(before.steps), stage: before.stage, in: slices.Clone(before.in),
		waits: slices.Clone(before.waits), pending: before.pending,
	}
	js.people[person] = j
	return j
}

// entered and left take what a tracker tells.
func (js *journeys) entered(e tracker.Entry) {
	if js.rules.matters(e.Zone) {
		js.await(e.Person, step{at: e.At, entered: e.At, zone: e.Zone})
	}
}

func (js *journeys) left(e tracker.Exit, tell journeyEvents) {
	j := js.of(e.Person)
	switch {
	case e.Zone == tracker.LocationZone:
		if j != nil {
			js.end(e, j, tell)
		}
	case j != nil || js.rules.matters(e.Zone):
		js.await(e.Person, step{at: e.Left, entered: e.Entered, zone: e.Zone, leaves: true})
	}
}

func (js *journeys) await(person int32, s step) {
	j := js.of(person)
	if j == nil {
		j = &journey{}
		js.people[person] = j
	}
	i := len(j.steps)
	for i > 0 && j.steps[i-1].at > s.at {
		i--
	}
	j.steps = slices.Insert(j.steps, i, s)
	js.watch(person, j)
}

// watch has a journey looked at when time goes on.
func (js *journeys) watch(person int32, j *journey) {
	js.changed = true
	if !j.pending {
		j.pending = true
		js.pending = append(js.pending, person)
	}
}

// end takes the steps of a person whose track is over: nothing more of it will come.
func (js *journeys) end(e tracker.Exit, j *journey, tell journeyEvents) {
	js.changed = true
	js.take(j, tracker.Never, tell)
	for _, w := range j.waits {
		w.left = min(w.left, e.Left)
		tell.waitAbandoned(w)
	}
	if js.shared != nil {
		js.people[e.Person] = nil
		return
	}
	delete(js.people, e.Person)
}

// act takes the steps before an instant, before which nothing more will be told.
func (js *journeys) act(until int64, tell journeyEvents) {
	slices.Sort(js.pending)
	kept := js.pending[:0]
	for _, person := range slices.Compact(js.pending) {
		j := js.of(person)
		if j == nil || !j.pending {
			continue // has gone since
		}
		if len(j.steps) > 0 || j.aside() {
			js.changed = true
			js.take(j, until, tell)
		}
		if j.pending = len(j.steps) > 0 || j.aside(); j.pending {
			kept = append(kept, person)
		}
	}
	js.pending = kept
}

// aside reports whether a wait may be over.
func (j *journey) aside() bool {
	return slices.ContainsFunc(j.waits, func(w wait) bool { return w.left != tracker.Never })
}

// take takes a journey's steps before an instant, those of one instant together.
func (js *journeys) take(j *journey, until int64, tell journeyEvents) {
	n := 0
	for n < len(j.steps) && j.steps[n].at < until {
		at, first := j.steps[n].at, n
		for n < len(j.steps) && j.steps[n].at == at {
			n++
		}
		js.giveUp(j, at, tell)
		moment{journeys: js, journey: j, at: at, steps: j.steps[first:n], tell: tell}.take()
	}
	j.steps = slices.Delete(j.steps, 0, n)
	if until != tracker.Never {
		js.giveUp(j, until, tell)
	}
}

// giveUp abandons the waits whose grace is over by an instant.
func (js *journeys) giveUp(j *journey, at int64, tell journeyEvents) {
	j.waits = slices.DeleteFunc(j.waits, func(w wait) bool {
		over := w.left != tracker.Never && at-w.left >= js.rules.grace
		if over {
			tell.waitAbandoned(w)
		}
		return over
	})
}
