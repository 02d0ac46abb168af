package analytics

// part is a stretch of the interval that is read from one level.
type part struct {
	table    Table
	from, to int64
}

// levels reads days where the report's buckets are made of the location's days,
// quarter hours where they are made of those, and minutes for the rest; over opening
// hours no other time.
func (p *plan) levels() (parts []part) {
	if len(p.buckets) == 0 {
		return nil
	}
	days, quarters := p.madeOfDays(), p.madeOfQuarters()
	for _, s := range p.opened.stretches(p.interval) {
		first, last := int64(0), int64(0)
		if days {
			first, last = p.wholeDays(s)
		}
		if first >= last {
			parts = p.quarters(parts, s.from, s.to, quarters)
			continue
		}
		parts = p.quarters(parts, s.from, first, quarters)
		parts = append(parts, part{Days, first, last})
		parts = p.quarters(parts, last, s.to, quarters)
	}
	return parts
}

func (p *plan) quarters(parts []part, from, to int64, made bool) []part {
	add := func(t Table, from, to int64) {
		if from < to {
			parts = append(parts, part{t, from, to})
		}
	}
	first, last := from+mod(-from, Quarter), min(to, p.progress.Quarters)
	last -= mod(last, Quarter)
	if first >= last || !made {
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

// madeOfDays reports whether every bucket but for the clipped ends is made of stored
// days.
func (p *plan) madeOfDays() bool {
	if p.progress.Calendar != p.profile.calendarKey() || p.progress.Days == 0 {
		return false
	}
	for _, b := range p.buckets[1:] {
		if p.progress.storedDay(p.own, b.from).from != b.from {
			return false
		}
	}
	return true
}

// wholeDays is the part of a stretch that stored days cover.
func (p *plan) wholeDays(s span) (first, last int64) {
	in := p.progress.storedDay(p.own, s.from)
	if first = in.from; first < s.from {
		first = in.to
	}
	return first, min(p.progress.Days, p.progress.storedDay(p.own, s.to).from)
}
