package tracker

import "github.com/footfall/footfall/zones"

// ReuseSpeed is the speed in cm/s beyond which an id that comes back is somebody
// else: a person who runs does not reach it.
const ReuseSpeed = 300

// Settings are the rules of counting. Durations are microseconds, 0 turning the
// delay or the stitching off.
type Settings struct {
	EnterAfter   int64 // a zone's own delay goes before it
	ExitAfter    int64
	ExpireAfter  int64   // more than 0
	StitchWithin int64   // from a loss to the birth that continues it
	StitchRadius float64 // cm
	Corrections  bool    // false: no stitching and no check for reused ids
}

// DefaultSettings are those of the configuration.
func DefaultSettings() Settings {
	const second = 1_000_000
	return Settings{
		EnterAfter: second, ExitAfter: second, ExpireAfter: 60 * second,
		StitchWithin: 3 * second, StitchRadius: 150, Corrections: true,
	}
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
