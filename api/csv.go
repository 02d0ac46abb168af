package api

import (
	"io"
	"strconv"
	"strings"

	"github.com/footfall/footfall/analytics"
)

// CSV writes a report as the API does: RFC 4180 with a header line, empty cells
// for null. A text that a spreadsheet would take for a formula has an apostrophe
// put before it; numbers stay numbers. It is an analytics.Output and writes in
// pieces as JSON does.
type CSV struct {
	chunks
	many   bool
	ending string // of a row, with its hours where it has them
	shared sharedFields
	prefix []byte
	rows   int
}

// NewCSV writes to w; many puts the column location_id first.
func NewCSV(w io.Writer, many bool) *CSV { return &CSV{chunks: newChunks(w), many: many} }

// Begin implements analytics.Output.
func (c *CSV) Begin(h analytics.Header) error {
	if c.many {
		c.buf = append(c.buf, "location_id,"...)
	}
	c.buf = append(c.buf, "start,end,coverage,partial"...)
	for _, column := range h.Columns {
		c.buf = append(c.buf, ',')
		c.buf = append(c.buf, column.Name...)
	}
	c.ending = "\r\n"
	if h.Averages {
		c.buf = append(c.buf, ",hours"...)
		c.ending = "," + h.Hours.String() + "\r\n"
	}
	c.buf = append(c.buf, "\r\n"...)
	return nil
}

// Row implements analytics.Output.
func (c *CSV) Row(r *analytics.Row) error {
	if shared := sharedBy(r); c.rows == 0 || shared != c.shared {
		c.shared = shared
		c.prefix = c.appendShared(c.prefix[:0], r)
	}
	b := append(c.buf, c.prefix...)
	for i := range r.Cells {
		b = append(b, ',')
		b = appendCSVCell(b, &r.Cells[i])
	}
	c.buf = append(b, c.ending...)
	c.rows++
	return c.spill()
}

func (c *CSV) appendShared(b []byte, r *analytics.Row) []byte {
	if c.many {
		b = strconv.AppendInt(b, r.Location, 10)
		b = append(b, ',')
	}
	b = appendTime(b, r.Start)
	b = append(b, ',')
	b = appendTime(b, r.End)
	b = append(b, ',')
	b = appendNumber(b, r.Coverage)
	b = append(b, ',')
	return strconv.AppendBool(b, r.Partial)
}

func appendCSVCell(b []byte, c *analytics.Cell) []byte {
	switch c.Type {
	case analytics.Integer:
		return strconv.AppendInt(b, c.Int, 10)
	case analytics.Float:
		return appendNumber(b, c.Float)
	case analytics.Text:
		return appendCSVText(b, c.Text)
	case analytics.Time:
		return appendTime(b, c.Int)
	case analytics.Bool:
		return strconv.AppendBool(b, c.Int != 0)
	default:
		return b
	}
}

func appendCSVText(b []byte, s string) []byte {
	s = strings.ToValidUTF8(s, "�")
	if isFormula(s) {
		s = "'" + s
	}
	if !strings.ContainsAny(s, ",\"\r\n") && !strings.HasPrefix(s, " ") && !strings.HasSuffix(s, " ") {
		return append(b, s...)
	}
	b = append(b, '"')
	for i := range len(s) {
		if s[i] == '"' {
			b = append(b, '"')
		}
		b = append(b, s[i])
	}
	return append(b, '"')
}

// isFormula reports whether a spreadsheet might run a text: it looks at the first
// character, some of them behind white space or in their full-width forms.
func isFormula(s string) bool {
	if s == "" {
		return false
	}
	if strings.ContainsRune("\t\r\n", rune(s[0])) {
		return true
	}
	for _, first := range strings.TrimLeft(s, " \u00a0") {
		return strings.ContainsRune("=+-@＝＋－＠", first)
	}
	return false
}

// Close writes what is left; it does not close the writer.
func (c *CSV) Close() error { return c.flush() }

// Discard implements Encoder.
func (c *CSV) Discard() {}
