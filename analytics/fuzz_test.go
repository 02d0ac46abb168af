package analytics

import (
	"bytes"
	"math"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/footfall/footfall/tracker"
)

func FuzzZoneRollup(f *testing.F) {
	z := &ZoneRollup{}
	f.Add(z.append(nil))
	z.addEntry(tracker.Entry{Reason: tracker.Appeared})
	z.addOccupancy(1, Minute, Minute/2)
	for _, dwell := range []int64{0, 1, 30 * Second, math.MaxInt64} {
		z.addExit(tracker.Exit{Reason: tracker.Lost, Left: dwell, Who: tracker.Class{Gender: tracker.Female, Age: tracker.Age65up}})
	}
	z.End = 3
	f.Add(z.append(nil))
	f.Add([]byte{codecVersion, 0, 0, 1, 1, 0, 0})                         // a bin with no count
	f.Add([]byte{codecVersion, 0, 0, 2, 4, 1, 0, 1, 0})                   // bins that do not ascend
	f.Add([]byte{codecVersion, 0, 0, 0, 1, classes, 1, 1})                // a class that does not exist
	f.Add([]byte{codecVersion, 0, 0, 0, 2, 3, 1, 1, 3, 1, 1})             // a class twice
	f.Add([]byte{codecVersion, 0, 0, 1, 0x80, 0x80, 0x80, 0x80, 1, 1, 0}) // a bin beyond 16 bits
	f.Add([]byte{codecVersion, 0xff, 0xff, 0xff, 0xff, 0x0f})
	f.Fuzz(func(t *testing.T, value []byte) {
		var read, again, sum ZoneRollup
		if err := read.read(value, reachAll); err != nil {
			return
		}
		if err := again.read(read.append(nil), reachAll); err != nil {
			t.Fatalf("%+v cannot be read back: %v", read, err)
		}
		if !sameRollup(&read, &again) {
			t.Fatalf("stored %+v, read %+v", read, again)
		}
		for _, far := range []reach{reachFigures, reachDwells} {
			var part ZoneRollup
			err := part.read(value, far)
			if err != nil || part.Sum != read.Sum || part.Longest != read.Longest || far == reachDwells && !slices.Equal(part.Dwells.bins, read.Dwells.bins) {
				t.Fatalf("as far as %d of %+v one reads %+v, %v", far, read, part, err)
			}
		}
		sum.merge(&read)
		sum.merge(&read)
		sum.Dwells.Quantile(0.9, sum.Longest)
	})
}

func sameRollup(a, b *ZoneRollup) bool {
	return bytes.Equal(a.append(nil), b.append(nil)) && a.Sum == b.Sum && reflect.DeepEqual(a.clone().Classes, b.clone().Classes)
}

func FuzzState(f *testing.F) {
	r := NewRecorder(21, 59*Second)
	f.Add(r.stateValue(State{At: math.MinInt64}))
	r.Connected(60 * Second)
	r.Disconnected(70 * Second)
	r.Connected(80 * Second)
	r.Entry(tracker.Entry{Zone: 2, At: 65 * Second})
	r.Entry(tracker.Entry{Zone: 0, At: 90 * Second})
	r.Follow(75 * Second)
	f.Add(r.stateValue(State{At: 95 * Second, Counted: 90 * Second, Messages: 7, Batch: 3, Known: []int32{1, 2}}))
	f.Add([]byte{codecVersion, 0, 0, 0, 0, 0, 0, 2, 2, 2, 0, 0, 0})       // spans that do not ascend
	f.Add([]byte{codecVersion, 0, 0, 0, 0, 0, 0, 0, 1, 0, 2, 0})          // a zone followed too far back
	f.Add([]byte{codecVersion, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 1, 1, 2})    // a change that is over
	f.Add([]byte{codecVersion, 0, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 1}) // more zones than bytes
	f.Fuzz(func(t *testing.T, value []byte) {
		s, read, err := readState(21, value)
		if err != nil {
			return
		}
		stored := read.stateValue(s)
		s2, again, err := readState(21, stored)
		if err != nil {
			t.Fatalf("%+v %+v cannot be read back: %v", s, read, err)
		}
		if !reflect.DeepEqual(s, s2) || !reflect.DeepEqual(read.zones, again.zones) || read.followed != again.followed {
			t.Fatalf("stored %+v %+v, read %+v %+v", s, read, s2, again)
		}
		if !bytes.Equal(again.stateValue(s2), stored) {
			t.Fatal("what was read is stored differently")
		}
	})
}

