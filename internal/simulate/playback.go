package simulate

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"

	"github.com/footfall/footfall/signals"
)

const (
	// LoopGap lies between the last message of one round of a loop and the first of
	// the next, in microseconds of the recording: more than a tracker would stitch.
	LoopGap = 5 * second

	playbackBatch = 256
)

// ErrNothingToPlay is the error of a loop over a recording without a message.
var ErrNothingToPlay = errors.New("the recording holds no positions, losses or demographics to play")

// Recording is a source of messages in order of time, such as a recording.Reader.
type Recording interface {
	Next(m *signals.Message) error // io.EOF at the end
	Close() error
}

// Playback plays a recording.
type Playback struct {
	Open  func() (Recording, error) // opens the recording; called once a round
	Speed float64                   // 1 is as recorded, 0 as fast as publish takes it
	Loop  bool
	Clock Clock
}

// Run publishes the recording's positions, losses and demographics, paced by their
// times; messages of other kinds are left out. What is late is published at once, so
// that the pace holds over the whole. In a loop everyone still present at a round's
// end is lost then, and times run on: a round begins LoopGap after the last message
// of the one before. Run returns nil at the end or when ctx is done, or the error of
// Open, of the recording or of publish.
func (p *Playback) Run(ctx context.Context, publish Publish) error {
	if p.Speed < 0 || math.IsNaN(p.Speed) || math.IsInf(p.Speed, 0) {
		return fmt.Errorf("a speed of %v: it must be 0 or more", p.Speed)
	}
	r := player{
		clock: p.Clock.orReal(), speed: p.Speed, publish: publish,
		present: map[someone]bool{}, batch: make([]signals.Message, 0, playbackBatch),
	}
	for {
		err := r.round(ctx, p.Open)
		if err == nil && p.Loop {
			err = r.loseAll()
		}
		switch {
		case ctx.Err() != nil:
			return nil //nolint:nilerr // the caller knows that ctx is done
		case err != nil:
			return err
		case !p.Loop:
			return nil
		case !r.begun:
			return ErrNothingToPlay
		}
	}
}

// someone is a person of a location.
type someone struct{ location, person int64 }

// player is one run of a Playback.
type player struct {
	clock   Clock
	speed   float64
	publish Publish

	begun   bool  // a message was played
	start   int64 // when the first message was played, by the clock
	first   int64 // its time
	last    int64 // the latest message's time, rounds added up
	now     int64 // the clock when last looked at
	present map[someone]bool
	batch   []signals.Message
}

// round plays the recording once.
func (r *player) round(ctx context.Context, open func() (Recording, error)) error {
	source, err := open()
	if err != nil {
		return err
	}
	defer func() { _ = source.Close() }() // which was only read
	var shift int64
	begun := false
	for {
		var m signals.Message
		if err := source.Next(&m); errors.Is(err, io.EOF) {
			return r.flush()
		} else if err != nil {
			return errors.Join(r.flush(), err)
		}
		if m.Kind != signals.KindPosition && m.Kind != signals.KindLost && m.Kind != signals.KindDemographics {
			continue
		}
		if !begun {
			begun = true
			shift = r.begin(m.Time)
		}
		m.Time += shift
		if err := r.play(ctx, m); err != nil {
			return err
		}
	}
}

// begin sets the clock at the first message, and returns what a round's times are
// moved by.
func (r *player) begin(first int64) (shift int64) {
	if r.begun {
		return r.last + LoopGap - first
	}
	r.begun, r.first, r.last = true, first, first
	r.start = r.clock.Now()
	r.now = r.start
	return 0
}

// play publishes m when it is due.
func (r *player) play(ctx context.Context, m signals.Message) error {
	if r.speed > 0 {
		due := r.start + int64(float64(m.Time-r.first)/r.speed)
		if due > r.now {
			if err := r.flush(); err != nil {
				return err
			}
			now, err := r.clock.until(ctx, due)
			if err != nil {
				return err
			}
			r.now = now
		}
	}
	r.last = max(r.last, m.Time)
	switch who := (someone{m.LocationID, m.PersonID}); m.Kind {
	case signals.KindPosition:
		r.present[who] = true
	case signals.KindLost:
		delete(r.present, who)
	default: // an estimate brings nobody and takes nobody away
	}
	return r.add(ctx, m)
}

func (r *player) add(ctx context.Context, m signals.Message) error {
	r.batch = append(r.batch, m)
	if len(r.batch) < playbackBatch {
		return nil
	}
	if err := r.flush(); err != nil {
		return err
	}
	return ctx.Err()
}

func (r *player) flush() error {
	if len(r.batch) == 0 {
		return nil
	}
	err := r.publish(r.batch)
	r.batch = r.batch[:0]
	return err
}

// loseAll loses everyone present, at the time of the last message.
func (r *player) loseAll() error {
	all := make([]someone, 0, len(r.present))
	for who := range r.present {
		all = append(all, who)
	}
	clear(r.present)
	slices.SortFunc(all, func(a, b someone) int {
		return cmp.Or(cmp.Compare(a.location, b.location), cmp.Compare(a.person, b.person))
	})
	for _, who := range all {
		r.batch = append(r.batch, signals.Message{
			Time: r.last, Kind: signals.KindLost, LocationID: who.location, PersonID: who.person,
			Confidence: float32(math.NaN()), Age: float32(math.NaN()),
		})
	}
	return r.flush()
}
