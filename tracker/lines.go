package tracker

import "slices"

// maxWaiting bounds a person's crossings that wait. Beyond it the first of them is
// confirmed early.
const maxWaiting = 64

// patience is how long a crossing holds, on top of its delay, that the person was not
// clear of since, in µs.
const patience = 5_000_000

// stepOverLines notes the lines that the step to (x, y) crosses. A crossing waits for
// its delay, and until the person was clear of the line or has stayed beyond it for
// longer. Cut back before, neither happened.
func (t *Tracker) stepOverLines(slot int32, p *person, at int64, x, y float64) {
	t.crossings = t.locator.Crossings(t.crossings[:0], p.x, p.y, x, y)
	if len(t.crossings) == 0 {
		if p.flags&pending != 0 {
			t.clearLines(slot, p, x, y)
		}
		return
	}
	t.confirmCrossings(p, at)
	margin := t.clearance
	for _, c := range t.crossings {
		line := t.layout.Lines[c.Line]
		if i := p.waitingBack(line, c.Direction); i >= 0 {
			p.extra.lines = slices.Delete(p.extra.lines, i, i+1)
			continue
		}
		e := p.extras()
		l := lineState{since: at, line: line, direction: c.Direction, waiting: true, clear: t.isClear(line, margin, x, y)}
		e.lines = append(e.lines, l)
		if held := t.heldAt(l); held > at {
			t.schedule(slot, p, held)
		}
	}
	t.clearLines(slot, p, x, y)
	t.confirmCrossings(p, at)
	t.confirmBeyond(p, maxWaiting)
	t.updatePending(slot, p)
	t.markDirty(slot, p)
}

// clearLines notes which of a person's waiting crossings (x, y) is clear of.
func (t *Tracker) clearLines(slot int32, p *person, x, y float64) {
	margin := t.clearance
	for i, lines := 0, p.lines(); i < len(lines); i++ {
		l := &lines[i]
		if !l.waiting || l.clear || !t.isClear(l.line, margin, x, y) {
			continue
		}
		l.clear = true
		t.markDirty(slot, p)
		if held := t.heldAt(*l); held > t.now {
			t.schedule(slot, p, held)
		} else {
			t.version++ // it has held already
		}
	}
}

// isClear reports whether (x, y) is as far as the margin from a line. A line that is
// gone cannot be cut back.
func (t *Tracker) isClear(line int32, margin, x, y float64) bool {
	plan := t.lines[line].plan
	return margin <= 0 || plan == noLine || t.locator.DistanceToLine(plan, x, y) >= margin
}

// heldAt is when a waiting crossing will have held, if the person gets no farther
// from the line.
func (t *Tracker) heldAt(l lineState) int64 {
	held := l.since + t.lines[l.line].confirmAfter
	if !l.clear {
		held += patience
	}
	return held
}

// waitingBack is the latest waiting crossing of line in the other direction, or
// -1.
func (p *person) waitingBack(line int32, direction int8) int {
	lines := p.lines()
	for i := len(lines) - 1; i >= 0; i-- {
		if l := lines[i]; l.waiting && l.line == line && l.direction == -direction {
			return i
		}
	}
	return -1
}

// confirmCrossings counts the waiting crossings that have held by now.
func (t *Tracker) confirmCrossings(p *person, now int64) bool {
	confirmed := false
	for i := 0; i < len(p.lines()); {
		l := p.extra.lines[i]
		if !l.waiting || t.heldAt(l) > now {
			i++
			continue
		}
		t.confirmCrossing(p, i)
		confirmed = true
		i = 0
	}
	return confirmed
}

// confirmBeyond confirms the first waiting crossings until no more wait than most.
func (t *Tracker) confirmBeyond(p *person, most int) {
	waiting := 0
	for _, l := range p.lines() {
		if l.waiting {
			waiting++
		}
	}
	for i := 0; waiting > most; {
		if !p.extra.lines[i].waiting {
			i++
			continue
		}
		t.confirmCrossing(p, i)
		waiting--
	}
}

func (t *Tracker) confirmCrossing(p *person, i int) {
	l := p.extra.lines[i]
	p.extra.lines = slices.Delete(p.extra.lines, i, i+1)
	t.sink.Crossing(Crossing{Line: l.line, Direction: l.direction, At: l.since})
	for j := range p.extra.lines {
		if s := &p.extra.lines[j]; !s.waiting && s.line == l.line {
			s.sum += int32(l.direction)
			return
		}
	}
	p.extra.lines = append(p.extra.lines, lineState{line: l.line, sum: int32(l.direction)})
}

// endLines confirms every waiting crossing and tells what they came to.
func (t *Tracker) endLines(p *person, at int64) {
	t.confirmBeyond(p, 0)
	for _, l := range p.lines() {
		switch {
		case l.sum > 0:
			t.sink.Net(Net{Line: l.line, Direction: 1, At: at})
		case l.sum < 0:
			t.sink.Net(Net{Line: l.line, Direction: -1, At: at})
		}
	}
}
