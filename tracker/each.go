package tracker

import "math"

// Present is where a person was last seen, and the latest estimate of who it is.
type Present struct {
	ID     int64
	X, Y   float64 // cm
	Gender Gender  // GenderUnknown where not known
	Age    float32 // NaN where not known
}

// Each calls fn for everybody present; those who were lost and may yet be
// stitched are not.
func (t *Tracker) Each(fn func(Present)) {
	for slot := range t.people.used {
		p := t.people.at(slot)
		if p.flags&present == 0 || p.flags&(limbo|unproven) != 0 {
			continue
		}
		one := Present{ID: p.id, X: p.x, Y: p.y, Age: float32(math.NaN())}
		if who := p.who(); who != nil {
			one.Gender, one.Age = who.latest.gender, who.latest.age
		}
		fn(one)
	}
}
