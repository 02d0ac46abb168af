package engine

import (
	"fmt"
	"math"

	"github.com/footfall/footfall/analytics"
	"github.com/footfall/footfall/internal/config"
	"github.com/footfall/footfall/signals"
	"github.com/footfall/footfall/tracker"
	"github.com/footfall/footfall/zones"
)

// location is one location's people and counts. It belongs to one goroutine.
type location struct {
	id         int64
	profile    *analytics.Profile
	tracker    *tracker.Tracker
	recorder   *analytics.Recorder
	checkpoint *analytics.Checkpoint

	counted  int64 // time of the last message, or end of the last time under data
	messages int64 // counted since the history began
	changed  bool  // the profile is to be stored
	settled  int64
	feeds    int // that are connected
	heard    []signOfLife
	since    int64 // when data began to come in or ceased to, 0 before
	until    int64 // the end of the last connection

	keepDemographics bool
	ids              []int64 // scratch of expect
	byGates          []int32 // live counts with the gates' own, reused
}

// signOfLife tells when a feed last gave one, Unix µs; 0 if it has not.
type signOfLife interface{ SignOfLife() int64 }

// newLocation goes on from what is stored, or begins at an instant.
func newLocation(profile *analytics.Profile, cfg *config.Config, plan *zones.Plan, stored *analytics.Stored, from int64) (*location, error) {
	settings := trackerSettings(cfg)
	l := &location{id: profile.Location, profile: profile, changed: true, keepDemographics: cfg.Privacy.Demographics}
	layout := profile.Adopt(plan)
	if stored == nil {
		l.recorder, l.checkpoint = analytics.NewRecorder(l.id, from), analytics.NewCheckpoint(l.id)
		l.tracker = tracker.New(settings, layout, l.recorder)
		return l, l.countBy(profile)
	}
	l.recorder, l.checkpoint, l.counted, l.messages = stored.Recorder, stored.Checkpoint, stored.Counted, stored.Messages
	l.tracker = tracker.New(settings, layout, l.recorder)
	people := stored.Tracker()
	if len(people.People) == 0 {
		people.At = min(people.At, max(stored.Counted, l.recorder.Followed()))
	}
	if err := l.tracker.Restore(people); err != nil {
		return nil, fmt.Errorf("location %d: %w", l.id, err)
	}
	l.settled = l.recorder.Followed()
	return l, l.countBy(profile)
}

// countBy counts the location as a whole as its profile says.
func (l *location) countBy(profile *analytics.Profile) error {
	l.recorder.GoBy(profile)
	if !profile.Gates {
		l.recorder.CountByPeople(int64(l.tracker.People()))
		return nil
	}
	calendar, err := profile.Calendar()
	if err != nil {
		return err
	}
	l.recorder.CountByGates(calendar)
	return nil
}

// resetOccupancy sets the count of a location counted by gates.
func (l *location) resetOccupancy(at, occupancy int64) error {
	return l.recorder.ResetOccupancy(l.tracker.Advance(at), occupancy)
}

// live are the counts believed now, by zone number.
func (l *location) live() []int32 {
	counts, _ := l.tracker.Live()
	if !l.recorder.Gated() {
		return counts
	}
	l.byGates = append(l.byGates[:0], counts...)
	l.byGates[tracker.LocationZone] = int32(min(l.recorder.Believed(l.tracker), math.MaxInt32))
	return l.byGates
}

// liveVersion changes whenever live may.
func (l *location) liveVersion() uint64 {
	_, version := l.tracker.Live()
	return version + l.recorder.GatesVersion(l.tracker.Now())
}

// expect prepares the tracker for messages that are to be handled next.
func (l *location) expect(messages []signals.Message) {
	if l.tracker.People() < tracker.Crowd {
		return
	}
	l.ids = l.ids[:0]
	for i := range messages {
		if m := &messages[i]; l.heeds(m.Kind) {
			l.ids = append(l.ids, m.PersonID)
		}
	}
	l.tracker.Expect(l.ids)
}

// heeds reports whether the tracker is told of messages of a kind.
func (l *location) heeds(kind signals.Kind) bool {
	return kind == signals.KindPosition || kind == signals.KindLost || kind == signals.KindDemographics && l.keepDemographics
}

