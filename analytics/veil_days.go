package analytics

import "slices"

// daysOf suppresses in the days of a run as their figures come by.
type daysOf struct {
	*drawing
	run    []stretch
	day    span // that is gathered
	month  span // that it lies in
	counts map[gathered]*classCounts
	months monthsOf
}

// gathered is a subject in a stretch of the run.
type gathered struct{ subject, stretch int }

func newDays(d *drawing, run []stretch) *daysOf {
	return &daysOf{drawing: d, run: run, counts: map[gathered]*classCounts{}, months: monthsOf{least: d.least}}
}

func (d *daysOf) add(at, subject int, sums []ClassSum) {
	if d.run[at].from >= d.day.to {
		d.flush()
		start := d.own.Start(Bucket1d, d.run[at].from)
		d.day = span{start, d.own.Next(Bucket1d, start)}
		if start >= d.month.to {
			d.months.flush(d.hide)
			first := d.own.Start(Bucket1mo, start)
			d.month = span{first, d.own.Next(Bucket1mo, first)}
		}
	}
	if len(sums) == 0 {
		return
	}
	key := gathered{subject, at}
	counts := d.counts[key]
	if counts == nil {
		counts = &classCounts{}
		d.counts[key] = counts
	}
	for _, c := range sums {
		counts[c.Class] += c.Visits
	}
}

// flush suppresses in the day that was gathered.
func (d *daysOf) flush() {
	bySubject := map[int][]int{} // stretches
	for key := range d.counts {
		bySubject[key.subject] = append(bySubject[key.subject], key.stretch)
	}
	for subject, stretches := range bySubject {
		d.suppress(subject, stretches)
	}
	clear(d.counts)
}

// suppress hides classes of one subject in the buckets that have visits of the day.
func (d *daysOf) suppress(subject int, stretches []int) {
	if len(stretches) == 1 {
		at := stretches[0]
		counts := d.counts[gathered{subject, at}]
		bucket, hidden := d.run[at].bucket, suppress(counts, d.least)
		if bucket >= 0 && d.hasMonth(d.buckets[bucket]) {
			d.months.add(bucket, subject, counts, hidden)
			return
		}
		d.hide(subject, bucket, counts.sum(everyClass), hidden)
		return
	}
	slices.Sort(stretches)
	day := cutDay{inBucket: map[int]int64{}}
	for _, at := range stretches {
		s := d.run[at]
		day.add(s.piece, s.bucket, d.counts[gathered{subject, at}])
	}
	day.suppress(d.least, d.isOver(d.day.to), func(bucket int, visits int64, hidden classSet) { d.hide(subject, bucket, visits, hidden) })
}

// hasMonth reports whether a bucket has all of the month of the day, which is over.
func (d *daysOf) hasMonth(bucket span) bool {
	return bucket.from <= d.month.from && bucket.to >= d.month.to && d.isOver(d.month.to) &&
		d.opened.length(d.month) == d.month.to-d.month.from
}

// end suppresses in what is left.
func (d *daysOf) end() {
	d.flush()
	d.months.flush(d.hide)
}

func (d *daysOf) hide(subject, bucket int, visits int64, hidden classSet) {
	if bucket >= 0 {
		row := &d.veil.drawn[bucket*d.veil.subjects+subject]
		row.hidden |= hidden
		row.visits += visits
	}
}

// cutDay is one subject's day of which buckets have parts.
type cutDay struct {
	total    classCounts
	visits   int64
	inBucket map[int]int64 // visits
	starts   []int64       // of the pieces of hours with any visits, ascending
	hours    []classCounts // these
	inside   []map[int]int64
}

// add adds what ended in some time of a piece that lies in one bucket; times ascend.
func (c *cutDay) add(piece int64, bucket int, counts *classCounts) {
	if n := len(c.starts); n == 0 || c.starts[n-1] != piece {
		c.starts, c.hours, c.inside = append(c.starts, piece), append(c.hours, classCounts{}), append(c.inside, map[int]int64{})
	}
	last := len(c.hours) - 1
	for class, n := range counts {
		c.total[class] += n
		c.hours[last][class] += n
	}
	n := counts.sum(everyClass)
	c.visits += n
	c.inBucket[bucket] += n
	c.inside[last][bucket] += n
}

// suppress tells which classes each bucket must not show because of its visits of
// this day. A
// bucket that has all visits of the day is as good as the day, one that has all of
// an hour as good as the hour, if the day is over; anything else shows none.
func (c *cutDay) suppress(least int64, over bool, hide func(bucket int, visits int64, hidden classSet)) {
	day := suppress(&c.total, least)
	var hours []classSet
	for bucket, n := range c.inBucket {
		switch {
		case n == c.visits:
			hide(bucket, n, day)
		case !over:
			hide(bucket, n, everyClass)
		default:
			if hours == nil {
				hours = refine(c.hours, day, least)
			}
			hide(bucket, n, c.hidden(bucket, hours))
		}
	}
}

// hidden is what a bucket must not show that has parts of a day that is over.
func (c *cutDay) hidden(bucket int, hours []classSet) (hidden classSet) {
	for h, inside := range c.inside {
		switch inside[bucket] {
		case 0:
		case c.hours[h].sum(everyClass):
			hidden |= hours[h]
		default:
			hidden = everyClass
		}
	}
	return hidden
}
