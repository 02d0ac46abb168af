package api

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"

	"github.com/footfall/footfall/analytics"
)

func singleParquet(w io.Writer) Encoder { return NewParquet(w, false) }
func manyParquet(w io.Writer) Encoder   { return NewParquet(w, true) }

// occupancyRecord is what a reader of the file expects of it: names and types by
// their tags.
type occupancyRecord struct {
	LocationID    int64    `parquet:"location_id"`
	Start         int64    `parquet:"start,timestamp(microsecond)"`
	End           int64    `parquet:"end,timestamp(microsecond)"`
	Coverage      float64  `parquet:"coverage"`
	Partial       bool     `parquet:"partial"`
	ZoneID        string   `parquet:"zone_id"`
	Entries       *int64   `parquet:"entries"`
	Exits         *int64   `parquet:"exits"`
	Min           *int64   `parquet:"occupancy_min"`
	Mean          *float64 `parquet:"occupancy_mean"`
	Max           *int64   `parquet:"occupancy_max"`
	PersonSeconds *float64 `parquet:"person_seconds"`
}

func TestParquetReadsBack(t *testing.T) {
	row := occupancyRow(22, "=till\xff")
	written := []byte(write(t, manyParquet, occupancyHeader(21, 22), occupancyRow(21, "entrance"), row))
	records, err := parquet.Read[occupancyRecord](bytes.NewReader(written), int64(len(written)))
	if err != nil || len(records) != 2 {
		t.Fatalf("%d records, %v", len(records), err)
	}
	r := records[1]
	if r.LocationID != 22 || r.Start != row.Start || r.End != row.End || r.Coverage != 1 || !r.Partial || r.ZoneID != "=till�" ||
		*r.Entries != 41 || r.Min != nil || *r.Mean != 1.0/3 || *r.PersonSeconds != 8640.5 {
		t.Errorf("got %+v", r)
	}
	if records[0].ZoneID != "entrance" {
		t.Errorf("got %+v", records[0])
	}
}

func TestParquetSchema(t *testing.T) {
	for _, kind := range analytics.Kinds() {
		h := occupancyHeader(21)
		h.Kind, h.Averages, h.Columns = kind, analytics.KindAverages(kind), analytics.KindColumns(kind)
		cells := make([]analytics.Cell, len(h.Columns))
		copy(cells, exampleCells(kind)[:labels(kind)])
		rows := []*analytics.Row{{Location: 21, Cells: exampleCells(kind)}, {Location: 21, Cells: cells}}
		written := []byte(write(t, singleParquet, h, rows...))
		file, err := parquet.OpenFile(bytes.NewReader(written), int64(len(written)))
		if err != nil {
			t.Fatal(kind, err)
		}
		want := []string{"start", "end", "coverage", "partial"}
		for _, c := range h.Columns {
			want = append(want, c.Name)
		}
		if h.Averages {
			want = append(want, "hours")
		}
		var got []string
		for _, f := range file.Schema().Fields() {
			got = append(got, f.Name())
		}
		if strings.Join(got, " ") != strings.Join(want, " ") || file.NumRows() != 2 {
			t.Errorf("%s: %d rows of %v, want %v", kind, file.NumRows(), got, want)
		}
		for key, want := range map[string]string{"footfall.kind": kind, "footfall.bucket": "1h", "footfall.hours": "all", "footfall.from": "2026-03-02T10:00:00Z", "footfall.timezone.21": "Europe/Helsinki"} {
			if got, _ := file.Lookup(key); got != want {
				t.Errorf("%s: %s is %q", kind, key, got)
			}
		}
		if start, _ := file.Schema().Lookup("start"); start.Node.Type().LogicalType() == nil {
			t.Errorf("%s: start is no timestamp", kind)
		}
	}
}

// Long files have row groups, and whatever is in them comes back in order.
func TestParquetRowGroups(t *testing.T) {
	const rows = rowGroupRows + 1000
	var b bytes.Buffer
	p := NewParquet(&b, true)
	if err := p.Begin(occupancyHeader(21)); err != nil {
		t.Fatal(err)
	}
	row := occupancyRow(21, "")
	for i := range rows {
		row.Cells[0].Text = "zone-" + string(rune('a'+i%26))
		row.Cells[1] = analytics.Cell{Type: analytics.Integer, Int: int64(i)}
		if i%3 == 0 {
			row.Cells[1] = analytics.Cell{}
		}
		if err := p.Row(row); err != nil {
			t.Fatal(err)
		}
	}
	if b.Len() == 0 {
		t.Error("nothing written before the file is closed")
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	records, err := parquet.Read[occupancyRecord](bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil || len(records) != rows {
		t.Fatalf("%d records, %v", len(records), err)
	}
	for i, r := range records {
		if r.ZoneID != "zone-"+string(rune('a'+i%26)) || (r.Entries == nil) != (i%3 == 0) || r.Entries != nil && *r.Entries != int64(i) {
			t.Fatalf("record %d: %+v", i, r)
		}
	}
}

func TestParquetRefuses(t *testing.T) {
	p := NewParquet(io.Discard, false)
	if err := p.Begin(occupancyHeader(21)); err != nil {
		t.Fatal(err)
	}
	if err := p.Begin(occupancyHeader(21)); err == nil {
		t.Error("two kinds in a file")
	}
	row := occupancyRow(21, "till")
	row.Cells[1] = analytics.Cell{Type: analytics.Text, Text: "many"}
	if err := p.Row(row); err == nil || !strings.Contains(err.Error(), "column entries") {
		t.Errorf("a text among numbers: %v", err)
	}
	full := NewParquet(fullDisk{}, false)
	if err := errors.Join(full.Begin(occupancyHeader(21)), full.Row(occupancyRow(21, "till")), full.Close()); !errors.Is(err, errFull) {
		t.Errorf("a full disk: %v", err)
	}
}
