package analytics

import (
	"testing"

	"pgregory.net/rapid"
)

func TestSuppressedClassesOfADay(t *testing.T) {
	const least = 5
	for name, tt := range map[string]struct {
		counts []int64
		want   []int // classes; nil is none
		all    bool
	}{
		"nobody":                         {counts: []int64{}},
		"none small":                     {counts: []int64{5, 0, 9}},
		"a single class":                 {counts: []int64{9}},
		"a few of all":                   {counts: []int64{4}, all: true},
		"fewer than the least together":  {counts: []int64{1, 3}, all: true},
		"the smallest other":             {counts: []int64{20, 3, 9, 0, 12}, want: []int{1, 2}},
		"the first of equals":            {counts: []int64{9, 9, 1}, want: []int{0, 2}},
		"two small ones are enough":      {counts: []int64{20, 2, 3}, want: []int{1, 2}},
		"two that are too few":           {counts: []int64{20, 1, 3}, want: []int{0, 1, 2}},
		"one visit each would be known":  {counts: []int64{1, 1, 1, 1, 1, 30}, want: []int{0, 1, 2, 3, 4, 5}},
		"and there is nothing beside it": {counts: []int64{1, 1, 1, 1, 1}, all: true},
	} {
		var counts classCounts
		copy(counts[:], tt.counts)
		want := classSet(0)
		for _, class := range tt.want {
			want |= 1 << class
		}
		if tt.all {
			want = everyClass
		}
		if got := suppress(&counts, least); got != want {
			t.Errorf("%s: %024b, want %024b", name, got, want)
		}
	}
}

// Whoever knows the total of a day, what is shown and that a suppressed class has
// someone (unless all are suppressed) finds no suppressed class: each may be
// something else.
func TestADayGivesNothingBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		least := rapid.Int64Range(3, 6).Draw(t, "least")
		var day classCounts
		for class := range rapid.IntRange(1, 5).Draw(t, "classes") {
			day[class] = rapid.Int64Range(0, 2*least).Draw(t, "visits")
		}
		hidden := suppress(&day, least)
		if hidden&day.small(least) != day.small(least) {
			t.Fatalf("%v: small classes are shown: %b", day, hidden)
		}
		if hidden == 0 {
			return
		}
		fewest, n := int64(1), int64(hidden.size())
		if hidden == everyClass {
			fewest = 0
		}
		if most := day.sum(hidden) - fewest*(n-1); n < 2 || most <= fewest {
			t.Fatalf("%v: %b suppressed, each has %d to %d", day, hidden, fewest, most)
		}
		if hidden != everyClass && day.sum(hidden) < least {
			t.Fatalf("%v: %b has fewer than %d together", day, hidden, least)
		}
	})
}

// What is suppressed of the hours of a day that shows its classes can be otherwise.
func TestHoursGiveNothingBack(t *testing.T) {
	shown := 0
	rapid.Check(t, func(t *rapid.T) {
		least := rapid.Int64Range(2, 5).Draw(t, "least")
		hours := make([]classCounts, rapid.IntRange(2, 5).Draw(t, "hours"))
		var day classCounts
		for h := range hours {
			for class := range 4 {
				if rapid.Bool().Draw(t, "any") {
					hours[h][class] = rapid.SampledFrom([]int64{1, 2, 4, 9, 12}).Draw(t, "visits")
					day[class] += hours[h][class]
				}
			}
		}
		hiddenByDay := suppress(&day, least)
		hidden := refine(hours, hiddenByDay, least)
		for h := range hours {
			if small := hours[h].small(least); hidden[h]&small != small || hidden[h]&hiddenByDay != hiddenByDay {
				t.Fatalf("%v in hour %d shows too much: %b", hours, h, hidden[h])
			}
			if hidden[h] == everyClass {
				continue
			}
			shown++
			if n := hours[h].sum(hidden[h]); n > 0 && n < least {
				t.Fatalf("%v suppresses only %d visits in hour %d", hours, n, h)
			}
			for class := range classes {
				if hidden[h].has(class) && hours[h][class] > 0 && !otherwise(hours, hidden, h, class) {
					t.Fatalf("%v gives back class %d of hour %d", hours, class, h)
				}
			}
		}
	})
	if shown == 0 {
		t.Error("no hour was ever shown: the test looked at nothing")
	}
}
