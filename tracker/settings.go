package tracker

import "github.com/footfall/footfall/zones"

// ReuseSpeed is the speed in cm/s beyond which an id that comes back is somebody
// else: a person who runs does not reach it.
const ReuseSpeed = 300

// Settings are the rules of counting. Durations are microseconds; 0 turns a delay, the
// stitching, the filter, the margin or the wait for proof off.
type Settings struct {
	EnterAfter   int64 // a zone's own delay goes before it
	ExitAfter    int64
	ExpireAfter  int64   // more than 0
	MaxPeople    int     // present at once; who comes beyond it is not counted. 0 is no bound
	StitchWithin int64   // from a loss to the birth that continues it
	StitchRadius float64 // cm
	Corrections  bool    // false: no stitching and no check for reused ids, and none of these:
	MaxWindow    int64   // of the filter, which smooths positions by the noise in them and goes on over silences
	MaxMargin    float64 // cm: by how much who changes side must at most be clear of the edge
	ProveAfter   int64   // after which a new track counts that has not moved
	ProveMoved   float64 // cm: how far one must move to count earlier
	HeatSquare   int32   // cm: side of the heatmap's squares; 0 for no heatmap
}

// DefaultSettings are those of the configuration.
func DefaultSettings() Settings {
	const second = 1_000_000
	return Settings{
		EnterAfter: second, ExitAfter: second, ExpireAfter: 60 * second,
		StitchWithin: 3 * second, StitchRadius: 150, Corrections: true,
	}
}

// refines reports whether positions are corrected. Without, a birth continues the
// nearest that was lost within StitchRadius.
func (s Settings) refines() bool {
	return s.Corrections && (s.MaxWindow > 0 || s.MaxMargin > 0 || s.ProveAfter > 0)
}

func (s Settings) stitches() bool { return s.Corrections && s.StitchWithin > 0 }

// Layout is a plan with the lasting numbers of its zones and lines: those of an
// id stay the same over reloads and restarts.
type Layout struct {
	Plan  *zones.Plan
	Zones []int32 // of plan zone i: 1 to 1<<20 and unique
	Lines []int32 // of plan line i: 0 to 1<<20 and unique
}

// zoneRule is what the tracker needs of a zone, by its number.
type zoneRule struct {
	id         string
	enterAfter int64
	exitAfter  int64
	present    bool // in the current layout
}

// lineRule is what the tracker needs of a line, by its number.
type lineRule struct {
	confirmAfter int64
	plan         int32 // its number in the current plan, or noLine
}

const noLine = -1

func delayOr(own, fallback int64) int64 {
	if own < 0 {
		return fallback
	}
	return own
}
