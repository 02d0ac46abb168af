package tracker

// stage is what a person is to a zone. Of one zone a person has no stay (is
// outside), one that is entering or inside, or two: inside and leaving or inside
// and removed; to the latter a third, entering, where the zone came back.
type stage uint8

const (
	entering stage = iota // an entry waits for its delay
	inside                // a visit is open
	leaving               // the exit of the open visit waits for its delay
	removed               // the zone is gone; final when the person is heard of again
)

type stayFlags uint8

const (
	believed  stayFlags = 1 << iota // its delay has passed on the clock: live counts it
	appeared                        // entering: was never seen outside
	undecided                       // inside: its place in the order of visits is open
	previous                        // inside: it is the last in that order, or one of those entered together
	tied                            // inside: one of extra.ties waits for who is left first
	shallow                         // entering, leaving: was not clear of the edge yet
)

// stay is one person's standing with one zone, in 12 bytes: there are many.
type stay struct {
	sinceLow  uint32
	sinceHigh int32
	what      uint32 // zone (21 bits, as maxNumber asks), stage (3), flags (8)
}

const (
	stageShift = 8
	zoneShift  = stageShift + 3
)

func newStay(since int64, zone int32, st stage, flags stayFlags) stay {
	return stay{
		sinceLow: uint32(since), sinceHigh: int32(since >> 32),
		what: uint32(zone)<<zoneShift | uint32(st)<<stageShift | uint32(flags),
	}
}

func (s *stay) since() int64 { return int64(s.sinceHigh)<<32 | int64(s.sinceLow) }
func (s *stay) zone() int32  { return int32(s.what >> zoneShift) }
func (s *stay) stage() stage { return stage(s.what>>stageShift) & (1<<(zoneShift-stageShift) - 1) }

func (s *stay) is(zone int32, st stage) bool {
	return s.what>>stageShift == uint32(zone)<<(zoneShift-stageShift)|uint32(st)
}

func (s *stay) flags() stayFlags          { return stayFlags(s.what) }
func (s *stay) has(flag stayFlags) bool   { return s.flags()&flag != 0 }
func (s *stay) set(flag stayFlags)        { s.what |= uint32(flag) }
func (s *stay) clear(flag stayFlags)      { s.what &^= uint32(flag) }
func (s *stay) to(st stage, fl stayFlags) { *s = newStay(s.since(), s.zone(), st, fl) }
