package whatif

import (
	"testing"

	"github.com/footfall/footfall/analytics"
)

func whole(n int64) analytics.Cell { return analytics.Cell{Type: analytics.Integer, Int: n} }

func TestDifference(t *testing.T) {
	none := analytics.Cell{}
	for _, test := range []struct {
		before, after, difference, percent analytics.Cell
		changed                            bool
	}{
		{whole(3), whole(3), whole(0), float(0), false},
		{whole(3), whole(2), whole(-1), float(-33.333333), true},
		{whole(0), whole(2), whole(2), none, true},
		{whole(0), whole(0), whole(0), none, false},
		{float(0.1), float(0.3), float(0.2), float(200), true},
		{float(2), whole(3), float(1), float(50), true},
		{none, whole(0), none, none, true},
		{whole(4), none, none, none, true},
		{none, none, none, none, false},
	} {
		r := Row{Before: test.before, After: test.after}
		if r.Difference() != test.difference || r.Percent() != test.percent || r.Changed() != test.changed {
			t.Errorf("%v to %v: difference %v, per cent %v, changed %v; want %v, %v, %v", test.before, test.after,
				r.Difference(), r.Percent(), r.Changed(), test.difference, test.percent, test.changed)
		}
	}
}
