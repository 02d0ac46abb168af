package analytics

// monthsOf judges the months that one bucket has whole. Over a month a class may be
// shown though some of its days do not show it, if these are enough to hide in.
type monthsOf struct {
	least  int64
	bucket int
	tables map[int]*monthTable // by subject
}

// monthTable is one subject's days with any visits, and what each does not show.
type monthTable struct {
	days   []classCounts
	hidden []classSet
	visits int64
}

func (m *monthTable) add(day *classCounts, hidden classSet) {
	m.days, m.hidden = append(m.days, *day), append(m.hidden, hidden)
	m.visits += day.sum(everyClass)
}

// suppress gives the classes that the month must not show: those suppressed in any of
// its days, but for some that it may tell, whose totals give back no day's cell, nor
// any sum of days that is not shown.
func (m *monthTable) suppress(least int64) classSet {
	ever := classSet(0)
	for _, hidden := range m.hidden {
		ever |= hidden
	}
	told := ever
	for told != 0 {
		untold := m.untold(ever, told, least)
		if untold == 0 {
			break
		}
		told &^= untold
	}
	return ever &^ told
}

// untold are classes that must not be told, if not all of those may.
func (m *monthTable) untold(ever, told classSet, least int64) classSet {
	for class := range classes {
		if n := m.sum(class); told.has(class) && n > 0 && (n < least || !m.mixes(told, class)) {
			return 1 << class
		}
	}
	// What a day does not show of those that are not told must be of two at least,
	// and of the whole month enough: then one visit may be of either.
	for _, hidden := range m.hidden {
		if (hidden &^ told).size() == 1 {
			return m.fewest(hidden & told)
		}
	}
	free, n := ever&^told, int64(0)
	for class := range classes {
		if free.has(class) {
			n += m.sum(class)
		}
	}
	if n > 0 && n < least {
		return m.fewest(told)
	}
	return 0
}

// sum is of a class over the days that do not show it.
func (m *monthTable) sum(class int) (n int64) {
	for d, hidden := range m.hidden {
		if hidden.has(class) {
			n += m.days[d][class]
		}
	}
	return n
}

// fewest is the class of a set of which the fewest visits are hidden, but some; all of
// the set if there is none.
func (m *monthTable) fewest(of classSet) classSet {
	best, least := of, int64(0)
	for class := range classes {
		if n := m.sum(class); of.has(class) && n > 0 && (least == 0 || n < least) {
			best, least = 1<<class, n
		}
	}
	return best
}

// mixes reports whether a told class may have one visit more in any of the days that
// do not show it, or in any group of them, for one less in another: whether the days
// between which one can be moved hang together.
func (m *monthTable) mixes(told classSet, class int) bool {
	var reached, waiting []int
	in := make([]bool, len(m.days))
	for d, hidden := range m.hidden {
		if hidden.has(class) {
			waiting = append(waiting, d)
		}
	}
	reached, in[waiting[0]] = waiting[:1:1], true
	for next := 0; next < len(reached); next++ {
		for _, d := range waiting {
			if !in[d] && (m.moves(told, class, reached[next], d) || m.moves(told, class, d, reached[next])) {
				reached, in[d] = append(reached, d), true
			}
		}
	}
	return len(reached) == len(waiting)
}

// moves reports whether one visit of a class can move from one day to another, with
// one of a second class back; or, of classes that are not told, with one more in the
// first day and one less in the other.
func (m *monthTable) moves(told classSet, class, from, to int) bool {
	if m.days[from][class] == 0 {
		return false
	}
	one := classSet(1) << class
	rest, other := m.hidden[from]&^one, m.hidden[to]&^one
	return m.days[to].sum(rest&other) > 0 || rest&^told != 0 && m.days[to].sum(other&^told) > 0
}

// add takes a day that lies in a month that the bucket has whole.
func (m *monthsOf) add(bucket, subject int, day *classCounts, hidden classSet) {
	m.bucket = bucket
	if m.tables == nil {
		m.tables = map[int]*monthTable{}
	}
	t := m.tables[subject]
	if t == nil {
		t = &monthTable{}
		m.tables[subject] = t
	}
	t.add(day, hidden)
}

// flush judges the month that was gathered.
func (m *monthsOf) flush(hide func(subject, bucket int, visits int64, hidden classSet)) {
	for subject, t := range m.tables {
		hide(subject, m.bucket, t.visits, t.suppress(m.least))
	}
	clear(m.tables)
}
