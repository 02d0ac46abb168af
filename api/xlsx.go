package api

import (
	"archive/zip"
	"bufio"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/footfall/footfall/analytics"
)

// XLSX writes reports as a workbook, a sheet for each Begin, named after the kind:
// a frozen header row, numbers as numbers, times as dates, texts as texts, which no
// spreadsheet takes for a formula, whatever they begin with. start and end are UTC,
// as everywhere; a spreadsheet knows no time zones, so start_local and end_local,
// the last columns, show the clock that cut the row. Rows beyond 16 MB of a sheet
// wait in a temporary file; nothing is written before Close. It is an Encoder.
type XLSX struct {
	w      io.Writer
	many   bool
	header analytics.Header // of the sheet
	book   *excelize.File
	styles xlsxStyles
	sheet  *excelize.StreamWriter
	sheets int
	rows   int // of the sheet
	clocks map[int64]*time.Location
	cells  []analytics.Cell
	values []any
	spare  []excelize.Cell
}

type xlsxStyles struct{ header, date int }

// maxSheetRows is what a sheet may hold, with its header.
const maxSheetRows = 1 << 20

// NewXLSX writes to w; many puts the column location_id first.
func NewXLSX(w io.Writer, many bool) *XLSX { return &XLSX{w: w, many: many} }

// Begin implements analytics.Output: it begins a sheet.
func (x *XLSX) Begin(h analytics.Header) (err error) {
	if err := x.addSheet(h.Kind); err != nil {
		return err
	}
	if x.clocks, err = clocksOf(h); err != nil {
		return err
	}
	x.header = h
	fields := append(fieldsOf(h, x.many),
		field{name: "start_local", kind: analytics.Time}, field{name: "end_local", kind: analytics.Time})
	x.rows, x.values, x.spare = 1, make([]any, len(fields)), make([]excelize.Cell, len(fields))
	for i, f := range fields {
		if err := x.sheet.SetColWidth(i+1, i+1, widthOf(f)); err != nil {
			return err
		}
		x.values[i] = excelize.Cell{StyleID: x.styles.header, Value: f.name}
	}
	err = x.sheet.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"})
	if err != nil {
		return err
	}
	return x.sheet.SetRow("A1", x.values)
}

func widthOf(f field) float64 {
	if f.kind == analytics.Time {
		return 17
	}
	return float64(max(10, len(f.name)+2))
}

// addSheet ends the sheet before and begins one of a name.
func (x *XLSX) addSheet(name string) (err error) {
	if x.book == nil {
		if err := x.open(name); err != nil {
			return err
		}
	} else {
		if err := x.sheet.Flush(); err != nil {
			return err
		}
		if _, err := x.book.NewSheet(name); err != nil {
			return err
		}
	}
	x.sheets++
	x.sheet, err = x.book.NewStreamWriter(name)
	return err
}

func (x *XLSX) open(name string) (err error) {
	x.book = excelize.NewFile()
	if err := x.book.SetSheetName(x.book.GetSheetName(0), name); err != nil {
		return err
	}
	if x.styles.header, err = x.book.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}}); err != nil {
		return err
	}
	if err := x.book.SetDocProps(&excelize.DocProperties{Creator: "Footfall"}); err != nil {
		return err
	}
	layout := "yyyy-mm-dd hh:mm"
	x.styles.date, err = x.book.NewStyle(&excelize.Style{CustomNumFmt: &layout})
	return err
}

// clocksOf are the time zones that cut the rows, by location.
func clocksOf(h analytics.Header) (map[int64]*time.Location, error) {
	clocks := make(map[int64]*time.Location, len(h.Locations))
	for _, l := range h.Locations {
		clock, err := time.LoadLocation(l.Timezone)
		if err != nil {
			return nil, fmt.Errorf("location %d: %w", l.Location, err)
		}
		clocks[l.Location] = clock
	}
	return clocks, nil
}

// Row implements analytics.Output.
func (x *XLSX) Row(r *analytics.Row) error {
	if x.rows++; x.rows > maxSheetRows {
		return &analytics.QueryError{Parameter: "bucket", TooLarge: true, Reason: fmt.Sprintf("a sheet holds %d rows at most; ask for a longer bucket or a shorter interval", maxSheetRows-1)}
	}
	x.cells = appendFields(x.cells[:0], &x.header, r, x.many)
	for i := range x.cells {
		x.values[i] = x.value(i, &x.cells[i])
	}
	clock := x.clocks[r.Location]
	for i, at := range []int64{r.Start, r.End} {
		x.values[len(x.cells)+i] = x.date(len(x.cells)+i, localMicros(at, clock))
	}
	return x.sheet.SetRow(fmt.Sprintf("A%d", x.rows), x.values)
}

// value is a cell as excelize types it, nil for an empty one.
func (x *XLSX) value(column int, c *analytics.Cell) any {
	switch c.Type {
	case analytics.Integer:
		return c.Int
	case analytics.Float:
		return c.Float
	case analytics.Text:
		return strings.ToValidUTF8(c.Text, "�")
	case analytics.Bool:
		return c.Int != 0
	case analytics.Time:
		return x.date(column, c.Int)
	default:
		return nil
	}
}

// date is a wall clock's time, given as Unix microseconds, as a spreadsheet counts
// it: days since 30 December 1899.
func (x *XLSX) date(column int, micros int64) *excelize.Cell {
	const epoch, day = 25569, 24 * 60 * float64(analytics.Minute) // days before 1970; microseconds
	x.spare[column] = excelize.Cell{StyleID: x.styles.date, Value: epoch + float64(micros)/day}
	return &x.spare[column]
}

// localMicros is what a zone's clock shows at an instant, as if it were UTC.
func localMicros(at int64, zone *time.Location) int64 {
	if zone == nil {
		return at
	}
	_, offset := time.UnixMicro(at).In(zone).Zone()
	return at + int64(offset)*int64(time.Second/time.Microsecond)
}

// Close implements Encoder.
func (x *XLSX) Close() error {
	if x.book == nil {
		return nil
	}
	if err := x.sheet.Flush(); err != nil {
		return err
	}
	buffered := bufio.NewWriterSize(x.w, chunkSize)
	// By itself excelize gathers the whole archive in memory before it writes.
	x.book.ZipWriter = func(io.Writer) excelize.ZipWriter { return zip.NewWriter(buffered) }
	if err := x.book.Write(io.Discard); err != nil {
		return err
	}
	return buffered.Flush()
}

// Discard implements Encoder: it removes the temporary files.
func (x *XLSX) Discard() {
	if x.book != nil {
		_ = x.book.Close()
		x.book = nil
	}
}
