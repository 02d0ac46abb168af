package tracker

// Reload changes the zones at an instant: last known positions are judged anew
// as if just received. Visits to a zone that stays go on, those to one that is
// gone end ZoneRemoved, and a person never seen outside a new zone Appeared in
// it. What it changes becomes final when the person is heard of again; a change
// that it would undo though the delay has passed becomes final with it, if it
// began with a message.
func (t *Tracker) Reload(at int64, layout Layout) {
	t.Sweep(at)
	at = t.now
	known := make([]bool, len(t.zones))
	for i := range t.zones {
		known[i] = t.zones[i].present
	}
	t.setLayout(layout)
	t.judgeAll(at, known)
}

// judgeAll judges everybody by the zones there are now. known are those that there
// were before.
func (t *Tracker) judgeAll(at int64, known []bool) {
	t.judging = true
	for _, r := range t.rings.all {
		if r != nil {
			r.forgetZones()
		}
	}
	for slot := range t.people.used {
		if p := t.people.at(slot); p.flags&(present|unproven) == present {
			t.judgeAnew(slot, p, at, known)
		}
	}
	t.judging = false
	t.reschedule()
	t.believeDue(at)
}

func (t *Tracker) setLayout(layout Layout) {
	for i := range t.zones {
		t.zones[i].present = false
	}
	for i, z := range layout.Plan.Zones() {
		number := int(layout.Zones[i])
		t.growZones(number)
		t.zones[number] = zoneRule{
			id: z.ID, present: true,
			enterAfter: delayOr(z.EnterAfter, t.settings.EnterAfter),
			exitAfter:  delayOr(z.ExitAfter, t.settings.ExitAfter),
		}
	}
	for i := range t.lines {
		t.lines[i].plan = noLine
	}
	for i, l := range layout.Plan.Lines() {
		number := int(layout.Lines[i])
		t.growLines(number)
		t.lines[number] = lineRule{confirmAfter: delayOr(l.EnterAfter, t.settings.EnterAfter), plan: int32(i)}
	}
	t.layout = layout
	t.locator = layout.Plan.NewLocator()
	t.version++
}

func (t *Tracker) growZones(number int) {
	for len(t.zones) <= number {
		t.zones = append(t.zones, zoneRule{})
		t.live = append(t.live, 0)
	}
}

func (t *Tracker) growLines(number int) {
	for len(t.lines) <= number {
		t.lines = append(t.lines, lineRule{plan: noLine})
	}
}

func (t *Tracker) judgeAnew(slot int32, p *person, at int64, known []bool) {
	t.leaveRemoved(slot, p, at)
	set := t.locator.Locate(p.x, p.y)
	members := t.locator.Members(set)
	for i := 0; i < len(p.stays); i++ {
		zone := p.stays[i].zone()
		if t.zones[zone].present && p.isIn(zone) && !t.contains(members, zone) {
			t.stepOut(slot, p, at, zone)
			i = -1
		}
	}
	for _, m := range members {
		zone := t.layout.Zones[m]
		if p.isIn(zone) {
			continue
		}
		flags := appeared
		if int(zone) < len(known) && known[zone] {
			flags = 0
		}
		t.stepIn(slot, p, at, zone, flags)
	}
	p.set = set
	t.clearLines(slot, p, p.x, p.y)
	t.doubtEarly(p, at)
	t.updatePending(slot, p)
	t.markDirty(slot, p)
}

// doubtEarly takes back what is believed of changes that have not held for their
// delays as these are now.
func (t *Tracker) doubtEarly(p *person, now int64) {
	for i := range p.stays {
		if s := &p.stays[i]; s.since()+t.delay(s) > now {
			t.doubt(s)
		}
	}
}

// confirmHeld makes the pending stay i final if it is believed and began with a
// message. It is for what a reload would undo: before a message undoes a change,
// settle has confirmed it if it held.
func (t *Tracker) confirmHeld(slot int32, p *person, i int) bool {
	s := &p.stays[i]
	if !t.judging || !s.has(believed) || s.since() > p.last {
		return false
	}
	if s.stage() == entering {
		if p.find(s.zone(), inside) >= 0 { // it waits behind the end of another visit
			return false
		}
		t.confirmEntry(slot, p, s)
	} else {
		t.confirmExit(slot, p, i, Crossed)
	}
	t.decideFlows(p, p.last)
	return true
}

// leaveRemoved begins the end of the visits to zones that are gone.
func (t *Tracker) leaveRemoved(slot int32, p *person, at int64) {
	for i := 0; i < len(p.stays); i++ {
		zone := p.stays[i].zone()
		if t.zones[zone].present {
			continue
		}
		if t.leaveZone(slot, p, zone, at) {
			i = -1
		}
	}
}

// leaveZone takes a person out of a zone that is gone, and reports whether there
// was anything to do.
func (t *Tracker) leaveZone(slot int32, p *person, zone int32, at int64) bool {
	if i := p.find(zone, entering); i >= 0 {
		if !t.confirmHeld(slot, p, i) {
			t.undo(p, i)
		}
		return true
	}
	if i := p.find(zone, leaving); i >= 0 { // outside already: it ended when that began
		if !t.confirmHeld(slot, p, i) {
			p.stays[i].to(removed, p.stays[i].flags())
			t.believe(&p.stays[i])
		}
		return true
	}
	if p.exitPending(zone) >= 0 {
		return false
	}
	p.stays = append(t.people.stays.grown(p.stays), newStay(at, zone, removed, 0))
	t.believe(&p.stays[len(p.stays)-1])
	return true
}

func (t *Tracker) contains(members []int32, zone int32) bool {
	for _, m := range members {
		if t.layout.Zones[m] == zone {
			return true
		}
	}
	return false
}
