package engine

import (
	"slices"
	"time"

	"github.com/footfall/footfall/analytics"
	"github.com/footfall/footfall/internal/config"
)

// How much of what is old a flush deletes at most. A turn that took longer than it
// may is followed by shorter ones.
const (
	mostKeys  = 4000
	leastKeys = 100
	turnTakes = 30 * time.Millisecond
)

// retaining deletes what is kept no longer: after a flush one turn of one location,
// until there is no more; then again when a quarter hour is over.
type retaining struct {
	waiting []int64 // locations
	keys    int     // of the next turn
}

func (r *retaining) due(location int64) {
	if !slices.Contains(r.waiting, location) {
		r.waiting = append(r.waiting, location)
	}
}

// turn takes the first location that waits, and puts it last if it is not done. A
// failure does not end counting: it is said once a quarter hour.
func (r *retaining) turn(e *Engine) {
	if len(r.waiting) == 0 {
		return
	}
	if r.keys == 0 {
		r.keys = mostKeys / 4
	}
	location := r.waiting[0]
	r.waiting = slices.Delete(r.waiting, 0, 1)
	began := time.Now()
	more, err := analytics.Retain(e.Store, location, keepFor(e.Config.Retention), r.keys)
	if err != nil {
		e.Logger.Error("what is old is not deleted", "location", location, "error", err)
		return
	}
	if time.Since(began) > turnTakes {
		r.keys = max(r.keys/2, leastKeys)
	} else {
		r.keys = min(r.keys+leastKeys, mostKeys)
	}
	if more {
		r.due(location)
	}
}

func keepFor(c config.Retention) analytics.Keep {
	return analytics.Keep{Minutes: c.Minutes.Microseconds(), Quarters: c.Quarters.Microseconds(), Days: c.Days.Microseconds()}
}