func FuzzGates(f *testing.F) {
	g := newGates(Calendar{Zone: time.UTC}, 3, at(0))
	f.Add(g.append([]byte{codecVersion}))
	g.cross(tracker.Crossing{Direction: -1, At: at(5)})
	g.await(gateEvent{at: at(5), kind: gateSet, occupancy: 9})
	f.Add(g.append([]byte{codecVersion}))
	f.Add([]byte{codecVersion, 2, 0, 0, 1, 9, 0, 0})          // an event that there is not
	f.Add([]byte{codecVersion, 1, 0, 0, 0})                   // fewer than nobody
	f.Add([]byte{codecVersion, 2, 0, 0, 2, 1, 4, 0, 1, 2, 0}) // events out of order
	f.Fuzz(func(t *testing.T, value []byte) {
		g, err := readGates(value)
		if err != nil {
			return
		}
		stored := g.append([]byte{codecVersion})
		again, err := readGates(stored)
		if err != nil || !reflect.DeepEqual(g, again) {
			t.Fatalf("stored %+v, read %+v, %v", g, again, err)
		}
		g.by(Calendar{Zone: time.UTC})
		g.act(at(60), func(c gateChange) {
			if c.count <= 0 {
				t.Fatalf("%+v is no change", c)
			}
		})
		if g.count < 0 {
			t.Fatalf("%d are in", g.count)
		}
	})
}

func FuzzRollupKey(f *testing.F) {
	f.Add(rollupKey{location: 21, kind: kindZone, start: 29_000_000 * Minute, a: 3}.bytes())
	f.Add(rollupKey{location: -1, kind: kindFlow, a: 1, b: 2}.bytes())
	f.Add(rollupKey{location: math.MinInt64, kind: kindCoverage, start: maxStart * Minute, a: -1, b: math.MaxInt32}.bytes())
	f.Add([]byte("short"))
	f.Fuzz(func(t *testing.T, key []byte) {
		k, err := parseRollupKey(key)
		if err != nil {
			return
		}
		if again := k.bytes(); !bytes.Equal(again, key) {
			t.Fatalf("%x is %+v, which is %x", key, k, again)
		}
		later, other := k, k
		later.start += Minute
		other.location++
		if k.start < maxStart*Minute && bytes.Compare(key, later.bytes()) >= 0 {
			t.Fatalf("%+v does not come before the next minute", k)
		}
		if k.location < math.MaxInt64 && bytes.Compare(key, other.bytes()) >= 0 {
			t.Fatalf("%+v does not come before the next location", k)
		}
	})
}

// FuzzPeople: what a block and a log hold may be anything.
func FuzzPeople(f *testing.F) {
	one := appendRecord([]byte{codecVersion}, 3, []byte("record"))
	f.Add(one, appendRecord([]byte{codecVersion}, 3, nil))
	f.Add(one, appendRecord(one, 700, []byte("record")))
	f.Add(appendRecord(one, blockSlots, []byte("beyond")), []byte{codecVersion})
	f.Add([]byte{codecVersion, 1, 9, 0}, []byte{0})
	f.Fuzz(func(t *testing.T, block, log []byte) {
		r := peopleReader{people: map[int32][]byte{}}
		err := r.read(blockKey(21, 1), block)
		for slot := range r.people {
			if slot < blockSlots || slot >= 2*blockSlots {
				t.Fatalf("slot %d in block 1", slot)
			}
		}
		if err == nil && r.read(logKey(21, 7, 0), log) == nil && r.end != 2 {
			t.Fatalf("the blocks end at %d", r.end)
		}
	})
}

