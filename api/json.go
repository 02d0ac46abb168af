package api

import (
	"io"
	"strconv"

	"github.com/footfall/footfall/analytics"
)

// JSON writes a report as the API does, row by row: it holds a few tens of
// kilobytes however long the report is, and writes nothing before these are full
// or it is closed. It is an analytics.Output.
type JSON struct {
	chunks
	single bool
	keys   []string // `,"zone_id":`, by column
	ending string   // of a row, with its hours where it has them
	shared sharedFields
	prefix []byte // what the rows of one bucket begin with
	begun  bool
	rows   int
}

// sharedFields are those that every row of a bucket has alike.
type sharedFields struct {
	location, start, end int64
	coverage             float64
	partial, damaged     bool
}

func sharedBy(r *analytics.Row) sharedFields {
	return sharedFields{r.Location, r.Start, r.End, r.Coverage, r.Partial, r.Damaged}
}

// NewJSON writes to w. single is the shape for one location, whose id and time
// zone then stand above the rows; else each row has its location_id.
func NewJSON(w io.Writer, single bool) *JSON {
	return &JSON{chunks: newChunks(w), single: single}
}

// Begin implements analytics.Output.
func (j *JSON) Begin(h analytics.Header) error {
	for _, c := range h.Columns {
		j.keys = append(j.keys, ","+strconv.Quote(c.Name)+":")
	}
	j.ending = "}"
	if h.Averages {
		j.ending = `,"hours":` + strconv.Quote(h.Hours.String()) + "}"
	}
	j.begun = true
	b := append(j.buf, '{')
	if j.single {
		b = append(b, `"location_id":`...)
		b = strconv.AppendInt(b, h.Locations[0].Location, 10)
		b = append(b, ',')
	}
	b = append(b, `"from":"`...)
	b = appendTime(b, h.From)
	b = append(b, `","to":"`...)
	b = appendTime(b, h.To)
	b = append(b, `","bucket":`...)
	if h.Bucket == analytics.Whole {
		b = append(b, "null"...)
	} else {
		b = appendText(b, h.Bucket.String())
	}
	b = j.appendPlaces(b, &h)
	b = appendText(append(b, `,"hours":`...), h.Hours.String())
	if h.Widened {
		b = append(b, `,"widened":true`...)
	}
	j.buf = append(b, `,"rows":[`...)
	return nil
}

func (j *JSON) appendPlaces(b []byte, h *analytics.Header) []byte {
	if j.single {
		b = append(b, `,"timezone":`...)
		b = appendText(b, h.Locations[0].Timezone)
		return appendInterval(b, "previous_", h.Locations[0].Previous)
	}
	b = append(b, `,"locations":[`...)
	for i, l := range h.Locations {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, `{"location_id":`...)
		b = strconv.AppendInt(b, l.Location, 10)
		b = append(b, `,"timezone":`...)
		b = appendText(b, l.Timezone)
		if l.Interval != (analytics.Interval{From: h.From, To: h.To}) {
			b = appendInterval(b, "", l.Interval)
		}
		b = appendInterval(b, "previous_", l.Previous)
		b = append(b, '}')
	}
	return append(b, ']')
}

// appendInterval appends from and to under their names with a prefix, unless there
// is no interval.
func appendInterval(b []byte, prefix string, i analytics.Interval) []byte {
	if i == (analytics.Interval{}) {
		return b
	}
	b = append(append(append(b, `,"`...), prefix...), `from":"`...)
	b = appendTime(b, i.From)
	b = append(append(append(b, `","`...), prefix...), `to":"`...)
	return append(appendTime(b, i.To), '"')
}

// Row implements analytics.Output.
func (j *JSON) Row(r *analytics.Row) error {
	if shared := sharedBy(r); j.rows == 0 || shared != j.shared {
		j.shared = shared
		j.prefix = j.appendShared(j.prefix[:0], r)
	}
	b := j.buf
	if j.rows > 0 {
		b = append(b, ',')
	}
	b = append(b, '\n')
	b = append(b, j.prefix...)
	for i := range r.Cells {
		b = append(b, j.keys[i]...)
		b = appendJSONCell(b, &r.Cells[i])
	}
	j.buf = append(b, j.ending...)
	j.rows++
	return j.spill()
}

func (j *JSON) appendShared(b []byte, r *analytics.Row) []byte {
	b = append(b, '{')
	if !j.single {
		b = append(b, `"location_id":`...)
		b = strconv.AppendInt(b, r.Location, 10)
		b = append(b, ',')
	}
	b = append(b, `"start":"`...)
	b = appendTime(b, r.Start)
	b = append(b, `","end":"`...)
	b = appendTime(b, r.End)
	b = append(b, `","coverage":`...)
	b = appendNumber(b, r.Coverage)
	b = append(b, `,"partial":`...)
	b = strconv.AppendBool(b, r.Partial)
	if r.Damaged {
		b = append(b, `,"damaged":true`...)
	}
	return b
}

func appendJSONCell(b []byte, c *analytics.Cell) []byte {
	switch c.Type {
	case analytics.Integer:
		return strconv.AppendInt(b, c.Int, 10)
	case analytics.Float:
		return appendNumber(b, c.Float)
	case analytics.Text:
		return appendText(b, c.Text)
	case analytics.Time:
		return append(appendTime(append(b, '"'), c.Int), '"')
	case analytics.Bool:
		return strconv.AppendBool(b, c.Int != 0)
	default:
		return append(b, "null"...)
	}
}

// Close completes the document and writes what is left; it does not close the
// writer. It must not be called where the report ended with an error: what was
// written by then is then no valid JSON, so that nobody takes it for the whole.
func (j *JSON) Close() error {
	if !j.begun {
		return nil
	}
	if j.rows > 0 {
		j.buf = append(j.buf, '\n')
	}
	j.buf = append(j.buf, "]}\n"...)
	return j.flush()
}

// Discard implements Encoder.
func (j *JSON) Discard() {}
