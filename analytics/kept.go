package analytics

import "fmt"

// checkKept refuses what would be read from rollups that are deleted: what is left
// of an interval would pass for the whole.
func (p *plan) checkKept() error {
	for _, part := range p.parts {
		if p.progress.lacks(part.table, part.from) {
			return p.gone(part.table, part.from)
		}
	}
	if _, kept := p.endingAt(p.interval.from); p.kind.balance && !kept {
		return p.gone(Days, p.interval.from)
	}
	return nil
}

// endingAt is the rollup interval, of the finest level kept, that ends at an
// instant; kept is false where there is none and one was deleted.
func (p *plan) endingAt(at int64) (in part, kept bool) {
	d := &p.progress
	if !d.lacks(Minutes, at-Minute) {
		return part{Minutes, at - Minute, at}, true
	}
	if !d.lacks(Quarters, at-Quarter) && mod(at, Quarter) == 0 {
		return part{Quarters, at - Quarter, at}, true
	}
	day := d.storedDay(p.own, at-1)
	same := d.Calendar == p.profile.calendarKey() && day.to == at
	return part{Days, day.from, day.to}, same && !d.lacks(Days, day.from)
}

// lacks reports whether a level's rollup of an instant may be deleted.
func (p *progress) lacks(t Table, at int64) bool { return p.Deleted[t] > 0 && at < p.Deleted[t] }

// gone says which rollups are deleted and what can be asked for instead.
func (p *plan) gone(t Table, at int64) error {
	if p.progress.Deleted[t] == 0 {
		t = Quarters // days are there, but not yet by the location's new calendar
	}
	kept := formatTime(p.progress.Deleted[t])
	why := fmt.Sprintf("the %s of location %d are deleted before %s, and this report needs them from %s on; ask from %s on",
		[...]string{"minutes", "quarter hours", "days"}[t], p.location, kept, formatTime(at), kept)
	switch t {
	case Minutes:
		why += ", or for whole quarter hours: from, to and every bucket beginning on one"
	case Quarters:
		over := ""
		if p.opened.restricted {
			over = " over all hours"
		}
		why += fmt.Sprintf(", or%s for whole days of the location: from, to and every bucket (1d, 1w or 1mo) beginning at %02d:%02d in %s",
			over, p.own.DayStart/60, p.own.DayStart%60, p.own.Zone)
	}
	return &QueryError{Parameter: "from", Gone: true, Reason: why}
}
