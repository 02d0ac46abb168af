package tracker

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// TestStrangersNeverLost: ids that come once and are never lost cost no more than
// those of the last minute.
func TestStrangersNeverLost(t *testing.T) {
	const aSecond = 10_000
	settings := DefaultSettings()
	settings.ExpireAfter = 5 * second
	tr := New(settings, (&numbering{}).layout(t, []area{{"a", 0, 0, 100, 100, 0, 0}}, nil), deaf{})
	kept := store{}
	for i := range int64(1_000_000) {
		at := scenarioStart + i*second/aSecond
		tr.Position(at, i*7, 50, 50)
		if i%aSecond == 0 {
			tr.Sweep(at)
			kept.flush(tr)
		}
	}
	if most := int32(7 * aSecond); tr.people.used > most || len(kept) > int(most) || len(tr.people.table) > int(4*most) {
		t.Fatalf("%d slots, %d records and a table of %d for a million ids", tr.people.used, len(kept), len(tr.people.table))
	}
	if err := tr.audit(); err != nil {
		t.Fatal(err)
	}
}

// TestUndrained: without a store nothing piles up for it.
func TestUndrained(t *testing.T) {
	settings := DefaultSettings()
	settings.StitchWithin = 0
	tr := New(settings, (&numbering{}).layout(t, nil, nil), deaf{})
	for i := range int64(10_000) {
		tr.Position(scenarioStart+i, i, 50, 50)
		tr.Lost(scenarioStart+i, i)
	}
	if len(tr.dirty) > 2 || tr.people.used > 2 {
		t.Fatalf("%d slots wait to be stored, of %d", len(tr.dirty), tr.people.used)
	}
}

// hop has one person go round some places, ten times a second.
func hop(tr *Tracker, times int, places ...[2]float64) *person {
	start := max(tr.Now(), scenarioStart)
	for i := range times {
		p := places[i%len(places)]
		tr.Position(start+int64(i+1)*second/10, 1, p[0], p[1])
	}
	slot, _ := tr.people.find(1)
	return tr.people.at(slot)
}

// TestHoppingWithLongDelays: changes that do not come to pass leave nothing behind.
func TestHoppingWithLongDelays(t *testing.T) {
	day := 24 * 3600 * second
	areas := []area{{"a", 0, 0, 100, 100, day, day}, {"b", 50, 0, 300, 100, day, second}}
	tr := New(DefaultSettings(), (&numbering{}).layout(t, areas, nil), deaf{})
	p := hop(tr, 200_000, [2]float64{60, 50}, [2]float64{110, 50}, [2]float64{60, 150}, [2]float64{20, 50})
	if len(p.stays) > 3 || len(tr.dues) > 2*minDues {
		t.Fatalf("%d stays and %d dues", len(p.stays), len(tr.dues))
	}
	if err := tr.audit(); err != nil {
		t.Fatal(err)
	}
}

// TestHoppingUndecided: an entry that waits for a day keeps the order of at most
// maxUndecided visits open.
func TestHoppingUndecided(t *testing.T) {
	day := 24 * 3600 * second
	areas := []area{{"slow", 0, 0, 300, 100, day, 0}, {"a", 0, 0, 100, 100, 0, 0}, {"b", 100, 0, 200, 100, 0, 0}}
	numbers := &numbering{}
	ear := newEar()
	tr := New(DefaultSettings(), numbers.layout(t, areas, nil), ear)
	p := hop(tr, 20_000, [2]float64{50, 50}, [2]float64{150, 50})
	if len(p.extra.closed) > maxUndecided+2 {
		t.Fatalf("%d visits wait", len(p.extra.closed))
	}
	tr.End()
	flows := 0
	for _, e := range ear.heard {
		if e.kind == "flow" {
			flows++
		}
	}
	if flows != 19_999 {
		t.Fatalf("%d flows", flows)
	}
}

