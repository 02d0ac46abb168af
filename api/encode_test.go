package api

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"math"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/footfall/footfall/analytics"
)

func occupancyHeader(locations ...int64) analytics.Header {
	h := analytics.Header{
		Kind: "occupancy", From: noon.UnixMicro(), To: noon.Add(time.Hour).UnixMicro(),
		Bucket: analytics.Bucket1h, Averages: true, Columns: analytics.KindColumns("occupancy"),
	}
	for _, l := range locations {
		h.Locations = append(h.Locations, analytics.LocationHeader{Location: l, Timezone: "Europe/Helsinki", Interval: analytics.Interval{From: h.From, To: h.To}})
	}
	return h
}

func occupancyRow(location int64, zone string) *analytics.Row {
	return &analytics.Row{
		Location: location, Start: noon.UnixMicro(), End: noon.Add(time.Hour).UnixMicro(), Coverage: 1, Partial: true,
		Cells: []analytics.Cell{
			{Type: analytics.Text, Text: zone}, {Type: analytics.Integer, Int: 41}, {Type: analytics.Integer, Int: 40},
			{}, {Type: analytics.Float, Float: 1.0 / 3}, {Type: analytics.Integer, Int: 9}, {Type: analytics.Float, Float: 8640.5},
		},
	}
}

// write gives what an Encoder makes of a header and rows.
func write(t testing.TB, make func(io.Writer) Encoder, h analytics.Header, rows ...*analytics.Row) string {
	t.Helper()
	var b bytes.Buffer
	e := make(&b)
	if err := e.Begin(h); err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		if err := e.Row(r); err != nil {
			t.Fatal(err)
		}
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func singleJSON(w io.Writer) Encoder { return NewJSON(w, true) }
func manyJSON(w io.Writer) Encoder   { return NewJSON(w, false) }
func singleCSV(w io.Writer) Encoder  { return NewCSV(w, false) }
func manyCSV(w io.Writer) Encoder    { return NewCSV(w, true) }

func TestJSONOfOneLocation(t *testing.T) {
	h := occupancyHeader(21)
	got := write(t, singleJSON, h, occupancyRow(21, "entrance"), occupancyRow(21, "till"))
	row := func(zone string) string {
		return `{"start":"2026-03-02T10:00:00Z","end":"2026-03-02T11:00:00Z","coverage":1,"partial":true,"zone_id":"` + zone +
			`","entries":41,"exits":40,"occupancy_min":null,"occupancy_mean":0.3333333333333333,"occupancy_max":9,"person_seconds":8640.5,"hours":"all"}`
	}
	want := `{"location_id":21,"from":"2026-03-02T10:00:00Z","to":"2026-03-02T11:00:00Z","bucket":"1h","timezone":"Europe/Helsinki","hours":"all","rows":[` +
		"\n" + row("entrance") + ",\n" + row("till") + "\n]}\n"
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	h.Bucket, h.Widened = analytics.Whole, true
	want = `{"location_id":21,"from":"2026-03-02T10:00:00Z","to":"2026-03-02T11:00:00Z","bucket":null,"timezone":"Europe/Helsinki","hours":"all","widened":true,"rows":[]}` + "\n"
	if got := write(t, singleJSON, h); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestJSONOfManyLocations(t *testing.T) {
	got := write(t, manyJSON, occupancyHeader(21, 22), occupancyRow(21, "a"), occupancyRow(22, "a"))
	if !json.Valid([]byte(got)) {
		t.Fatalf("no JSON: %s", got)
	}
	for _, want := range []string{
		`"bucket":"1h","locations":[{"location_id":21,"timezone":"Europe/Helsinki"},{"location_id":22,"timezone":"Europe/Helsinki"}],"hours":"all","rows":[`,
		"\n" + `{"location_id":21,"start":`, "\n" + `{"location_id":22,"start":`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in %s", want, got)
		}
	}
}

func TestCSV(t *testing.T) {
	const columns = "start,end,coverage,partial,zone_id,entries,exits,occupancy_min,occupancy_mean,occupancy_max,person_seconds,hours\r\n"
	const row = "2026-03-02T10:00:00Z,2026-03-02T11:00:00Z,1,true,till,41,40,,0.3333333333333333,9,8640.5,all\r\n"
	if got := write(t, singleCSV, occupancyHeader(21), occupancyRow(21, "till")); got != columns+row {
		t.Errorf("got %q", got)
	}
	if got := write(t, manyCSV, occupancyHeader(21, 22), occupancyRow(22, "till")); got != "location_id,"+columns+"22,"+row {
		t.Errorf("got %q", got)
	}
}

func TestCSVTextIsNoFormula(t *testing.T) {
	for text, want := range map[string]string{
		`=HYPERLINK("http://x","y")`: `"'=HYPERLINK(""http://x"",""y"")"`,
		"+1":                         "'+1", "-1": "'-1", "@SUM(A1)": "'@SUM(A1)", "\tx": "'\tx", "\rx": "\"'\rx\"", "\nx": "\"'\nx\"",
		"  =1": "'  =1", "＝1": "'＝1", "－1": "'－1",
		"a=b": "a=b", "0-17": "0-17", "till, left": `"till, left"`, `"x"`: `"""x"""`, "": "", " till": `" till"`, "Ääkkönen": "Ääkkönen", "\xff": "�",
	} {
		if got := string(appendCSVCell(nil, &analytics.Cell{Type: analytics.Text, Text: text})); got != want {
			t.Errorf("%q becomes %s, want %s", text, got, want)
		}
	}
	if got := string(appendCSVCell(nil, &analytics.Cell{Type: analytics.Integer, Int: -1})); got != "-1" {
		t.Errorf("the number -1 becomes %s", got)
	}
}

// Whatever the texts and numbers, what is written is read back as it was.
func TestEncodersRoundTrip(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		zone := rapid.String().Draw(rt, "zone")
		figure := rapid.Float64().Draw(rt, "figure")
		if math.IsNaN(figure) || math.IsInf(figure, 0) {
			figure = 0
		}
		if rapid.Bool().Draw(rt, "seconds") {
			figure = math.Round(math.Mod(figure, 1e9)*1e6) / 1e6
		}
		row := occupancyRow(21, zone)
		row.Cells[6].Float = figure
		var report struct{ Rows []map[string]any }
		if err := json.Unmarshal([]byte(write(t, singleJSON, occupancyHeader(21), row)), &report); err != nil {
			rt.Fatal(err)
		}
		if got := report.Rows[0]; got["zone_id"] != strings.ToValidUTF8(zone, "�") || got["person_seconds"] != figure {
			rt.Fatalf("%q and %v became %v", zone, figure, got)
		}
		records, err := csv.NewReader(strings.NewReader(write(t, singleCSV, occupancyHeader(21), row))).ReadAll()
		if err != nil {
			rt.Fatal(err)
		}
		back := records[1][4]
		if isFormula(zone) {
			back = strings.TrimPrefix(back, "'")
		}
		// encoding/csv reads CR LF inside quotes as LF.
		if want := strings.ReplaceAll(zone, "\r\n", "\n"); utf8.ValidString(zone) && back != want {
			rt.Fatalf("%q became %q", want, back)
		}
		if f, _ := strconv.ParseFloat(records[1][10], 64); f != figure {
			rt.Fatalf("%v became %s", figure, records[1][10])
		}
	})
}

