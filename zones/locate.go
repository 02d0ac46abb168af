package zones

// Locator answers for one goroutine.
type Locator struct {
	index *index
	paths paths

	own     setTable // sets that the index does not have
	toggles []int32
	set     []int32
}

// NewLocator returns a locator for one goroutine.
func (p *Plan) NewLocator() *Locator {
	return &Locator{index: p.index, paths: p.paths, own: newSetTable()}
}

// Locate returns the set of zones that have the point. It is total: a point
// with a NaN or an infinity is in no zone.
func (l *Locator) Locate(x, y float64) SetID {
	b := &l.index.box
	if !(x >= b.x0 && x < b.x1 && y >= b.y0 && y < b.y1) {
		return 0
	}
	c, cx, cy := l.index.cellAt(x, y)
	if c.kind() == cellSet {
		return SetID(c.number())
	}
	return l.decide(l.index.cut(c, cx, cy), x, y)
}

// decide tests the edges of a cell that is not cut.
func (l *Locator) decide(c cell, x, y float64) SetID {
	k := uint32(c.kind())
	if c.kind() == cellSet {
		return SetID(c.number())
	}
	record := l.index.words[c.number():]
	if c.kind() == cellLong {
		return l.long(record, x, y)
	}
	combination := uint32(0)
	for i := range k {
		if l.index.edges[record[i]].crosses(x, y) {
			combination |= 1 << i
		}
	}
	return SetID(record[k+combination])
}

func (l *Locator) long(record []uint32, x, y float64) SetID {
	base, n := record[0], record[1]
	l.toggles = l.toggles[:0]
	for at := record[2:]; n > 0; n-- {
		end := 2 + at[1]
		if l.index.edges[at[0]].crosses(x, y) {
			for _, zone := range at[2:end] {
				l.toggles = append(l.toggles, int32(zone))
			}
		}
		at = at[end:]
	}
	l.set = toggled(l.set[:0], l.index.sets.get(base), oddOnes(l.toggles))
	return l.intern(l.set)
}

// intern numbers a set; the locator's own go on from the index's.
func (l *Locator) intern(set []int32) SetID {
	hash := hashOf(set)
	if id, ok := l.index.sets.find(set, hash); ok {
		return SetID(id)
	}
	id, ok := l.own.find(set, hash)
	if !ok {
		id = l.own.add(set, hash)
	}
	return SetID(l.index.sets.last() + id)
}

// Members returns the numbers of the zones in the set, ascending. The slice is
// shared: do not modify it. The id must be one that this Locator gave.
func (l *Locator) Members(id SetID) []int32 {
	if last := l.index.sets.last(); uint32(id) > last {
		return l.own.get(uint32(id) - last)
	}
	return l.index.sets.get(uint32(id))
}
