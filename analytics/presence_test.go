package analytics_test

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"slices"

	"pgregory.net/rapid"

	"github.com/footfall/footfall/analytics"
	"github.com/footfall/footfall/analytics/storetest"
	"github.com/footfall/footfall/tracker"
	"github.com/footfall/footfall/zones"
)

// presence is a hall of many people, of whom a store that sometimes fails keeps
// who is there.
type presence struct {
	tracker.Layout
	t          rapid.TB
	store      *flaky
	clock      *tracker.Tracker
	checkpoint *analytics.Checkpoint
	batch      int64
	waiting    *analytics.Batch
	random     *rand.Rand
	ids        []int64
	begun      int64 // ids ever

	flushes []crowdState // the last ten
	stored  []crowdState // as of the last flush that was written
}

// crowdState is the record of each slot.
type crowdState map[int32]*person

// person is a record taken apart.
type person struct {
	id, last int64
	standing string // all but the last sample
}

func newPresence(t rapid.TB, seed uint64) *presence {
	set, err := zones.Parse([]byte(hall))
	if err != nil {
		t.Fatal(err)
	}
	p := &presence{t: t, store: &flaky{Store: storetest.NewMemory()}, random: rand.New(rand.NewPCG(seed, 1)), checkpoint: analytics.NewCheckpoint(7)}
	p.Layout = (&analytics.Profile{Location: 7, Timezone: "UTC"}).Adopt(set.Plan(7))
	p.clock = tracker.New(tracker.DefaultSettings(), p.Layout, discard{})
	p.clock.Advance(noon)
	return p
}

func (p *presence) arrive(n int) {
	for range n {
		p.begun++
		p.ids = append(p.ids, p.begun)
		p.report(p.begun)
	}
}

func (p *presence) report(id int64) {
	p.clock.Position(p.clock.Now()+p.random.Int64N(1000), id, p.random.Float64()*900, p.random.Float64()*600)
}

func (p *presence) move(n int) {
	for range min(n, len(p.ids)*n) {
		id := p.ids[p.random.IntN(len(p.ids))]
		if p.random.IntN(10) == 0 {
			p.clock.Demographics(p.clock.Now(), id, tracker.Female, 30)
		}
		p.report(id)
	}
}

func (p *presence) leave(n int) {
	for range min(n, len(p.ids)) {
		i := p.random.IntN(len(p.ids))
		p.clock.Lost(p.clock.Now(), p.ids[i])
		p.ids = slices.Delete(p.ids, i, i+1)
	}
}

func (p *presence) pass() { p.clock.Sweep(p.clock.Now() + 4*analytics.Second) }

// flush lets people move about between its turns.
func (p *presence) flush(fails bool, between int) error {
	p.batch++
	b := &analytics.Batch{}
	for more := true; more; {
		more = p.checkpoint.PutBlocks(b, p.clock)
		p.move(between)
	}
	p.checkpoint.PutChanges(b, p.batch, p.clock)
	recorder := analytics.NewRecorder(7, noon)
	recorder.Flush(b, analytics.State{At: p.clock.Now(), Batch: p.batch, Known: p.clock.KnownZones()})
	p.flushes = append(p.flushes, p.now())
	p.flushes = p.flushes[max(0, len(p.flushes)-11):]
	if p.waiting != nil {
		p.waiting.Absorb(b)
		b = p.waiting
	}
	p.store.fails = fails
	p.waiting = b
	err := analytics.Commit(p.store, b)
	if err == nil {
		p.waiting, p.stored = nil, slices.Clone(p.flushes)
	}
	return err
}

// abort gives a flush up after some of its blocks, as a stop of the engine does.
func (p *presence) abort() {
	p.batch++
	b := &analytics.Batch{}
	p.checkpoint.PutBlocks(b, p.clock)
	if p.waiting != nil {
		p.waiting.Absorb(b)
		return
	}
	p.waiting = b
}

func (p *presence) now() crowdState {
	all := crowdState{}
	p.clock.Records(0, p.clock.Slots(), func(slot int32, record []byte) { all[slot] = takeApart(p.t, record) })
	return all
}

func takeApart(t rapid.TB, record []byte) *person {
	rest := record[2:]
	varint := func() int64 {
		v, n := binary.Varint(rest)
		if n <= 0 {
			t.Fatalf("record %x", record)
		}
		rest = rest[n:]
		return v
	}
	p := &person{id: varint()}
	first := varint()
	p.last = first + varint()
	p.standing = fmt.Sprintf("%x %d %d %x", record[:2], p.id, first, rest[16:])
	return p
}

func (p *presence) load() (stored *analytics.Stored) {
	if err := p.store.View(func(v analytics.View) (err error) {
		stored, err = analytics.Load(v, 7)
		return err
	}); err != nil {
		p.t.Fatal(err)
	}
	return stored
}

// check compares what is stored with the tracker as of the last flush written.
func (p *presence) check() {
	p.t.Helper()
	stored := p.load()
	if len(p.stored) == 0 {
		return
	}
	want, old := p.stored[len(p.stored)-1], crowdState{}
	if len(p.stored) == 11 {
		old = p.stored[0]
	}
	if len(stored.People) != len(want) {
		p.t.Errorf("%d people are stored, %d were there", len(stored.People), len(want))
	}
	for slot, record := range stored.People {
		got := takeApart(p.t, record)
		switch there, before := want[slot], old[slot]; {
		case there == nil || got.standing != there.standing:
			p.t.Fatalf("in slot %d was stored %+v, there was %+v", slot, got, there)
		case before != nil && before.id == got.id && got.last < before.last:
			p.t.Fatalf("in slot %d the position is of %d, ten flushes before it was of %d", slot, got.last, before.last)
		}
	}
}

// restart loses what is not stored.
func (p *presence) restart() {
	p.check()
	if len(p.stored) == 0 {
		return
	}
	stored := p.load()
	p.clock = tracker.New(tracker.DefaultSettings(), p.Layout, discard{})
	if err := p.clock.Restore(stored.Tracker()); err != nil {
		p.t.Fatal(err)
	}
	p.checkpoint, p.waiting, p.batch, p.flushes, p.ids = stored.Checkpoint, nil, stored.Batch, nil, nil
	p.clock.Each(func(one tracker.Present) { p.ids = append(p.ids, one.ID) })
	slices.Sort(p.ids)
}

// keys counts those of people.
func (p *presence) keys() (n int) {
	_ = p.store.View(func(v analytics.View) error {
		return v.Scan(analytics.People, nil, nil, func([]byte, []byte) error { n++; return nil })
	})
	return n
}
