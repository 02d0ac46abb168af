package whatif

import (
	"context"
	"errors"
	"testing"

	"github.com/footfall/footfall/analytics"
	"github.com/footfall/footfall/analytics/storetest"
)

// shops is a store of empty locations with these zones.
func shops(t *testing.T, locations []int64, zoneIDs ...string) *analytics.Reports {
	t.Helper()
	store, b := storetest.NewMemory(), &analytics.Batch{}
	for _, id := range locations {
		p := &analytics.Profile{Location: id, Timezone: "Europe/Helsinki"}
		for i, zone := range zoneIDs {
			p.Zones = append(p.Zones, analytics.Subject{Number: int32(i) + 1, ID: zone})
		}
		if err := p.Put(b); err != nil {
			t.Fatal(err)
		}
	}
	if err := store.Apply(b); err != nil {
		t.Fatal(err)
	}
	return &analytics.Reports{Store: store, Open: func(context.Context, int64) (*analytics.Open, error) { return nil, nil }}
}

func TestIntervalsWithoutDataAreLeftOut(t *testing.T) {
	q := analytics.Query{Locations: []int64{2, 1}, From: 0, To: analytics.Minute, Now: analytics.Minute}
	c, err := Compare(context.Background(), shops(t, q.Locations, "a"), shops(t, q.Locations, "b"), q)
	if err != nil || len(c.Rows) != 0 || c.To != analytics.Minute || c.Clocks[1].String() != "Europe/Helsinki" {
		t.Errorf("got %+v, %v", c, err)
	}
}

// A zone asked for may be one of either store, and must be one of them.
func TestZonesOfEitherSide(t *testing.T) {
	q := analytics.Query{Locations: []int64{1}, From: 0, To: analytics.Minute, Now: analytics.Minute}
	before, after := shops(t, q.Locations, "a"), shops(t, q.Locations, "b")
	q.Zones = []string{"b", "a", "location"}
	if _, err := Compare(context.Background(), before, after, q); err != nil {
		t.Error(err)
	}
	q.Zones = []string{"a", "c"}
	_, err := Compare(context.Background(), before, after, q)
	var wrong *analytics.QueryError
	if !errors.As(err, &wrong) || !wrong.NotFound || wrong.Parameter != "zone" {
		t.Errorf("got %v, want that there is no zone c", err)
	}
}

// Rows go by location as asked, then time, zones before lines, each in the order of
// the zones file with those of the second setting alone behind.
func TestOrderOfRows(t *testing.T) {
	k := key{location: 1, start: 5, lines: 0, subject: 2}
	for _, later := range []key{{2, 0, 0, 0}, {1, 6, 0, 0}, {1, 5, 1, 0}, {1, 5, 0, 3}} {
		if k.compare(later) >= 0 || later.compare(k) <= 0 || k.compare(k) != 0 {
			t.Errorf("%v does not come before %v", k, later)
		}
	}
}
