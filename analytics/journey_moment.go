package analytics

import (
	"slices"

	"github.com/footfall/footfall/tracker"
)

// moment is all that one person did at one instant. A visit that ends then is over, and
// one that begins then is on, unless it lasted no time: entered <= at < left.
type moment struct {
	*journeys
	*journey
	at    int64
	steps []step
	tell  journeyEvents
}

func (m moment) take() {
	m.each(func(s step) bool { return s.leaves && s.entered < m.at }, m.leave)
	m.each(func(s step) bool { return !s.leaves }, m.enterService)
	m.each(func(s step) bool { return !s.leaves }, m.enterQueue)
	m.each(func(s step) bool { return !s.leaves && m.isOver(s.zone) }, m.enterService)
	m.each(func(s step) bool { return s.leaves && s.entered == m.at }, m.leave)
	m.reachStages()
}

func (m moment) each(which func(step) bool, do func(zone int32)) {
	for _, s := range m.steps {
		if which(s) {
			do(s.zone)
		}
	}
}

// isOver reports whether a visit to a zone begins and ends at this instant.
func (m moment) isOver(zone int32) bool {
	return slices.ContainsFunc(m.steps, func(s step) bool { return s.zone == zone && s.leaves && s.entered == m.at })
}

func (m moment) leave(zone int32) {
	m.in = remove(m.in, zone)
	for i := range m.waits {
		if w := &m.waits[i]; w.zone == zone && w.left == tracker.Never {
			w.left = m.at
		}
	}
}

// enterService ends the waits for a zone.
func (m moment) enterService(zone int32) {
	queues := m.rules.at(zone).serves
	if len(queues) == 0 {
		return
	}
	if !m.isOver(zone) {
		m.in = append(remove(m.in, zone), zone)
	}
	m.waits = slices.DeleteFunc(m.waits, func(w wait) bool {
		served := slices.Contains(queues, w.zone)
		if served {
			m.tell.waitServed(w, m.at, m.rules.at(w.zone).target)
		}
		return served
	})
}

// enterQueue begins a wait, or goes on with one, unless the person is being served.
func (m moment) enterQueue(zone int32) {
	role := m.rules.at(zone)
	if !role.queue || slices.Contains(m.in, role.service) {
		return
	}
	for i := range m.waits {
		if w := &m.waits[i]; w.zone == zone {
			w.left = tracker.Never
			return
		}
	}
	m.waits = append(m.waits, wait{zone: zone, began: m.at, left: tracker.Never})
	m.tell.waitBegan(zone, m.at)
}

// reachStages goes on in the funnel as far as the zones entered now lead.
func (m moment) reachStages() {
	for m.stage < len(m.rules.stages) && m.enters(m.rules.stages[m.stage]) {
		m.stage++
		m.tell.stageReached(m.stage, m.at)
	}
}

func (m moment) enters(zone int32) bool {
	return slices.ContainsFunc(m.steps, func(s step) bool { return s.zone == zone && !s.leaves })
}

func remove(zones []int32, zone int32) []int32 {
	return slices.DeleteFunc(zones, func(z int32) bool { return z == zone })
}
