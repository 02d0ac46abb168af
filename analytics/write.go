package analytics

import "github.com/footfall/footfall/zones"

const locationZone = zones.LocationZone

// write makes the rows: bucket by bucket, in each the subjects in order.
func (p *plan) write(out Output) error {
	w := &writer{plan: p, out: out, index: map[subject]int{}, late: p.late(), totals: make([]total, len(p.subjects))}
	for i, s := range p.subjects {
		w.index[s.subject] = i
	}
	w.row.Cells = make([]Cell, len(p.kind.columns))
	err := p.scan(p.kind.rollups, func(bucket int, k rollupKey, t *total) error {
		if err := w.advance(bucket); err != nil {
			return err
		}
		if i, ok := w.index[subject{k.a, k.b}]; ok {
			w.totals[i].merge(t)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return w.advance(len(p.buckets))
}

func (t *total) merge(later *total) {
	t.zone.merge(&later.zone)
	t.line.merge(&later.line)
	t.number += later.number
	t.end = later.end
}

type writer struct {
	*plan
	out    Output
	index  map[subject]int
	late   map[subject][]int64
	totals []total
	bucket int
	row    Row
}

// advance writes the buckets before the given one.
func (w *writer) advance(bucket int) error {
	for ; w.bucket < bucket; w.bucket++ {
		if err := w.writeBucket(); err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) writeBucket() error {
	b := w.buckets[w.bucket]
	covered := w.covered[w.bucket]
	w.row.Location, w.row.Start, w.row.End = w.location, b.from, b.to
	w.row.Partial = b.to > w.settled
	w.row.Coverage = w.coverage(b, covered)
	for i := range w.subjects {
		t := &w.totals[i]
		for _, start := range w.late[w.subjects[i].subject] {
			if start >= b.from && start < b.to {
				t.number++
			}
		}
		t.closeAt(w.openEnd(b.to))
		f := facts{subject: &w.subjects[i], total: t, covered: covered, null: w.row.Coverage == 0 && t.empty()}
		if err := w.kind.write(&w.row, f, w.out); err != nil {
			return err
		}
		t.zone.reset()
		t.line, t.number, t.end = LineRollup{}, 0, 0
	}
	return nil
}

// openEnd is the end of a bucket as far as time has come.
func (w *writer) openEnd(end int64) int64 {
	if w.open != nil {
		return min(end, w.open.now)
	}
	return end
}

// coverage is the share of the bucket under data; of a bucket still open, of its
// settled part.
func (w *writer) coverage(b span, covered int64) float64 {
	length := min(b.to, w.settled) - b.from
	if length <= 0 || covered <= 0 {
		return 0
	}
	return min(1, float64(covered)/float64(length))
}

// empty reports whether no visit was open, began or ended, nothing crossed and
// nobody flowed.
func (t *total) empty() bool {
	return t.zone.Sum[PersonTime] == 0 && t.zone.Entries() == 0 && t.zone.Exits() == 0 && t.zone.End == 0 &&
		t.line == LineRollup{} && t.number == 0
}
