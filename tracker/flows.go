package tracker

import (
	"cmp"
	"slices"
)

// orderedVisit is a visit whose place in its person's order is not decided yet.
// While it is open, left is Never and leaving the start of a pending exit, or
// Never.
type orderedVisit struct {
	entered, left, leaving int64
	zone                   int32
}

// maxUndecided bounds the closed visits that wait for an order. Beyond it a
// change that is still pending is taken not to come between them.
const maxUndecided = 1024

// decideFlows takes a person's visits in order of entry as far as nothing can
// change that order any more, and tells of the flows. The order, and what counts
// as a flow, is definitions' "flow A→B".
//
// now is the person's last sample; a visit that a later message brings begins or
// ends no earlier. At the end of a track now is Never.
func (t *Tracker) decideFlows(p *person, now int64) {
	p.flags &^= flowDue
	queue := t.undecidedVisits(p)
	forced := len(queue) > maxUndecided
	horizon := p.horizon(now)
	if forced {
		horizon = now
	}
	for len(queue) > 0 {
		next := queue[0]
		if next.entered >= horizon {
			if horizon == now {
				p.flags |= flowDue
			}
			break
		}
		from, known := p.flowInto(next.entered)
		if !known && !forced {
			break
		}
		together := enteredTogether(queue)
		if len(together) > 1 {
			if !certainlyFirst(together, now) {
				if !forced && mayHaveLeftAtOnce(together) {
					break
				}
				t.awaitFirst(p, from, together)
				queue = queue[len(together):]
				continue
			}
			together = together[:1]
		}
		t.flow(from, next.zone, next.entered)
		t.takePrevious(p, together)
		queue = queue[1:]
	}
	p.keepUndecided(queue)
	t.breakTies(p, now)
}

// horizon is when the earliest visit may begin that is not confirmed yet.
func (p *person) horizon(now int64) int64 {
	for i := range p.stays {
		if s := &p.stays[i]; s.stage() == entering {
			now = min(now, s.since())
		}
	}
	return now
}

func enteredTogether(queue []orderedVisit) []orderedVisit {
	n := 1
	for n < len(queue) && queue[n].entered == queue[0].entered {
		n++
	}
	return queue[:n]
}

// flow tells of one, unless there is nowhere that it came from.
func (t *Tracker) flow(from, to int32, at int64) {
	if from >= 0 && from != to {
		t.sink.Flow(Flow{From: from, To: to, At: at})
	}
}

// flowInto is the zone from which a flow into the next visit in order would come,
// or -1, and whether that is known yet.
func (p *person) flowInto(entered int64) (from int32, known bool) {
	open, leaving := false, false
	for i := range p.stays {
		if s := &p.stays[i]; s.has(previous) {
			open = true
			leaving = leaving || p.leavingAt(s.zone()) <= entered
		}
	}
	switch {
	case leaving:
		return -1, false
	case open || p.prevLeft > entered:
		return -1, true
	}
	return p.prevZone, true
}

// takePrevious makes visits entered together the last in the person's order.
func (t *Tracker) takePrevious(p *person, together []orderedVisit) {
	for i := range p.stays {
		p.stays[i].clear(previous)
	}
	p.prevZone, p.prevLeft = -1, 0
	for _, v := range together {
		if v.left != Never {
			t.leftPrevious(p, v.zone, v.left)
			continue
		}
		s := &p.stays[p.find(v.zone, inside)]
		s.clear(undecided)
		s.set(previous)
	}
}

// leftPrevious notes that one of the previous visits was left: the one left last
// comes last.
func (t *Tracker) leftPrevious(p *person, zone int32, left int64) {
	if p.prevZone < 0 || t.compareLeft(p.prevLeft, p.prevZone, left, zone) < 0 {
		p.prevZone, p.prevLeft = zone, left
	}
}

// undecidedVisits are in order of entry, those of one instant in order of
// leaving, then by zone id, bytewise. The slice is the tracker's own scratch.
func (t *Tracker) undecidedVisits(p *person) []orderedVisit {
	queue := t.queue[:0]
	if p.extra != nil {
		queue = append(queue, p.extra.closed...)
	}
	for i := range p.stays {
		if s := &p.stays[i]; s.stage() == inside && s.has(undecided) {
			queue = append(queue, orderedVisit{entered: s.since(), left: Never, leaving: p.leavingAt(s.zone()), zone: s.zone()})
		}
	}
	t.queue = queue
	if len(queue) > 1 {
		slices.SortFunc(queue, t.compareVisits)
	}
	return queue
}

func (t *Tracker) compareVisits(a, b orderedVisit) int {
	if c := cmp.Compare(a.entered, b.entered); c != 0 {
		return c
	}
	return t.compareLeft(a.left, a.zone, b.left, b.zone)
}

func (t *Tracker) compareLeft(left int64, zone int32, otherLeft int64, otherZone int32) int {
	if c := cmp.Compare(left, otherLeft); c != 0 {
		return c
	}
	return cmp.Compare(t.zones[zone].id, t.zones[otherZone].id)
}

// keepUndecided keeps what is left of the queue.
func (p *person) keepUndecided(queue []orderedVisit) {
	if p.extra == nil {
		return
	}
	p.extra.closed = p.extra.closed[:0]
	for _, v := range queue {
		if v.left != Never {
			p.extra.closed = append(p.extra.closed, v)
		}
	}
}

// closeVisit notes that the visit in s was left, for the order of visits.
func (t *Tracker) closeVisit(p *person, s stay, left int64) {
	if s.has(previous) {
		t.leftPrevious(p, s.zone(), left)
	}
	if s.has(tied) {
		t.leftTied(p, s, left)
	}
	if s.has(undecided) {
		e := p.extras()
		e.closed = append(e.closed, orderedVisit{entered: s.since(), left: left, leaving: left, zone: s.zone()})
	}
	p.flags |= flowDue
}
