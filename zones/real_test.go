package zones

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/paulmach/orb"
)

// sharedData has recordings of real people, beside the checkout.
const sharedData = "../../shared/data"

func TestRealPositions(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(sharedData, "*", "zones.geojson"))
	if err != nil || len(files) == 0 {
		t.Skipf("no recordings of real people in %s: Locate is not compared on them", sharedData)
	}
	for _, file := range files {
		t.Run(filepath.Base(filepath.Dir(file)), func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			set := mustParse(t, string(data))
			for _, warning := range set.Warnings() {
				t.Logf("warning: %v", warning)
			}
			location := set.Locations()[0]
			shapes := readPlainly(t, data)
			if len(set.Locations()) != 1 || len(set.Plan(location).Zones()) != len(shapes) {
				t.Fatalf("locations %v with %d zones, want one with %d", set.Locations(), len(set.Plan(location).Zones()), len(shapes))
			}
			l := set.Plan(location).NewLocator()
			positions, inside := 0, 0
			for p := range positionsOf(t, filepath.Join(filepath.Dir(file), "recording.ndjson.gz")) {
				got := l.Members(l.Locate(p[0], p[1]))
				if want := naiveSet(shapes, p[0], p[1]); !slices.Equal(got, want) {
					t.Fatalf("(%v, %v): zones %v, by the definition %v", p[0], p[1], got, want)
				}
				positions++
				inside += len(got)
			}
			if positions == 0 || inside == 0 {
				t.Errorf("%d positions, %d times in a zone: this shows nothing", positions, inside)
			}
			requireNaive(t, shapes, l, delicate(shapes))
		})
	}
}

// readPlainly reads the rings of polygons without Parse.
func readPlainly(t *testing.T, data []byte) (shapes [][]orb.Ring) {
	var collection struct {
		Features []struct {
			Geometry struct{ Coordinates []orb.Ring }
		}
	}
	if err := json.Unmarshal(data, &collection); err != nil {
		t.Fatal(err)
	}
	for _, feature := range collection.Features {
		shapes = append(shapes, feature.Geometry.Coordinates)
	}
	return shapes
}

// positionsOf yields the positions of a recording.
func positionsOf(t *testing.T, recording string) iter.Seq[orb.Point] {
	return func(yield func(orb.Point) bool) {
		file, err := os.Open(recording)
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		unzipped, err := gzip.NewReader(file)
		if err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(unzipped)
		for lines.Scan() {
			var record struct {
				Message struct{ Position *struct{ X, Y float64 } }
			}
			if err := json.Unmarshal(lines.Bytes(), &record); err != nil {
				t.Fatal(err)
			}
			if p := record.Message.Position; p != nil && !yield(orb.Point{p.X, p.Y}) {
				return
			}
		}
		if err := lines.Err(); err != nil {
			t.Fatal(err)
		}
	}
}
