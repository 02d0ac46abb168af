package analytics_test

import (
	"cmp"
	"math"
	"slices"

	"github.com/footfall/footfall/analytics"
	"github.com/footfall/footfall/tracker"
)

// spot is where somebody was from an instant on.
type spot struct {
	at   int64
	x, y float64
}

// walked is one track: from its first position until it is lost or expires.
type walked struct {
	spots []spot
	end   int64
}

// positions keeps all positions, as they were sent.
type positions struct {
	here map[int64]*walked
	all  []*walked
}

const expireAfter = 60 * analytics.Second

func (f *positions) stand(id int64, s spot) {
	w := f.here[id]
	if w != nil && s.at-w.spots[len(w.spots)-1].at >= expireAfter {
		w = nil
	}
	if w == nil {
		if f.here == nil {
			f.here = map[int64]*walked{}
		}
		w = &walked{}
		f.here[id], f.all = w, append(f.all, w)
	}
	w.spots = append(w.spots, s)
	w.end = s.at
}

func (f *positions) leave(id, at int64) {
	if w := f.here[id]; w != nil && at-w.end < expireAfter {
		w.end = at
	}
	delete(f.here, id)
}

// heat is how long each square of 50 cm had somebody's last known position in it, by
// the minute.
func (f *positions) heat() map[tracker.Heat]int64 {
	heat := map[tracker.Heat]int64{}
	for _, w := range f.all {
		for i, s := range w.spots {
			until := w.end
			if i+1 < len(w.spots) {
				until = w.spots[i+1].at
			}
			square := tracker.Square{Size: 50, X: int32(math.Floor(s.x / 50)), Y: int32(math.Floor(s.y / 50))}
			for from := s.at; from < until; {
				minute := floor60(from)
				to := min(until, minute+analytics.Minute)
				heat[tracker.Heat{Square: square, Minute: minute}] += to - from
				from = to
			}
		}
	}
	return heat
}

// groups are those of definitions.md.
func (f *positions) groups() (groups []tracker.Group) {
	all := slices.Clone(f.all)
	slices.SortStableFunc(all, func(a, b *walked) int { return cmp.Compare(a.spots[0].at, b.spots[0].at) })
	group := make([]int, len(all)) // of each, the number of its first member
	for i := range all {
		group[i] = i
	}
	for i, a := range all {
		for j := i + 1; j < len(all) && all[j].spots[0].at-a.spots[0].at <= 10*analytics.Second; j++ {
			if from, to := group[j], group[i]; from != to && a.cameWith(all[j]) {
				for k := range group {
					if group[k] == from {
						group[k] = to
					}
				}
			}
		}
	}
	members := map[int][]*walked{}
	for i, g := range group {
		members[g] = append(members[g], all[i])
	}
	for _, m := range members {
		if len(m) > 1 {
			groups = append(groups, tracker.Group{People: int32(len(m)), At: m[len(m)-1].spots[0].at})
		}
	}
	return groups
}

// cameWith reports whether two belong together, o having appeared after w.
func (w *walked) cameWith(o *walked) bool {
	from := o.spots[0].at
	to := min(from+analytics.Minute, w.end, o.end)
	if to-from < 10*analytics.Second {
		return false
	}
	seconds, near := 0, 0
	for at := ceil(from, analytics.Second); at < to; at += analytics.Second {
		a, b := w.at(at), o.at(at)
		seconds++
		if math.Hypot(a.x-b.x, a.y-b.y) <= 150 {
			near++
		}
	}
	return float64(near) >= 0.8*float64(seconds)
}

func (w *walked) at(second int64) spot {
	i, exact := slices.BinarySearchFunc(w.spots, second, func(s spot, at int64) int { return cmp.Compare(s.at, at) })
	for exact && i+1 < len(w.spots) && w.spots[i+1].at == second {
		i++
	}
	if exact {
		return w.spots[i]
	}
	return w.spots[i-1]
}
