package api

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/footfall/footfall/analytics"
	"github.com/footfall/footfall/analytics/storetest"
	"github.com/footfall/footfall/tracker"
)

// fortyShops is a Live of forty shops, whose store is real.
type fortyShops struct {
	*shops
	store  analytics.Store
	clocks map[int64]*time.Location
}

const manyShops = 40

func (f *fortyShops) Locations() (all []analytics.LocationInfo) {
	for id := int64(1); id <= manyShops; id++ {
		all = append(all, analytics.LocationInfo{ID: id, Timezone: f.clocks[id].String()})
	}
	return all
}

func (f *fortyShops) timezone(id int64) (*time.Location, int) { return f.clocks[id], 0 }

// opens are a shop's hours on every day, in minutes.
func opens(id int64) analytics.OpenSpan {
	from := int(id) % 5 * 60
	return analytics.OpenSpan{From: from, To: from + 9*60 + int(id)%3*15}
}

// first is before the first day in any time zone: Helsinki changes its clocks in it.
var first = time.Date(2026, 3, 27, 0, 0, 0, 0, time.UTC)

// newFortyShops lays four days: in every quarter hour as many people come to a shop as its
// id says, for five minutes.
func newFortyShops(t *testing.T) *fortyShops {
	f := &fortyShops{newShops(), storetest.NewMemory(), map[int64]*time.Location{}}
	names := []string{"Europe/Helsinki", "America/New_York", "Australia/Lord_Howe", "Asia/Tokyo", "Asia/Kathmandu"}
	for id := int64(1); id <= manyShops; id++ {
		name := names[id%5]
		clock, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		f.clocks[id] = clock
		p := &analytics.Profile{Location: id, Timezone: name, Capacity: 50, Opening: &analytics.OpeningHours{}}
		for d := range p.Opening.Week {
			p.Opening.Week[d] = []analytics.OpenSpan{opens(id)}
		}
		f.lay(t, p)
	}
	return f
}

func (f *fortyShops) lay(t *testing.T, p *analytics.Profile) {
	from := first.UnixMicro()
	r := analytics.NewRecorder(p.Location, from)
	r.GoBy(p)
	r.Connected(from)
	to := from + 6*24*60*analytics.Minute
	for at := from; at < to; at += analytics.Quarter {
		for range p.Location {
			r.Entry(tracker.Entry{At: at + analytics.Minute, First: true})
			r.Exit(tracker.Exit{Entered: at + analytics.Minute, Left: at + 6*analytics.Minute})
		}
		r.Follow(at + analytics.Quarter)
	}
	b := &analytics.Batch{}
	r.Flush(b, analytics.State{At: to, Batch: 1})
	if err := errors.Join(p.Put(b), analytics.Commit(f.store, b), analytics.Derive(f.store, p.Location)); err != nil {
		t.Fatal(err)
	}
}

// entries are those of a shop on a date while it is open, quarter hour by quarter hour.
func (f *fortyShops) entries(id int64, day int) (n int64) {
	span := opens(id)
	for at := first; at.Before(first.AddDate(0, 0, 6)); at = at.Add(15 * time.Minute) {
		local := at.In(f.clocks[id])
		if minute := local.Hour()*60 + local.Minute(); local.Day() == day && minute >= span.From && minute < span.To {
			n += id
		}
	}
	return n
}

// Forty shops in five time zones, each by its own opening hours, are one request and one
// workbook with a sheet for every kind.
func TestFortyShopsInOneWorkbook(t *testing.T) {
	f := newFortyShops(t)
	s := start(t, func(c *Config) {
		c.Live, c.Timezone = f, f.timezone
		c.Reports = &analytics.Reports{Store: f.store, Open: func(context.Context, int64) (*analytics.Open, error) { return nil, nil }}
		c.Now = func() time.Time { return first.AddDate(0, 0, 5) }
	})
	kinds := slices.DeleteFunc(analytics.Kinds(), func(kind string) bool { return kind == "ledger" })
	const asked = "?from=2026-03-28&to=2026-03-31&bucket=1d&hours=open"
	a := s.get(t, "/api/v1/reports/"+strings.Join(kinds, ",")+asked+"&format=xlsx")
	a.wantStatus(t, http.StatusOK)
	book, err := excelize.OpenReader(bytes.NewReader(a.body))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	if sheets := book.GetSheetList(); !slices.Equal(sheets, kinds) {
		t.Errorf("sheets %v, want %v", sheets, kinds)
	}
	f.checkSheet(t, book, "occupancy")
	f.checkSheet(t, book, "visits")
	f.checkRanking(t, s.get(t, "/api/v1/reports/visits"+asked+"&sort=-entries&limit=10"))
	s.get(t, "/api/v1/reports/ledger"+asked).wantProblem(t, http.StatusBadRequest, "which opening hours interrupt", "query.hours")
}

// checkSheet looks at the rows of a sheet: by shop, then by its own days.
func (f *fortyShops) checkSheet(t *testing.T, book *excelize.File, kind string) {
	rows, err := book.GetRows(kind)
	if err != nil || len(rows) != 1+3*manyShops {
		t.Fatalf("%s: %d rows, %v", kind, len(rows), err)
	}
	column := func(name string) int { return slices.Index(rows[0], name) }
	for i, r := range rows[1:] {
		id, day := int64(i/3+1), 28+i%3
		midnight := fmt.Sprintf("2026-03-%d 00:00", day)
		if r[column("location_id")] != fmt.Sprint(id) || r[column("start_local")] != midnight {
			t.Errorf("%s: row %d is of shop %s from %s, want %d from %s", kind, i, r[0], r[column("start_local")], id, midnight)
		}
		if got, want := r[column("entries")], fmt.Sprint(f.entries(id, day)); got != want {
			t.Errorf("%s: shop %d has %s entries on %s, want %s", kind, id, got, midnight, want)
		}
		if kind == "occupancy" && r[column("hours")] != "open" {
			t.Errorf("the mean is of %s hours", r[column("hours")])
		}
	}
}

// checkRanking looks at the ten best days of all shops.
func (f *fortyShops) checkRanking(t *testing.T, a answer) {
	var report struct {
		Hours string
		Rows  []struct{ Entries int64 }
	}
	if err := json.Unmarshal(a.body, &report); err != nil {
		t.Fatal(err)
	}
	var all, got []int64
	for id := int64(1); id <= manyShops; id++ {
		all = append(all, f.entries(id, 28), f.entries(id, 29), f.entries(id, 30))
	}
	slices.SortFunc(all, func(a, b int64) int { return cmp.Compare(b, a) })
	for _, r := range report.Rows {
		got = append(got, r.Entries)
	}
	if !slices.Equal(got, all[:10]) || report.Hours != "open" {
		t.Errorf("the best days of %s hours are %v, want %v", report.Hours, got, all[:10])
	}
}
