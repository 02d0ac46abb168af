package analytics_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/footfall/footfall/analytics"
	"github.com/footfall/footfall/analytics/storetest"
	"github.com/footfall/footfall/tracker"
)

// checkout is a till with a queue before it, in which one person's visits are told.
type checkout struct {
	t        *testing.T
	store    analytics.Store
	profile  *analytics.Profile
	recorder *analytics.Recorder
	clock    *tracker.Tracker
	batch    int64
	restarts bool
}

const (
	queueZone, tillZone = 1, 2
	grace               = 30 * analytics.Second
)

func newCheckout(t *testing.T, restarts bool) *checkout {
	c := &checkout{t: t, store: storetest.NewMemory(), restarts: restarts, recorder: analytics.NewRecorder(7, noon)}
	c.profile = &analytics.Profile{Location: 7, Timezone: "UTC", QueueGrace: grace, Zones: []analytics.Subject{
		{Number: queueZone, ID: "queue", Kind: "queue", Service: "till", WaitTarget: analytics.Minute}, {Number: tillZone, ID: "till"},
	}}
	c.profile.TakeFunnel([]string{"queue", "till"})
	b := &analytics.Batch{}
	c.must(c.profile.Put(b))
	c.must(c.store.Apply(b))
	c.clock = tracker.New(tracker.DefaultSettings(), tracker.Layout{Plan: noZones()}, discard{})
	c.recorder.GoBy(c.profile)
	c.recorder.Connected(noon)
	return c
}

func (c *checkout) must(err error) {
	c.t.Helper()
	if err != nil {
		c.t.Fatal(err)
	}
}

// tell tells of visits "zone from-to" in seconds after noon, each entry and exit when it
// happens, and of the track's end where there is an "end at".
func (c *checkout) tell(script string) {
	type telling struct {
		at int64
		do func()
	}
	var all []telling
	for line := range strings.SplitSeq(script, ",") {
		var zone string
		var from, to int64
		line = strings.TrimSpace(line)
		if _, err := fmt.Sscanf(line, "end %d", &to); err == nil {
			at := noon + to*analytics.Second
			all = append(all, telling{at, func() { c.recorder.Exit(tracker.Exit{Person: 3, Reason: tracker.Lost, Entered: noon, Left: at}) }})
			continue
		}
		if _, err := fmt.Sscanf(line, "%s %d-%d", &zone, &from, &to); err != nil {
			c.t.Fatalf("%q: %v", line, err)
		}
		number := map[string]int32{"queue": queueZone, "till": tillZone}[zone]
		entered, left := noon+from*analytics.Second, noon+to*analytics.Second
		all = append(all,
			telling{entered, func() { c.recorder.Entry(tracker.Entry{Zone: number, Person: 3, At: entered}) }},
			telling{left, func() {
				c.recorder.Exit(tracker.Exit{Zone: number, Person: 3, Entered: entered, Left: left})
			}})
	}
	slices.SortStableFunc(all, func(a, b telling) int { return int(a.at - b.at) })
	for _, one := range all {
		c.follow(one.at)
		one.do()
	}
}

// follow takes time on, and stores what there is.
func (c *checkout) follow(to int64) {
	c.recorder.Follow(to)
	if !c.restarts {
		return
	}
	c.save(to)
	c.must(c.store.View(func(v analytics.View) error {
		stored, err := analytics.Load(v, 7)
		c.recorder = stored.Recorder
		return err
	}))
	c.recorder.Connected(to)
}

func (c *checkout) save(at int64) {
	c.batch++
	b := &analytics.Batch{}
	c.recorder.Flush(b, analytics.State{At: at, Counted: at, Batch: c.batch})
	c.must(analytics.Commit(c.store, b))
	c.recorder.Committed(c.batch)
}

func (c *checkout) rows(kind string, bucket analytics.Bucket) (rows []row) {
	q := analytics.Query{Kind: kind, Locations: []int64{7}, From: noon, To: noon + hour, Bucket: bucket, Now: noon + hour}
	out, err := run(c.store, q, nil)
	c.must(err)
	return out.rows
}

