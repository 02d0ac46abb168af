package engine

import (
	"cmp"
	"context"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/footfall/footfall/analytics"
	"github.com/footfall/footfall/analytics/storetest"
	"github.com/footfall/footfall/internal/config"
	"github.com/footfall/footfall/signals"
)

// degraded is a recording as a poor sensor would have made it: positions jitter and
// fail, people are lost and found again under another id, losses are swallowed, and
// there are ghosts.
func degraded(messages []signals.Message, seed uint64) []signals.Message {
	r := rand.New(rand.NewPCG(seed, 0))
	var out []signals.Message
	type track struct {
		id         int64
		errX, errY float64
		silentTo   int64
	}
	tracks, next := map[int64]*track{}, int64(1_000_000)
	for _, m := range messages {
		p := tracks[m.PersonID]
		if p == nil {
			p = &track{id: m.PersonID}
			tracks[m.PersonID] = p
		}
		id := p.id
		switch {
		case m.Kind == signals.KindLost && r.IntN(10) == 0:
			continue
		case m.Kind == signals.KindPosition && m.Time < p.silentTo:
			continue
		case m.Kind == signals.KindPosition:
			p.errX, p.errY = 0.8*p.errX+7*r.NormFloat64(), 0.8*p.errY+7*r.NormFloat64()
			m.X, m.Y = m.X+p.errX, m.Y+p.errY
		}
		m.PersonID = id
		out = append(out, m)
		if m.Kind != signals.KindPosition || r.IntN(150) > 0 {
			continue
		}
		p.silentTo = m.Time + int64(r.IntN(2_500_000))
		next++
		switch r.IntN(3) {
		case 0:
			p.id = next
			out = append(out, signals.Message{Kind: signals.KindLost, Time: m.Time, LocationID: m.LocationID, PersonID: id})
		case 1:
			ghost := m
			ghost.PersonID = next
			out = append(out, ghost)
			ghost.Kind, ghost.Time = signals.KindLost, m.Time+int64(r.IntN(1_200_000))
			out = append(out, ghost)
		}
	}
	slices.SortStableFunc(out, func(a, b signals.Message) int { return cmp.Compare(a.Time, b.Time) })
	return out
}

// The ledger adds up whatever the sensor does, with every correction on, and all of
// them take part.
func TestLedgerOfDegradedScenes(t *testing.T) {
	var stitched, ghosts int64
	for _, name := range scenes(t) {
		t.Run(name, func(t *testing.T) {
			messages, set := crossedScene(t, name)
			for seed := range uint64(3) {
				store := storetest.NewMemory()
				r := NewReplayer(store, config.Default(), set)
				if err := r.Add(context.Background(), name, scriptOf(degraded(messages, seed)...)); err != nil {
					t.Fatal(err)
				}
				if err := r.Finish(); err != nil {
					t.Fatal(err)
				}
				reports := fromStoreAt(store, at(90_000))
				checkAccount(t, reports, 7, at(-600), at(3600))
				checkIdentities(t, reports, 7, at(-600), at(3600))
				row := zoneRow(t, readRows(t, reports, analytics.Query{Kind: "ledger", Locations: []int64{7}, From: at(-600), To: at(3600), Now: at(3600)}), "location")
				stitched, ghosts = stitched+whole(row["stitched"]), ghosts+whole(row["ghosts"])
			}
		})
	}
	if stitched < 20 || ghosts < 20 {
		t.Errorf("%d stitches and %d ghosts in all scenes", stitched, ghosts)
	}
}
