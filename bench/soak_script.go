package main

import (
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"github.com/footfall/footfall/internal/recording"
	"github.com/footfall/footfall/signals"
)

// script is a crowd that comes and goes, message by message, and what is to be counted of
// it: by the tile that a position lies in and nothing else.
type script struct {
	crowd  crowd
	tiles  grid
	random *rand.Rand
	log    *recording.Writer // what is sent, for footfall replay

	at      int64 // of the next message, Unix µs
	step    int64 // between two messages, µs
	turn    int   // whose
	next    int64 // person id
	walkers []soakWalker
	sent    int64
	counts  map[string]*tally // by zone id
}

type soakWalker struct {
	walker
	id   int64 // 0: nobody yet
	zone string
}

// tally is the entries and exits of a zone.
type tally struct {
	ID      string `json:"zone_id"`
	Entries int64  `json:"entries"`
	Exits   int64  `json:"exits"`
}

const (
	soakPeople = 1000
	soakZones  = 100
	soakRate   = 5                 // positions a second of each person
	soakLife   = 100 * time.Second // from coming to going, on average
	soakStride = 24                // cm between two positions
)

func newScript(began time.Time, log *recording.Writer) *script {
	s := &script{
		crowd: newCrowd(soakPeople), tiles: tiling(soakZones), random: rand.New(rand.NewPCG(7, 7)), log: log,
		at: began.UnixMicro(), step: time.Second.Microseconds() / (soakPeople * soakRate),
		walkers: make([]soakWalker, soakPeople), counts: map[string]*tally{"location": {ID: "location"}},
	}
	s.crowd.Stride = soakStride
	for i := range soakZones {
		id := fmt.Sprintf("z%d", i)
		s.counts[id] = &tally{ID: id}
	}
	return s
}

// following appends the next n messages as text frames.
func (s *script) following(frames [][]byte, n int) ([][]byte, error) {
	for range n {
		w := &s.walkers[s.turn]
		s.turn = (s.turn + 1) % len(s.walkers)
		m := s.live(w)
		frame, err := s.tell(m)
		if err != nil {
			return nil, err
		}
		frames = append(frames, frame)
	}
	return frames, nil
}

// live is the next thing that a walker does: appear, walk on or go.
func (s *script) live(w *soakWalker) *signals.Message {
	switch {
	case w.id == 0:
		s.next++
		w.id, w.zone = s.next, ""
		w.x, w.y = 1+s.random.Float64()*(s.crowd.Width-2), 1+s.random.Float64()*(s.crowd.Height-2)
		w.heading = s.random.Float64() * 2 * math.Pi
		s.counts["location"].Entries++
	case s.random.Float64() < 1/(soakLife.Seconds()*soakRate):
		return s.leave(w)
	default:
		w.step(s.crowd, s.random)
	}
	p := place{x: tenths(w.x), y: tenths(w.y)}
	if zone := fmt.Sprintf("z%d", s.tiles.of(p)); zone != w.zone {
		s.exit(w)
		w.zone = zone
		s.counts[zone].Entries++
	}
	nan := float32(math.NaN())
	return &signals.Message{Kind: signals.KindPosition, PersonID: w.id, X: p.x, Y: p.y, Confidence: nan, Age: nan}
}

func (s *script) leave(w *soakWalker) *signals.Message {
	m := &signals.Message{Kind: signals.KindLost, PersonID: w.id}
	s.exit(w)
	s.counts["location"].Exits++
	w.id = 0
	return m
}

func (s *script) exit(w *soakWalker) {
	if w.zone != "" {
		s.counts[w.zone].Exits++
	}
}

// tell writes a message down and returns its frame.
func (s *script) tell(m *signals.Message) ([]byte, error) {
	m.LocationID, m.Time = location, s.at
	s.at += s.step
	s.sent++
	return appendText(nil, m), s.log.WriteMessage(m)
}

// end is everybody's going.
func (s *script) end() (frames [][]byte, err error) {
	for i := range s.walkers {
		if w := &s.walkers[i]; w.id != 0 {
			frame, err := s.tell(s.leave(w))
			if err != nil {
				return nil, err
			}
			frames = append(frames, frame)
		}
	}
	return frames, nil
}

// differences compares counts with what the script says they are.
func (s *script) differences(rows []tally) (faults []string) {
	seen := map[string]bool{}
	for _, row := range rows {
		seen[row.ID] = true
		want := s.counts[row.ID]
		if want == nil || row != *want {
			faults = append(faults, fmt.Sprintf("%s has %d entries and %d exits, want %v", row.ID, row.Entries, row.Exits, want))
		}
	}
	for id := range s.counts {
		if !seen[id] {
			faults = append(faults, id+" is missing")
		}
	}
	return faults
}
