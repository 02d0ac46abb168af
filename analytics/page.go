package analytics

import (
	"maps"

	"github.com/footfall/footfall/tracker"
)

// page is one minute that is not closed and stored yet.
type page struct {
	start   int64
	covered int64
	zones   []*openZone // by number; nil where nothing happened
	lines   []*openLine // by number
	counts  map[countKey]*openCount
	queues  []*openQueue // by number
	groups  GroupRollup
	heat    heatmap
	dirty   bool
	batch   int64 // the last batch that wrote it
}

// countKey is a rollup that is a number: of a flow, or a stage.
type countKey struct {
	kind rollupKind
	of   subject
}

type openZone struct {
	ZoneRollup
	dirty bool
}

type openLine struct {
	LineRollup
	dirty bool
}

type openCount struct {
	count int64
	dirty bool
}

type openQueue struct {
	QueueRollup
	dirty bool
}

func (p *page) end() int64 { return p.start + Minute }

func (p *page) zone(number int32) *openZone {
	for int(number) >= len(p.zones) {
		p.zones = append(p.zones, nil)
	}
	if p.zones[number] == nil {
		p.zones[number] = &openZone{}
	}
	return p.zones[number]
}

func (p *page) hasZone(number int) bool { return number < len(p.zones) && p.zones[number] != nil }

// changeZone is zone, to be written at the next flush.
func (p *page) changeZone(number int32) *openZone {
	z := p.zone(number)
	z.dirty, p.dirty = true, true
	return z
}

func (p *page) changeLine(number int32) *openLine {
	for int(number) >= len(p.lines) {
		p.lines = append(p.lines, nil)
	}
	if p.lines[number] == nil {
		p.lines[number] = &openLine{}
	}
	l := p.lines[number]
	l.dirty, p.dirty = true, true
	return l
}

func (p *page) changeQueue(number int32) *QueueRollup {
	for int(number) >= len(p.queues) {
		p.queues = append(p.queues, nil)
	}
	if p.queues[number] == nil {
		p.queues[number] = &openQueue{}
	}
	q := p.queues[number]
	q.dirty, p.dirty = true, true
	return &q.QueueRollup
}

func (p *page) addCount(key countKey, count int64) {
	f := p.counts[key]
	if f == nil {
		f = &openCount{}
		if p.counts == nil {
			p.counts = map[countKey]*openCount{}
		}
		p.counts[key] = f
	}
	f.count += count
	f.dirty, p.dirty = true, true
}

func (p *page) addHeat(square tracker.Square, time int64) {
	if p.heat == nil {
		p.heat = heatmap{}
	}
	p.heat[square] += time
	p.dirty = true
}

// put writes what changed since the last put.
func (p *page) put(location int64, b *Batch) {
	if !p.dirty {
		return
	}
	p.dirty = false
	key := rollupKey{location: location, start: p.start}
	if p.covered > 0 {
		key.kind = kindCoverage
		b.Put(Minutes, key.bytes(), appendNumber(nil, p.covered))
	}
	if p.groups.Groups > 0 {
		key.kind = kindGroup
		b.Put(Minutes, key.bytes(), p.groups.append(nil))
	}
	if len(p.heat) > 0 {
		key.kind = kindHeat
		b.Put(Minutes, key.bytes(), p.heat.append(nil))
	}
	for number, z := range p.zones {
		if z != nil && z.dirty {
			z.dirty = false
			key.kind, key.a = kindZone, int32(number)
			b.Put(Minutes, key.bytes(), z.append(make([]byte, 0, 64)))
		}
	}
	for number, l := range p.lines {
		if l != nil && l.dirty {
			l.dirty = false
			key.kind, key.a = kindLine, int32(number)
			b.Put(Minutes, key.bytes(), l.append(nil))
		}
	}
	for number, q := range p.queues {
		if q != nil && q.dirty {
			q.dirty = false
			key.kind, key.a = kindQueue, int32(number)
			b.Put(Minutes, key.bytes(), q.append(nil))
		}
	}
	for of, f := range p.counts {
		if f.dirty {
			f.dirty = false
			key.kind, key.a, key.b = of.kind, of.of.a, of.of.b
			b.Put(Minutes, key.bytes(), appendNumber(nil, f.count))
		}
	}
}

// storedBefore is how many of the first pages, all of which end by an instant up
// to which everything is final, a store has as of a batch. A later one stays
// though it be stored: from the first page on, memory has every minute.
func storedBefore(pages []*page, final, batch int64) int {
	for i, p := range pages {
		if p.end() > final || p.dirty || p.batch > batch {
			return i
		}
	}
	return len(pages)
}

func (p *page) clone() *page {
	c := &page{start: p.start, covered: p.covered, dirty: p.dirty, batch: p.batch, groups: p.groups, heat: maps.Clone(p.heat)}
	c.zones = make([]*openZone, len(p.zones))
	for i, z := range p.zones {
		if z != nil {
			c.zones[i] = &openZone{ZoneRollup: *z.ZoneRollup.clone()}
		}
	}
	c.lines = make([]*openLine, len(p.lines))
	for i, l := range p.lines {
		if l != nil {
			c.lines[i] = &openLine{LineRollup: l.LineRollup}
		}
	}
	c.counts = make(map[countKey]*openCount, len(p.counts))
	for of, f := range p.counts {
		c.counts[of] = &openCount{count: f.count}
	}
	c.queues = make([]*openQueue, len(p.queues))
	for i, q := range p.queues {
		if q != nil {
			c.queues[i] = &openQueue{QueueRollup: *q.clone()}
		}
	}
	return c
}
