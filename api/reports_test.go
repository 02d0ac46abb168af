package api

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/footfall/footfall/analytics"
)

func TestReportOfOneLocation(t *testing.T) {
	s := start(t, nil)
	a := s.get(t, "/api/v1/locations/21/reports/occupancy?from=2026-03-02T09:00:00Z&to=2026-03-02T18:00:00Z&bucket=1h&tz=Asia/Tokyo&zone=a&zone=b")
	a.wantStatus(t, http.StatusOK)
	var report struct {
		LocationID                 int64 `json:"location_id"`
		From, To, Bucket, Timezone string
		Rows                       []map[string]any
		Widened                    any
	}
	if err := json.Unmarshal(a.body, &report); err != nil {
		t.Fatal(err)
	}
	if report.LocationID != 21 || report.From != "2026-03-02T09:00:00Z" || report.To != "2026-03-02T18:00:00Z" || report.Bucket != "1h" || len(report.Rows) != 2 || report.Widened != nil {
		t.Errorf("got %s", a.body)
	}
	if got := a.Header.Get("Content-Type"); got != jsonType {
		t.Errorf("Content-Type %q", got)
	}
	q := s.reports.last.Load()
	if q.Kind != "occupancy" || !slices.Equal(q.Locations, []int64{21}) || q.Bucket != analytics.Bucket1h || q.Timezone != "Asia/Tokyo" ||
		!slices.Equal(q.Zones, []string{"a", "b"}) || q.Now != noon.Add(30*time.Second).UnixMicro() {
		t.Errorf("asked %+v", q)
	}
}

func TestReportOfManyLocations(t *testing.T) {
	s := start(t, nil)
	for query, want := range map[string][]int64{"": {21, 22}, "?location=22": {22}, "?location=22&location=21&location=22": {22, 21}} {
		a := s.get(t, "/api/v1/reports/lines"+query)
		a.wantStatus(t, http.StatusOK)
		if q := s.reports.last.Load(); !slices.Equal(q.Locations, want) {
			t.Errorf("%s asks for %v", query, q.Locations)
		}
		var report struct {
			Locations, Rows []struct {
				LocationID int64 `json:"location_id"`
			}
		}
		if err := json.Unmarshal(a.body, &report); err != nil || len(report.Locations) != len(want) || report.Rows[0].LocationID != want[0] {
			t.Errorf("%v in %s", err, a.body)
		}
	}
}

// noShops is a Live of a server that nothing was configured for.
type noShops struct{ *shops }

func (noShops) Locations() []analytics.LocationInfo { return nil }

func TestReportOfNoLocation(t *testing.T) {
	s := start(t, func(c *Config) { c.Live = noShops{newShops()} })
	a := s.get(t, "/api/v1/reports/flows?from=2026-03-02T09:00:30Z&bucket=1h")
	a.wantStatus(t, http.StatusOK)
	want := `{"from":"2026-03-02T09:00:00Z","to":"2026-03-02T10:01:00Z","bucket":"1h","locations":[],"hours":"all","widened":true,"rows":[]}` + "\n"
	if string(a.body) != want {
		t.Errorf("got %s", a.body)
	}
	s.get(t, "/api/v1/reports/nonsense").wantProblem(t, http.StatusNotFound, "occupancy, dwell", "path.kind")
}

