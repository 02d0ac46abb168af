package analytics

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"sort"
)

// ErrDamaged is in the tree of a store's error about what it cannot read any more.
var ErrDamaged = errors.New("is damaged")

// SoundView is a View that can read on beyond what is damaged.
type SoundView interface {
	// ScanSound is a Scan that passes over what is damaged. Each time lost is called, in
	// the order of the keys: what is damaged lay after one sound key of the interval and
	// before another, nil where there is none on that side.
	ScanSound(t Table, from, to []byte, fn func(key, value []byte) error, lost func(after, before []byte)) error
}

// scanSound is scan that passes over what is damaged, if the view can: its start was in
// one of the spans.
func (r rollups) scanSound(from, to int64, visit func(rollupKey, []byte) error, lost func(span)) error {
	view, can := r.view.(SoundView)
	first, last := r.between(from, to)
	if !can || first == nil {
		return r.scan(from, to, visit)
	}
	return view.ScanSound(r.table, first, last, visitKeys(visit), func(after, before []byte) {
		s := span{max(from, 0), min(to, forever)}
		if k, err := parseRollupKey(after); err == nil {
			s.from = k.start
		}
		if k, err := parseRollupKey(before); err == nil {
			s.to = k.start + 1
		}
		lost(s)
	})
}

// lostSpan says that rollups of a kind that began in a span were damaged before they
// were summed up.
type lostSpan struct {
	Kind rollupKind `json:"kind"`
	From int64      `json:"from"`
	To   int64      `json:"to"`
}

// lose notes spans, joined where they touch.
func (p *progress) lose(kind rollupKind, s span) {
	p.Lost = append(p.Lost, lostSpan{kind, s.from, s.to})
	slices.SortFunc(p.Lost, func(a, b lostSpan) int { return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.From, b.From)) })
	joined := p.Lost[:1]
	for _, l := range p.Lost[1:] {
		last := &joined[len(joined)-1]
		if l.Kind == last.Kind && l.From <= last.To {
			last.To = max(last.To, l.To)
			continue
		}
		joined = append(joined, l)
	}
	p.Lost = joined
}

// lose notes that something that began in a span is damaged: nothing is said of the
// buckets that it may have been in.
func (p *plan) lose(s span) {
	for i := sort.Search(len(p.buckets), func(i int) bool { return p.buckets[i].to > s.from }); i < len(p.buckets) && p.buckets[i].from < s.to; i++ {
		p.damaged[i] = true
	}
}

// loseStored notes what was damaged before it was summed up.
func (p *plan) loseStored() error {
	for _, l := range p.progress.Lost {
		if l.Kind == p.kind.rollups || l.Kind == kindCoverage || l.Kind == kindZone && p.kind.queues {
			p.lose(span{l.From, l.To})
		}
	}
	// Which cells are shown depends on all of them.
	if len(p.damaged) > 0 && p.kind.suppresses {
		return fmt.Errorf("what is stored of location %d in this interval %w", p.location, ErrDamaged)
	}
	return nil
}

// isDamaged reports whether the figures of a bucket are not known any more.
func (p *plan) isDamaged(bucket int) bool {
	return p.damaged[bucket] || p.kind.balance && p.damaged[bucket-1] // what it begins with is not known
}
