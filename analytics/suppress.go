package analytics

import "math/bits"

// classSet is a set of demographic classes: bit i is that of tracker.ClassAt(i).
type classSet uint32

const everyClass classSet = 1<<classes - 1

func (s classSet) has(class int) bool { return s>>class&1 != 0 }
func (s classSet) size() int          { return bits.OnesCount32(uint32(s)) }

// classCounts are visits by class.
type classCounts [classes]int64

// sum is that of the classes in a set.
func (c *classCounts) sum(of classSet) (n int64) {
	for rest := uint32(of); rest != 0; rest &= rest - 1 {
		n += c[bits.TrailingZeros32(rest)]
	}
	return n
}

// small are the classes of 1 to least-1 visits: the primary suppressions.
func (c *classCounts) small(least int64) (s classSet) {
	for class, n := range c {
		if n > 0 && n < least {
			s |= 1 << class
		}
	}
	return s
}

// smallest is the class of fewest visits, but some, outside a set; the first of
// several. There may be none.
func (c *classCounts) smallest(outside classSet) (class int, ok bool) {
	for i, n := range c {
		if n > 0 && !outside.has(i) && (!ok || n < c[class]) {
			class, ok = i, true
		}
	}
	return class, ok
}

// suppress gives the classes of a day that are not shown, beside a published total
// of all: those of 1 to least-1 visits, and of the others the smallest, as long as
// the suppressed are fewer than two, or together no more than one visit each or
// less than least. Where that cannot be had, none is shown.
func suppress(day *classCounts, least int64) classSet {
	hidden := day.small(least)
	if hidden == 0 {
		return 0
	}
	for {
		n, sum := hidden.size(), day.sum(hidden)
		if n >= 2 && sum >= least && sum > int64(n) {
			return hidden
		}
		class, ok := day.smallest(hidden)
		if !ok {
			return everyClass
		}
		hidden |= 1 << class
	}
}

// refinement is which cells of a day's hours are not shown: in every hour those
// that the day does not show, and beyond these, in some hours, some classes. With
// two of each these give no cell back by the totals of hours and of the day.
type refinement struct {
	least   int64
	hours   []classCounts
	total   classCounts // of the day
	day     classSet    // that the day does not show
	classes classSet    // that the chosen hours do not show besides
	chosen  []bool
	alike   bool // nothing can be shown
}

// refine gives what is not shown of each hour of a day that is over.
func refine(hours []classCounts, day classSet, least int64) []classSet {
	r := &refinement{least: least, hours: hours, day: day, chosen: make([]bool, len(hours))}
	for h := range hours {
		for class, n := range hours[h] {
			r.total[class] += n
		}
	}
	for h := range hours {
		if small := hours[h].small(least) &^ day; small != 0 {
			r.classes, r.chosen[h] = r.classes|small, true
		}
	}
	for more := true; more && !r.alike; {
		more = r.widen()
	}
	hidden := make([]classSet, len(hours))
	for h := range hours {
		hidden[h] = r.hidden(h)
	}
	if !r.alike && !ambiguous(hours, hidden) {
		for h := range hidden {
			hidden[h] = everyClass
		}
	}
	return hidden
}

func (r *refinement) hidden(hour int) classSet {
	switch {
	case r.alike:
		return everyClass
	case r.chosen[hour]:
		return r.day | r.classes
	default:
		return r.day
	}
}

// widen suppresses more where what is suppressed is too little, and reports
// whether it did.
func (r *refinement) widen() bool {
	for h := range r.hours {
		hidden := r.hidden(h)
		if n := r.hours[h].sum(hidden); n > 0 && n < r.least {
			if r.classes != 0 && !r.chosen[h] {
				r.chosen[h] = true
			} else {
				r.addClass()
			}
			return true
		}
	}
	if r.classes == 0 {
		return false
	}
	if (r.day | r.classes).size() < 2 {
		r.addClass()
		return true
	}
	for class := range classes {
		if r.classes.has(class) && r.few(class) {
			r.addHour(class)
			return true
		}
	}
	return false
}

// few reports whether the chosen hours have too little of a class, or are too few.
func (r *refinement) few(class int) bool {
	hours, n := 0, int64(0)
	for h, chosen := range r.chosen {
		if chosen && r.hours[h][class] > 0 {
			hours++
			n += r.hours[h][class]
		}
	}
	return hours == 1 || n > 0 && n < r.least
}

func (r *refinement) addClass() {
	class, ok := r.total.smallest(r.day | r.classes)
	r.alike = !ok
	if ok {
		r.classes |= 1 << class
		for h := range r.hours { // small cells of it are in classes from here on
			if r.hours[h][class] > 0 && r.hours[h][class] < r.least {
				r.chosen[h] = true
			}
		}
	}
}

// addHour chooses the hour in which a class is smallest, but there.
func (r *refinement) addHour(class int) {
	best := -1
	for h, chosen := range r.chosen {
		n := r.hours[h][class]
		if !chosen && n > 0 && (best < 0 || n < r.hours[best][class]) {
			best = h
		}
	}
	if best < 0 {
		r.alike = true
		return
	}
	r.chosen[best] = true
}

// ambiguous reports whether for every suppressed cell there is another table with
// the same cells shown and the same totals of hours and classes, in which it has
// another value.
func ambiguous(hours []classCounts, hidden []classSet) bool {
	for h := range hours {
		for class := range classes {
			if hours[h][class] > 0 && hidden[h].has(class) && !otherwise(hours, hidden, h, class) {
				return false
			}
		}
	}
	return true
}

// otherwise looks for two hours and two classes, suppressed all four, between which
// one visit can be moved round.
func otherwise(hours []classCounts, hidden []classSet, h, class int) bool {
	for o := range hours {
		if o == h || !hidden[o].has(class) {
			continue
		}
		for other := range classes {
			if other == class || !hidden[h].has(other) || !hidden[o].has(other) {
				continue
			}
			if hours[o][other] > 0 || hours[h][other] > 0 && hours[o][class] > 0 {
				return true
			}
		}
	}
	return false
}