func TestReportAsCSV(t *testing.T) {
	s := start(t, nil)
	s.reports.rows = func(string) [][]analytics.Cell {
		cells := exampleCells("dwell")
		cells[0].Text = `=cmd|"/c calc"!A1`
		return [][]analytics.Cell{cells}
	}
	const path = "/api/v1/locations/21/reports/dwell?from=2026-03-02T09:00Z&to=2026-03-02T18:00Z"
	asked := s.get(t, path+"&format=csv")
	asked.wantStatus(t, http.StatusOK)
	if got := asked.Header.Get("Content-Type"); got != "text/csv; charset=utf-8" {
		t.Errorf("Content-Type %q", got)
	}
	if got := asked.Header.Get("Content-Disposition"); got != `attachment; filename="footfall-dwell-21-20260302T0900Z-20260302T1800Z.csv"` {
		t.Errorf("Content-Disposition %q", got)
	}
	records, err := csv.NewReader(strings.NewReader(string(asked.body))).ReadAll()
	if err != nil || len(records) != 2 || records[1][4] != `'=cmd|"/c calc"!A1` {
		t.Errorf("%v, %v", records, err)
	}
	if liked := s.get(t, path, "Accept", "text/csv"); string(liked.body) != string(asked.body) || liked.Header.Get("Vary") != "Accept" {
		t.Errorf("by Accept: %s", liked.body)
	}
	if asked := s.get(t, path+"&format=json", "Accept", "text/csv"); asked.Header.Get("Content-Type") != jsonType {
		t.Error("the format asked for does not win")
	}
}

func TestReportHead(t *testing.T) {
	s := start(t, nil)
	s.reports.err = func(int) error { return errors.New("a row is made, and nobody wants it") }
	a := s.do(t, http.MethodHead, "/api/v1/locations/21/reports/dwell?format=csv")
	a.wantStatus(t, http.StatusOK)
	if a.Header.Get("Content-Disposition") == "" || len(a.body) != 0 {
		t.Errorf("%v", a.Header)
	}
}

func TestReportProblems(t *testing.T) {
	s := start(t, nil)
	const one = "/api/v1/locations/21/reports/occupancy"
	for _, c := range []struct {
		path           string
		status         int
		text, location string
	}{
		{one + "?bucket=2h", 400, `bucket \"2h\" is not known; use one of 1m, 5m`, "query.bucket"},
		{one + "?tz=Mars/Olympus", 400, `time zone \"Mars/Olympus\" is not known`, "query.tz"},
		{one + "?tz=Local", 400, "is not known", "query.tz"},
		{one + "?tz=../../etc/passwd", 400, "is not known", "query.tz"},
		{one + "?from=yesterday", 400, "is not a time", "query.from"},
		{one + "?to=2026-13-01", 400, "is not a time", "query.to"},
		{one + "?from=2026-03-02T12:00Z&to=2026-03-02T11:00Z", 400, "is not after from", "query.to"},
		{one + "?from=2026-03-02T12:00Z&to=2026-03-02T12:00Z", 400, "is not after from", "query.to"},
		{one + "?format=xls", 400, "use one of json, csv, xlsx, parquet", "query.format"},
		{"/api/v1/locations/21/reports/occupancy,dwell", 400, "ask for format=xlsx", "query.format"},
		{"/api/v1/locations/21/reports/occupancy,dwell?format=parquet", 400, "ask for format=xlsx", "query.format"},
		{"/api/v1/locations/21/reports/occupancy,nonsense?format=xlsx", 404, `there is no report \"nonsense\"`, "path.kind"},
		{"/api/v1/locations/21/reports/occupancy,?format=xlsx", 404, `there is no report \"\"`, "path.kind"},
		{one + "?buckt=1h", 400, `there is no parameter \"buckt\" here; there are bucket, compare, format, from, hours, limit, sort, to, tz, zone`, "query.buckt"},
		{one + "?location=22", 400, `there is no parameter \"location\"`, "query.location"},
		{one + "?from=2026-03-02&from=2026-03-03", 400, "is there 2 times", "query.from"},
		{one + "?zone=", 400, "is empty; leave it out instead", "query.zone"},
		{one + "?bucket", 400, "is empty", "query.bucket"},
		{one + "?zone=%zz", 400, "the query cannot be read", ""},
		{one + "?zone=a;b", 400, "the query cannot be read", ""},
		{"/api/v1/locations/21/reports/nonsense", 404, "there are occupancy, dwell", "path.kind"},
		{"/api/v1/locations/23/reports/dwell", 404, "there is no such location", "path.location"},
		{"/api/v1/locations/x/reports/dwell", 400, "is not an integer", "path.location"},
		{"/api/v1/locations/99999999999999999999/reports/dwell", 400, "is not an integer", "path.location"},
		{"/api/v1/reports/dwell?location=23", 404, "there is no such location", "query.location"},
		{"/api/v1/reports/dwell?location=x", 400, "is not an integer", "query.location"},
		{"/api/v1/reports/dwell?from=2026-03-02T09:00&to=2026-03-02T09:00", 400, "is not after from", "query.to"},
		{one + "?limit=0", 400, "is no whole number from 1 to 1000000", "query.limit"},
		{one + "?hours=shut", 400, "there are all, and open", "query.hours"},
		{one + "?limit=ten", 400, "is no whole number from 1 to 1000000", "query.limit"},
		{one + "?compare=yesterday", 400, "or previous or last_year", "query.compare"},
		{"/api/v1/reports/dwell?location=21&tz=UTC&bucket=1s", 400, "is not known", "query.bucket"},
	} {
		s.get(t, c.path).wantProblem(t, c.status, c.text, c.location)
	}
	s.get(t, one, "Accept", "image/png").wantProblem(t, 406, "Accept", "")
}

