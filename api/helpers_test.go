package api

import (
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/goleak"

	"github.com/footfall/footfall/analytics"
)

var (
	_ Reporter = (*analytics.Reports)(nil)
	_ Metrics  = (*prometheus.Registry)(nil)
	_ Encoder  = (*JSON)(nil)
	_ Encoder  = (*CSV)(nil)
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// noon is the tests' present: Monday, 2 March 2026, 12:00 in Helsinki.
var noon = time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)

// shops is a Live of two locations.
type shops struct {
	mu     sync.Mutex
	counts map[int64]*analytics.Counts
}

func newShops() *shops {
	return &shops{counts: map[int64]*analytics.Counts{
		21: {LocationID: 21, Time: noon.UnixMicro() + 40_000, Version: 1, Occupancy: 12, Connected: true, Zones: []analytics.ZoneCount{
			{ID: "entrance", Name: "Entrance", Occupancy: 3, Capacity: 10}, {ID: `be"er`},
		}},
		22: {LocationID: 22, Time: noon.UnixMicro(), Version: 7},
	}}
}

func (s *shops) set(c *analytics.Counts) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.counts[c.LocationID] = c
}

func (s *shops) Locations() []analytics.LocationInfo {
	return []analytics.LocationInfo{
		{ID: 21, Name: "Kamppi", Timezone: "Europe/Helsinki", Capacity: 120, Connected: true, Since: noon.UnixMicro()},
		{ID: 22, Timezone: "America/New_York"},
	}
}

func (s *shops) Counts(location int64) *analytics.Counts {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.counts[location]
}

const kamppiZones = `{"type":"FeatureCollection","features":[{"type":"Feature","id":"entrance","properties":{"name":"Entrance","location_id":21},"geometry":{"type":"Polygon","coordinates":[[[0,0],[100,0],[100,100],[0,0]]]}}]}`

func (s *shops) Zones(location int64) []byte {
	switch location {
	case 21:
		return []byte(kamppiZones)
	case 22:
		return []byte(`{"type":"FeatureCollection","features":[]}`)
	}
	return nil
}

// books answers every query with rows of its own, and keeps the query.
type books struct {
	last atomic.Pointer[analytics.Query]
	rows func(kind string) [][]analytics.Cell // nil: one row, as exampleCells
	err  func(row int) error                  // before each row
}

func (b *books) Run(ctx context.Context, q analytics.Query, out analytics.Output) error {
	b.last.Store(&q)
	h := analytics.Header{Kind: q.Kind, From: q.From, To: q.To, Bucket: q.Bucket, Hours: q.Hours, Averages: analytics.KindAverages(q.Kind), Columns: analytics.KindColumns(q.Kind)}
	h.Widened = q.From%analytics.Minute != 0
	for i, l := range q.Locations {
		if l != 21 && l != 22 {
			return &analytics.QueryError{Parameter: "location", NotFound: true, Reason: "there is no such location"}
		}
		h.Locations = append(h.Locations, analytics.LocationHeader{Location: l, Timezone: "Europe/Helsinki", Interval: analytics.Interval{From: h.From, To: h.To}})
		if len(q.Intervals) > 0 {
			h.Locations[i].Interval = q.Intervals[i]
		}
	}
	if q.Compare != analytics.CompareNone {
		h.Columns = append(h.Columns, analytics.Column{Name: analytics.PreviousStart})
		for _, c := range analytics.KindColumns(q.Kind) {
			if !c.Label {
				h.Columns = append(h.Columns, analytics.Column{Name: c.Name + analytics.PreviousSuffix})
			}
		}
		for i := range h.Locations {
			h.Locations[i].Previous = analytics.Interval{From: q.From - 7*24*60*analytics.Minute, To: q.To - 7*24*60*analytics.Minute}
		}
	}
	if err := out.Begin(h); err != nil {
		return err
	}
	rows := [][]analytics.Cell{exampleCells(q.Kind), make([]analytics.Cell, len(h.Columns))}
	if copy(rows[1], exampleCells(q.Kind)[:labels(q.Kind)]); b.rows != nil {
		rows = b.rows(q.Kind)
	}
	for _, l := range q.Locations {
		for i, cells := range rows {
			if b.err != nil {
				if err := b.err(i); err != nil {
					return err
				}
			}
			if q.Compare != analytics.CompareNone && b.rows == nil {
				cells = comparedCells(q, cells[:len(analytics.KindColumns(q.Kind))])
			}
			row := analytics.Row{Location: l, Start: q.From, End: q.To, Coverage: 0.25, Partial: i == 0, Cells: cells}
			if err := out.Row(&row); err != nil {
				return err
			}
			if ctx.Err() != nil {
				return ctx.Err()
			}
		}
	}
	return nil
}

// comparedCells are a row's with the same figures beside them, null where the first
// is null.
func comparedCells(q analytics.Query, cells []analytics.Cell) []analytics.Cell {
	first := labels(q.Kind)
	previous := analytics.Cell{}
	if cells[len(cells)-1].Type != analytics.Null {
		previous = analytics.Cell{Type: analytics.Time, Int: q.From - 7*24*60*analytics.Minute}
	}
	return slices.Concat(cells, []analytics.Cell{previous}, cells[first:])
}

