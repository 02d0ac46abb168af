package tracker

// Demographics takes an estimate of a person: gender GenderUnknown or an age of
// NaN is one that was not sent. An estimate for an id that is not there yet is
// kept for its birth. What was told already stays as it is: an exit without a delay
// is classified by what came before it.
func (t *Tracker) Demographics(at, id int64, gender Gender, age float32) {
	at = t.Advance(at)
	one := estimate{at: at, age: age, gender: gender}
	slot, found := t.called(at, id)
	if !found {
		t.early.add(id, one, at-t.settings.ExpireAfter)
		return
	}
	t.meetOne(slot, t.people.at(slot), one)
}

func (t *Tracker) meetOne(slot int32, p *person, one estimate) {
	if p.who() == nil {
		p.extras().who = &estimates{}
	}
	bound := p.last
	for i := range p.stays {
		if p.stays[i].stage() >= leaving {
			bound = min(bound, p.stays[i].since())
		}
	}
	p.extra.who.add(one)
	p.extra.who.fold(bound)
	t.markDirty(slot, p)
}

// meet gives a person the estimates that came before the first position.
func (t *Tracker) meet(slot int32, p *person, at, id int64) {
	if len(t.early.byID) == 0 {
		return
	}
	for _, one := range t.early.take(id, at-t.settings.ExpireAfter) {
		t.meetOne(slot, p, one)
	}
}

// maxAnnounced bounds the estimates kept for ids that may never come.
const maxAnnounced = 1 << 16

// announcements are estimates for ids that have no position yet, each kept for
// ExpireAfter; the oldest go first when there are too many.
type announcements struct {
	byID  map[int64][]estimate
	order []announced // by time, from head on
	head  int
}

type announced struct{ at, id int64 }

func (a *announcements) add(id int64, one estimate, since int64) {
	if a.byID == nil {
		a.byID = map[int64][]estimate{}
	}
	a.forgetBefore(since)
	a.byID[id] = append(a.byID[id], one)
	a.order = append(a.order, announced{one.at, id})
}

func (a *announcements) take(id, since int64) []estimate {
	a.forgetBefore(since)
	kept := a.byID[id]
	delete(a.byID, id)
	return kept
}

// forgetBefore lets go of those before since, and of one more while there are too
// many.
func (a *announcements) forgetBefore(since int64) { a.forgetDownTo(maxAnnounced-1, since) }

// expire lets go of those before since.
func (a *announcements) expire(since int64) { a.forgetDownTo(maxAnnounced, since) }

func (a *announcements) forgetDownTo(most int, since int64) {
	for a.head < len(a.order) && (a.order[a.head].at < since || len(a.order)-a.head > most) {
		a.forget(a.order[a.head])
		a.head++
	}
	if 2*a.head >= len(a.order) {
		a.order = a.order[:copy(a.order, a.order[a.head:])]
		a.head = 0
	}
}

// forget drops the estimate of one announcement, unless it was taken.
func (a *announcements) forget(one announced) {
	kept := a.byID[one.id]
	switch {
	case len(kept) == 0 || kept[0].at > one.at:
	case len(kept) == 1:
		delete(a.byID, one.id)
	default:
		a.byID[one.id] = kept[1:]
	}
}

func (a *announcements) clear() {
	clear(a.byID)
	a.order, a.head = a.order[:0], 0
}
