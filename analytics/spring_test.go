package analytics_test

import (
	"sync"
	"testing"
	"time"

	"github.com/footfall/footfall/analytics"
	"github.com/footfall/footfall/analytics/storetest"
	"github.com/footfall/footfall/tracker"
)

func instantOf(t testing.TB, s string) int64 {
	t.Helper()
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return at.UnixMicro()
}

func zoneOf(t testing.TB, name string) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// spring is a store with six weeks around Helsinki's clock change of 30 March 2025:
// a visit to one of two zones every 97 minutes, a flow now and then, the bar gone
// since the 25th, nothing received on the 20th.
var spring = sync.OnceValue(func() analytics.Store {
	const from, to = 1_741_564_800, 1_745_193_600 // 2025-03-10 to 2025-04-21
	b := &analytics.Batch{}
	p := &analytics.Profile{Location: 21, Timezone: "Europe/Helsinki", DayStart: 240, Zones: []analytics.Subject{
		{Number: 1, ID: "door"}, {Number: 2, ID: "till"}, {Number: 3, ID: "bar", Gone: true},
	}}
	if err := p.Put(b); err != nil {
		panic(err)
	}
	r := analytics.NewRecorder(21, from*analytics.Second)
	silent := (from + 10*24*3600) * analytics.Second
	r.Connected(from * analytics.Second)
	for n := int64(0); ; n++ {
		at := from*analytics.Second + n*97*analytics.Minute
		left := at + (1+n%40)*analytics.Minute
		if left >= to*analytics.Second {
			break
		}
		if at >= silent && at < silent+24*hour {
			if n%7 == 0 {
				r.Disconnected(at)
			}
			continue
		}
		r.Connected(at)
		number := int32(1 + n%2)
		if n%5 == 0 && at < (from+15*24*3600)*analytics.Second {
			number = 3
			r.Flow(tracker.Flow{From: 3, To: 1, At: at})
		}
		for _, z := range []int32{tracker.LocationZone, number} {
			r.Entry(tracker.Entry{Zone: z, At: at})
			r.Exit(tracker.Exit{Zone: z, Entered: at, Left: left})
		}
		if n%3 == 0 {
			r.Flow(tracker.Flow{From: number, To: 3 - number%2, At: at})
		}
		r.Follow(left)
	}
	r.Follow(to * analytics.Second)
	r.Flush(b, analytics.State{At: to * analytics.Second, Batch: 1})
	s := storetest.NewMemory()
	if err := analytics.Commit(s, b); err != nil {
		panic(err)
	}
	return s
})

const springEnd = int64(1_745_193_600) * 1e6