// TestFlowsBehindATie: two zones that were entered together and not left hold up
// no flow behind them.
func TestFlowsBehindATie(t *testing.T) {
	areas := []area{
		{"door", -100, 0, 0, 300, 0, 0}, {"shop", 0, 0, 900, 300, 0, 0}, {"floor", 0, 0, 900, 300, 0, 0},
		{"a", 100, 0, 200, 300, 0, 0}, {"b", 200, 0, 300, 300, 0, 0},
	}
	numbers := &numbering{}
	ear := newEar()
	tr := New(DefaultSettings(), numbers.layout(t, areas, nil), ear)
	for i, x := range []float64{-50, 50} {
		tr.Position(scenarioStart+int64(i)*second, 1, x, 50)
	}
	p := hop(tr, 10_000, [2]float64{150, 50}, [2]float64{250, 50})
	if len(p.extra.closed) > 2 || len(p.extra.ties) != 1 {
		t.Fatalf("%d visits and %d ties wait", len(p.extra.closed), len(p.extra.ties))
	}
	told := 0
	for _, e := range ear.heard {
		if e.kind == "flow" {
			told++
		}
	}
	if told < 9_990 {
		t.Fatalf("only %d flows were told", told)
	}
	tr.End()
	last := ear.heard[len(ear.heard)-2]
	if want := (event{kind: "flow", number: 1, to: numbers.zone("floor"), at: scenarioStart + second}); last != want {
		t.Fatalf("told last was %+v, not %+v", last, want)
	}
}

// TestRoundAndRound: a line that is crossed one way only, again and again.
func TestRoundAndRound(t *testing.T) {
	ear := newEar()
	layout := (&numbering{}).layout(t, nil, []door{{"door", 0, 100, 0, 0, 24 * 3600 * second}})
	tr := New(DefaultSettings(), layout, ear)
	p := hop(tr, 40_000, [2]float64{20, 50}, [2]float64{-20, 50}, [2]float64{-20, 120}, [2]float64{20, 120})
	if len(p.lines()) > maxWaiting+1 {
		t.Fatalf("%d crossings wait", len(p.lines()))
	}
	tr.End()
	if len(ear.heard) != 10_000+3 {
		t.Fatalf("%d events", len(ear.heard))
	}
}

// TestFloodOfEstimates: of strangers, of one person, and of ages that are all
// different.
func TestFloodOfEstimates(t *testing.T) {
	tr := New(DefaultSettings(), (&numbering{}).layout(t, nil, nil), deaf{})
	r := rand.New(rand.NewPCG(1, 2))
	for i := range int64(1_000_000) {
		tr.Demographics(scenarioStart+i, i, Female, 30)
	}
	if n, waiting := len(tr.early.byID), len(tr.early.order)-tr.early.head; n > maxAnnounced || waiting > maxAnnounced || len(tr.early.order) > 4*maxAnnounced {
		t.Fatalf("%d strangers and %d estimates", n, waiting)
	}
	tr.Demographics(scenarioStart+70*second, 1, Male, 30)
	if n := len(tr.early.byID); n != 1 {
		t.Fatalf("%d strangers a minute later", n)
	}
	tr.Position(scenarioStart+71*second, 1, 0, 0)
	for i := range 100_000 {
		tr.Demographics(scenarioStart+72*second+int64(i), 1, Female, float32(20+10*r.Float64()))
	}
	slot, _ := tr.people.find(1)
	who := tr.people.at(slot).who()
	if len(who.ages) > maxAges || len(who.recent) > maxRecent {
		t.Fatalf("%d ages and %d estimates", len(who.ages), len(who.recent))
	}
	if got := who.classify(Never); got != (Class{Female, Age25to34}) && got != (Class{Female, Age18to24}) {
		t.Fatal(got)
	}
}

