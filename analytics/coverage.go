package analytics

import (
	"slices"

	"github.com/footfall/footfall/tracker"
)

// span is a half-open interval of time.
type span struct{ from, to int64 }

// coverage is when a location's data was being received, as far as it still
// matters: ascending spans, the last one open (to is tracker.Never) while data
// comes.
type coverage []span

func (c coverage) on() bool { return len(c) > 0 && c[len(c)-1].to == tracker.Never }

func (c *coverage) begin(at int64) {
	if c.on() {
		return
	}
	if n := len(*c); n > 0 {
		at = max(at, (*c)[n-1].to)
	}
	*c = append(*c, span{at, tracker.Never})
}

func (c *coverage) end(at int64) {
	if !c.on() {
		return
	}
	last := &(*c)[len(*c)-1]
	last.to = max(at, last.from)
}

// within is how much of [from, to) is covered.
func (c coverage) within(from, to int64) int64 {
	total := int64(0)
	for i := len(c) - 1; i >= 0 && c[i].to > from; i-- {
		total += max(0, min(to, c[i].to)-max(from, c[i].from))
	}
	return total
}

// before is what is covered before an instant.
func (c coverage) before(at int64) coverage {
	clipped := slices.Clone(c)
	for i := range clipped {
		clipped[i].to = max(clipped[i].from, min(clipped[i].to, at))
	}
	return clipped
}

// ascends reports whether the spans are in order.
func (c coverage) ascends() bool {
	for i, s := range c {
		if s.to < s.from || i > 0 && s.from < c[i-1].to {
			return false
		}
	}
	return true
}

// forget drops what ended before an instant.
func (c *coverage) forget(before int64) {
	*c = slices.DeleteFunc(*c, func(s span) bool { return s.to < before })
}
