package api

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"io"
	"path"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"github.com/footfall/footfall/analytics"
)

func singleXLSX(w io.Writer) Encoder { return NewXLSX(w, false) }
func manyXLSX(w io.Writer) Encoder   { return NewXLSX(w, true) }

// sheetXML is as much of a sheet as tells what is in it, read without the library
// that wrote it.
type sheetXML struct {
	Pane struct {
		YSplit float64 `xml:"ySplit,attr"`
		State  string  `xml:"state,attr"`
	} `xml:"sheetViews>sheetView>pane"`
	Rows []struct {
		Cells []cellXML `xml:"c"`
	} `xml:"sheetData>row"`
}

type cellXML struct {
	Ref     string  `xml:"r,attr"`
	Style   int     `xml:"s,attr"`
	Type    string  `xml:"t,attr"`
	Value   string  `xml:"v"`
	Text    string  `xml:"is>t"`
	Formula *string `xml:"f"`
}

func readSheet(t testing.TB, book []byte, number int) sheetXML {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(book), int64(len(book)))
	if err != nil {
		t.Fatal(err)
	}
	file, err := archive.Open(path.Join("xl/worksheets", "sheet"+strconv.Itoa(number)+".xml"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var sheet sheetXML
	if err := xml.NewDecoder(file).Decode(&sheet); err != nil {
		t.Fatal(err)
	}
	return sheet
}

func TestXLSXCellsAreTyped(t *testing.T) {
	book := []byte(write(t, manyXLSX, occupancyHeader(21, 22), occupancyRow(22, "till")))
	sheet := readSheet(t, book, 1)
	if sheet.Pane.YSplit != 1 || sheet.Pane.State != "frozen" {
		t.Errorf("the header is not frozen: %+v", sheet.Pane)
	}
	var header []string
	for _, c := range sheet.Rows[0].Cells {
		header = append(header, c.Text)
	}
	const want = "location_id start end coverage partial zone_id entries exits occupancy_min occupancy_mean occupancy_max person_seconds hours start_local end_local"
	if got := strings.Join(header, " "); got != want {
		t.Errorf("the header is %s", got)
	}
	cells := map[string]cellXML{}
	for _, c := range sheet.Rows[1].Cells {
		cells[c.Ref] = c
	}
	for ref, want := range map[string][2]string{ // type and value, of 15 digits
		"A2": {"", "22"}, "D2": {"", "1"}, "E2": {"b", "1"}, "F2": {"inlineStr", "till"}, "G2": {"", "41"}, "J2": {"", "0.333333333333333"}, "L2": {"", "8640.5"}, "M2": {"inlineStr", "all"},
	} {
		c := cells[ref]
		kind := strings.TrimPrefix(c.Type, "n")
		if kind != want[0] || c.Value+c.Text != want[1] {
			t.Errorf("%s is %+v, want %v", ref, c, want)
		}
	}
	if _, there := cells["I2"]; there {
		t.Errorf("null is %+v", cells["I2"])
	}
}

// Dates are numbers with a date's format, start and end in UTC, then by the clock.
func TestXLSXDates(t *testing.T) {
	book := []byte(write(t, singleXLSX, occupancyHeader(21), occupancyRow(21, "till")))
	file, err := excelize.OpenReader(bytes.NewReader(book))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for cell, want := range map[string]string{"A2": "2026-03-02 10:00", "B2": "2026-03-02 11:00", "M2": "2026-03-02 12:00", "N2": "2026-03-02 13:00"} {
		if got, err := file.GetCellValue("occupancy", cell); err != nil || got != want {
			t.Errorf("%s shows %q, %v, want %s", cell, got, err, want)
		}
		raw, _ := file.GetCellValue("occupancy", cell, excelize.Options{RawCellValue: true})
		serial, err := strconv.ParseFloat(raw, 64)
		if err != nil {
			t.Fatalf("%s holds %q", cell, raw)
		}
		if at, err := excelize.ExcelDateToTime(serial, false); err != nil || at.Round(time.Second).Format("2006-01-02 15:04") != want {
			t.Errorf("%s is %v, %v", cell, at, err)
		}
	}
}

// Whatever a text begins with, it is a text, and comes back as it was.
func TestXLSXTextIsNoFormula(t *testing.T) {
	check := func(t interface {
		Helper()
		Fatalf(string, ...any)
	}, tb testing.TB, zone string) {
		t.Helper()
		book := []byte(write(tb, singleXLSX, occupancyHeader(21), occupancyRow(21, zone)))
		if c := readSheet(tb, book, 1).Rows[1].Cells[4]; c.Formula != nil || c.Type != "inlineStr" {
			t.Fatalf("%q became %+v", zone, c)
		}
		file, err := excelize.OpenReader(bytes.NewReader(book))
		if err != nil {
			t.Fatalf("%q: %v", zone, err)
		}
		defer file.Close()
		if formula, err := file.GetCellFormula("occupancy", "E2"); err != nil || formula != "" {
			t.Fatalf("%q became the formula %q, %v", zone, formula, err)
		}
		if got, err := file.GetCellValue("occupancy", "E2"); err != nil || !isControlled(zone) && got != strings.ToValidUTF8(zone, "�") {
			t.Fatalf("%q became %q, %v", zone, got, err)
		}
	}
	for _, text := range []string{`=HYPERLINK("http://x","y")`, "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "<v>1</v>", "&amp;", " till ", "_x0041_"} {
		check(t, t, text)
	}
	rapid.Check(t, func(rt *rapid.T) { check(rt, t, rapid.StringMatching(`[=+\-@a-z <&"'é漢]{1,12}`).Draw(rt, "zone")) })
}

// isControlled reports whether a text has what XML writes otherwise: line ends,
// and characters that it does not know.
func isControlled(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return r < ' ' })
}

