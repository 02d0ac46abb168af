package zones

// leaf makes the cell of a square that is not cut.
func (g *grower) leaf(s state) cell {
	k := countTerms(s.pairs)
	switch {
	case k == 0:
		return newCell(cellSet, g.intern(s.base))
	case k <= maxTable && !g.spent():
		return newCell(cell(k), g.table(s, k))
	}
	return newCell(cellLong, g.long(s, k))
}

func (g *grower) intern(set []int32) uint32 {
	hash := hashOf(set)
	id, ok := g.ix.sets.find(set, hash)
	if !ok {
		id = g.ix.sets.add(set, hash)
	}
	return id
}

// table makes a record of k edges with the sets for all their combinations.
func (g *grower) table(s state, k int) uint32 {
	g.words = g.words[:0]
	for rest := s.pairs; len(rest) > 0; rest = rest[run(rest):] {
		g.words = append(g.words, rest[0].term)
	}
	for combination := range 1 << k {
		g.set = append(g.set[:0], s.base...)
		for i, rest := 0, s.pairs; i < k; i++ {
			same := rest[:run(rest)]
			if combination>>i&1 == 1 {
				g.toggle(same)
			}
			rest = rest[len(same):]
		}
		g.words = append(g.words, g.intern(g.set))
	}
	return g.record()
}

// toggle toggles the zones of pairs of one term in g.set.
func (g *grower) toggle(pairs []pair) {
	g.flips = g.flips[:0]
	for _, p := range pairs {
		g.flips = append(g.flips, p.zone)
	}
	g.other = toggled(g.other[:0], g.set, g.flips)
	g.set, g.other = g.other, g.set
}

// long makes a record of any number of edges, see cellLong.
func (g *grower) long(s state, k int) uint32 {
	g.words = append(g.words[:0], g.intern(s.base), uint32(k))
	for rest := s.pairs; len(rest) > 0; {
		same := rest[:run(rest)]
		g.words = append(g.words, same[0].term, uint32(len(same)))
		for _, p := range same {
			g.words = append(g.words, uint32(p.zone))
		}
		rest = rest[len(same):]
	}
	return g.record()
}

// record enters g.words and returns where it begins; equal records are shared.
func (g *grower) record() uint32 {
	g.key = g.key[:0]
	for _, w := range g.words {
		g.key = append(g.key, byte(w), byte(w>>8), byte(w>>16), byte(w>>24))
	}
	at, ok := g.records[string(g.key)]
	if !ok {
		at = uint32(len(g.ix.words))
		g.ix.words = append(g.ix.words, g.words...)
		g.records[string(g.key)] = at
	}
	return at
}
