package api

import (
	"encoding/csv"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/footfall/footfall/analytics"
)

// A spreadsheet that people use opens the workbook and shows what was reported.
func TestXLSXInLibreOffice(t *testing.T) {
	soffice, err := exec.LookPath("soffice")
	if err != nil {
		t.Skip("LibreOffice is not installed")
	}
	s := start(t, nil)
	s.reports.rows = func(kind string) [][]analytics.Cell {
		cells := exampleCells(kind)
		if cells[0].Type == analytics.Text {
			cells[0].Text = "=1+1"
		}
		null := slices.Clone(cells)
		clear(null[1:])
		return [][]analytics.Cell{cells, null}
	}
	a := s.get(t, "/api/v1/reports/"+strings.Join(analytics.Kinds(), ",")+"?location=21&from=2026-03-02T09:00Z&to=2026-03-02T18:00Z&format=xlsx")
	a.wantStatus(t, http.StatusOK)
	folder := t.TempDir()
	book := filepath.Join(folder, "report.xlsx")
	if err := os.WriteFile(book, a.body, 0o600); err != nil {
		t.Fatal(err)
	}
	// Comma, quotes, UTF-8, from the first line, cells as shown, each sheet a file.
	const filter = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
	out, err := exec.CommandContext(t.Context(), soffice, "-env:UserInstallation=file://"+folder+"/profile",
		"--headless", "--convert-to", filter, "--outdir", folder, book).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for _, kind := range analytics.Kinds() { // as many cells as a CSV of them has
		shown, err := os.ReadFile(filepath.Join(folder, "report-"+kind+".csv"))
		if err != nil {
			t.Fatalf("%v; LibreOffice said %s", err, out)
		}
		records, err := csv.NewReader(strings.NewReader(string(shown))).ReadAll()
		if err != nil || len(records) != 3 || len(records[1]) != len(records[0]) {
			t.Fatalf("%s: %v, %v", kind, records, err)
		}
		for i, name := range records[0][5 : 5+len(analytics.KindColumns(kind))] {
			cell, c := records[1][5+i], exampleCells(kind)[i]
			if name != analytics.KindColumns(kind)[i].Name || c.Type == analytics.Integer && cell != "41" || c.Type == analytics.Float && cell != "8640.5" {
				t.Errorf("%s: %s is shown as %q", kind, name, cell)
			}
		}
	}
	for kind, want := range map[string][]string{
		"occupancy": {
			"location_id,start,end,coverage,partial,zone_id,entries,exits,occupancy_min,occupancy_mean,occupancy_max,person_seconds,hours,start_local,end_local",
			"21,2026-03-02 09:00:00,2026-03-02 18:00:00,0.25,TRUE,=1+1,41,41,41,8640.5,41,8640.5,all,2026-03-02 11:00:00,2026-03-02 20:00:00",
			"21,2026-03-02 09:00:00,2026-03-02 18:00:00,0.25,FALSE,=1+1,,,,,,,all,2026-03-02 11:00:00,2026-03-02 20:00:00",
		},
		"lines": {
			"location_id,start,end,coverage,partial,line_id,in,out,net_in,net_out,start_local,end_local",
			"21,2026-03-02 09:00:00,2026-03-02 18:00:00,0.25,TRUE,=1+1,41,41,41,41,2026-03-02 11:00:00,2026-03-02 20:00:00",
			"21,2026-03-02 09:00:00,2026-03-02 18:00:00,0.25,FALSE,=1+1,,,,,2026-03-02 11:00:00,2026-03-02 20:00:00",
		},
	} {
		shown, err := os.ReadFile(filepath.Join(folder, "report-"+kind+".csv"))
		if err != nil {
			t.Fatalf("%v; LibreOffice said %s", err, out)
		}
		records, err := csv.NewReader(strings.NewReader(string(shown))).ReadAll()
		if err != nil || len(records) != len(want) {
			t.Fatalf("%s: %v, %v", kind, records, err)
		}
		for i, record := range records {
			if got := strings.Join(record, ","); got != want[i] {
				t.Errorf("%s, row %d: %s\nwant %s", kind, i, got, want[i])
			}
		}
	}
}
