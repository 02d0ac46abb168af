package simulate

import (
	"slices"
	"testing"
	"time"

	"github.com/footfall/footfall/signals"
)

// census counts who goes in through the door, by the day of the month and the hour.
type census struct {
	seed  uint64
	days  [32]int
	hours [24]int
	in    int
	out   int
	past  int // who only passed
}

func takeCensus(seed uint64, from, to int64) *census {
	c := &census{seed: seed}
	s := NewShop(Config{Seed: seed, FrameRate: 1})
	inside := map[*person]bool{} // a person of the pool is outside when put back
	watch(s, from, to, func([]signals.Message) {
		for _, p := range s.people {
			if now := p.at.y > 0; now != inside[p] {
				inside[p] = now
				if !now {
					c.out++
					continue
				}
				local := time.UnixMicro(s.now).In(helsinki)
				c.in++
				c.days[local.Day()]++
				c.hours[local.Hour()]++
			}
		}
	})
	c.past = int(s.sensor.lastID)
	return c
}

func TestWeek(t *testing.T) {
	t.Parallel()
	c := takeCensus(11, at(2, 0, 0), at(16, 0, 0))
	if c.in < 14*600 || c.in > 14*800 {
		t.Errorf("%d came in within two weeks", c.in)
	}
	if c.out != c.in {
		t.Errorf("%d went in and %d out", c.in, c.out)
	}
	if capture := float64(c.in) / float64(c.past); capture < 0.09 || capture > 0.17 {
		t.Errorf("the shop captures %.3f of those who pass", capture)
	}
	for hour, n := range c.hours {
		if open := hour >= 9 && hour < 21; open != (n > 0) {
			t.Errorf("%d came in at %d o'clock", n, hour)
		}
	}
	if c.hours[17] < 2*c.hours[9] {
		t.Errorf("%d came in at 17 o'clock, %d at 9", c.hours[17], c.hours[9])
	}
	t.Logf("by day %v", c.days[2:16])
	for monday := 2; monday <= 9; monday += 7 {
		if saturday, sunday := c.days[monday+5], c.days[monday+6]; saturday < sunday*5/4 || saturday < c.days[monday]*5/4 {
			t.Errorf("%d came in on Saturday, %d on Sunday, %d on Monday", saturday, sunday, c.days[monday])
		}
		if c.days[monday] < 400 || c.days[monday] > 800 {
			t.Errorf("%d came in on a Monday", c.days[monday])
		}
	}
	if slices.Equal(c.days[2:9], c.days[9:16]) {
		t.Error("one week is like the other")
	}
}

func TestNights(t *testing.T) {
	t.Parallel()
	s := NewShop(Config{Seed: 4, FrameRate: 2})
	var nights int
	watch(s, at(2, 0, 0), at(9, 0, 0), func([]signals.Message) {
		local := time.UnixMicro(s.now).In(helsinki)
		closes, opens := 21, 9
		if local.Weekday() == time.Saturday || local.Weekday() == time.Sunday {
			closes, opens = 18, 10
		}
		clock := local.Hour()*60 + local.Minute()
		if len(s.people) > 0 && (clock < opens*60-46 || clock > closes*60+50) {
			t.Fatalf("%d people at %v", len(s.people), local)
		}
		for _, p := range s.people {
			if p.at.y > 0 && (clock < opens*60 || clock > closes*60+20) {
				t.Fatalf("somebody in %v of the shop at %v", p.phase, local)
			}
		}
		if next := s.NextFrame(); next-s.now > 6*hour {
			nights++
		}
	})
	if nights != 7 {
		t.Errorf("%d nights were skipped", nights)
	}
}

func TestClockChange(t *testing.T) {
	for _, day := range []int{28, 29, 30} { // the clock goes forward on Sunday 29 March
		s := NewShop(Config{Seed: 4, FrameRate: 2})
		s.Start(at(day, 4, 0))
		first := time.UnixMicro(s.NextFrame()).In(helsinki)
		opens := 10
		if day == 30 {
			opens = 9
		}
		if clock := first.Hour()*60 + first.Minute(); clock < opens*60-45 || clock > opens*60 {
			t.Errorf("the first to pass on the %dth comes at %v", day, first)
		}
	}
}

