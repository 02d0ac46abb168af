package main

import (
	"context"
	"errors"
	"slices"

	"github.com/footfall/footfall/api"
	"github.com/footfall/footfall/internal/engine"
	"github.com/footfall/footfall/zones"
)

// previewZones counts the last hour by what a client drew.
func previewZones(ctx context.Context, e *engine.Engine, location int64, collection []byte) (*api.Preview, error) {
	_, set, err := zones.Replace(nil, location, collection)
	if err != nil {
		return nil, zonesRefused(err)
	}
	p, err := e.Preview(ctx, location, set.Plan(location))
	if errors.Is(err, engine.ErrNoPreview) {
		return nil, &api.Conflict{Reason: "no positions are kept to count: the configuration says privacy.preview: false"}
	}
	if err != nil {
		return nil, err
	}
	return besides(p), nil
}

// besides pairs what was drawn with what counts now.
func besides(p engine.Preview) *api.Preview {
	both := &api.Preview{From: p.From, To: p.To}
	for _, z := range p.Drawn.Zones {
		one := api.PreviewZone{ID: z.ID, Drawn: visitsOf(z)}
		if i := slices.IndexFunc(p.Count.Zones, func(o engine.ZoneCounted) bool { return o.ID == z.ID }); i >= 0 {
			one.Now = visitsOf(p.Count.Zones[i])
		}
		both.Zones = append(both.Zones, one)
	}
	for _, z := range p.Count.Zones {
		if !slices.ContainsFunc(p.Drawn.Zones, func(o engine.ZoneCounted) bool { return o.ID == z.ID }) {
			both.Zones = append(both.Zones, api.PreviewZone{ID: z.ID, Now: visitsOf(z)})
		}
	}
	for _, l := range p.Drawn.Lines {
		one := api.PreviewLine{ID: l.ID, Drawn: &api.PreviewCrossings{In: l.In, Out: l.Out}}
		if i := slices.IndexFunc(p.Count.Lines, func(o engine.LineCounted) bool { return o.ID == l.ID }); i >= 0 {
			one.Now = &api.PreviewCrossings{In: p.Count.Lines[i].In, Out: p.Count.Lines[i].Out}
		}
		both.Lines = append(both.Lines, one)
	}
	for _, l := range p.Count.Lines {
		if !slices.ContainsFunc(p.Drawn.Lines, func(o engine.LineCounted) bool { return o.ID == l.ID }) {
			both.Lines = append(both.Lines, api.PreviewLine{ID: l.ID, Now: &api.PreviewCrossings{In: l.In, Out: l.Out}})
		}
	}
	return both
}

func visitsOf(z engine.ZoneCounted) *api.PreviewVisits {
	return &api.PreviewVisits{Entries: z.Entries, Exits: z.Exits, Dwell: z.Dwell, Most: z.Most}
}