func TestNumbersAreShort(t *testing.T) {
	for f, want := range map[float64]string{
		0: "0", 1: "1", -1: "-1", 2.5: "2.5", 0.000001: "0.000001", 12.000001: "12.000001", -0.1: "-0.1", 1e15: "1000000000000000",
		1.0 / 3: "0.3333333333333333", 1e-7: "0.0000001", 123456789.123456: "123456789.123456", math.Copysign(0, -1): "0",
	} {
		if got := string(appendNumber(nil, f)); got != want {
			t.Errorf("%v is written %s, want %s", f, got, want)
		}
	}
}

// sizes keeps the lengths of what is written.
type sizes []int

func (s *sizes) Write(b []byte) (int, error) { *s = append(*s, len(b)); return len(b), nil }

func TestLongReportsAreWrittenInPieces(t *testing.T) {
	for name, make := range map[string]func(io.Writer) Encoder{"JSON": manyJSON, "CSV": manyCSV} {
		var written sizes
		e := make(&written)
		if err := e.Begin(occupancyHeader(21)); err != nil {
			t.Fatal(err)
		}
		if len(written) != 0 {
			t.Errorf("%s: written before a chunk is full", name)
		}
		for range 5000 {
			if err := e.Row(occupancyRow(21, "entrance")); err != nil {
				t.Fatal(err)
			}
		}
		if len(written) < 10 {
			t.Errorf("%s: %d writes", name, len(written))
		}
		for _, n := range written {
			if n < chunkSize || n > chunkSize+1024 {
				t.Errorf("%s: a write of %d bytes", name, n)
			}
		}
	}
}

type fullDisk struct{}

var errFull = errors.New("disk full")

func (fullDisk) Write([]byte) (int, error) { return 0, errFull }

func TestWriteErrorsComeBack(t *testing.T) {
	for name, make := range map[string]func(io.Writer) Encoder{"JSON": manyJSON, "CSV": manyCSV} {
		e := make(fullDisk{})
		if err := e.Begin(occupancyHeader(21)); err != nil {
			t.Fatal(err)
		}
		if err := e.Close(); !errors.Is(err, errFull) {
			t.Errorf("%s: Close: %v", name, err)
		}
		var err error
		for i := 0; i < 1000 && err == nil; i++ {
			err = e.Row(occupancyRow(21, "entrance"))
		}
		if !errors.Is(err, errFull) {
			t.Errorf("%s: Row: %v", name, err)
		}
	}
}

// Rows as a report has them: a bucket's rows share its interval.
func BenchmarkRow(b *testing.B) {
	for name, make := range map[string]func(io.Writer) Encoder{"JSON": singleJSON, "CSV": singleCSV} {
		b.Run(name, func(b *testing.B) {
			e := make(io.Discard)
			if err := e.Begin(occupancyHeader(21)); err != nil {
				b.Fatal(err)
			}
			row := occupancyRow(21, "entrance")
			row.Cells[3] = analytics.Cell{Type: analytics.Integer, Int: 2}
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				if i%100 == 0 {
					row.Start, row.End = row.End, row.End+int64(time.Hour/time.Microsecond)
				}
				if err := e.Row(row); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
