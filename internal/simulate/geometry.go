package simulate

import "math"

// point is a place on the floor, or a direction, in centimetres.
type point struct{ x, y float64 }

func (p point) plus(q point) point      { return point{p.x + q.x, p.y + q.y} }
func (p point) minus(q point) point     { return point{p.x - q.x, p.y - q.y} }
func (p point) times(f float64) point   { return point{p.x * f, p.y * f} }
func (p point) left() point             { return point{-p.y, p.x} }
func (p point) length() float64         { return math.Hypot(p.x, p.y) }
func (p point) to(q point) float64      { return q.minus(p).length() }
func (p point) clipped(r float64) point { return point{clamp(p.x, -r, r), clamp(p.y, -r, r)} }

func clamp(v, low, high float64) float64 { return min(max(v, low), high) }

// rect is a shelf or a wall.
type rect struct{ x0, y0, x1, y1 float64 }

func (r rect) grown(by float64) rect {
	return rect{r.x0 - by, r.y0 - by, r.x1 + by, r.y1 + by}
}

// has reports whether p is strictly inside.
func (r rect) has(p point) bool {
	return p.x > r.x0 && p.x < r.x1 && p.y > r.y0 && p.y < r.y1
}

// entered is how far along the way from p, as a share of the step by d, a walk gets
// before it enters the rectangle's inside; 1 where it does not.
func (r rect) entered(p, d point) float64 {
	from, to := 0.0, 1.0
	if !slab(p.x, d.x, r.x0, r.x1, &from, &to) || !slab(p.y, d.y, r.y0, r.y1, &from, &to) || from >= to {
		return 1
	}
	return from
}

// slab narrows [from, to] to the part of a walk that lies between low and high.
func slab(p, d, low, high float64, from, to *float64) bool {
	if d == 0 {
		return p > low && p < high
	}
	a, b := (low-p)/d, (high-p)/d
	if a > b {
		a, b = b, a
	}
	*from, *to = max(*from, a), min(*to, b)
	return true
}
