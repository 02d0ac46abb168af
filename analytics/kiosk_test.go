package analytics_test

import (
	"context"
	"errors"
	"testing"

	"github.com/footfall/footfall/analytics"
	"github.com/footfall/footfall/analytics/storetest"
	"github.com/footfall/footfall/tracker"
)

const hour = 60 * analytics.Minute

var noon = int64(1_743_336_000) * analytics.Second // 2025-03-30T12:00:00Z

// counting is a store that counts what is scanned, and can say when there was
// enough.
type counting struct {
	analytics.Store
	keys   int
	enough func(keys int)
}

func (c *counting) View(fn func(analytics.View) error) error {
	return c.Store.View(func(v analytics.View) error { return fn(countingView{v, c}) })
}

type countingView struct {
	analytics.View
	*counting
}

func (c countingView) Scan(t analytics.Table, from, to []byte, fn func(key, value []byte) error) error {
	return c.View.Scan(t, from, to, func(key, value []byte) error {
		c.keys++
		if c.enough != nil {
			c.enough(c.keys)
		}
		return fn(key, value)
	})
}

// kiosk is a store with two locations. In 21 somebody was in the door zone, the
// bar (gone since) and over the gate (gone since) just after noon; nothing is
// known of the shed, gone long ago.
func kiosk(t testing.TB) *counting {
	t.Helper()
	b := &analytics.Batch{}
	profiles := []*analytics.Profile{{
		Location: 21, Timezone: "Europe/Helsinki",
		Zones: []analytics.Subject{{Number: 4, ID: "door"}, {Number: 2, ID: "till"}, {Number: 1, ID: "bar", Gone: true}, {Number: 3, ID: "shed", Gone: true}},
		Lines: []analytics.Subject{{Number: 1, ID: "front"}, {Number: 2, ID: "gate", Gone: true}},
	}, {Location: 22, Timezone: "Asia/Kathmandu", DayStart: 240, Zones: []analytics.Subject{{Number: 1, ID: "yard"}}}}
	r := analytics.NewRecorder(21, noon)
	r.Connected(noon)
	for _, zone := range []int32{0, 1, 4} {
		r.Entry(tracker.Entry{Zone: zone, At: noon + 10*analytics.Second})
		r.Exit(tracker.Exit{Zone: zone, Entered: noon + 10*analytics.Second, Left: noon + 100*analytics.Second})
	}
	r.Crossing(tracker.Crossing{Line: 2, Direction: -1, At: noon + 20*analytics.Second})
	r.Flow(tracker.Flow{From: 1, To: 4, At: noon + 30*analytics.Second})
	r.Follow(noon + 48*hour)
	r.Flush(b, analytics.State{At: noon + 48*hour, Batch: 1})
	for _, p := range profiles {
		if err := p.Put(b); err != nil {
			t.Fatal(err)
		}
	}
	s := storetest.NewMemory()
	if err := analytics.Commit(s, b); err != nil {
		t.Fatal(err)
	}
	return &counting{Store: s}
}

func query(change func(*analytics.Query)) analytics.Query {
	q := analytics.Query{Kind: "occupancy", Locations: []int64{21}, From: noon, To: noon + hour, Bucket: analytics.Bucket15m, Now: noon + 48*hour}
	if change != nil {
		change(&q)
	}
	return q
}

func nobody(context.Context, int64) (*analytics.Open, error) { return nil, nil }

// counter counts rows and stops at the one where it fails.
type counter struct {
	rows, fails int
	begin       func()
}

var errFull = errors.New("the client is gone")

func (c *counter) Begin(analytics.Header) error {
	if c.begin != nil {
		c.begin()
	}
	return nil
}

func (c *counter) Row(*analytics.Row) error {
	if c.rows++; c.rows == c.fails {
		return errFull
	}
	return nil
}