// TestAnything: whatever comes, in whatever order, the counts stay sums.
func TestAnything(t *testing.T) {
	floats := rapid.OneOf(rapid.SampledFrom([]float64{0, 50, 150, math.NaN(), math.Inf(1), math.Inf(-1), 1e308, -1e308, 5e-324}), rapid.Float64())
	ids := rapid.SampledFrom([]int64{0, -1, 1, 2, math.MaxInt64, math.MinInt64})
	times := rapid.OneOf(
		rapid.SampledFrom([]int64{0, -1, 1, math.MaxInt64, math.MinInt64, maxTime, -maxTime, scenarioStart}),
		rapid.Int64Range(scenarioStart, scenarioStart+100*second), rapid.Int64Range(scenarioStart, scenarioStart+100*second), rapid.Int64())
	rapid.Check(t, func(t *rapid.T) {
		w := newWalk(t, drawSettings(t), drawAreas(t))
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			at, id := times.Draw(t, "at"), ids.Draw(t, "id")
			switch rapid.IntRange(0, 9).Draw(t, "what") {
			case 0:
				w.tracker.Lost(at, id)
			case 1:
				w.tracker.Demographics(at, id, Gender(rapid.IntRange(0, 2).Draw(t, "gender")), float32(floats.Draw(t, "age")))
			case 2:
				w.ear.final = w.tracker.Sweep(at).Final
			case 3:
				w.tracker.Reload(at, w.numbers.layout(t, drawAreas(t), w.doors))
			case 4:
				w.tracker.Advance(at)
			default:
				w.tracker.Position(at, id, floats.Draw(t, "x"), floats.Draw(t, "y"))
			}
			if err := w.tracker.audit(); err != nil {
				t.Fatal(err)
			}
		}
		w.tracker.End()
		if late := w.ear.lateBut(); len(late) > 0 {
			t.Fatalf("told after a sweep had called it final: %+v", late)
		}
		w.checkSums()
		w.checkEmpty()
	})
}

// TestSlantedTiles: with delays of 0 everybody on a floor of slanted tiles is in
// one of them, at its vertices too.
func TestSlantedTiles(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const side, unit = 3, 200.0
		bend := rapid.Float64Range(-60, 60)
		var vertices [side + 1][side + 1][2]float64
		for i := range vertices {
			for j := range vertices[i] {
				vertices[i][j] = [2]float64{float64(i) * unit, float64(j) * unit}
				if i%side != 0 && j%side != 0 {
					vertices[i][j][0] += bend.Draw(t, "dx")
					vertices[i][j][1] += bend.Draw(t, "dy")
				}
			}
		}
		settings := DefaultSettings()
		settings.EnterAfter, settings.ExitAfter = 0, 0
		ear := newEar()
		tr := New(settings, slanted(t, vertices[:]), ear)
		floor := area{x1: side * unit, y1: side * unit}
		outside := map[int64]bool{}
		for step := range rapid.IntRange(1, 60).Draw(t, "steps") {
			id := rapid.Int64Range(1, 3).Draw(t, "person")
			v := vertices[rapid.IntRange(0, side).Draw(t, "i")][rapid.IntRange(0, side).Draw(t, "j")]
			u := vertices[rapid.IntRange(0, side).Draw(t, "k")][rapid.IntRange(0, side).Draw(t, "l")]
			along := rapid.SampledFrom([]float64{0, 0, 0.5, 1.0 / 3, -0.25}).Draw(t, "along")
			x, y := v[0]+along*(u[0]-v[0]), v[1]+along*(u[1]-v[1])
			tr.Position(scenarioStart+int64(step)*second, id, x, y)
			outside[id] = !floor.has(x, y)
			counts, _ := tr.Live()
			in := -counts[LocationZone]
			for _, n := range counts {
				in += n
			}
			for _, out := range outside {
				if out {
					in++
				}
			}
			if in != counts[LocationZone] {
				t.Fatalf("at (%v, %v) %d of %d people are accounted for", x, y, in, counts[LocationZone])
			}
		}
	})
}