func FuzzQueueRollup(f *testing.F) {
	q := &QueueRollup{}
	f.Add(q.append(nil))
	q.Sum[Joined] = 3
	q.addServed(90*Second, Minute)
	q.addAbandoned(0)
	f.Add(q.append(nil))
	f.Add([]byte{codecVersion, 0x7f, 0, 0, 0})
	f.Fuzz(func(t *testing.T, value []byte) {
		var read, again QueueRollup
		if read.read(value) != nil {
			return
		}
		if err := again.read(read.append(nil)); err != nil || !bytes.Equal(again.append(nil), read.append(nil)) {
			t.Fatalf("stored %+v, read %+v, %v", read, again, err)
		}
	})
}

func FuzzJourneys(f *testing.F) {
	js := newJourneys()
	f.Add(js.append([]byte{codecVersion}))
	js.people[4] = &journey{stage: 2, in: []int32{7}, waits: []wait{{3, 10, tracker.Never}, {5, 10, 20}}, steps: []step{{at: 30, entered: 30, zone: 3}, {at: 40, entered: 30, zone: 3, leaves: true}}}
	f.Add(js.append([]byte{codecVersion}))
	f.Add([]byte{codecVersion, 0, 2, 4, 0, 0, 0, 0, 4, 0, 0, 0, 0}) // a person twice
	f.Fuzz(func(t *testing.T, value []byte) {
		read, again := newJourneys(), newJourneys()
		if read.read(value) != nil {
			return
		}
		stored := read.append([]byte{codecVersion})
		if err := again.read(stored); err != nil || !bytes.Equal(again.append([]byte{codecVersion}), stored) {
			t.Fatalf("%x is stored as %x, and that cannot be read back: %v", value, stored, err)
		}
		r := NewRecorder(7, 0)
		read.act(Minute, r)
		for person := range read.people {
			read.left(tracker.Exit{Person: person, Left: Minute}, r)
		}
		if len(read.people) != 0 {
			t.Fatal("somebody is still on a journey after the track's end")
		}
	})
}

// FuzzSmallRollups: what is a line's, a group's, a number or a heatmap is stored again as
// it is read.
func FuzzSmallRollups(f *testing.F) {
	f.Add((&LineRollup{}).append(nil))
	f.Add((&LineRollup{Sum: [lineFigures]int64{1, 0, -3, 4}}).append(nil))
	f.Add(GroupRollup{Groups: 2, People: 5}.append(nil))
	f.Add(appendNumber(nil, math.MinInt64))
	f.Add(heatmap{{Size: 50, X: -3, Y: 4}: 17, {Size: 50, X: -2, Y: 4}: -1, {Size: 100}: 3}.append(nil))
	f.Add([]byte{codecVersion, 2, 2, 0, 0, 2, 0, 0, 0, 2}) // a square twice
	f.Add([]byte{codecVersion, 1, 0, 0, 0, 2})             // a square of no size
	f.Fuzz(func(t *testing.T, value []byte) {
		var line, line2 LineRollup
		if line.read(value) == nil && (line2.read(line.append(nil)) != nil || line != line2) {
			t.Fatalf("line %+v", line)
		}
		var group, group2 GroupRollup
		if group.read(value) == nil && (group2.read(group.append(nil)) != nil || group != group2) {
			t.Fatalf("group %+v", group)
		}
		if n, err := readNumber(value); err == nil {
			if again, err := readNumber(appendNumber(nil, n)); err != nil || again != n {
				t.Fatalf("number %d", n)
			}
		}
		heat, heat2 := heatmap{}, heatmap{}
		if heat.read(value) != nil {
			return
		}
		if err := heat2.read(heat.append(nil)); err != nil || !slices.Equal(heat.squares(), heat2.squares()) {
			t.Fatalf("heat %v, %v", heat, err)
		}
		for square := range heat {
			if square.Size <= 0 {
				t.Fatalf("%+v", square)
			}
		}
	})
}
