package analytics

import (
	"context"

	"github.com/footfall/footfall/tracker"
)

// write makes the rows: bucket by bucket, in each the subjects in order.
func (p *plan) write(ctx context.Context, out Output) error {
	if !p.kind.typical {
		return p.writeBuckets(ctx, out)
	}
	week := newTypicalWeek(p)
	if err := p.writeBuckets(ctx, week); err != nil {
		return err
	}
	return week.writeTo(out)
}

func (p *plan) writeBuckets(ctx context.Context, out Output) error {
	w := &writer{plan: p, out: out, index: newSubjectIndex(p.subjects), totals: make([]total, len(p.subjects)), latest: make([]int64, len(p.subjects))}
	w.row.Location, w.row.Cells = p.location, make([]Cell, len(p.kind.columns))
	var err error
	if w.before, err = p.opening(ctx, &w.index); err != nil {
		return err
	}
	err = p.scan(ctx, p.kind.rollups, func(f *found) error {
		i := w.index.find(subject{f.key.a, f.key.b})
		if i < 0 {
			return nil
		}
		if err := w.advance(ctx, f.bucket); err != nil {
			return err
		}
		w.latest[i] = f.key.start
		return f.addTo(&w.totals[i], p.kind.reach, &w.scratch)
	})
	if err != nil {
		return err
	}
	return w.advance(ctx, len(p.buckets))
}

type writer struct {
	*plan
	out     Output
	index   subjectIndex
	totals  []total
	latest  []int64 // by subject: start of the rollup that was added last
	before  []int64 // by subject, of the bucket
	bucket  int
	row     Row
	scratch ZoneRollup
}

// advance writes the buckets before the given one.
func (w *writer) advance(ctx context.Context, bucket int) error {
	for ; w.bucket < bucket; w.bucket++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := w.writeBucket(); err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) writeBucket() error {
	b := w.buckets[w.bucket]
	covered := w.covered[w.bucket]
	if w.row.Damaged = w.isDamaged(w.bucket); w.row.Damaged {
		covered = 0
	}
	w.row.Start, w.row.End = b.from, b.to
	last, begun := w.opened.last(b, tracker.Never), w.opened.last(b, w.counted)
	w.row.closed = last == span{}
	w.row.Partial = last.to > w.rowsSettled()
	w.row.Coverage = w.coverage(b, covered)
	for i := range w.subjects {
		if err := w.addLate(i, b); err != nil {
			return err
		}
	}
	if w.kind.sparse && w.paired {
		blank := w.row
		blank.blank, blank.Cells = true, make([]Cell, len(w.row.Cells))
		if err := w.out.Row(&blank); err != nil {
			return err
		}
	}
	for i := range w.subjects {
		t := &w.totals[i]
		if w.latest[i] < begun.from {
			t.zone.End = 0 // no rollup in the last open span so far: nobody there
		}
		f := facts{
			subject: &w.subjects[i], total: t, covered: covered, before: w.before[i], all: w.totals,
			hidden: w.veil.of(w.bucket, i, t.zone.Sum[Visits]), most: w.queueing.most(w.subjects[i].a, w.bucket), gated: w.isGated(&w.subjects[i]),
		}
		f.null = w.row.Damaged || w.row.Coverage == 0 && t.empty() || w.kind.visits && f.gated || w.row.closed || b.from < w.since
		if err := w.kind.write(&w.row, f, w.out); err != nil {
			return err
		}
		w.before[i] = t.zone.End
	}
	for i := range w.totals {
		w.totals[i].reset()
	}
	return nil
}

// isGated reports whether a subject is a location counted by gates.
func (p *plan) isGated(s *reportSubject) bool {
	return p.profile.Gates && s.subject == subject{a: tracker.LocationZone}
}

// addLate adds what came late of a subject in a bucket.
func (w *writer) addLate(place int, b span) error {
	for _, l := range w.late[w.subjects[place].subject] {
		if l.key.start < b.from || l.key.start >= b.to {
			continue
		}
		if err := w.totals[place].add(l.key.kind, l.value, w.kind.reach, &w.scratch); err != nil {
			return err
		}
	}
	return nil
}

// settledLength is the length of the settled part of a bucket's open time.
func (p *plan) settledLength(b span) int64 {
	return p.opened.length(span{b.from, min(b.to, p.settled)})
}

// coverage is the share of the bucket's open time under data; of a bucket not over
// yet, of its settled part.
func (w *writer) coverage(b span, covered int64) float64 {
	length := w.settledLength(b)
	if length <= 0 || covered <= 0 {
		return 0
	}
	return min(1, float64(covered)/float64(length))
}
