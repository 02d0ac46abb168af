package engine

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	"github.com/footfall/footfall/analytics"
	"github.com/footfall/footfall/internal/config"
	"github.com/footfall/footfall/internal/recording"
	"github.com/footfall/footfall/signals"
	"github.com/footfall/footfall/zones"
)

// How much recorded time passes between two sweeps of a replay at least, and at
// most: a long gap is not held in memory minute by minute. It has no effect on
// what is counted.
const (
	sweepEvery  = 5 * analytics.Second
	sweepAtMost = 24 * 60 * analytics.Minute
)

// Messages is where a replay takes its messages from: a *recording.Reader, or
// anything like it. Times never step back.
type Messages interface {
	Next(*signals.Message) error // io.EOF at the end; a *recording.LineError may be skipped
}

// Replayer counts recordings into a store, each of them whole or not at all. It
// belongs to one goroutine, and nobody else may write the store meanwhile.
type Replayer struct {
	store     analytics.Store
	config    *config.Config
	zones     *zones.Set
	locations map[int64]*location
	added     map[int64]bool // locations that a recording was added to
	batch     int64

	SkipMalformed bool
	Summary       Summary
}

// NewReplayer counts by a configuration and zones.
func NewReplayer(store analytics.Store, cfg *config.Config, set *zones.Set) *Replayer {
	return &Replayer{store: store, config: cfg, zones: set, locations: map[int64]*location{}, added: map[int64]bool{}}
}

// Add counts one recording, named for errors. People still in at its end go on
// into the next one. On an error nothing of it is kept, and Finish may still be
// called for those before it.
func (r *Replayer) Add(ctx context.Context, name string, messages Messages) error {
	f := &replayFile{Replayer: r, ctx: ctx, name: name, batch: &analytics.Batch{}, named: map[int64]*location{}}
	err := f.run(messages)
	if err == nil {
		err = f.commit()
	}
	if err != nil {
		clear(r.locations) // what they met of this file is not kept
		return err
	}
	r.Summary.Messages += f.summary.Messages
	r.Summary.Skipped += f.summary.Skipped
	r.Summary.Unknown += f.summary.Unknown
	r.Summary.span(f.first, f.last)
	return nil
}

// Finish ends the tracks still open, sums up what was added, and writes it.
func (r *Replayer) Finish() error {
	ids := slices.Sorted(maps.Keys(r.added))
	for _, id := range ids {
		l, err := r.location(id, 0)
		if err != nil {
			return err
		}
		l.tracker.End()
		l.recorder.Follow(max(l.recorder.Followed(), l.counted))
	}
	b := &analytics.Batch{}
	if err := r.flush(b); err != nil {
		return err
	}
	if err := analytics.Commit(r.store, b); err != nil {
		return err
	}
	for _, id := range ids {
		if err := analytics.Derive(r.store, id); err != nil {
			return err
		}
	}
	return nil
}

// location is the one of an id, as stored or new from an instant.
func (r *Replayer) location(id, from int64) (*location, error) {
	if l := r.locations[id]; l != nil {
		return l, nil
	}
	var l *location
	err := r.store.View(func(v analytics.View) error {
		profile, err := analytics.LoadProfile(v, id)
		if err != nil {
			return err
		}
		stored, err := analytics.Load(v, id)
		if err != nil {
			return err
		}
		if stored != nil {
			r.batch = max(r.batch, stored.Batch)
		}
		l, err = newLocation(describe(profile, r.config, id), r.config, r.zones.Plan(id), stored, from)
		return err
	})
	if err != nil {
		return nil, err
	}
	r.locations[id] = l
	return l, nil
}

func (r *Replayer) flush(b *analytics.Batch) error {
	r.batch++
	for _, l := range r.locations {
		for l.flushBlocks(b) {
		}
		if err := l.flush(b, r.batch); err != nil {
			return err
		}
	}
	return nil
}

// replayFile is one recording on its way in.
type replayFile struct {
	*Replayer
	ctx     context.Context
	name    string
	batch   *analytics.Batch
	named   map[int64]*location // that the file names
	summary Summary

	first, last, swept int64
	current            *location // of the last message
}

func (f *replayFile) run(messages Messages) error {
	var m signals.Message
	for {
		err := messages.Next(&m)
		if errors.Is(err, io.EOF) {
			f.end()
			return nil
		}
		var malformed *recording.LineError
		if errors.As(err, &malformed) && f.SkipMalformed {
			f.summary.Skipped++
			continue
		}
		if err != nil {
			return err
		}
		if err := f.take(&m); err != nil {
			return err
		}
	}
}

func (f *replayFile) take(m *signals.Message) error {
	if f.first == 0 {
		f.first, f.swept = m.Time, m.Time
	}
	f.last = m.Time
	for m.Time-f.swept > sweepAtMost {
		if err := f.sweep(f.swept + sweepAtMost); err != nil {
			return err
		}
	}
	if m.Time-f.swept >= sweepEvery {
		if err := f.sweep(m.Time); err != nil {
			return err
		}
	}
	if m.Kind != signals.KindPosition && m.Kind != signals.KindLost && m.Kind != signals.KindDemographics {
		f.summary.Unknown++
		return nil
	}
	f.summary.Messages++
	if f.current == nil || f.current.id != m.LocationID {
		if err := f.turnTo(m); err != nil {
			return err
		}
	}
	f.current.handle(m)
	return nil
}

// turnTo makes a message's location the current one.
func (f *replayFile) turnTo(m *signals.Message) error {
	if l := f.named[m.LocationID]; l != nil {
		f.current = l
		return nil
	}
	l, err := f.Replayer.location(m.LocationID, f.first)
	if err != nil {
		return err
	}
	counted := l.counted
	if l.tracker.People() > 0 {
		counted = max(counted, l.tracker.Now())
	}
	if !l.recorder.AtRest() {
		counted = max(counted, l.recorder.Followed())
	}
	if m.Time < counted {
		return &BehindError{File: f.name, Location: l.id, Begins: m.Time, Counted: counted}
	}
	l.connected(max(f.first, l.counted))
	f.named[l.id], f.current = l, l
	return nil
}

// sweep brings every named location up to an instant, and what is closed by then
// into the batch.
func (f *replayFile) sweep(now int64) error {
	f.swept = now
	for _, l := range f.named {
		l.sweep(now)
		l.recorder.FlushClosed(f.batch)
	}
	return f.ctx.Err()
}

func (f *replayFile) end() {
	for _, l := range f.named {
		l.sweep(f.last)
		l.disconnected(f.last)
		l.sweep(f.last)
	}
}

func (f *replayFile) commit() error {
	if err := f.flush(f.batch); err != nil {
		return err
	}
	if err := analytics.Commit(f.store, f.batch); err != nil {
		return err
	}
	for id, l := range f.named {
		l.recorder.Committed(f.Replayer.batch)
		f.added[id] = true
	}
	return nil
}

// BehindError means that a recording begins before what is counted already: a
// location's history only grows at its end.
type BehindError struct {
	File            string
	Location        int64
	Begins, Counted int64 // Unix µs
}

func (e *BehindError) Error() string {
	return fmt.Sprintf("%s: location %d is counted up to %s already, and the recording begins there at %s; nothing of it was added. History only grows at its end: replay into another database",
		e.File, e.Location, formatTime(e.Counted), formatTime(e.Begins))
}

func formatTime(at int64) string {
	return time.UnixMicro(at).UTC().Format("2006-01-02T15:04:05.999999Z07:00")
}