// The queue, sentence by sentence of the definitions. Figures are joined, served,
// abandoned and over target, then the mean waits.
func TestQueue(t *testing.T) {
	for _, c := range []struct {
		what, script      string
		figures           [4]int64
		served, abandoned float64 // mean wait in seconds, -1 for none
	}{
		{"served from the queue", "queue 0-40, till 40-90", [4]int64{1, 1, 0, 0}, 40, -1},
		{"served after a step aside", "queue 0-40, till 69-90", [4]int64{1, 1, 0, 1}, 69, -1},
		{"served too late", "queue 0-40, till 70-90", [4]int64{1, 0, 1, 0}, -1, 40},
		{"gave up", "queue 0-40", [4]int64{1, 0, 1, 0}, -1, 40},
		{"a step aside is the same wait", "queue 0-40, queue 69-100, till 100-120", [4]int64{1, 1, 0, 1}, 100, -1},
		{"longer, and it is another", "queue 0-40, queue 70-100, till 100-120", [4]int64{2, 1, 1, 0}, 30, 40},
		{"several steps aside", "queue 0-10, queue 20-30, queue 50-60", [4]int64{1, 0, 1, 0}, -1, 60},
		{"served while still in the queue", "queue 0-50, till 20-60", [4]int64{1, 1, 0, 0}, 20, -1},
		{"no wait begins in the service zone", "till 0-90, queue 10-20", [4]int64{}, -1, -1},
		{"but one does after it", "till 0-90, queue 90-100", [4]int64{1, 0, 1, 0}, -1, 10},
		{"entered together it is none", "queue 10-20, till 10-90", [4]int64{}, -1, -1},
		{"an entry to the service zone ends the wait", "queue 0-40, till 50-60, queue 65-70", [4]int64{2, 1, 1, 0}, 50, 5},
		{"exactly the target is within it", "queue 0-60, till 60-90", [4]int64{1, 1, 0, 0}, 60, -1},
		{"over target", "queue 0-61, till 61-90", [4]int64{1, 1, 0, 1}, 61, -1},
		{"the track's end ends it at once", "queue 0-40, end 41", [4]int64{1, 0, 1, 0}, -1, 40},
		{"lost in the queue", "queue 0-40, end 40", [4]int64{1, 0, 1, 0}, -1, 40},
		{"no time at all", "queue 0-0", [4]int64{1, 0, 1, 0}, -1, 0},
		{"minutes later", "queue 0-400, till 429-500", [4]int64{1, 1, 0, 1}, 429, -1},
		{"given up across a minute", "queue 0-55, till 300-310", [4]int64{1, 0, 1, 0}, -1, 55},
	} {
		for _, restarts := range []bool{false, true} {
			checkout := newCheckout(t, restarts)
			checkout.tell(c.script)
			checkout.follow(noon + hour)
			checkout.save(noon + hour)
			got := checkout.rows("queue", analytics.Whole)[0].cells
			mean := func(seconds float64) analytics.Cell {
				if seconds < 0 {
					return null
				}
				return decimal(seconds)
			}
			want := []analytics.Cell{integer(c.figures[0]), integer(c.figures[1]), integer(c.figures[2]), integer(c.figures[3]), mean(c.served), mean(c.abandoned)}
			if have := []analytics.Cell{got[1], got[2], got[3], got[11], got[4], got[7]}; !slices.Equal(have, want) {
				t.Errorf("%s (%s, restarts %t): %+v, want %+v", c.what, c.script, restarts, have, want)
			}
		}
	}
}

// What is known late goes into the minute in which it happened.
func TestAbandonedLate(t *testing.T) {
	for _, restarts := range []bool{false, true} {
		c := newCheckout(t, restarts)
		c.tell("queue 10-50")
		c.follow(noon + 79*analytics.Second)
		c.save(noon + 79*analytics.Second)
		if got := c.rows("queue", analytics.Bucket1m)[0].cells; got[1] != integer(1) || got[3] != integer(0) {
			t.Errorf("within the grace: joined %+v, abandoned %+v", got[1], got[3])
		}
		c.follow(noon + 80*analytics.Second)
		c.save(noon + 80*analytics.Second)
		for i, want := range []analytics.Cell{integer(1), integer(0)} {
			if got := c.rows("queue", analytics.Bucket1m)[i].cells; got[1] != want || got[3] != want {
				t.Errorf("after it, restarts %t: minute %d has joined %+v and abandoned %+v, want %+v", restarts, i, got[1], got[3], want)
			}
		}
	}
}

func TestFunnelOfOne(t *testing.T) {
	for _, c := range []struct {
		script string
		want   []int64
	}{
		{"queue 0-10, till 20-30, queue 40-50, till 60-70", []int64{1, 1}},
		{"till 0-10, queue 20-30", []int64{1, 0}},
		{"till 5-10, queue 5-30", []int64{1, 1}},
		{"till 0-40, queue 20-30", []int64{1, 0}},
	} {
		for _, restarts := range []bool{false, true} {
			checkout := newCheckout(t, restarts)
			checkout.tell(c.script)
			checkout.follow(noon + hour)
			checkout.save(noon + hour)
			for i, r := range checkout.rows("funnel", analytics.Whole) {
				if r.cells[0] != integer(int64(i+1)) || r.cells[2] != integer(c.want[i]) {
					t.Errorf("%s: stage %d has %+v, want %d", c.script, i+1, r.cells[2], c.want[i])
				}
			}
		}
	}
}

// Another funnel is counted apart, and the first one is as it was when it comes back.
func TestAnotherFunnel(t *testing.T) {
	c := newCheckout(t, false)
	c.tell("queue 0-10, till 20-30, end 40")
	c.profile.TakeFunnel([]string{"till", "queue"})
	c.recorder.GoBy(c.profile)
	c.tell("till 50-60, queue 70-80, end 90")
	c.follow(noon + hour)
	for i, want := range []string{"till", "queue"} {
		b := &analytics.Batch{}
		c.must(c.profile.Put(b))
		c.must(c.store.Apply(b))
		c.save(noon + hour)
		if r := c.rows("funnel", analytics.Whole)[0]; r.cells[1] != text(want) || r.cells[2] != integer(1) {
			t.Errorf("funnel %d: %+v", i, r.cells)
		}
		c.profile.TakeFunnel([]string{"queue", "till"})
	}
	c.profile.TakeFunnel(nil)
	b := &analytics.Batch{}
	c.must(c.profile.Put(b))
	c.must(c.store.Apply(b))
	if rows := c.rows("funnel", analytics.Whole); len(rows) != 0 {
		t.Errorf("without a funnel: %+v", rows)
	}
}
