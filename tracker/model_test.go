package tracker

import (
	"cmp"
	"math"
	"slices"
)

// model is the tracker written down naively: it keeps everything that it was told
// of each track, and judges whole histories whenever it is asked.
type model struct {
	settings Settings
	numbers  *numbering
	floor    *floor
	doors    []door // vertical, and longer than the floor is high
	now      int64
	traces   []*trace
	losses   int
	early    map[int64][]estimate
	margin   float64 // of lines
}

// floor is the zones between two reloads.
type floor struct{ areas []area }

func (f *floor) area(id string) *area {
	for i := range f.areas {
		if f.areas[i].id == id {
			return &f.areas[i]
		}
	}
	return nil
}

// trace is all that is known of a person.
type trace struct {
	settings  *Settings
	id        int64
	moments   []moment
	last      int64 // last sample, or the loss
	x, y      float64
	limbo     bool
	losses    int // of anybody, by the last of this track
	over      bool
	end       int64
	how       Reason
	estimates []estimate
}

type moment struct {
	kind  momentKind
	at    int64
	x, y  float64
	floor *floor // from then on
}

type momentKind uint8

const (
	sample momentKind = iota
	loss
	reload
)

func newModel(settings Settings, numbers *numbering, areas []area, doors []door) *model {
	return &model{
		settings: settings, numbers: numbers, floor: &floor{areas}, doors: doors,
		now: math.MinInt64, early: map[int64][]estimate{},
	}
}

func (m *model) advance(at int64) int64 {
	m.now = max(m.now, at)
	for _, tr := range m.traces {
		if tr.limbo && m.now-tr.last > m.settings.StitchWithin {
			tr.finish(tr.last, Lost)
		}
	}
	return m.now
}

func (tr *trace) finish(end int64, how Reason) {
	tr.limbo, tr.over, tr.end, tr.how = false, true, end, how
}

// called is the track that goes by an id now; one silent for too long is over.
func (m *model) called(id int64) *trace {
	for _, tr := range m.traces {
		if tr.id != id || tr.over || tr.limbo {
			continue
		}
		if m.now-tr.last >= m.settings.ExpireAfter {
			tr.finish(tr.last, Expired)
			return nil
		}
		return tr
	}
	return nil
}

func (m *model) position(at, id int64, x, y float64) {
	at = m.advance(at)
	tr := m.called(id)
	if tr != nil && m.settings.Corrections {
		reach := m.settings.StitchRadius + 300*float64(at-tr.last)/1e6
		if math.Hypot(x-tr.x, y-tr.y) > reach {
			tr.finish(tr.last, Expired)
			tr = nil
		}
	}
	if tr == nil {
		tr = m.born(at, id, x, y)
	}
	tr.moments = append(tr.moments, moment{sample, at, x, y, m.floor})
	tr.last, tr.x, tr.y = at, x, y
}

func (m *model) born(at, id int64, x, y float64) *trace {
	var best *trace
	nearest := math.Inf(1)
	for _, tr := range m.traces {
		d := math.Hypot(x-tr.x, y-tr.y)
		if !tr.limbo || d > m.settings.StitchRadius {
			continue
		}
		if best == nil || cmp.Or(cmp.Compare(d, nearest), cmp.Compare(tr.id, best.id), cmp.Compare(tr.losses, best.losses)) < 0 {
			best, nearest = tr, d
		}
	}
	if best == nil {
		best = &trace{settings: &m.settings}
		m.traces = append(m.traces, best)
	}
	best.id, best.limbo = id, false
	for _, e := range m.early[id] {
		if e.at >= at-m.settings.ExpireAfter {
			best.estimates = append(best.estimates, e)
		}
	}
	delete(m.early, id)
	return best
}

