package analytics

import "github.com/footfall/footfall/tracker"

// groupsLater is after how long the groups of a minute are known, if everybody is heard
// of: those who may still join them have been there for their first minute.
const groupsLater = 90 * Second

// GroupRollup is who came together in one interval.
type GroupRollup struct{ Groups, People int64 }

// Group implements tracker.Sink.
func (r *Recorder) Group(g tracker.Group) {
	one := GroupRollup{Groups: 1, People: int64(g.People)}
	if r.isClosed(g.At) {
		r.addLate(kindGroup, g.At, subject{}, one.append(nil))
		return
	}
	p := r.page(g.At)
	p.groups.merge(one)
	p.dirty = true
}

func (g *GroupRollup) merge(o GroupRollup) {
	g.Groups += o.Groups
	g.People += o.People
}

func (g GroupRollup) append(b []byte) []byte {
	return appendSparse(append(b, codecVersion), []int64{g.Groups, g.People})
}

func (g *GroupRollup) read(value []byte) error {
	r := reader{b: value}
	r.version()
	var n [2]int64
	r.sparse(n[:])
	g.Groups, g.People = n[0], n[1]
	return r.err(ErrRollup)
}

func writeGroups(row *Row, f facts, out Output) error {
	g := f.total.groups
	size := Cell{}
	if g.Groups > 0 {
		size = number(float64(g.People) / float64(g.Groups))
	}
	return put(row, f, out, 0, count(g.Groups), count(g.People), size)
}
