package config

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func opening(t *testing.T, yaml string) Opening {
	t.Helper()
	return mustLoad(t, location(yaml), nil).Location(21).Opening
}

func TestWeek(t *testing.T) {
	o := opening(t, `opening_hours: {mon: ["14:00-18:00", "9:00 - 13:00"], fri: ["18:00-02:00"], sat: ["10:00-24:00"], sun: ["12:00-00:00"]}`)
	want := [7][]Span{
		time.Monday:   {{540, 780}, {840, 1080}},
		time.Friday:   {{1080, 1560}},
		time.Saturday: {{600, 1440}},
		time.Sunday:   {{720, 1440}},
	}
	if !o.Given || !reflect.DeepEqual(o.Week, want) {
		t.Errorf("given %v, week %v, want %v", o.Given, o.Week, want)
	}
}

func TestOn(t *testing.T) {
	o := opening(t, `opening_hours: {thu: ["09:00-18:00", "18:00-19:00"], fri: ["18:00-02:00"], sat: ["02:00-12:00"]}
  closures: {"2026-12-24": ["09:00-13:00"], "2026-12-25": [], "2027-01-01": ["20:00-01:00"]}`)
	for date, want := range map[Date][]Span{
		{2026, 12, 16}: nil,                               // a Wednesday, left out
		{2026, 12, 17}: {{540, 1140}},                     // spans that touch are one
		{2026, 12, 18}: {{1080, 1440}},                    // a Friday, to midnight
		{2026, 12, 19}: {{0, 720}},                        // what began on Friday goes on
		{2026, 12, 24}: {{540, 780}},                      // an exception
		{2026, 12, 25}: nil,                               // closed
		{2026, 12, 26}: {{120, 720}},                      // nothing began on the 25th
		{2027, 1, 1}:   {{1200, 1440}},                    // another exception
		{2027, 1, 2}:   {{0, 60}, {120, 720}},             // its end, and a Saturday
		{2028, 2, 29}:  nil, {2028, 3, 3}: {{1080, 1440}}, // leap day, a Tuesday
	} {
		if got := o.On(date); !reflect.DeepEqual(got, want) {
			t.Errorf("%s, a %s: %v, want %v", date, date.Weekday(), got, want)
		}
	}
}

func TestNightBeforeAnExceptionIsAFault(t *testing.T) {
	_, err := load("f.yaml", []byte(location(`opening_hours: {sat: ["02:00-12:00"]}
  closures: {"2027-01-01": ["20:00-04:00"]}`)), nil, nil)
	if err == nil {
		t.Error("20:00-04:00 into 02:00-12:00 is taken")
	}
}

func TestOpenThroughout(t *testing.T) {
	o := opening(t, `closures: {"2026-12-25": []}`)
	if o.Given || !reflect.DeepEqual(o.On(Date{2026, 12, 24}), []Span{{0, 1440}}) || o.On(Date{2026, 12, 25}) != nil {
		t.Errorf("%+v", o)
	}
}

// Whatever the hours, a minute is in On of its date exactly when a span that began on that
// date or the one before covers it.
func TestOnAgainstMinutes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var o Opening
		for d := range o.Week {
			start := rapid.IntRange(0, 95).Draw(t, "start") * 15
			length := rapid.IntRange(0, 95).Draw(t, "length") * 15
			if length > 0 {
				o.Week[d] = []Span{{start, start + length}}
			}
		}
		date := Date{2026, 3, rapid.IntRange(1, 31).Draw(t, "day")}
		open := make([]bool, dayMinutes)
		for _, s := range o.Week[date.Weekday()] {
			for m := s.Start; m < min(s.End, dayMinutes); m++ {
				open[m] = true
			}
		}
		for _, s := range o.Week[(date.Weekday()+6)%7] {
			for m := dayMinutes; m < s.End; m++ {
				open[m-dayMinutes] = true
			}
		}
		last := -1
		for _, s := range o.On(date) {
			if s.Start <= last || s.Start >= s.End || s.End > dayMinutes {
				t.Fatalf("spans %v", o.On(date))
			}
			last = s.End
			for m := s.Start; m < s.End; m++ {
				if !open[m] {
					t.Fatalf("open at minute %d", m)
				}
				open[m] = false
			}
		}
		for m, left := range open {
			if left {
				t.Fatalf("closed at minute %d", m)
			}
		}
	})
}

// Every pair of quarter hours is read as what it says, and written back as it was.
func TestSpanText(t *testing.T) {
	for start := 0; start < dayMinutes; start += 15 {
		for end := 15; end <= dayMinutes; end += 15 {
			text := fmt.Sprintf("%s-%s", clock(start), clock(end))
			s, problem := spanKind().parse(text)
			want := Span{start, end}
			if end < start {
				want.End += dayMinutes
			}
			if start == end {
				if problem == "" {
					t.Errorf("%s is taken", text)
				}
				continue
			}
			if problem != "" || s != want || s.String() != text {
				t.Errorf("%s: %v %s, want %v", text, s, problem, want)
			}
		}
	}
}

func TestDates(t *testing.T) {
	helsinki := mustLoad(t, location("timezone: Europe/Helsinki"), nil).Location(21).Timezone
	d := DateOf(time.Date(2026, 12, 31, 23, 0, 0, 0, time.UTC).In(helsinki))
	if d != (Date{2027, 1, 1}) || d.String() != "2027-01-01" || d.AddDays(-1).String() != "2026-12-31" || d.Weekday() != time.Friday {
		t.Errorf("%s, the day before %s, a %s", d, d.AddDays(-1), d.Weekday())
	}
}
