package tracker

import (
	"cmp"
	"math"
	"slices"
)

const none int64 = -1

// visit is one visit of one person.
type visit struct {
	id            string
	zone          int32
	entered, left int64
	why, how      Reason
}

// standing is what a person is to a zone as its history is gone through.
type standing struct {
	area       *area // as of the last reload, nil without the zone
	rules      area  // the last there was
	defaults   *Settings
	open       bool
	entered    int64
	why        Reason
	removed    int64 // the zone went while the visit was open
	pending    int64 // the first sample on the other side
	pendingWhy Reason
	heard      int64
	limbo      bool
	done       []visit
}

// stand goes through all that a track was told of.
func (tr *trace) stand(id string) *standing {
	s := &standing{removed: none, pending: none, defaults: tr.settings}
	for i, m := range tr.moments {
		a := m.floor.area(id)
		if m.kind == reload {
			s.reload(m, a)
			continue
		}
		s.area = a
		if a != nil {
			s.rules = *a
		}
		s.settle(m.at)
		s.heard, s.limbo = m.at, m.kind == loss
		if m.kind == sample {
			why := Crossed
			if i == 0 {
				why = Appeared
			}
			s.judge(m.at, a != nil && a.has(m.x, m.y), why)
			s.settle(m.at)
		}
	}
	return s
}

func (s *standing) inside() bool { return s.open && s.removed == none }

func (s *standing) judge(at int64, in bool, why Reason) {
	if in == s.inside() {
		s.pending = none
	} else if s.pending == none {
		s.pending, s.pendingWhy = at, why
	}
}

// held is whether what is pending has held for its delay.
func (s *standing) held(now int64) bool {
	delay := delayOr(s.rules.enterAfter, s.defaults.EnterAfter)
	if s.inside() {
		delay = delayOr(s.rules.exitAfter, s.defaults.ExitAfter)
	}
	return s.pending != none && now-s.pending >= delay
}

func (s *standing) settle(now int64) {
	if s.removed != none {
		s.close(s.removed, ZoneRemoved)
		s.removed = none
	}
	if s.held(now) {
		s.confirm()
	}
}

func (s *standing) confirm() {
	if s.inside() {
		s.close(s.pending, Crossed)
	} else {
		s.open, s.entered, s.why = true, s.pending, s.pendingWhy
	}
	s.pending = none
}

func (s *standing) close(left int64, how Reason) {
	s.done = append(s.done, visit{entered: s.entered, left: left, why: s.why, how: how})
	s.open = false
}

// reload judges the last position by other zones. It is no message: what it
// begins waits for one, and what it would undo though it had held by the clock is
// confirmed, if it began with a message.
func (s *standing) reload(m moment, a *area) {
	why := Crossed
	if s.area == nil {
		why = Appeared
	}
	before := s.area
	in := a != nil && a.has(m.x, m.y)
	undone := s.pending != none && (a == nil || in == s.inside())
	if undone && s.held(m.at) && !s.limbo && s.pending <= s.heard && s.removed == none {
		s.confirm()
	}
	s.area = a
	if a != nil {
		s.rules = *a
		s.judge(m.at, in, why)
		return
	}
	if before == nil {
		return
	}
	if s.inside() {
		s.removed = m.at
		if s.pending != none {
			s.removed = s.pending
		}
	}
	s.pending = none
}

// visits are those of a track that is over.
func (tr *trace) visits(id string) []visit {
	s := tr.stand(id)
	if !s.open {
		return s.done
	}
	left, how := tr.end, tr.how
	switch {
	case s.removed != none && s.removed <= left:
		left, how = s.removed, ZoneRemoved
	case s.removed == none && s.pending != none:
		left = min(left, s.pending)
	}
	s.close(left, how)
	return s.done
}

// flowsOf pairs one person's visits as definitions.md has it.
func flowsOf(visits []visit) []event {
	slices.SortFunc(visits, func(a, b visit) int {
		return cmp.Or(cmp.Compare(a.entered, b.entered), cmp.Compare(a.left, b.left), cmp.Compare(a.id, b.id))
	})
	var flows []event
	for i := 1; i < len(visits); i++ {
		a, b := visits[i-1], visits[i]
		if a.id != b.id && b.entered >= a.left {
			flows = append(flows, event{kind: "flow", number: a.zone, to: b.zone, at: b.entered})
		}
	}
	return flows
}

// crossings are those of a vertical line that runs down: in is towards smaller x.
func (m *model) crossings(tr *trace, d door) []event {
	number := m.numbers.line(d.id)
	delay := delayOr(d.enterAfter, m.settings.EnterAfter)
	var told []event
	sum, waiting, direction, wasClear := 0, none, int8(0), false
	confirm := func(now int64) {
		if waiting != none && (now-waiting >= delay+5*second || wasClear && now-waiting >= delay) {
			told = append(told, event{kind: "crossing", number: number, direction: direction, at: waiting})
			sum += int(direction)
			waiting = none
		}
	}
	wasRight, first := false, true
	for _, mo := range tr.moments {
		if mo.kind == reload {
			continue
		}
		confirm(mo.at)
		if mo.kind == loss {
			continue
		}
		right := mo.x >= d.x0
		if !first && right != wasRight {
			if waiting != none {
				waiting = none
			} else {
				waiting, direction, wasClear = mo.at, 1, false
				if right {
					direction = -1
				}
			}
		}
		wasRight, first = right, false
		wasClear = wasClear || math.Abs(mo.x-d.x0) >= m.margin
		confirm(mo.at)
	}
	confirm(Never / 2)
	if sum != 0 {
		told = append(told, event{kind: "net", number: number, direction: int8(cmp.Compare(sum, 0)), at: tr.end})
	}
	return told
}
