package analytics

// part is a stretch of the interval that is read from one level.
type part struct {
	table    Table
	from, to int64
}

// levels reads days where the report's buckets are made of the location's days,
// quarter hours where they are made of those, and minutes for the rest.
func (p *plan) levels() []part {
	from, to := p.interval.from, p.interval.to
	first, last := p.wholeDays()
	if first >= last {
		return p.quarters(nil, from, to)
	}
	parts := p.quarters(nil, from, first)
	parts = append(parts, part{Days, first, last})
	return p.quarters(parts, last, to)
}

func (p *plan) quarters(parts []part, from, to int64) []part {
	add := func(t Table, from, to int64) {
		if from < to {
			parts = append(parts, part{t, from, to})
		}
	}
	first, last := from+mod(-from, Quarter), min(to, p.progress.Quarters)
	last -= mod(last, Quarter)
	if first >= last || !p.madeOfQuarters() {
		add(Minutes, from, to)
		return parts
	}
	add(Minutes, from, first)
	add(Quarters, first, last)
	add(Minutes, last, to)
	return parts
}

// madeOfQuarters reports whether every bucket but for the clipped ends is.
func (p *plan) madeOfQuarters() bool {
	for _, b := range p.buckets[1:] {
		if mod(b.from, Quarter) != 0 {
			return false
		}
	}
	return true
}

// wholeDays is the stretch that stored days cover, empty unless buckets are made
// of days.
func (p *plan) wholeDays() (first, last int64) {
	if p.progress.Calendar != p.profile.calendarKey() || p.progress.Days == 0 {
		return 0, 0
	}
	for _, b := range p.buckets[1:] {
		if p.progress.storedDay(p.own, b.from).from != b.from {
			return 0, 0
		}
	}
	in := p.progress.storedDay(p.own, p.interval.from)
	if first = in.from; first < p.interval.from {
		first = in.to
	}
	return first, min(p.progress.Days, p.progress.storedDay(p.own, p.interval.to).from)
}
