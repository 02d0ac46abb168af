package tracker

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/footfall/footfall/zones"
)

// TestBytesPerPerson counts all that is kept of a person who is in ten zones.
func TestBytesPerPerson(t *testing.T) {
	if got := bytesPerPerson(t, 100_000); got > 300 {
		t.Fatalf("%.1f bytes a person", got)
	}
}

// TestMemoryOfACrowd: people who walk in together hold no more than those who
// appear inside, though all of them needed each size of room at once.
func TestMemoryOfACrowd(t *testing.T) {
	const people = 50_000
	before := heapBytes()
	tr := newNested(t)
	for step := range int64(24) {
		for id := range int64(people) {
			tr.Position(scenarioStart+step*second, id*7919, float64(min(step, 14))*100-50, 1500)
		}
		tr.Sweep(scenarioStart + step*second)
		tr.Drain(func(int32, []byte) {})
	}
	if got := float64(heapBytes()-before) / people; got > 320 { // room for one zone more or less
		t.Fatalf("%.1f bytes a person", got)
	}
	if tr.People() != people {
		t.Fatal("not everybody is there")
	}
}

// TestSteadyStateAllocatesNothing has people walk in and out of ten zones, apart
// and all at once, by ids that change.
func TestSteadyStateAllocatesNothing(t *testing.T) {
	var areas []area
	for i := range 10 {
		margin := float64(100 * i)
		areas = append(areas, area{string(rune('a' + i)), margin, 0, 3000 - margin, 3000, zones.Unset, zones.Unset})
	}
	tr := New(DefaultSettings(), (&numbering{}).layout(t, areas, []door{{"door", 1500, 0, 1500, 3000, 0}}), deaf{})
	now, next := scenarioStart, int64(0)
	round := func() {
		for step := range 30 {
			for id := range int64(100) {
				now += second / 100
				tr.Position(now, next+id, math.Mod(float64(id*37)+float64(step)*150, 3000), 50)
			}
			tr.Sweep(now)
		}
		for id := range int64(100) {
			now += second
			tr.Lost(now, next+id)
		}
		tr.Advance(now + 10*second)
		next += 100
	}
	for range 10 {
		round()
	}
	if got := testing.AllocsPerRun(5, round); got > 0 {
		t.Fatalf("%v allocations a round", got)
	}
}

func TestStays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		since := rapid.OneOf(rapid.Int64Range(-maxTime, maxTime), rapid.SampledFrom([]int64{-maxTime, -1, 0, 1 << 31, 1 << 32, maxTime})).Draw(t, "since")
		zone := rapid.Int32Range(0, maxNumber).Draw(t, "zone")
		st := rapid.SampledFrom([]stage{entering, inside, leaving, removed}).Draw(t, "stage")
		flags := stayFlags(rapid.Uint8().Draw(t, "flags"))
		s := newStay(since, zone, st, flags)
		if s.since() != since || s.zone() != zone || s.stage() != st || s.flags() != flags || !s.is(zone, st) {
			t.Fatalf("%d %d %d %d became %d %d %d %d", since, zone, st, flags, s.since(), s.zone(), s.stage(), s.flags())
		}
		s.to(inside, 0)
		s.set(tied)
		if s.set(previous); s != newStay(since, zone, inside, tied|previous) {
			t.Fatal("other fields changed", s)
		}
		if s.clear(tied); s != newStay(since, zone, inside, previous) {
			t.Fatal("other fields changed", s)
		}
	})
}

// TestStayPool: what is lent to several does not overlap, at any size.
func TestStayPool(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var pool stayPool
		var lent, model [4][]stay
		for step := range rapid.IntRange(1, 600).Draw(t, "steps") {
			i := rapid.IntRange(0, len(lent)-1).Draw(t, "who")
			switch n := len(lent[i]); rapid.IntRange(0, 7).Draw(t, "what") {
			case 0:
				lent[i] = lent[i][:n/2]
				model[i] = model[i][:n/2]
			case 1:
				lent[i] = pool.fit(lent[i])
				if cap(lent[i]) > max(n+slackStays, n*5/4) {
					t.Fatalf("room for %d stays is kept for %d", cap(lent[i]), n)
				}
			case 2:
				pool.trim(0)
			case 3:
				pool.put(lent[i])
				lent[i], model[i] = nil, nil
			default:
				for range rapid.IntRange(1, 30).Draw(t, "more") {
					s := newStay(int64(step), int32(len(lent[i])), inside, 0)
					lent[i] = append(pool.grown(lent[i]), s)
					model[i] = append(model[i], s)
				}
			}
			for j := range lent {
				if !slices.Equal(lent[j], model[j]) {
					t.Fatalf("holds %v, not %v", lent[j], model[j])
				}
			}
		}
	})
}

func TestSlotSet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		set, model := make(slotSet, 4), map[int32]bool{}
		for range rapid.IntRange(0, 100).Draw(t, "steps") {
			slot := rapid.Int32Range(0, 255).Draw(t, "slot")
			if model[slot] = rapid.Bool().Draw(t, "add"); model[slot] {
				set.add(slot)
			} else {
				set.remove(slot)
			}
		}
		last := int32(-1)
		for slot := range set.all() {
			if !model[slot] || slot <= last {
				t.Fatalf("slot %d after %d", slot, last)
			}
			last = slot
			set.remove(slot)
			delete(model, slot)
		}
		for slot, in := range model {
			if in {
				t.Fatalf("slot %d is missing", slot)
			}
		}
	})
}
