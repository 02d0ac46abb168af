package analytics_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/footfall/footfall/analytics"
	"github.com/footfall/footfall/analytics/storetest"
	"github.com/footfall/footfall/tracker"
)

// attacker has the answers to many questions about one zone, and solves for what
// they do not show. Unknown are the visits of each class in each half hour.
type attacker struct {
	slots, classes int
	rows           [][]int64 // reduced, modulo prime: equal to what is known
	pivots         []int
}

const prime = 1_000_003

// sum is the form that adds a class up over slots.
func (a *attacker) sum(class int, slots []int) []int64 {
	form := make([]int64, a.slots*a.classes)
	for _, slot := range slots {
		form[slot*a.classes+class] = 1
	}
	return form
}

// reduce takes from a form what is known; nothing is left of one that is known.
func (a *attacker) reduce(form []int64) (first int) {
	for i, pivot := range a.pivots {
		if c := form[pivot]; c != 0 {
			for j, v := range a.rows[i] {
				form[j] = (form[j] + (prime-c)*v) % prime
			}
		}
	}
	for j, v := range form {
		if v != 0 {
			return j
		}
	}
	return -1
}

func (a *attacker) learn(form []int64) {
	pivot := a.reduce(form)
	if pivot < 0 {
		return
	}
	inverse := int64(1)
	for n, c := prime-2, form[pivot]; n > 0; n, c = n/2, c*c%prime {
		if n%2 == 1 {
			inverse = inverse * c % prime
		}
	}
	for j := range form {
		form[j] = form[j] * inverse % prime
	}
	a.rows, a.pivots = append(a.rows, form), append(a.pivots, pivot)
}

// watched is a zone in which few of many classes stay, in some half hours.
type watched struct {
	store  analytics.Store
	slots  []interval
	open   []bool    // by slot: that visits ended in opening hours
	visits [][]int64 // by slot and class
	now    int64
}

func drawWatched(t *rapid.T, classes int) *watched {
	w := &watched{store: storetest.NewMemory()}
	begin := noon - 78*hour // 2025-03-27T06:00:00Z: the clocks change in the night to the fourth day
	r := analytics.NewRecorder(21, begin)
	r.Connected(begin)
	for day := range int64(rapid.IntRange(1, 4).Draw(t, "days")) {
		for half := range int64(rapid.IntRange(1, 5).Draw(t, "halves")) {
			at := begin + day*24*hour + half*hour/2
			w.slots = append(w.slots, interval{at, at + hour/2})
			counts := make([]int64, classes)
			for class := range counts {
				counts[class] = rapid.SampledFrom([]int64{0, 0, 1, 2, 3, 5, 8, 13, 20}).Draw(t, "visits")
				for range counts[class] {
					r.Entry(tracker.Entry{Zone: 0, At: at + analytics.Minute})
					r.Exit(tracker.Exit{Zone: 0, Entered: at + analytics.Minute, Left: at + 2*analytics.Minute, Who: tracker.ClassAt(class)})
				}
			}
			w.visits = append(w.visits, counts)
			r.Follow(at + 3*analytics.Minute)
		}
	}
	w.now = begin + 6*24*hour // in April
	r.Follow(w.now)
	b := &analytics.Batch{}
	r.Flush(b, analytics.State{At: w.now, Batch: 1})
	p := &analytics.Profile{Location: 21, Timezone: "Europe/Helsinki", Opening: drawMorning(t)}
	helsinki := calendarOf(t, p.Timezone, 0).Zone
	for _, s := range w.slots {
		w.open = append(w.open, p.Opening == nil || naiveOpen(p.Opening, time.UnixMicro(s.from+2*analytics.Minute).In(helsinki)))
	}
	if err := p.Put(b); err != nil {
		t.Fatal(err)
	}
	if err := analytics.Commit(w.store, b); err != nil {
		t.Fatal(err)
	}
	if rapid.Bool().Draw(t, "derived") {
		if err := analytics.Derive(w.store, 21); err != nil {
			t.Fatal(err)
		}
	}
	return w
}

// drawMorning draws hours of which some begin or end while people come.
func drawMorning(t *rapid.T) *analytics.OpeningHours {
	if rapid.IntRange(0, 3).Draw(t, "opens") == 0 {
		return nil
	}
	o := &analytics.OpeningHours{}
	for d := range o.Week {
		first := rapid.IntRange(30, 44).Draw(t, "from")
		o.Week[d] = []analytics.OpenSpan{{From: 15 * first, To: 15 * rapid.IntRange(first+1, 48).Draw(t, "to")}}
	}
	return o
}

func (w *watched) ask(t *rapid.T, from, to int64, b analytics.Bucket, hours analytics.HoursOf, least int) []row {
	rs := &analytics.Reports{Store: w.store, MinCell: least, Open: func(context.Context, int64) (*analytics.Open, error) { return nil, nil }}
	out := &collected{}
	q := analytics.Query{Kind: "demographics", Locations: []int64{21}, From: from, To: to, Bucket: b, Hours: hours, Now: w.now}
	if err := rs.Run(context.Background(), q, out); err != nil {
		t.Fatal(err)
	}
	return out.rows
}

// within are the slots of an interval, or of its opening hours.
func (w *watched) within(in interval, hours analytics.HoursOf) (slots []int) {
	for i, s := range w.slots {
		if s.to > in.from && s.from < in.to && (hours == analytics.HoursAll || w.open[i]) {
			slots = append(slots, i)
		}
	}
	return slots
}

