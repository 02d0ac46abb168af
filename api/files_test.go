package api

import (
	"bytes"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
)

func TestReportAsFile(t *testing.T) {
	s := start(t, nil)
	const path = "/api/v1/locations/21/reports/dwell?from=2026-03-02T09:00Z&to=2026-03-02T18:00Z"
	for _, c := range []struct{ format, media, magic string }{
		{"xlsx", xlsxType, "PK\x03\x04"}, {"parquet", parquetType, "PAR1"},
	} {
		asked := s.get(t, path+"&format="+c.format)
		asked.wantStatus(t, http.StatusOK)
		if got := asked.Header.Get("Content-Type"); got != c.media || !strings.HasPrefix(string(asked.body), c.magic) {
			t.Errorf("%s: Content-Type %q, %d bytes", c.format, got, len(asked.body))
		}
		if got := asked.Header.Get("Content-Disposition"); got != `attachment; filename="footfall-dwell-21-20260302T0900Z-20260302T1800Z.`+c.format+`"` {
			t.Errorf("%s: Content-Disposition %q", c.format, got)
		}
		if liked := s.get(t, path, "Accept", c.media); liked.Header.Get("Content-Type") != c.media {
			t.Errorf("%s: by Accept: %v", c.format, liked.Header)
		}
		s.reports.err = func(int) error { return errors.New("the disk is on fire") }
		s.get(t, path+"&format="+c.format).wantProblem(t, http.StatusInternalServerError, "log says what", "")
		s.reports.err = nil
	}
}

// A comparison has the same columns in every format.
func TestComparisonInEveryFormat(t *testing.T) {
	s := start(t, nil)
	const path = "/api/v1/locations/21/reports/lines?from=2026-03-02T09:00Z&to=2026-03-02T18:00Z&compare=previous&format="
	const columns = "start,end,coverage,partial,line_id,in,out,net_in,net_out,previous_start,in_previous,out_previous,net_in_previous,net_out_previous"
	for _, want := range []string{
		`"timezone":"Europe/Helsinki","previous_from":"2026-02-23T09:00:00Z","previous_to":"2026-02-23T18:00:00Z"`,
		`"net_out":41,"previous_start":"2026-02-23T09:00:00Z","in_previous":41,`, `"net_out":null,"previous_start":null,"in_previous":null,`,
	} {
		if body := string(s.get(t, path+"json").body); !strings.Contains(body, want) {
			t.Errorf("no %s in %s", want, body)
		}
	}
	lines := strings.Split(string(s.get(t, path+"csv").body), "\r\n")
	if lines[0] != columns || !strings.HasSuffix(lines[1], ",41,2026-02-23T09:00:00Z,41,41,41,41") || !strings.HasSuffix(lines[2], ",,,,,,") {
		t.Errorf("CSV %q", lines)
	}
	var header []string
	sheet := readSheet(t, s.get(t, path+"xlsx").body, 1)
	for _, c := range sheet.Rows[0].Cells {
		header = append(header, c.Text)
	}
	if got := strings.Join(header, ","); got != columns+",start_local,end_local" {
		t.Errorf("XLSX %s", got)
	}
	body := s.get(t, path+"parquet").body
	file, err := parquet.OpenFile(bytes.NewReader(body), int64(len(body)))
	if err != nil {
		t.Fatal(err)
	}
	header = nil
	for _, f := range file.Schema().Fields() {
		header = append(header, f.Name())
	}
	if got := strings.Join(header, ","); got != columns {
		t.Errorf("Parquet %s", got)
	}
}

// Each shop's day by its own clock, in one answer.
func TestReportOfManyClocks(t *testing.T) {
	s := start(t, nil)
	body := string(s.get(t, "/api/v1/reports/lines?from=2026-03-01&to=2026-03-02&sort=-in&limit=7").body)
	q := s.reports.last.Load()
	if q.Sort != "-in" || q.Limit != 7 || len(q.Intervals) != 2 || q.Intervals[1].From-q.Intervals[0].From != 7*3600e6 {
		t.Errorf("asked %+v", q)
	}
	for _, want := range []string{
		`{"from":"2026-02-28T22:00:00Z","to":"2026-03-02T05:00:00Z"`,
		`{"location_id":21,"timezone":"Europe/Helsinki","from":"2026-02-28T22:00:00Z","to":"2026-03-01T22:00:00Z"}`,
		`{"location_id":22,"timezone":"Europe/Helsinki","from":"2026-03-01T05:00:00Z","to":"2026-03-02T05:00:00Z"}`,
	} {
		if !strings.Contains(body, want) {
			t.Errorf("no %s in %s", want, body)
		}
	}
}