func TestReportersErrors(t *testing.T) {
	s := start(t, nil)
	const path = "/api/v1/locations/21/reports/dwell?zone=a&zone=b&format=csv"
	for _, c := range []struct {
		err      error
		status   int
		text     string
		location string
	}{
		{&analytics.QueryError{Parameter: "zone", NotFound: true, Reason: "there is no zone a"}, 404, `"value":"a, b"`, "query.zone"},
		{&analytics.QueryError{Parameter: "bucket", TooLarge: true, Reason: "too many rows"}, 422, "too many rows", "query.bucket"},
		{errors.New("the disk is on fire"), 500, "the server's log says what, under request " + s.boot, ""},
	} {
		s.reports.err = func(int) error { return c.err }
		a := s.get(t, path)
		a.wantProblem(t, c.status, c.text, c.location)
		if strings.Contains(string(a.body), "on fire") || a.Header.Get("Content-Disposition") != "" {
			t.Errorf("%v: %v %s", c.err, a.Header, a.body)
		}
	}
}

func manyRows(n int) func(string) [][]analytics.Cell {
	return func(kind string) [][]analytics.Cell {
		return slices.Repeat([][]analytics.Cell{exampleCells(kind)}, n)
	}
}

// What goes wrong once the answer has begun cuts the connection: neither JSON nor
// CSV looks whole.
func TestReportIsCutWhenItFailsMidway(t *testing.T) {
	s := start(t, nil)
	s.reports.rows = manyRows(10_000)
	s.reports.err = func(row int) error {
		if row == 9_000 {
			return errors.New("the disk is on fire")
		}
		return nil
	}
	for _, format := range []string{"json", "csv"} {
		resp, err := s.client.Get(s.url + "/api/v1/locations/21/reports/dwell?format=" + format)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if resp.StatusCode != http.StatusOK || !errors.Is(err, io.ErrUnexpectedEOF) || len(body) < chunkSize {
			t.Errorf("%s: status %d, %d bytes, %v", format, resp.StatusCode, len(body), err)
		}
	}
}

// A client that goes away ends the query.
func TestReportEndsWithItsClient(t *testing.T) {
	began, ended := make(chan struct{}), make(chan error, 1)
	s := start(t, func(c *Config) {
		c.Reports = reporterFunc(func(ctx context.Context, _ analytics.Query, _ analytics.Output) error {
			close(began)
			<-ctx.Done()
			ended <- ctx.Err()
			return ctx.Err()
		})
	})
	ctx, leave := context.WithCancel(t.Context())
	r, _ := http.NewRequestWithContext(ctx, http.MethodGet, s.url+"/api/v1/locations/21/reports/dwell", nil)
	go func() {
		<-began
		leave()
	}()
	if _, err := s.client.Do(r); !errors.Is(err, context.Canceled) {
		t.Errorf("asking: %v", err)
	}
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("the query: %v", err)
	}
}

type reporterFunc func(context.Context, analytics.Query, analytics.Output) error

func (f reporterFunc) Run(ctx context.Context, q analytics.Query, out analytics.Output) error {
	return f(ctx, q, out)
}