func (m *model) lost(at, id int64) {
	at = m.advance(at)
	tr := m.called(id)
	if tr == nil {
		return
	}
	tr.moments = append(tr.moments, moment{kind: loss, at: at, floor: m.floor})
	m.losses++
	tr.last, tr.limbo, tr.losses = at, true, m.losses
	if !m.settings.Corrections || m.settings.StitchWithin == 0 {
		tr.finish(at, Lost)
	}
}

func (m *model) demographics(at, id int64, gender Gender, age float32) {
	at = m.advance(at)
	e := estimate{at: at, gender: gender, age: age}
	if tr := m.called(id); tr != nil {
		tr.estimates = append(tr.estimates, e)
		return
	}
	m.early[id] = append(m.early[id], e)
}

func (m *model) sweep(at int64) {
	m.advance(at)
	for _, tr := range m.traces {
		if !tr.over && !tr.limbo && m.now-tr.last >= m.settings.ExpireAfter {
			tr.finish(tr.last, Expired)
		}
	}
}

func (m *model) reload(at int64, areas []area) {
	m.sweep(at)
	m.floor = &floor{areas}
	for _, tr := range m.traces {
		if !tr.over {
			tr.moments = append(tr.moments, moment{reload, m.now, tr.x, tr.y, m.floor})
		}
	}
}

func (m *model) endAll() {
	for _, tr := range m.traces {
		switch {
		case tr.limbo:
			tr.finish(tr.last, Lost)
		case !tr.over:
			tr.finish(tr.last, Expired)
		}
	}
}

// live is what is believed of a zone as of now.
func (m *model) live(id string) int32 {
	var n int32
	for _, tr := range m.traces {
		if tr.over {
			continue
		}
		if id == "location" {
			n++
			continue
		}
		s := tr.stand(id)
		in := s.inside()
		if !tr.limbo && s.held(m.now) {
			in = !in
		}
		if in {
			n++
		}
	}
	return n
}

// events are all that must have been told once every track is over.
func (m *model) events() (all []event, tied map[event]bool) {
	tied = map[event]bool{}
	for _, tr := range m.traces {
		first := tr.moments[0].at
		all = append(all, event{kind: "entry", reason: Appeared, at: first},
			event{kind: "exit", reason: tr.how, entered: first, at: tr.end, who: tr.class(tr.end)})
		var visits []visit
		for i, id := range m.numbers.zones {
			for _, v := range tr.visits(id) {
				v.id, v.zone = id, int32(i+1)
				visits = append(visits, v)
				all = append(all, event{kind: "entry", number: v.zone, reason: v.why, at: v.entered},
					event{kind: "exit", number: v.zone, reason: v.how, entered: v.entered, at: v.left, who: tr.class(v.left)})
			}
		}
		for _, f := range flowsOf(visits) {
			all = append(all, f)
			n := 0
			for _, v := range visits {
				if v.entered == f.at {
					n++
				}
			}
			tied[f] = tied[f] || n > 1
		}
		for _, d := range m.doors {
			all = append(all, m.crossings(tr, d)...)
		}
	}
	return all, tied
}

// class is by the estimates stamped no later than at.
func (tr *trace) class(at int64) Class {
	male, female := 0, 0
	var ages []float64
	for _, e := range tr.estimates {
		if e.at > at {
			continue
		}
		switch e.gender {
		case Male:
			male++
		case Female:
			female++
		}
		if e.age == e.age {
			ages = append(ages, float64(e.age))
		}
	}
	var c Class
	if male > female {
		c.Gender = Male
	} else if female > male {
		c.Gender = Female
	}
	if n := len(ages); n > 0 {
		slices.Sort(ages)
		c.Age = naiveBand((ages[(n-1)/2] + ages[n/2]) / 2)
	}
	return c
}

func naiveBand(age float64) AgeBand {
	switch {
	case age < 0:
		return AgeUnknown
	case age < 18:
		return Age0to17
	case age < 25:
		return Age18to24
	case age < 35:
		return Age25to34
	case age < 45:
		return Age35to44
	case age < 55:
		return Age45to54
	case age < 65:
		return Age55to64
	}
	return Age65up
}
