package analytics_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/footfall/footfall/analytics"
	"github.com/footfall/footfall/analytics/storetest"
	"github.com/footfall/footfall/zones"
)

func noZones() *zones.Plan { return zones.Empty().Plan(0) }

// planOf is a plan of square zones, and of lines where a name begins with "/".
func planOf(t *testing.T, names ...string) *zones.Plan {
	t.Helper()
	var features []string
	for i, name := range names {
		shape := fmt.Sprintf(`{"type":"Polygon","coordinates":[[[%[1]d,0],[%[2]d,0],[%[2]d,50],[%[1]d,50],[%[1]d,0]]]}`, 100*i, 100*i+50)
		if strings.HasPrefix(name, "/") {
			shape = fmt.Sprintf(`{"type":"LineString","coordinates":[[%d,0],[%d,50]]}`, 100*i, 100*i)
		}
		features = append(features, fmt.Sprintf(`{"type":"Feature","id":%q,"properties":{"location_id":21},"geometry":%s}`, strings.TrimPrefix(name, "/"), shape))
	}
	set, err := zones.Parse([]byte(`{"type":"FeatureCollection","features":[` + strings.Join(features, ",") + `]}`))
	if err != nil {
		t.Fatal(err)
	}
	return set.Plan(21)
}

func subjects(all []analytics.Subject) string {
	var s []string
	for _, one := range all {
		text := fmt.Sprintf("%s=%d", one.ID, one.Number)
		if one.Gone {
			text += " gone"
		}
		s = append(s, text)
	}
	return strings.Join(s, ", ")
}

func TestNumbersLast(t *testing.T) {
	p := &analytics.Profile{Location: 21, Timezone: "UTC"}
	for _, tt := range []struct {
		plan         []string
		zones, lines string
		layout       []int32
	}{
		{[]string{"door", "till", "/front"}, "door=1, till=2", "front=1", []int32{1, 2}},
		{[]string{"bar", "door", "/gate"}, "bar=3, door=1, till=2 gone", "gate=2, front=1 gone", []int32{3, 1}},
		{[]string{}, "bar=3 gone, door=1 gone, till=2 gone", "gate=2 gone, front=1 gone", nil},
		{[]string{"till", "attic", "/front", "/till2"}, "till=2, attic=4, bar=3 gone, door=1 gone", "front=1, till2=3, gate=2 gone", []int32{2, 4}},
	} {
		layout := p.Adopt(planOf(t, tt.plan...))
		if got := subjects(p.Zones); got != tt.zones {
			t.Errorf("after %v zones are %s, want %s", tt.plan, got, tt.zones)
		}
		if got := subjects(p.Lines); got != tt.lines {
			t.Errorf("after %v lines are %s, want %s", tt.plan, got, tt.lines)
		}
		if !slices.Equal(layout.Zones, tt.layout) || len(layout.Lines) != len(layout.Plan.Lines()) {
			t.Errorf("after %v the layout is %v, want %v", tt.plan, layout.Zones, tt.layout)
		}
	}
}

func TestProfilesAreStored(t *testing.T) {
	store := storetest.NewMemory()
	b := &analytics.Batch{}
	want := &analytics.Profile{
		Location: -4, Name: "Kamppi", Timezone: "Europe/Helsinki", DayStart: 240, Capacity: 120,
		Zones: []analytics.Subject{{Number: 1, ID: "queue", Name: "Queue", Kind: "queue", Capacity: 9, Service: "till"}, {Number: 2, ID: "till", Gone: true}},
	}
	for _, p := range []*analytics.Profile{want, {Location: 9, Timezone: "UTC"}, {Location: -7, Timezone: "UTC"}} {
		if err := p.Put(b); err != nil {
			t.Fatal(err)
		}
	}
	analytics.NewRecorder(9, noon).Flush(b, analytics.State{At: noon, Counted: noon - 5, Messages: 70, Batch: 3, Known: []int32{1, 4}})
	if err := analytics.Commit(store, b); err != nil {
		t.Fatal(err)
	}
	err := store.View(func(v analytics.View) error {
		got, err := analytics.LoadProfile(v, -4)
		if err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("loaded %v (%v), want %v", got, err, want)
		}
		if got, err := analytics.LoadProfile(v, 5); got != nil || err != nil {
			t.Errorf("a profile nobody stored: %v, %v", got, err)
		}
		ids, err := analytics.LocationIDs(v)
		if err != nil || !slices.Equal(ids, []int64{-7, -4, 9}) {
			t.Errorf("locations %v, %v", ids, err)
		}
		state, err := analytics.LoadState(v, 9)
		if err != nil || state.At != noon || state.Counted != noon-5 || state.Messages != 70 || state.Batch != 3 || !slices.Equal(state.Known, []int32{1, 4}) {
			t.Errorf("state %+v, %v", state, err)
		}
		if state, err := analytics.LoadState(v, -4); err != nil || state.Batch != 0 {
			t.Errorf("a state nobody stored: %+v, %v", state, err)
		}
		if s, err := analytics.Load(v, -4); s != nil || err != nil {
			t.Errorf("a location nobody counted: %+v, %v", s, err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if c, err := (&analytics.Profile{Location: 21, Timezone: "Europe/Atlantis"}).Calendar(); err == nil {
		t.Errorf("a calendar of %v", c)
	}
}

func TestBucketsByName(t *testing.T) {
	for _, b := range buckets {
		if got, err := analytics.ParseBucket(b.String()); err != nil || got != b {
			t.Errorf("%q is %v, %v", b.String(), got, err)
		}
	}
	for _, name := range []string{"2h", "1M", "day", "1h "} {
		if b, err := analytics.ParseBucket(name); err == nil {
			t.Errorf("%q is %v", name, b)
		}
	}
	for _, kind := range analytics.Kinds() {
		if len(analytics.KindColumns(kind)) == 0 {
			t.Errorf("%s has no columns", kind)
		}
	}
	if c := analytics.KindColumns("weather"); c != nil {
		t.Errorf("weather has the columns %v", c)
	}
}
