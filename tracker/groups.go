package tracker

import (
	"math"
	"slices"
)

// Group is people who came together: two who appeared within together of each other
// belong together if at their last known positions, compared at whole seconds of Unix
// time, they were within closeBy of each other for at least nearly of the first minute
// that both were there, leastTogether of it at least; a group is two or more joined by
// such pairs. The minute begins when the later one appeared and ends with it, or with
// the first track of the two.
type Group struct {
	People int32
	At     int64 // when its last member appeared
}

const (
	together      = 10_000_000 // µs
	leastTogether = 10_000_000 // µs
	firstMinute   = 60_000_000 // µs
	closeBy       = 150.0      // cm
	nearlyTimes   = 5          // of so many seconds one may be apart: 80 %
	wholeSecond   = 1_000_000  // µs
	youthLength   = together + firstMinute

	// mostYouths is how many people who appeared lately are followed. Beyond it, 29 a
	// second, who comes with whom is not looked for.
	mostYouths  = 2048
	spareYouths = 256 // of which the memory is kept
)

// youth is the beginning of a track: where the person was at whole seconds.
type youth struct {
	first    int64
	end      int64 // of the track, or Never
	next     int64 // the first whole second that is not known yet
	seconds  [][2]float32
	compared bool   // with all others that were known to their end
	group    *youth // that it was joined to, nil for one that others may be joined to
	people   int32
	last     int64 // when the last of those joined appeared
}

// until is when the youth is over.
func (y *youth) until() int64 { return min(y.first+youthLength, y.end) }

func (y *youth) isOver() bool { return y.next >= y.until() }

// secondsUntil is how many whole seconds a youth has.
func (y *youth) secondsUntil() int64 {
	return (y.until() - ceilSecond(y.first) + wholeSecond - 1) / wholeSecond
}

// note takes a person's position up to an instant.
func (y *youth) note(x, y2 float64, to int64) {
	for to = min(to, y.until()); y.next < to; y.next += wholeSecond {
		y.seconds = append(y.seconds, [2]float32{float32(x), float32(y2)})
	}
}

// at is the position at a whole second.
func (y *youth) at(second int64) [2]float32 {
	return y.seconds[(second-ceilSecond(y.first))/wholeSecond]
}

func ceilSecond(at int64) int64 { return at + mod(-at, wholeSecond) }

// belongs reports whether two people whose youths are over belong together.
func (y *youth) belongs(o *youth) bool {
	from := max(y.first, o.first)
	to := min(from+firstMinute, y.end, o.end)
	if to-from < leastTogether || from-min(y.first, o.first) > together {
		return false
	}
	seconds := (to - ceilSecond(from) + wholeSecond - 1) / wholeSecond
	apart := seconds / nearlyTimes
	for s := ceilSecond(from); s < to; s += wholeSecond {
		a, b := y.at(s), o.at(s)
		if math.Hypot(float64(a[0]-b[0]), float64(a[1]-b[1])) > closeBy {
			if apart--; apart < 0 {
				return false
			}
		}
	}
	return true
}

// head is the youth that stands for the group.
func (y *youth) head() *youth {
	for y.group != nil {
		y = y.group
	}
	return y
}

func (y *youth) join(o *youth) {
	a, b := y.head(), o.head()
	if a == b {
		return
	}
	b.group = a
	a.people += b.people
	a.last = max(a.last, b.last)
}

// groups follow the people who appeared lately.
type groups struct {
	present map[int32]*youth // by slot
	all     []*youth         // by time of appearance
	spare   []*youth
	gone    []*youth // scratch of decide
	told    int64    // no group will be told that is dated before it
	changed bool
}

func newGroups() groups { return groups{present: map[int32]*youth{}, told: -maxTime} }

// appear begins to follow a person.
func (g *groups) appear(slot int32, p *person) {
	if len(g.all) >= mostYouths {
		return
	}
	y := g.take()
	*y = youth{first: p.first, end: Never, next: ceilSecond(p.first), seconds: y.seconds[:0], people: 1, last: p.first}
	i := len(g.all)
	for i > 0 && g.all[i-1].first > y.first {
		i--
	}
	g.all = slices.Insert(g.all, i, y)
	g.present[slot] = y
	p.flags |= young
	g.changed = true
}

func (g *groups) take() *youth {
	n := len(g.spare)
	if n == 0 {
		return &youth{}
	}
	y := g.spare[n-1]
	g.spare = g.spare[:n-1]
	return y
}

// grow takes the position that a person had until an instant.
func (g *groups) grow(slot int32, p *person, to int64) {
	y := g.present[slot]
	g.changed = true
	y.note(p.x, p.y, to)
	if y.isOver() {
		delete(g.present, slot)
		p.flags &^= young
	}
}

// end notes that a young person's track has ended.
func (g *groups) end(slot int32, p *person, at int64) {
	y := g.present[slot]
	y.note(p.x, p.y, at)
	y.end = at
	if known := y.secondsUntil(); known < int64(len(y.seconds)) {
		y.seconds = y.seconds[:max(known, 0)]
	}
	y.next = max(y.next, y.until())
	delete(g.present, slot)
	p.flags &^= young
	g.changed = true
}

// decide joins those whose youth is over, and tells of the groups that nobody can join
// any more. Nobody will appear before final.
func (g *groups) decide(final int64, sink Sink) {
	known := final
	for _, y := range g.all {
		if !y.isOver() {
			known = min(known, y.first)
			break
		}
	}
	g.compare()
	n := 0
	for _, y := range g.all {
		head := y.head()
		if head.last+together >= known {
			g.all[n] = y
			n++
			continue
		}
		if g.changed = true; head == y && y.people > 1 {
			sink.Group(Group{People: y.people, At: y.last})
		}
		g.gone = append(g.gone, y)
	}
	g.spare = append(g.spare, g.gone[:min(len(g.gone), spareYouths-min(len(g.spare), spareYouths))]...)
	clear(g.gone)
	clear(g.all[n:])
	g.gone = g.gone[:0]
	g.all = g.all[:n]
	g.told = max(g.told, min(known, maxTime)-together)
}

// compare compares every two people who appeared within together of each other, once
// both their youths are over.
func (g *groups) compare() {
	for i, y := range g.all {
		if y.compared || !y.isOver() {
			continue
		}
		y.compared = true
		for j := i - 1; j >= 0 && y.first-g.all[j].first <= together; j-- {
			g.pair(y, g.all[j])
		}
		for j := i + 1; j < len(g.all) && g.all[j].first-y.first <= together; j++ {
			g.pair(y, g.all[j])
		}
	}
}

func (g *groups) pair(y, o *youth) {
	if o.compared && o.isOver() && y.belongs(o) {
		y.join(o)
	}
}

// Grouped is the instant before which no more groups will be told.
func (t *Tracker) Grouped() int64 { return t.groups.told }