// labels is how many of a kind's columns say what a row is about.
func labels(kind string) int {
	return slices.IndexFunc(analytics.KindColumns(kind), func(c analytics.Column) bool { return !c.Label })
}

func exampleCells(kind string) []analytics.Cell {
	var cells []analytics.Cell
	for _, k := range kindTexts {
		for _, c := range k.columns {
			if k.kind != kind {
				continue
			}
			cell := analytics.Cell{Type: analytics.Text, Text: "entrance"}
			switch {
			case c.values != nil:
				cell.Text = c.values[0].(string)
			case c.kind == "boolean":
				cell = analytics.Cell{Type: analytics.Bool}
			case c.kind == "integer":
				cell = analytics.Cell{Type: analytics.Integer, Int: 41}
			case c.kind == "number":
				cell = analytics.Cell{Type: analytics.Float, Float: 8640.5}
			}
			cells = append(cells, cell)
		}
	}
	return cells
}

func helsinki(location int64) (*time.Location, int) {
	zone, _ := time.LoadLocation(map[int64]string{21: "Europe/Helsinki", 22: "America/New_York"}[location])
	return zone, 0
}

// site is a server on a port of its own.
type site struct {
	*Server
	live    *shops
	reports *books
	url     string
	client  *http.Client
	stop    func() error
}

func start(t testing.TB, change func(*Config)) *site {
	t.Helper()
	s := &site{live: newShops(), reports: &books{}}
	cfg := Config{
		Live: s.live, Reports: s.reports, Ready: func() Readiness { return Readiness{} }, Timezone: helsinki,
		Now: func() time.Time { return noon.Add(30 * time.Second) }, Version: "0.1.0",
		Signals: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "not now", http.StatusServiceUnavailable) }),
	}
	if change != nil {
		change(&cfg)
	}
	var err error
	if s.Server, err = New(cfg); err != nil {
		t.Fatal(err)
	}
	s.serveOn(t)
	return s
}

func (s *site) serveOn(t testing.TB) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(ctx, l) }()
	s.url = "http://" + l.Addr().String()
	s.client = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 16, DisableCompression: true}}
	s.stop = sync.OnceValue(func() error {
		cancel()
		s.client.CloseIdleConnections()
		return <-ended
	})
	t.Cleanup(func() {
		if err := s.stop(); err != nil {
			t.Error("Serve:", err)
		}
	})
}

type answer struct {
	*http.Response
	body []byte
}

// do asks with headers given as name, value, …
func (s *site) do(t testing.TB, method, path string, headers ...string) answer {
	t.Helper()
	return s.send(t, method, path, nil, headers...)
}

func (s *site) send(t testing.TB, method, path string, sent io.Reader, headers ...string) answer {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, s.url+path, sent)
	if err != nil {
		t.Fatal(err)
	}
	for pair := range slices.Chunk(headers, 2) {
		if pair[0] == "Host" {
			r.Host = pair[1]
			continue
		}
		r.Header.Add(pair[0], pair[1])
	}
	resp, err := s.client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{resp, body}
}

func (s *site) get(t testing.TB, path string, headers ...string) answer {
	t.Helper()
	return s.do(t, http.MethodGet, path, headers...)
}

func (a answer) wantStatus(t testing.TB, status int) {
	t.Helper()
	if a.StatusCode != status {
		t.Fatalf("%s %s: status %d, want %d; body %s", a.Request.Method, a.Request.URL.RequestURI(), a.StatusCode, status, a.body)
	}
}

// problem is the answer as a problem; anything else fails the test.
func (a answer) problem(t testing.TB, status int) map[string]any {
	t.Helper()
	a.wantStatus(t, status)
	if got := a.Header.Get("Content-Type"); got != problemType {
		t.Fatalf("%s: Content-Type %q, body %s", a.Request.URL, got, a.body)
	}
	var p map[string]any
	if err := json.Unmarshal(a.body, &p); err != nil {
		t.Fatalf("%s: %v in %s", a.Request.URL, err, a.body)
	}
	if p["status"] != float64(status) || p["title"] != http.StatusText(status) || p["detail"] == "" {
		t.Fatalf("%s: problem %s", a.Request.URL, a.body)
	}
	return p
}

// wantProblem wants a status, a text in it, and the first fault's location.
func (a answer) wantProblem(t testing.TB, status int, text, location string) {
	t.Helper()
	p := a.problem(t, status)
	if !strings.Contains(string(a.body), text) {
		t.Errorf("%s: no %q in %s", a.Request.URL, text, a.body)
	}
	if location == "" {
		return
	}
	faults, _ := p["errors"].([]any)
	if len(faults) == 0 || faults[0].(map[string]any)["location"] != location {
		t.Errorf("%s: no fault at %s in %s", a.Request.URL, location, a.body)
	}
}

func readCloser(b []byte) io.ReadCloser { return io.NopCloser(strings.NewReader(string(b))) }

func filesIn(t testing.TB, folder string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}
