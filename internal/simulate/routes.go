package simulate

import "math"

// routes knows the shortest ways between spots around all obstacles: a visibility
// graph over the obstacles' corners, with all distances computed once.
type routes struct {
	obstacles []rect // grown by clearance
	corners   []point
	distance  [][]float64
	next      [][]int16 // the first corner on the way from one to another
	spots     []spot
	seen      [][]int16 // the corners seen from each spot
}

// free reports whether a body fits at p.
func free(obstacles []rect, p point) bool {
	for _, o := range obstacles {
		if o.grown(clearance).has(p) {
			return false
		}
	}
	return true
}

func newRoutes(obstacles []rect, spots []spot) routes {
	r := routes{spots: spots}
	for _, o := range obstacles {
		r.obstacles = append(r.obstacles, o.grown(clearance))
		c := o.grown(clearance + 1)
		for _, p := range []point{{c.x0, c.y0}, {c.x1, c.y0}, {c.x1, c.y1}, {c.x0, c.y1}} {
			if free(obstacles, p) {
				r.corners = append(r.corners, p)
			}
		}
	}
	r.connect()
	for _, s := range spots {
		var seen []int16
		for i, c := range r.corners {
			if r.clear(s.at, c) {
				seen = append(seen, int16(i))
			}
		}
		r.seen = append(r.seen, seen)
	}
	return r
}

// clear reports whether one can walk straight from p to q.
func (r *routes) clear(p, q point) bool {
	d := q.minus(p)
	for _, o := range r.obstacles {
		if o.entered(p, d) < 1 {
			return false
		}
	}
	return true
}

// connect computes all shortest ways between corners (Floyd and Warshall).
func (r *routes) connect() {
	n := len(r.corners)
	r.distance, r.next = make([][]float64, n), make([][]int16, n)
	for i := range n {
		r.distance[i], r.next[i] = make([]float64, n), make([]int16, n)
		for j := range n {
			r.distance[i][j], r.next[i][j] = math.Inf(1), int16(j)
			if i == j || r.clear(r.corners[i], r.corners[j]) {
				r.distance[i][j] = r.corners[i].to(r.corners[j])
			}
		}
	}
	for k := range n {
		for i := range n {
			for j := range n {
				if d := r.distance[i][k] + r.distance[k][j]; d < r.distance[i][j] {
					r.distance[i][j], r.next[i][j] = d, r.next[i][k]
				}
			}
		}
	}
}

// way appends the points to walk through from one spot to another, the first not
// included, the last included.
func (r *routes) way(dst []point, from, to int) []point {
	a, b := r.spots[from].at, r.spots[to].at
	if r.clear(a, b) {
		return append(dst, b)
	}
	shortest := math.Inf(1)
	var first, last int16
	for _, i := range r.seen[from] {
		begin := a.to(r.corners[i])
		for _, j := range r.seen[to] {
			if d := begin + r.distance[i][j] + r.corners[j].to(b); d < shortest {
				shortest, first, last = d, i, j
			}
		}
	}
	if math.IsInf(shortest, 1) {
		return append(dst, b) // no spot of the floor is walled in; a test sees to it
	}
	for i := first; i != last; i = r.next[i][last] {
		dst = append(dst, r.corners[i])
	}
	return append(dst, r.corners[last], b)
}