// handle takes one message into account.
func (l *location) handle(m *signals.Message) {
	switch m.Kind {
	case signals.KindPosition:
		l.tracker.Position(m.Time, m.PersonID, m.X, m.Y)
	case signals.KindLost:
		l.tracker.Lost(m.Time, m.PersonID)
	case signals.KindDemographics:
		if l.keepDemographics {
			l.tracker.Demographics(m.Time, m.PersonID, tracker.Gender(m.Gender), m.Age)
		}
	default:
		return
	}
	l.counted = max(l.counted, m.Time)
	l.messages++
}

// connected and disconnected follow how many feeds bring the location's data.
func (l *location) connected(at int64) {
	if l.feeds++; l.feeds == 1 {
		l.since = at
	}
	l.recorder.Connected(at)
}

func (l *location) disconnected(at int64) {
	l.until = max(l.until, at)
	if l.feeds--; l.feeds > 0 {
		return
	}
	l.since = l.until
	l.recorder.Disconnected(l.until)
	l.counted = max(l.counted, l.until)
}

// received holds bounds back to the last sign of life of the feeds: of one that dies
// without a word it is known later that nothing was received from then on.
func (l *location) received(b tracker.Bounds) tracker.Bounds {
	if !l.recorder.Receiving() || len(l.heard) == 0 {
		return b
	}
	last := l.until
	for _, feed := range l.heard {
		last = max(last, feed.SignOfLife())
	}
	return tracker.Bounds{Final: min(b.Final, last), Settled: min(b.Settled, last)}
}

// jumped leaves the time between uncovered.
func (l *location) jumped(j jump) {
	if l.recorder.Receiving() {
		l.recorder.Disconnected(j.from)
		l.recorder.Connected(j.to)
	}
}

// sweep brings the counts up to an instant. While nothing comes and nobody is
// there time stands still, so that a recording of it may still be added.
func (l *location) sweep(now int64) {
	if l.idle() {
		return
	}
	bounds := l.received(l.tracker.Sweep(now))
	if l.idle() {
		bounds.Final = min(bounds.Final, l.counted)
	}
	l.settled = bounds.Settled
	l.recorder.Follow(bounds.Final)
}

func (l *location) idle() bool {
	return !l.recorder.Receiving() && l.tracker.People() == 0 && l.recorder.AtRest()
}

// reload takes another plan at an instant.
func (l *location) reload(at int64, plan *zones.Plan) {
	l.tracker.Reload(at, l.profile.Adopt(plan))
	l.recorder.GoBy(l.profile)
	l.changed = true
}

// flushBlocks puts some of the people into a batch, and reports whether there are
// more to be put before flush.
func (l *location) flushBlocks(b *analytics.Batch) (more bool) {
	return l.checkpoint.PutBlocks(b, l.tracker)
}

// flush puts what changed into a batch.
func (l *location) flush(b *analytics.Batch, number int64) error {
	if l.changed {
		if err := l.profile.Put(b); err != nil {
			return err
		}
		l.changed = false
	}
	l.tracker.Warm()
	l.checkpoint.PutChanges(b, number, l.tracker)
	l.recorder.Flush(b, analytics.State{At: l.tracker.Now(), Counted: l.counted, Messages: l.messages, Batch: number, Known: l.tracker.KnownZones()})
	return nil
}

// open copies the open end for a report as of an instant.
func (l *location) open(now int64) *analytics.Open {
	if l.idle() {
		return l.recorder.Open(l.tracker, max(now, l.settled))
	}
	bounds := l.received(l.tracker.Sweep(now))
	return l.recorder.Open(l.tracker, bounds.Settled)
}

// present are messages that tell where everybody is now.
func (l *location) present() []signals.Message {
	var all []signals.Message
	at, nan := l.tracker.Now(), float32(math.NaN())
	l.tracker.Each(func(p tracker.Present) {
		all = append(all, signals.Message{Kind: signals.KindPosition, Time: at, LocationID: l.id, PersonID: p.ID, X: p.X, Y: p.Y, Confidence: nan, Age: nan})
		if p.Gender != tracker.GenderUnknown || p.Age == p.Age {
			all = append(all, signals.Message{Kind: signals.KindDemographics, Time: at, LocationID: l.id, PersonID: p.ID, Gender: signals.Gender(p.Gender), Age: p.Age, Confidence: nan})
		}
	})
	return all
}
