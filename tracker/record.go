package tracker

import (
	"encoding/binary"
	"math"
)

// recordVersion is the first byte of a stored person.
const recordVersion = 1

// recordRoom is more than most records take.
const recordRoom = 256

// appendPerson appends what goes on of a person, who has left some zones, ascending.
// Times of zones are from the first sample.
func appendPerson(b []byte, p *person, left []int32) []byte {
	b = append(b, recordVersion, byte(p.flags&limbo))
	b = binary.AppendVarint(b, p.id)
	b = binary.AppendVarint(b, p.first)
	b = binary.AppendVarint(b, p.last-p.first)
	b = binary.LittleEndian.AppendUint64(b, math.Float64bits(p.x))
	b = binary.LittleEndian.AppendUint64(b, math.Float64bits(p.y))
	b = binary.AppendUvarint(b, uint64(len(p.stays)))
	for _, s := range p.stays {
		b = append(b, byte(s.stage()), byte(s.flags()&^(believed|shallow)))
		b = binary.AppendUvarint(b, uint64(s.zone()))
		b = binary.AppendVarint(b, s.since()-p.first)
	}
	b = binary.AppendUvarint(b, uint64(len(p.lines())))
	for _, l := range p.lines() {
		b = l.append(b, p.first)
	}
	b = p.appendOrder(b)
	b = p.who().append(b)
	b = binary.AppendUvarint(b, uint64(len(left)))
	for _, zone := range left {
		b = binary.AppendUvarint(b, uint64(zone))
	}
	return b
}

func (l lineState) append(b []byte, first int64) []byte {
	direction := l.direction // 0 for a sum
	if l.waiting && !l.clear {
		direction *= 2
	}
	b = append(b, byte(direction))
	b = binary.AppendUvarint(b, uint64(l.line))
	if l.waiting {
		return binary.AppendVarint(b, l.since-first)
	}
	return binary.AppendVarint(b, int64(l.sum))
}

func (p *person) appendOrder(b []byte) []byte {
	b = binary.AppendVarint(b, int64(p.prevZone))
	if p.prevZone >= 0 {
		b = binary.AppendVarint(b, p.prevLeft-p.first)
	}
	o := p.extra
	if o == nil {
		o = &extra{}
	}
	b = binary.AppendUvarint(b, uint64(len(o.closed)))
	for _, v := range o.closed {
		b = binary.AppendUvarint(b, uint64(v.zone))
		b = binary.AppendVarint(b, v.entered-p.first)
		b = binary.AppendVarint(b, v.left-p.first)
	}
	b = binary.AppendUvarint(b, uint64(len(o.ties)))
	for _, one := range o.ties {
		b = binary.AppendVarint(b, one.entered-p.first)
		b = binary.AppendUvarint(b, uint64(one.from))
		b = binary.AppendVarint(b, int64(one.first))
		if one.first >= 0 {
			b = binary.AppendVarint(b, one.firstLeft-p.first)
		}
	}
	return b
}

func (e *estimates) append(b []byte) []byte {
	if e == nil {
		return append(b, 0)
	}
	b = append(b, 1)
	for _, n := range e.genders {
		b = binary.AppendUvarint(b, uint64(n))
	}
	b = binary.AppendUvarint(b, uint64(len(e.ages)))
	for _, a := range e.ages {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(a.age))
		b = binary.AppendUvarint(b, uint64(a.count))
	}
	b = binary.AppendUvarint(b, uint64(len(e.recent)))
	for _, r := range e.recent {
		b = binary.AppendVarint(b, r.at)
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(r.age))
		b = append(b, byte(r.gender))
	}
	return b
}

// storedPerson is a person with the zones that were left, which then are no visitedID's.
type storedPerson struct {
	person
	left []int32
}