func (w *watched) count(class int, slots []int) (n int64) {
	for _, s := range slots {
		n += w.visits[s][class]
	}
	return n
}

// secret is a suppressed cell of few visits.
type secret struct {
	interval
	class int
	slots []int
}

// read checks one answer and learns from it.
func (w *watched) read(t *rapid.T, a *attacker, rows []row, hours analytics.HoursOf, least int) (secrets []secret) {
	for _, r := range rows {
		class := classOf(r.cells[1].Text, r.cells[2].Text)
		slots := w.within(r.interval, hours)
		truth := int64(0)
		if class < a.classes {
			truth = w.count(class, slots)
		}
		where := fmt.Sprintf("%s over %s hours: class %d of %d", show([]interval{r.interval}), hours, class, truth)
		if r.cells[3].Int != 0 {
			if r.cells[4] != null || r.cells[5] != null {
				t.Fatalf("%s: suppressed, and shown: %v", where, r.cells)
			}
			if class < a.classes && truth > 0 && truth < int64(least) {
				secrets = append(secrets, secret{r.interval, class, slots})
			}
			continue
		}
		if r.cells[4] == null && r.coverage == 0 && truth == 0 {
			continue
		}
		if r.cells[4] != integer(truth) || truth > 0 && truth < int64(least) {
			t.Fatalf("%s shows %v", where, r.cells)
		}
		if class < a.classes {
			a.learn(a.sum(class, slots))
		}
	}
	return secrets
}

func classOf(gender, age string) int {
	for class := range tracker.Genders * tracker.AgeBands {
		if c := tracker.ClassAt(class); c.Gender.String() == gender && c.Age.String() == age {
			return class
		}
	}
	return -1
}

// Many questions about any intervals, over all hours and over opening hours, with the
// totals of every half hour, give no suppressed cell back; those over opening hours show
// nothing that does not follow from the others. Where a day that is shown has visits of one class alone its
// totals tell, as docs/privacy.md says.
func TestNothingSuppressedIsGivenBack(t *testing.T) {
	secretsMet, cellsShown, monthsTold, openShown := 0, 0, 0, 0
	rapid.Check(t, func(t *rapid.T) {
		const classes = 4
		least := rapid.IntRange(3, 5).Draw(t, "least")
		w := drawWatched(t, classes)
		a := &attacker{slots: len(w.slots), classes: classes}
		for slot := range w.slots { // dwell reports have the totals
			form := make([]int64, a.slots*a.classes)
			for class := range classes {
				form[slot*classes+class] = 1
			}
			a.learn(form)
		}
		var secrets []secret
		ask := func(from, to int64, b analytics.Bucket, hours analytics.HoursOf) {
			rows := w.ask(t, from, to, b, hours, least)
			secrets = append(secrets, w.read(t, a, rows, hours, least)...)
			for _, r := range rows {
				if hours == analytics.HoursOpen && r.cells[4].Int > 0 && len(w.within(r.interval, hours)) < len(w.within(r.interval, analytics.HoursAll)) {
					openShown++
				}
			}
		}
		edges := []int64{w.slots[0].from - 30*hour}
		for _, s := range w.slots {
			edges = append(edges, s.from, s.to)
		}
		edges = append(edges, w.slots[len(w.slots)-1].to+30*hour)
		for _, hours := range []analytics.HoursOf{analytics.HoursAll, analytics.HoursOpen} {
			known := len(a.rows)
			for i, from := range edges {
				for _, to := range edges[i+1:] {
					if to > from {
						ask(from, to, analytics.Whole, hours)
					}
				}
			}
			for _, b := range []analytics.Bucket{analytics.Bucket30m, analytics.Bucket1h, analytics.Bucket1d, analytics.Bucket1w, analytics.Bucket1mo} {
				ask(edges[0], edges[len(edges)-1], b, hours)
			}
			before := len(a.rows)
			ask(w.slots[0].from-27*24*hour-8*hour, w.now-24*hour, analytics.Bucket1mo, hours)
			monthsTold += len(a.rows) - before
			if hours == analytics.HoursOpen && len(a.rows) > known {
				t.Fatalf("opening hours tell what all hours do not, of %v", w.visits)
			}
		}
		secretsMet += len(secrets)
		cellsShown += len(a.rows) - len(w.slots)
		for _, s := range secrets {
			if a.reduce(a.sum(s.class, s.slots)) < 0 && !w.oneClassOnly(s) {
				t.Fatalf("at least %d: class %d of %s can be worked out from %v", least, s.class, show([]interval{s.interval}), w.visits)
			}
		}
	})
	rare := monthsTold > 0 || testing.Short() // one check in ten has one
	if secretsMet == 0 || cellsShown == 0 || openShown == 0 || !rare {
		t.Errorf("%d suppressed, %d shown, %d by months alone, %d of opening hours: the test looked at nothing", secretsMet, cellsShown, monthsTold, openShown)
	}
}

// oneClassOnly reports whether some day of a secret has visits of its class alone.
func (w *watched) oneClassOnly(s secret) bool {
	for _, slot := range s.slots {
		if w.visits[slot][s.class] == 0 {
			continue
		}
		day := interval{w.slots[slot].from - 24*hour, w.slots[slot].from + 24*hour}
		others := int64(0)
		for i, o := range w.slots {
			if o.from/(24*hour) == w.slots[slot].from/(24*hour) && o.from > day.from {
				for class, n := range w.visits[i] {
					if class != s.class {
						others += n
					}
				}
			}
		}
		if others == 0 {
			return true
		}
	}
	return false
}
