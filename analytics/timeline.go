package analytics

import "slices"

// timeline is one zone's occupancy as it goes on.
type timeline struct {
	occupancy int64
	upto      int64    // followed up to here
	changes   []change // from upto on, ascending by time
}

type change struct {
	at int64
	by int64
}

// insert keeps the changes in order; most come last.
func (t *timeline) insert(c change) {
	i := len(t.changes)
	for i > 0 && t.changes[i-1].at > c.at {
		i--
	}
	if i > 0 && t.changes[i-1].at == c.at {
		t.changes[i-1].by += c.by
		return
	}
	t.changes = slices.Insert(t.changes, i, c)
}

// ascends reports whether the timeline is one that was followed to an instant: no
// more than a minute behind, its changes in order and still to come.
func (t *timeline) ascends(followed int64) bool {
	if t.upto > followed || t.upto < minuteOf(followed) {
		return false
	}
	last := followed - 1
	for _, c := range t.changes {
		if c.at <= last {
			return false
		}
		last = c.at
	}
	return true
}
