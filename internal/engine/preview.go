package engine

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"github.com/footfall/footfall/analytics"
	"github.com/footfall/footfall/tracker"
	"github.com/footfall/footfall/zones"
)

// ErrNoPreview means that no positions are kept: privacy.preview is off.
var ErrNoPreview = errors.New("no positions are kept")

// Preview is what the last hour's positions count by zones that might be, and by those
// there are.
type Preview struct {
	From, To     int64 // of the positions, Unix µs; both 0 where there are none
	Drawn, Count Counted
}

// Counted are a plan's figures, in its order.
type Counted struct {
	Zones []ZoneCounted
	Lines []LineCounted
}

// ZoneCounted is one zone's.
type ZoneCounted struct {
	ID             string
	Entries, Exits int64
	Dwell          int64 // of the visits that ended, µs
	Most           int64 // people at one instant
}

// LineCounted is one line's.
type LineCounted struct {
	ID      string
	In, Out int64
}

// Preview counts the last hour's positions of a location by a plan, beside the one there
// is, with people who were there already appearing at its beginning. The error is
// ErrNoLocation, ErrNoPreview or the context's.
func (e *Engine) Preview(ctx context.Context, location int64, plan *zones.Plan) (p Preview, err error) {
	o := e.owner(location)
	if o == nil {
		return p, ErrNoLocation
	}
	if o.past == nil {
		return p, ErrNoPreview
	}
	if err := e.previewing.acquire(ctx); err != nil { // one at a time: each takes a core for a moment
		return p, err
	}
	defer e.previewing.release()
	var events [][]past
	var present *zones.Plan
	if err := o.do(ctx, func() {
		events, present = o.past.lend(e.clock.Now()-pastLength), o.plan.Load()
	}); err != nil {
		return p, err
	}
	if len(events) == 0 {
		return p, nil
	}
	last := events[len(events)-1]
	p.From, p.To = events[0][0].at, last[len(last)-1].at
	settings := trackerSettings(e.Config)
	if p.Drawn, err = countPast(ctx, settings, plan, events); err != nil {
		return Preview{}, err
	}
	p.Count, err = countPast(ctx, settings, present, events)
	return p, err
}

// turnstile lets one in at a time.
type turnstile chan struct{}

func (t turnstile) acquire(ctx context.Context) error {
	select {
	case t <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (t turnstile) release() { <-t }

// countPast runs positions through a tracker of its own.
func countPast(ctx context.Context, settings tracker.Settings, plan *zones.Plan, events [][]past) (Counted, error) {
	profile := &analytics.Profile{}
	layout := profile.Adopt(plan)
	sink := &tally{zones: make([]zoneTally, len(layout.Zones)+1), lines: make([]LineCounted, len(layout.Lines)+1)}
	settings.HeatSquare = 0
	t := tracker.New(settings, layout, sink)
	swept := events[0][0].at
	for _, chunk := range events {
		if err := ctx.Err(); err != nil {
			return Counted{}, err
		}
		for i := range chunk {
			p := &chunk[i]
			if p.at-swept >= analytics.Second {
				t.Sweep(p.at)
				swept = p.at
			}
			if p.x != p.x {
				t.Lost(p.at, p.id)
			} else {
				t.Position(p.at, p.id, float64(p.x), float64(p.y))
			}
		}
	}
	t.Sweep(t.Now())
	t.Tentative(sink)
	return sink.counted(plan, layout), nil
}

// tally counts what a tracker tells. Zones and lines of a new profile have the numbers
// from 1.
type tally struct {
	zones []zoneTally
	lines []LineCounted
}

type zoneTally struct {
	ZoneCounted
	steps []occupancyStep
}

type occupancyStep struct {
	at int64
	by int64
}

// Entry implements tracker.Sink, as the methods below do.
func (s *tally) Entry(e tracker.Entry) {
	z := &s.zones[e.Zone]
	z.Entries++
	z.steps = append(z.steps, occupancyStep{e.At, 1})
}

// Exit counts a visit.
func (s *tally) Exit(e tracker.Exit) {
	z := &s.zones[e.Zone]
	z.Exits++
	z.Dwell += e.Left - e.Entered
	z.steps = append(z.steps, occupancyStep{e.Left, -1})
}

// Crossing counts one of a line.
func (s *tally) Crossing(c tracker.Crossing) {
	if c.Direction > 0 {
		s.lines[c.Line].In++
	} else {
		s.lines[c.Line].Out++
	}
}

// Flow is not counted, and nor is what follows.
func (*tally) Flow(tracker.Flow) {}

// Net is not.
func (*tally) Net(tracker.Net) {}

// Stitch is not.
func (*tally) Stitch(tracker.Stitch) {}

// Ghost is not.
func (*tally) Ghost(tracker.Ghost) {}

// Heat is not.
func (*tally) Heat(tracker.Heat) {}

// Group is not.
func (*tally) Group(tracker.Group) {}

func (s *tally) counted(plan *zones.Plan, layout tracker.Layout) (c Counted) {
	for i, z := range plan.Zones() {
		t := &s.zones[layout.Zones[i]]
		t.ID, t.Most = z.ID, mostOf(t.steps)
		c.Zones = append(c.Zones, t.ZoneCounted)
	}
	for i, l := range plan.Lines() {
		t := s.lines[layout.Lines[i]]
		t.ID = l.ID
		c.Lines = append(c.Lines, t)
	}
	return c
}

// mostOf is the most people at one instant, who leaves going before who comes.
func mostOf(steps []occupancyStep) (most int64) {
	slices.SortFunc(steps, func(a, b occupancyStep) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.by, b.by)) })
	here := int64(0)
	for _, s := range steps {
		here += s.by
		most = max(most, here)
	}
	return most
}
