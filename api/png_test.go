package api

import (
	"bytes"
	"image/color"
	"image/png"
	"strings"
	"testing"

	"github.com/footfall/footfall/analytics"
)

func heat(cells ...[4]float64) func(string) [][]analytics.Cell {
	return func(string) (rows [][]analytics.Cell) {
		for _, c := range cells {
			row := []analytics.Cell{}
			for _, n := range c[:3] {
				row = append(row, analytics.Cell{Type: analytics.Integer, Int: int64(n)})
			}
			rows = append(rows, append(row, analytics.Cell{Type: analytics.Float, Float: c[3]}))
		}
		return rows
	}
}

func TestHeatmapAsPNG(t *testing.T) {
	s := start(t, nil)
	s.reports.rows = heat([4]float64{-50, 0, 50, 4}, [4]float64{0, 100, 50, 1})
	a := s.get(t, "/api/v1/locations/21/reports/heatmap?format=png&from=2026-03-02&to=2026-03-03")
	a.wantStatus(t, 200)
	if got := a.Header.Get("Content-Type"); got != pngType {
		t.Errorf("Content-Type %q", got)
	}
	picture, err := png.Decode(bytes.NewReader(a.body))
	if err != nil {
		t.Fatal(err)
	}
	if size := picture.Bounds().Size(); size.X != 2*pixelsASide || size.Y != 3*pixelsASide {
		t.Fatalf("%v pixels", size)
	}
	for at, want := range map[[2]int]color.NRGBA{ // y is up on the floor
		{0, 3*pixelsASide - 1}: shadeOf(1), {2*pixelsASide - 1, 0}: shadeOf(0.5), {0, 0}: {}, {2*pixelsASide - 1, 3*pixelsASide - 1}: {},
	} {
		if got := color.NRGBAModel.Convert(picture.At(at[0], at[1])); got != want {
			t.Errorf("pixel %v is %v, want %v", at, got, want)
		}
	}
	for _, text := range []string{"Extent\x00-50,0,50,150", "Brightest\x004 person-seconds in 50 cm by 50 cm"} {
		if !bytes.Contains(a.body, []byte(text)) {
			t.Errorf("no text %q", text)
		}
	}
	if got := s.get(t, "/api/v1/locations/21/reports/heatmap", "Accept", "image/png"); got.Header.Get("Content-Type") != pngType {
		t.Errorf("an img element gets %s", got.Header.Get("Content-Type"))
	}
}

// Nobody there is a picture of nothing, and people far apart are one that fits.
func TestHeatmapsOfAnySize(t *testing.T) {
	for _, cells := range [][][4]float64{nil, {{0, 0, 50, 1}, {1e9, -1e9, 50, 1}}, {{0, 0, 50, 1}, {-2e9, 0, 2e9, 1}}} {
		s := start(t, nil)
		s.reports.rows = heat(cells...)
		a := s.get(t, "/api/v1/locations/21/reports/heatmap?format=png")
		a.wantStatus(t, 200)
		if picture, err := png.Decode(bytes.NewReader(a.body)); err != nil || picture.Bounds().Dx() > mostPixels+1 {
			t.Errorf("%v: %v", cells, err)
		}
	}
}

func TestWhatIsNoPicture(t *testing.T) {
	s := start(t, nil)
	for path, text := range map[string]string{
		"/api/v1/locations/21/reports/dwell?format=png":                     "only the heatmap",
		"/api/v1/reports/heatmap?format=png":                                "one location",
		"/api/v1/locations/21/reports/heatmap?format=png&bucket=1d":         "leave bucket out",
		"/api/v1/locations/21/reports/heatmap?format=png&compare=last_year": "leave compare out",
	} {
		a := s.get(t, path)
		a.wantProblem(t, 400, text, "query.format")
		if strings.Contains(a.Header.Get("Content-Disposition"), "png") {
			t.Errorf("%s: a problem is no file", path)
		}
	}
	s.get(t, "/api/v1/locations/21/reports/dwell", "Accept", "image/png").wantProblem(t, 406, "none of", "")
}
