package analytics_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"testing"

	"pgregory.net/rapid"

	"github.com/footfall/footfall/analytics"
	"github.com/footfall/footfall/tracker"
)

// TestPeopleAreStoredAsTheyAre: through failed flushes, flushes given up and
// restarts, the store has everybody's standing as of the last flush written, and
// positions that are at most ten flushes older.
func TestPeopleAreStoredAsTheyAre(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		p := newPresence(rt, rapid.Uint64().Draw(rt, "seed"))
		many := rapid.SampledFrom([]int{0, 1, 5, 100, 300, 900})
		for range rapid.IntRange(1, 60).Draw(rt, "steps") {
			switch rapid.SampledFrom([]string{"arrive", "move", "leave", "pass", "flush", "flush", "flush", "flush", "fail", "abort", "restart"}).Draw(rt, "action") {
			case "arrive":
				p.arrive(many.Draw(rt, "people"))
			case "move":
				p.move(many.Draw(rt, "people"))
			case "leave":
				p.leave(many.Draw(rt, "people"))
			case "pass":
				p.pass()
			case "flush":
				if err := p.flush(false, many.Draw(rt, "moves between")); err != nil {
					rt.Fatal(err)
				}
				p.check()
			case "fail":
				if err := p.flush(true, 1); !errors.Is(err, errDiskFull) {
					rt.Fatal(err)
				}
				p.check()
			case "abort":
				p.abort()
			case "restart":
				p.restart()
			}
		}
		p.clock.End()
		for range 11 { // the log lasts for ten
			if err := p.flush(false, 0); err != nil {
				rt.Fatal(err)
			}
		}
		if n := p.keys(); n != 0 {
			rt.Fatalf("%d keys are left of nobody", n)
		}
	})
}

// TestQuietPeopleAreNotWritten: after a round in which nothing changed a flush has
// the location's state alone; who moves without a change is written once in ten.
func TestQuietPeopleAreNotWritten(t *testing.T) {
	for _, people := range []int{0, 1, 40, 700} {
		p := newPresence(t, 1)
		p.arrive(people)
		for range 4 { // until their first minute is over, in which groups are looked for
			at := p.clock.Now() + 25*analytics.Second
			p.clock.Each(func(one tracker.Present) { p.clock.Position(at, one.ID, one.X, one.Y) })
			p.clock.Sweep(at)
		}
		written := func(do func()) (blocks int) {
			for range 10 {
				do()
				p.batch++
				b := &analytics.Batch{}
				for p.checkpoint.PutBlocks(b, p.clock) {
				}
				p.checkpoint.PutChanges(b, p.batch, p.clock)
				blocks += b.Len()
			}
			return blocks
		}
		for range 2 {
			written(func() {})
		}
		if n := written(func() {}); n != 0 {
			t.Errorf("%d quiet people: %d keys in ten flushes", people, n)
		}
		n := written(func() {
			p.clock.Each(func(one tracker.Present) { p.clock.Position(p.clock.Now()+1, one.ID, one.X, one.Y) })
		})
		if want := (people + 255) / 256; n != want {
			t.Errorf("%d people who stand still and report: %d keys in ten flushes, want %d", people, n, want)
		}
	}
}

// TestPeopleOfOldFiles: a key a person is read, and goes with the first flush.
func TestPeopleOfOldFiles(t *testing.T) {
	p := newPresence(t, 1)
	p.arrive(300)
	b := &analytics.Batch{}
	p.clock.Records(0, p.clock.Slots(), func(slot int32, record []byte) {
		key := binary.BigEndian.AppendUint64(nil, 1<<63+7)
		b.Put(analytics.People, binary.BigEndian.AppendUint32(key, uint32(slot)), bytes.Clone(record))
	})
	analytics.NewRecorder(7, noon).Flush(b, analytics.State{At: p.clock.Now(), Batch: 1, Known: p.clock.KnownZones()})
	if err := analytics.Commit(p.store, b); err != nil {
		t.Fatal(err)
	}
	p.stored = []crowdState{p.now()}
	p.restart()
	if err := p.flush(false, 0); err != nil {
		t.Fatal(err)
	}
	p.check()
	if n := p.keys(); n > 5 {
		t.Errorf("%d keys of 300 people", n)
	}
}
