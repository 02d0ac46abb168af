package analytics

import (
	"errors"
	"testing"

	"github.com/footfall/footfall/tracker"
)

func TestDamagedValuesAreRefused(t *testing.T) {
	for name, value := range map[string][]byte{
		"nothing":                       {},
		"another version":               {9, 0, 0, 0, 0},
		"cut short":                     {codecVersion, 0, 0},
		"a byte too many":               {codecVersion, 0, 0, 0, 0, 0},
		"a figure that there is not":    {codecVersion, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x40, 2, 0, 0, 0},
		"more bins than bytes":          {codecVersion, 0, 0, 200, 1, 1},
		"a bin with no count":           {codecVersion, 0, 0, 1, 2, 0, 0},
		"bins that do not ascend":       {codecVersion, 0, 0, 2, 4, 1, 0, 1, 0},
		"a bin beyond 16 bits":          {codecVersion, 0, 0, 1, 0x80, 0x80, 0x80, 1, 1, 0},
		"a class that does not exist":   {codecVersion, 0, 0, 0, 1, classes, 1, 1},
		"classes that do not ascend":    {codecVersion, 0, 0, 0, 2, 3, 1, 1, 3, 1, 1},
		"a number with an endless tail": {codecVersion, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff},
	} {
		var z ZoneRollup
		if err := z.read(value, reachAll); !errors.Is(err, ErrRollup) {
			t.Errorf("%s: read %+v, %v", name, z, err)
		}
	}
	var l LineRollup
	if err := l.read([]byte{codecVersion, 0x10, 2}); !errors.Is(err, ErrRollup) {
		t.Errorf("a line's figure that there is not: %v", err)
	}
	if n, err := readNumber([]byte{codecVersion}); !errors.Is(err, ErrRollup) {
		t.Errorf("no number: %d, %v", n, err)
	}
	if k, err := parseRollupKey(make([]byte, 20)); !errors.Is(err, ErrRollup) {
		t.Errorf("a short key: %+v, %v", k, err)
	}
}

func TestDamagedStatesAreRefused(t *testing.T) {
	for name, value := range map[string][]byte{
		"nothing":                       {},
		"spans that do not ascend":      {codecVersion, 0, 0, 0, 0, 0, 0, 2, 2, 2, 0, 0, 0},
		"a span that ends first":        {codecVersion, 0, 0, 0, 0, 0, 0, 1, 2, 0, 0},
		"a zone ahead of the others":    {codecVersion, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0},
		"a zone more than a minute ago": {codecVersion, 0, 0, 0, 0, 0, 0, 0, 1, 0, 2, 0},
		"a change that is over":         {codecVersion, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 1, 1, 2},
		"more zones than bytes":         {codecVersion, 0, 0, 0, 0, 0, 0, 0, 100, 0, 0},
	} {
		if s, _, err := readState(21, value); !errors.Is(err, ErrState) {
			t.Errorf("%s: read %+v, %v", name, s, err)
		}
	}
}

func TestRollupsMerge(t *testing.T) {
	visit := func(left int64, class tracker.Class) tracker.Exit {
		return tracker.Exit{Reason: tracker.Crossed, Left: left, Who: class}
	}
	unknown, woman := tracker.Class{}, tracker.Class{Gender: tracker.Female, Age: tracker.Age25to34}
	var a, b, both ZoneRollup
	a.addOccupancy(3, Second, Second)
	a.addExit(visit(Second, woman))
	a.End = 2
	b.addOccupancy(1, Second, 0) // not under data: no minimum
	b.addExit(visit(5*Second, unknown))
	b.addExit(visit(2*Second, woman))
	b.End = 7
	both.merge(&a)
	both.merge(&b)
	if both.Min != 3 || both.Max != 3 || both.End != 7 || both.Longest != 5*Second {
		t.Errorf("merged %+v", both)
	}
	if both.Sum[Visits] != 3 || both.Sum[Dwell] != 8*Second || both.Sum[PersonTime] != 4*Second || both.Sum[CoveredPersonTime] != 3*Second {
		t.Errorf("merged sums %v", both.Sum)
	}
	want := []ClassSum{{int32(unknown.Index()), 1, 5 * Second}, {int32(woman.Index()), 2, 3 * Second}}
	if len(both.Classes) != 2 || both.Classes[0] != want[0] || both.Classes[1] != want[1] {
		t.Errorf("merged classes %v, want %v", both.Classes, want)
	}
	if len(a.Classes) != 1 || a.Classes[0].Visits != 1 {
		t.Errorf("merging changed what was merged: %v", a.Classes)
	}
	both.reset()
	if !(&total{zone: both}).empty() || len(both.Classes) != 0 || both.Longest != 0 {
		t.Errorf("reset left %+v", both)
	}
}
