package analytics

import "github.com/footfall/footfall/tracker"

// Stored is a location as a store has it.
type Stored struct {
	State
	Recorder   *Recorder
	Checkpoint *Checkpoint
	People     map[int32][]byte // by slot
	Groups     []byte           // of those who appeared lately
}

// Tracker is what a tracker needs to go on.
func (s *Stored) Tracker() tracker.Stored {
	return tracker.Stored{At: s.At, Final: s.Recorder.followed, Known: s.Known, People: s.People, Groups: s.Groups}
}

// Load reads a location as of the last batch, or nil if the store does not know
// it. Time under data ends with the batch.
func Load(v View, location int64) (*Stored, error) {
	value, err := v.Get(Locations, locationKey(location, partState))
	if value == nil || err != nil {
		return nil, err
	}
	s := &Stored{}
	if s.State, s.Recorder, err = readState(location, value); err != nil {
		return nil, err
	}
	if err := s.Recorder.loadJourneys(v); err != nil {
		return nil, err
	}
	profile, err := LoadProfile(v, location)
	if err != nil {
		return nil, err
	}
	if profile != nil {
		s.Recorder.GoBy(profile)
	}
	if err := s.Recorder.loadPages(v); err != nil {
		return nil, err
	}
	if err := s.Recorder.loadGates(v); err != nil {
		return nil, err
	}
	s.Checkpoint, s.People, s.Groups, err = loadPeople(v, location)
	return s, err
}

// loadPages reads back the minutes that were open.
func (r *Recorder) loadPages(v View) error {
	open := minuteOf(r.followed)
	for _, kind := range rollupKinds {
		err := rollups{v, Minutes, r.location, kind}.scan(open, forever, func(k rollupKey, value []byte) error {
			return r.page(k.start).load(k, value)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (p *page) load(k rollupKey, value []byte) (err error) {
	switch k.kind {
	case kindCoverage:
		p.covered, err = readNumber(value)
	case kindFlow, kindStage:
		var count int64
		count, err = readNumber(value)
		p.addCount(countKey{k.kind, subject{k.a, k.b}}, count)
	case kindQueue:
		err = p.changeQueue(k.a).read(value)
	case kindGroup:
		err = p.groups.read(value)
	case kindHeat:
		p.heat = heatmap{}
		err = p.heat.read(value)
	case kindLine:
		err = p.changeLine(k.a).read(value)
	case kindZone:
		err = p.changeZone(k.a).read(value, reachAll)
	}
	return err
}

// loadSince reads from when on a location's journeys, groups and heat are counted.
func loadSince(v View, location int64) (int64, error) {
	value, err := v.Get(Locations, locationKey(location, partState))
	if value == nil || err != nil {
		return 0, err
	}
	_, r, err := readState(location, value)
	return r.since, err
}

// LoadState reads where a location stood at the last batch, the zero State where
// the store does not know.
func LoadState(v View, location int64) (State, error) {
	value, err := v.Get(Locations, locationKey(location, partState))
	if value == nil || err != nil {
		return State{}, err
	}
	s, _, err := readState(location, value)
	return s, err
}