func TestXLSXOfSeveralKinds(t *testing.T) {
	s := start(t, nil)
	a := s.get(t, "/api/v1/locations/21/reports/occupancy,dwell,occupancy?format=xlsx&from=2026-03-02T09:00Z&to=2026-03-02T18:00Z")
	a.wantStatus(t, 200)
	if got := a.Header.Get("Content-Disposition"); got != `attachment; filename="footfall-occupancy-dwell-21-20260302T0900Z-20260302T1800Z.xlsx"` {
		t.Errorf("Content-Disposition %q", got)
	}
	file, err := excelize.OpenReader(bytes.NewReader(a.body))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if got := strings.Join(file.GetSheetList(), " "); got != "occupancy dwell" {
		t.Errorf("sheets %s", got)
	}
	for kind, column := range map[string]string{"occupancy": "entries", "dwell": "visits"} {
		rows, err := file.GetRows(kind)
		if err != nil || len(rows) != 3 || rows[0][5] != column || rows[1][5] != "41" {
			t.Errorf("%s: %v, %v", kind, rows, err)
		}
	}
}

// A long sheet goes through a file, which is gone afterwards, closed or not.
func TestXLSXOfAYear(t *testing.T) {
	if testing.Short() {
		t.Skip("writes 200,000 rows")
	}
	const rows = 200_000
	temporary := t.TempDir()
	t.Setenv("TMPDIR", temporary)
	var b bytes.Buffer
	x := NewXLSX(&b, false)
	if err := x.Begin(occupancyHeader(21)); err != nil {
		t.Fatal(err)
	}
	row := occupancyRow(21, "entrance")
	for i := range rows {
		row.Cells[1].Int = int64(i)
		if err := x.Row(row); err != nil {
			t.Fatal(err)
		}
	}
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	x.Discard()
	if left := filesIn(t, temporary); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	sheet := readSheet(t, b.Bytes(), 1)
	if len(sheet.Rows) != rows+1 {
		t.Fatalf("%d rows", len(sheet.Rows))
	}
	for i, r := range sheet.Rows[1:] {
		if r.Cells[5].Value != strconv.Itoa(i) {
			t.Fatalf("row %d: %+v", i, r.Cells[5])
		}
	}
}

func TestXLSXOfNothing(t *testing.T) {
	sheet := readSheet(t, []byte(write(t, singleXLSX, analytics.Header{Kind: "dwell", Columns: analytics.KindColumns("dwell")})), 1)
	if len(sheet.Rows) != 1 {
		t.Errorf("%d rows", len(sheet.Rows))
	}
}
