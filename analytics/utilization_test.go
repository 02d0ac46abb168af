package analytics_test

import (
	"slices"
	"testing"

	"github.com/footfall/footfall/analytics"
	"github.com/footfall/footfall/analytics/storetest"
	"github.com/footfall/footfall/tracker"
)

func capacityOf(p *analytics.Profile, number int32) int64 {
	for _, z := range p.Zones {
		if z.Number == number {
			return int64(z.Capacity)
		}
	}
	return int64(p.Capacity)
}

// A zone is full by the capacity of then: 4 until ten past, 2 from there on.
func TestFullByTheCapacityOfThen(t *testing.T) {
	p := &analytics.Profile{Location: 21, Timezone: "UTC", Zones: []analytics.Subject{{Number: 1, ID: "till", Capacity: 4}}}
	r := analytics.NewRecorder(21, noon)
	r.GoBy(p)
	r.Connected(noon)
	for range 2 {
		r.Entry(tracker.Entry{Zone: 1, Reason: tracker.Crossed, At: noon})
	}
	r.Follow(noon + 10*analytics.Minute)
	p.Zones[0].Capacity = 2
	r.GoBy(p)
	r.Follow(noon + 40*analytics.Minute)
	store, b := storetest.NewMemory(), &analytics.Batch{}
	if err := p.Put(b); err != nil {
		t.Fatal(err)
	}
	r.Flush(b, analytics.State{At: noon + 40*analytics.Minute, Batch: 1, Known: []int32{1}})
	if err := analytics.Commit(store, b); err != nil {
		t.Fatal(err)
	}
	q := analytics.Query{Kind: "utilization", Locations: []int64{21}, From: noon, To: noon + 40*analytics.Minute, Now: noon + 40*analytics.Minute, Zones: []string{"till"}}
	out, err := run(store, q, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := []analytics.Cell{text("till"), integer(2), decimal(1), decimal(1), decimal(0.75)}
	if len(out.rows) != 1 || !slices.Equal(out.rows[0].cells, want) {
		t.Errorf("rows %+v, want %+v", out.rows, want)
	}
}

// A rollup from before these figures were kept makes the shares null, not zero.
func TestUtilizationOfOldRollups(t *testing.T) {
	p := &analytics.Profile{Location: 21, Timezone: "UTC", Capacity: 4}
	store, b := storetest.NewMemory(), &analytics.Batch{}
	if err := p.Put(b); err != nil {
		t.Fatal(err)
	}
	from := noon - noon%analytics.Quarter
	for i := range int64(2) {
		old := analytics.ZoneRollup{Max: 2, End: 2}
		old.Sum[analytics.Covered], old.Sum[analytics.CoveredPersonTime] = analytics.Quarter, 2*analytics.Quarter
		if i == 1 {
			old.Sum[analytics.OccupiedTime] = analytics.Quarter
		}
		analytics.PutZoneRollup(b, analytics.Quarters, 21, from+i*analytics.Quarter, 0, &old)
		analytics.PutCovered(b, 21, from+i*analytics.Quarter)
	}
	if err := analytics.PutSummed(b, 21, from+2*analytics.Quarter); err != nil {
		t.Fatal(err)
	}
	if err := store.Apply(b); err != nil {
		t.Fatal(err)
	}
	for end, want := range map[int64][]analytics.Cell{
		1: {text("location"), integer(4), decimal(0.5), null, null},
		2: {text("location"), integer(4), decimal(0.5), null, null},
	} {
		to := from + end*analytics.Quarter
		out, err := run(store, analytics.Query{Kind: "utilization", Locations: []int64{21}, From: from, To: to, Now: to}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if len(out.rows) != 1 || !slices.Equal(out.rows[0].cells, want) {
			t.Errorf("%d quarters: rows %+v, want %+v", end, out.rows, want)
		}
	}
}

// timeAtLeast is the covered time with at least n people in a zone.
func (k *known) timeAtLeast(number int32, n int64, in interval) (sum int64) {
	visits := k.visitsTo(number, in)
	for _, p := range k.pieces(in) {
		cuts := []int64{p.from, p.to}
		for _, v := range visits {
			for _, at := range []int64{v.entered, v.left} {
				if at > p.from && at < p.to {
					cuts = append(cuts, at)
				}
			}
		}
		slices.Sort(cuts)
		for i, at := range cuts[:len(cuts)-1] {
			if inside(visits, at) >= n {
				sum += cuts[i+1] - at
			}
		}
	}
	return sum
}
