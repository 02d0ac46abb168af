package analytics_test

import (
	"cmp"
	"slices"

	"github.com/footfall/footfall/analytics"
	"github.com/footfall/footfall/tracker"
)

// byTrack are the visits to some zones, each person's apart, by time of entry.
func (k *known) byTrack(zones ...int32) (tracks [][]visit) {
	byTrack := map[int][]visit{}
	for _, v := range k.visits {
		if slices.Contains(zones, v.zone) {
			byTrack[v.track] = append(byTrack[v.track], v)
		}
	}
	for _, visits := range byTrack {
		slices.SortStableFunc(visits, func(a, b visit) int {
			return cmp.Or(cmp.Compare(a.entered, b.entered), cmp.Compare(a.left, b.left))
		})
		tracks = append(tracks, visits)
	}
	return tracks
}

// wait is one by the definition; it ended in one way, or has not yet.
type wait struct {
	began, ended      int64
	served, abandoned bool
}

// waits are those of one person for a service zone.
func (k *known) waits(visits []visit, queue, service int32, grace int64) (waits []wait) {
	var services []visit
	for _, v := range visits {
		if v.zone == service {
			services = append(services, v)
		}
	}
	var left []int64 // of each wait, its last visit
	for _, v := range visits {
		if v.zone != queue || slices.ContainsFunc(services, func(s visit) bool { return s.entered <= v.entered && v.entered < s.left }) {
			continue
		}
		last := len(waits) - 1
		if last >= 0 && v.entered-left[last] < grace && firstEntry(services, waits[last].began) > v.entered {
			left[last] = v.left
			continue
		}
		waits, left = append(waits, wait{began: v.entered}), append(left, v.left)
	}
	for i := range waits {
		w := &waits[i]
		over := tracker.Never
		if left[i] != tracker.Never {
			over = left[i] + grace
		}
		switch e := firstEntry(services, w.began); {
		case e != tracker.Never && e < over:
			w.served, w.ended = true, e
		case left[i] != tracker.Never && (over <= k.now+1 || k.hasEnded(visits)):
			w.abandoned, w.ended = true, left[i]
		}
	}
	return waits
}

// hasEnded reports whether the track of some visits is over.
func (k *known) hasEnded(visits []visit) bool {
	return slices.ContainsFunc(k.visits, func(v visit) bool {
		return v.zone == tracker.LocationZone && v.track == visits[0].track && v.left != tracker.Never
	})
}

// firstEntry is the first at or after an instant, or tracker.Never.
func firstEntry(visits []visit, since int64) int64 {
	first := tracker.Never
	for _, v := range visits {
		if v.entered >= since {
			first = min(first, v.entered)
		}
	}
	return first
}

func (k *known) queueCells(p *analytics.Profile, q analytics.Subject, in interval) (data bool, cells []analytics.Cell) {
	service := slices.IndexFunc(p.Zones, func(s analytics.Subject) bool { return s.ID == q.Service })
	joined, over := int64(0), int64(0)
	var served, abandoned []int64
	for _, visits := range k.byTrack(q.Number, p.Zones[service].Number) {
		for _, w := range k.waits(visits, q.Number, p.Zones[service].Number, p.QueueGrace) {
			if k.in(w.began, in) {
				joined++
			}
			if w.served && k.in(w.ended, in) {
				served = append(served, w.ended-w.began)
				if w.ended-w.began > q.WaitTarget {
					over++
				}
			}
			if w.abandoned && k.in(w.ended, in) {
				abandoned = append(abandoned, w.ended-w.began)
			}
		}
	}
	cells = []analytics.Cell{integer(joined), integer(int64(len(served))), integer(int64(len(abandoned)))}
	for _, d := range [][]int64{served, abandoned} {
		slices.Sort(d)
		cells = append(cells, meanOf(d), quantile(d, 0.5), quantile(d, 0.9))
	}
	most := null
	if total(k.pieces(in)) > 0 {
		most = integer(k.zone(q.Number, in).most)
	}
	return joined > 0 || len(served)+len(abandoned) > 0, append(cells, most, integer(over))
}

func (i interval) has(at int64) bool { return i.from <= at && at < i.to }

// reached is how many people reached each stage of a funnel in an interval.
func (k *known) reached(stages []int32, in interval) []int64 {
	counts := make([]int64, len(stages))
	for _, visits := range k.byTrack(stages...) {
		at := int64(-1 << 62)
		for i, zone := range stages {
			at = firstEntry(slices.DeleteFunc(slices.Clone(visits), func(v visit) bool { return v.zone != zone }), at)
			if at == tracker.Never {
				break
			}
			if k.in(at, in) {
				counts[i]++
			}
		}
	}
	return counts
}

func (k *known) funnelRows(q analytics.Query, p *analytics.Profile, r row) (rows []row) {
	var stages []int32
	ids := p.Funnels[p.Funnel-1]
	for _, id := range ids {
		stages = append(stages, numberOf(p, id))
	}
	counts := k.reached(stages, r.interval)
	for i, n := range counts {
		if len(q.Zones) > 0 && !slices.Contains(q.Zones, ids[i]) {
			continue
		}
		r.cells = []analytics.Cell{integer(int64(i + 1)), text(ids[i]), integer(n), ratio(n, counts[max(0, i-1)]), ratio(n, counts[0])}
		if n == 0 && r.coverage == 0 {
			clear(r.cells[2:])
		}
		rows = append(rows, r)
	}
	return rows
}

func ratio(n, of int64) analytics.Cell {
	if of == 0 {
		return null
	}
	return decimal(float64(n) / float64(of))
}

func numberOf(p *analytics.Profile, id string) int32 {
	return p.Zones[slices.IndexFunc(p.Zones, func(s analytics.Subject) bool { return s.ID == id })].Number
}

// visitsCells are how many came and whether they stayed.
func visitsCells(k *known, number int32, p *analytics.Profile, in interval) []analytics.Cell {
	var n [5]int64
	for _, v := range k.visits {
		if v.zone != number {
			continue
		}
		if k.in(v.entered, in) {
			n[0]++
			if v.first {
				n[1]++
			}
		}
		if k.in(v.left, in) {
			n[2]++
			if v.left-v.entered < p.BounceUnder {
				n[3]++
			}
			if v.left-v.entered >= p.EngagedOver {
				n[4]++
			}
		}
	}
	var cells []analytics.Cell
	for _, x := range n {
		cells = append(cells, integer(x))
	}
	return cells
}
