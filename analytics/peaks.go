package analytics

import (
	"slices"
	"time"
)

// hoursOfWeek is how many rows of peaks a zone has.
const hoursOfWeek = 7 * 24

// cut is the bucket that a kind's rows are made of.
func (k *reportKind) cut(b Bucket) Bucket {
	if k.typical {
		return Bucket1h
	}
	return b
}

// writePeaks gives an hour to the typical week: under data, person-time, and the most
// people.
func writePeaks(row *Row, f facts, out Output) error {
	z := &f.total.zone
	if f.covered > 0 && z.Sum[Covered] < f.covered {
		z.seeOccupancy(0, 0) // no rollup, nobody there
	}
	row.Cells[0] = text(f.subject.from)
	for i, n := range []int64{f.covered, z.Sum[CoveredPersonTime], z.Max} {
		row.Cells[1+i] = count(n)
	}
	return out.Row(row)
}

// typicalWeek is an Output that folds the hours of an interval into those of a
// calendar week.
type typicalWeek struct {
	plan  *plan
	zones []*typicalZone // in the order of the report
	place map[string]int
	row   Row
}

type typicalZone struct {
	id    string
	hours [hoursOfWeek]typicalHour
}

// typicalHour is a weekday's hour over all dates of an interval; times are
// microseconds.
type typicalHour struct {
	length, covered, personTime int64 // of the settled part of its open time
	days                        int64 // with data
	date                        localDate
	most                        int64
	partial, damaged            bool
	open                        bool
}

func newTypicalWeek(p *plan) *typicalWeek {
	return &typicalWeek{plan: p, place: map[string]int{}}
}

// Begin implements Output; the report begins elsewhere.
func (*typicalWeek) Begin(Header) error { return nil }

// Row implements Output: it takes what writePeaks gives.
func (w *typicalWeek) Row(r *Row) error {
	local := microTime(r.Start).In(w.plan.calendar.Zone)
	weekday := (int(local.Weekday()) + 6) % 7
	h := &w.zone(r.Cells[0].Text).hours[24*weekday+local.Hour()]
	h.open = h.open || !r.closed
	h.length += w.plan.settledLength(span{r.Start, r.End})
	h.partial, h.damaged = h.partial || r.Partial, h.damaged || r.Damaged
	covered, personTime, most := r.Cells[1].Int, r.Cells[2].Int, r.Cells[3].Int
	if covered == 0 {
		return nil
	}
	if date := dateOf(local); h.days == 0 || date != h.date {
		h.days, h.date = h.days+1, date
	}
	h.covered, h.personTime, h.most = h.covered+covered, h.personTime+personTime, max(h.most, most)
	return nil
}

func dateOf(t time.Time) localDate { return localDate{t.Year(), t.Month(), t.Day()} }

func (w *typicalWeek) zone(id string) *typicalZone {
	i, known := w.place[id]
	if !known {
		i = len(w.zones)
		w.place[id], w.zones = i, append(w.zones, &typicalZone{id: id})
	}
	return w.zones[i]
}

// writeTo writes every hour of the week, by zone, weekday and hour; one that the
// interval does not have has no data. Over opening hours it writes those with any.
func (w *typicalWeek) writeTo(out Output) error {
	w.row = Row{Location: w.plan.location, Start: w.plan.interval.from, End: w.plan.interval.to}
	for _, z := range w.zones {
		for i := range z.hours {
			if err := w.writeHour(out, z.id, i, &z.hours[i]); err != nil {
				return err
			}
		}
	}
	return nil
}

func (w *typicalWeek) writeHour(out Output, id string, hour int, h *typicalHour) error {
	if w.plan.opened.restricted && !h.open && !w.plan.paired {
		return nil
	}
	average, most := Cell{}, Cell{}
	w.row.Coverage, w.row.Partial, w.row.closed = 0, h.partial, w.plan.opened.restricted && !h.open
	if w.row.Damaged = h.damaged; h.damaged {
		h.days = 0
	} else if h.covered > 0 {
		w.row.Coverage = min(1, float64(h.covered)/float64(h.length))
		average, most = number(float64(h.personTime)/float64(h.covered)), count(h.most)
	}
	w.row.Cells = append(w.row.Cells[:0], text(id), count(int64(hour/24+1)), count(int64(hour%24)), count(h.days), average, most)
	return out.Row(&w.row)
}

// rows is how many rows a plan comes to.
func (p *plan) rows() int64 {
	if p.kind.rollups == kindHeat {
		return p.squares
	}
	buckets := int64(len(p.buckets))
	if p.kind.typical {
		buckets = min(buckets, hoursOfWeek)
		if !p.opened.restricted {
			buckets = hoursOfWeek
		}
	}
	return buckets * max(1, p.rowsPerBucket())
}

// BucketOf is a bucket for a kind of report that stands beside others: a kind whose rows
// are hours of the week is of the whole interval.
func BucketOf(kind string, b Bucket) Bucket {
	if k, err := kindNamed(kind); err == nil && k.typical {
		return Whole
	}
	return b
}

// checkTypical: the rows of peaks are hours of the week already.
func (q *Query) checkTypical() error {
	typical := func(k *reportKind) bool { return k.name == q.Kind && k.typical }
	if q.Bucket != Whole && slices.ContainsFunc(reportKinds, typical) {
		return &QueryError{Parameter: "bucket", Reason: q.Kind + " has a row for each hour of the week; leave bucket out"}
	}
	return nil
}
