package engine

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

// fakeWall is a wall clock that can be set, over a monotonic one that cannot.
type fakeWall struct {
	base time.Time // carries the monotonic reading
	mono time.Duration
	step time.Duration // wall minus monotonic
}

func newFakeWall() *fakeWall { return &fakeWall{base: time.Now()} }

// now has the wall clock of base+mono+step and the monotonic reading of base+mono.
func (f *fakeWall) reading() reading {
	return reading{mono: f.mono, wall: f.base.Add(f.mono + f.step).UnixMicro()}
}

func (f *fakeWall) clock(notBefore int64) *Clock { return newClock(f.reading, notBefore) }

func TestClockFollowsTime(t *testing.T) {
	wall := newFakeWall()
	c := wall.clock(0)
	start := c.Now()
	wall.mono += 3 * time.Second
	if got := c.Now() - start; got != 3_000_000 {
		t.Fatalf("3 s passed, the stamp moved %d µs", got)
	}
	if c.Ahead() != 0 {
		t.Errorf("ahead by %v without a step", c.Ahead())
	}
}

func TestClockForwardStepIsFollowedAtOnce(t *testing.T) {
	wall := newFakeWall()
	c := wall.clock(0)
	start := c.Now()
	wall.mono, wall.step = time.Second, 24*time.Hour
	want := (24*time.Hour + time.Second).Microseconds()
	if got := c.Now() - start; got != want {
		t.Fatalf("the stamp moved %d µs, want %d", got, want)
	}
	jumps := c.jumpsSince(0)
	if len(jumps) != 1 || jumps[0].from != start || jumps[0].to != start+want {
		t.Errorf("jumps %v, want one over the day", jumps)
	}
}

func TestClockBackwardStepRunsSlower(t *testing.T) {
	wall := newFakeWall()
	c := wall.clock(0)
	start := c.Now()
	wall.step = -time.Hour
	wall.mono += 10 * time.Second
	if got := c.Now() - start; got != 9_000_000 {
		t.Fatalf("10 s passed, the stamp moved %d µs, want 9 s", got)
	}
	if ahead := c.Ahead(); ahead < time.Hour-2*time.Second {
		t.Errorf("ahead %v, want about an hour", ahead)
	}
	wall.mono += 11 * time.Hour // 0.1 of it makes up for the hour
	if got, want := c.Now(), wall.reading().wall; got != want {
		t.Errorf("stamp %d, wall clock %d: they should agree again", got, want)
	}
	if c.Ahead() != 0 {
		t.Errorf("still ahead by %v", c.Ahead())
	}
}

func TestClockBeginsNoEarlierThanWhatIsStored(t *testing.T) {
	wall := newFakeWall()
	stored := wall.reading().wall + time.Minute.Microseconds()
	if got := wall.clock(stored).Now(); got < stored {
		t.Errorf("stamp %d is before the stored time %d", got, stored)
	}
}

func TestClockNeverGoesBackNorStandsStill(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		wall := newFakeWall()
		c := wall.clock(0)
		last := c.Now()
		for range 50 {
			passed := time.Duration(rapid.Int64Range(2, 3_600_000_000).Draw(t, "passed")) * time.Microsecond
			wall.mono += passed
			if rapid.Bool().Draw(t, "steps") {
				wall.step += time.Duration(rapid.Int64Range(-1e6, 1e6).Draw(t, "step")) * 10 * time.Millisecond
			}
			now := c.Now()
			if now <= last {
				t.Fatalf("after %v the stamp went from %d to %d", passed, last, now)
			}
			if now < wall.reading().wall {
				t.Fatalf("stamp %d is behind the wall clock %d", now, wall.reading().wall)
			}
			last = now
		}
	})
}
