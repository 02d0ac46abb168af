package tracker

import "slices"

// tie is a flow into one of several visits entered together: into the one left
// first, which is not known yet. Meanwhile the order goes on behind them.
type tie struct {
	entered   int64
	from      int32
	first     int32 // of those left so far the first, or -1
	firstLeft int64
}

// certainlyFirst reports whether the first of several visits entered together, in
// order, is certain to be left first.
func certainlyFirst(together []orderedVisit, now int64) bool {
	first := together[0]
	return first.left < now && !slices.ContainsFunc(together[1:], func(v orderedVisit) bool {
		return v.left == Never && v.leaving <= first.left
	})
}

// mayHaveLeftAtOnce reports whether one of the visits may turn out to have lasted
// no time at all: then there may be flows among them, and they must wait.
func mayHaveLeftAtOnce(together []orderedVisit) bool {
	return slices.ContainsFunc(together, func(v orderedVisit) bool {
		return v.left == Never && v.leaving <= v.entered
	})
}

// awaitFirst puts several visits entered together in order before it is known
// which of them is left first.
func (t *Tracker) awaitFirst(p *person, from int32, together []orderedVisit) {
	t.takePrevious(p, together)
	if from < 0 {
		return
	}
	one := tie{entered: together[0].entered, from: from, first: -1}
	for _, v := range together {
		if v.left != Never {
			t.leftFirst(&one, v.zone, v.left)
			continue
		}
		p.stays[p.find(v.zone, inside)].set(tied)
	}
	e := p.extras()
	e.ties = append(e.ties, one)
}

func (t *Tracker) leftFirst(one *tie, zone int32, left int64) {
	if one.first < 0 || t.compareLeft(left, zone, one.firstLeft, one.first) < 0 {
		one.first, one.firstLeft = zone, left
	}
}

// leftTied notes that a visit was left for which a tie may wait.
func (t *Tracker) leftTied(p *person, s stay, left int64) {
	for i := range p.extra.ties {
		if one := &p.extra.ties[i]; one.entered == s.since() {
			t.leftFirst(one, s.zone(), left)
		}
	}
}

// breakTies tells of the flows of which it is now known where they led.
func (t *Tracker) breakTies(p *person, now int64) {
	if p.extra == nil || len(p.extra.ties) == 0 {
		return
	}
	p.extra.ties = slices.DeleteFunc(p.extra.ties, func(one tie) bool {
		if one.first < 0 || !p.firstIsCertain(one, now) {
			return false
		}
		t.flow(one.from, one.first, one.entered)
		for i := range p.stays {
			if p.stays[i].since() == one.entered {
				p.stays[i].clear(tied)
			}
		}
		return true
	})
}

func (p *person) firstIsCertain(one tie, now int64) bool {
	if one.firstLeft >= now {
		p.flags |= flowDue
		return false
	}
	for i := range p.stays {
		s := &p.stays[i]
		if s.has(tied) && s.since() == one.entered && p.leavingAt(s.zone()) <= one.firstLeft {
			return false
		}
	}
	return true
}