func TestKeepOpen(t *testing.T) {
	t.Parallel()
	s := NewShop(Config{Seed: 4, FrameRate: 2})
	s.KeepOpen(at(4, 3, 0))
	var busy, before int
	watch(s, at(3, 20, 0), at(4, 4, 0), func([]signals.Message) {
		switch {
		case s.now < at(4, 3, 0):
			before = len(s.people)
		case s.now > at(4, 3, 20):
			busy = max(busy, len(s.people))
		}
	})
	if before != 0 || busy < 8 {
		t.Errorf("%d people in the night, then at most %d", before, busy)
	}
	s = NewShop(Config{Seed: 4, FrameRate: 2}) // after the start, in the middle of a night
	s.Start(at(4, 2, 0))
	s.KeepOpen(at(4, 2, 30))
	if frame := s.NextFrame(); frame < at(4, 2, 30) || frame > at(4, 2, 35) {
		t.Errorf("the next frame is at %v", time.UnixMicro(frame).In(helsinki))
	}
	s = NewShop(Config{Seed: 4, AlwaysOpen: true})
	s.Start(at(4, 2, 0))
	if n := len(s.Step(at(4, 2, 0)+second, nil)); n < 50 {
		t.Errorf("%d messages in the first second of a shop that is always open", n)
	}
}

func TestPairs(t *testing.T) {
	t.Parallel()
	s := NewShop(Config{Seed: 6, FrameRate: 4, AlwaysOpen: true})
	var near, apartFor, alone int
	from := at(2, 12, 0)
	watch(s, from, from+hour, func([]signals.Message) {
		for _, p := range s.people {
			if p.phase != following {
				alone++
				continue
			}
			switch d := p.at.to(p.leader.at); {
			case d > 120:
				t.Fatalf("the two of a pair are %.0f cm from each other", d)
			case d > 25:
				near++
			default:
				apartFor++ // squeezed against each other
			}
		}
	})
	if share := float64(near+apartFor) / float64(alone); share < 0.15 || share > 0.45 {
		t.Errorf("%.2f companions for each who leads or is alone", share)
	}
	if apartFor*10 > near {
		t.Errorf("companions stand too near in %d of %d samples", apartFor, near)
	}
}

func TestQueue(t *testing.T) {
	t.Parallel()
	queueZone := outlines(t)["queue"]
	s := NewShop(Config{Seed: 1, FrameRate: 2, VisitorsPerDay: 900})
	var longest, served, gaveUp, seen int
	var head, till *person
	watch(s, at(7, 9, 0), at(7, 19, 0), func(frame []signals.Message) {
		longest = max(longest, len(s.queue.line))
		if s.queue.served != till {
			if till = s.queue.served; till != nil {
				served++
				if head != nil && till != head {
					t.Fatal("somebody jumped the queue")
				}
			}
		}
		head = nil
		if len(s.queue.line) > 0 {
			head = s.queue.line[0]
		}
		for _, p := range s.people {
			if p.phase == retreat && p.walked == 0 && p.speed == 0 {
				gaveUp++
			}
		}
		for _, m := range frame {
			if m.Kind == signals.KindPosition && queueZone.has(m.X, m.Y) {
				seen++
			}
		}
	})
	t.Logf("longest line %d, %d served, %d gave up", longest, served, gaveUp)
	if longest < 3 || longest > len(queueSlots) || served < 150 || gaveUp == 0 || seen < 5000 {
		t.Errorf("longest line %d, %d served, %d gave up, %d positions in the queue zone", longest, served, gaveUp, seen)
	}
}

func TestOddTimezones(t *testing.T) {
	t.Parallel()
	for name, instant := range map[string]time.Time{
		"Pacific/Apia":      time.Date(2011, 12, 30, 9, 0, 0, 0, time.UTC), // a day was left out
		"America/Sao_Paulo": time.Date(2018, 11, 3, 12, 0, 0, 0, time.UTC), // the change takes midnight away
		"Asia/Kathmandu":    time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC),
		"America/New_York":  time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC),
	} {
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		from := instant.UnixMicro()
		var n int
		run(NewShop(Config{Timezone: zone, FrameRate: 1, VisitorsPerDay: 200}), from, from+72*hour, func(batch []signals.Message) { n += len(batch) })
		if n < 30_000 {
			t.Errorf("%s: %d messages in three days", name, n)
		}
	}
}