// readPerson reads what appendPerson wrote. What it takes is fit to go on with.
func readPerson(record []byte) (storedPerson, error) {
	r := reader{b: record}
	var p storedPerson
	r.must(r.byte() == recordVersion)
	p.flags = personFlags(r.byte())
	r.must(p.flags&^limbo == 0)
	p.id = r.varint()
	p.first = r.time(0)
	p.last = r.time(p.first)
	r.must(p.first <= p.last)
	p.x = math.Float64frombits(r.uint64())
	p.y = math.Float64frombits(r.uint64())
	for range r.count(4) {
		p.stays = append(p.stays, r.stay(p.first))
	}
	for range r.count(3) {
		p.extras().lines = append(p.extras().lines, r.line(p.first))
	}
	r.order(&p.person)
	if who := r.estimates(); who != nil {
		p.extras().who = who
	}
	for i := range r.count(1) {
		p.left = append(p.left, r.zone())
		r.must(i == 0 || p.left[i-1] < p.left[i])
	}
	r.must(len(r.b) == 0 && p.consistent())
	if r.bad {
		return storedPerson{}, ErrRecord
	}
	return p, nil
}

func (r *reader) stay(first int64) stay {
	st, flags, zone := stage(r.byte()), stayFlags(r.byte()), r.zone()
	r.must(st <= removed)
	return newStay(r.time(first), zone, st&removed, flags)
}

func (r *reader) line(first int64) lineState {
	l := lineState{direction: int8(r.byte()), line: r.number()}
	switch l.direction {
	case 0:
		l.sum = r.signed(math.MinInt32, math.MaxInt32)
	case 1, -1:
		l.waiting, l.clear, l.since = true, true, r.time(first)
	case 2, -2:
		l.waiting, l.direction, l.since = true, l.direction/2, r.time(first)
	default:
		r.bad = true
	}
	return l
}

func (r *reader) order(p *person) {
	p.prevZone = r.signed(-1, maxNumber)
	if p.prevZone >= 0 {
		p.prevLeft = r.time(p.first)
	}
	var o extra
	for range r.count(3) {
		v := orderedVisit{zone: r.zone(), entered: r.time(p.first), left: r.time(p.first)}
		v.leaving = v.left
		r.must(v.entered <= v.left)
		o.closed = append(o.closed, v)
	}
	for range r.count(3) {
		one := tie{entered: r.time(p.first), from: r.zone(), first: r.signed(-1, maxNumber)}
		if one.first >= 0 {
			one.firstLeft = r.time(p.first)
		}
		o.ties = append(o.ties, one)
	}
	if len(o.closed)+len(o.ties) > 0 {
		p.extras().closed, p.extras().ties = o.closed, o.ties
	}
}

func (r *reader) estimates() *estimates {
	switch r.byte() {
	case 0:
		return nil
	case 1:
	default:
		r.bad = true
	}
	e := &estimates{latest: estimate{age: float32(math.NaN())}}
	for i := range e.genders {
		e.genders[i] = r.tally()
	}
	for range r.count(5) {
		a := ageCount{age: math.Float32frombits(r.uint32()), count: r.tally()}
		n := len(e.ages)
		r.must(a.age == a.age && a.count > 0 && n < maxAges && (n == 0 || e.ages[n-1].age < a.age))
		e.ages = append(e.ages, a)
	}
	for range r.count(6) {
		one := estimate{at: r.time(0), age: math.Float32frombits(r.uint32()), gender: Gender(r.byte())}
		n := len(e.recent)
		r.must(one.gender < Genders && n < maxRecent && (n == 0 || e.recent[n-1].at <= one.at))
		e.recent = append(e.recent, one)
	}
	return e
}

// consistent reports whether the stays are such as the tracker makes them.
func (p *person) consistent() bool {
	for i, s := range p.stays {
		if s.stage() > removed || p.find(s.zone(), s.stage()) != i {
			return false
		}
		in, out := p.find(s.zone(), inside) >= 0, p.exitPending(s.zone())
		var ok bool
		switch s.stage() {
		case entering:
			ok = s.flags()&^appeared == 0 && (!in || out >= 0 && p.stays[out].stage() == removed && s.since() >= p.last)
		case inside:
			ok = s.flags()&^(undecided|previous|tied) == 0 && (!s.has(tied) || p.waitsForTie(s.since()))
		default:
			ok = s.flags() == 0 && in && out == i
		}
		if !ok {
			return false
		}
	}
	return true
}

func (p *person) waitsForTie(entered int64) bool {
	if p.extra == nil {
		return false
	}
	for _, one := range p.extra.ties {
		if one.entered == entered {
			return true
		}
	}
	return false
}
