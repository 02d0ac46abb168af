package main

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/footfall/footfall/analytics"
)

const clockLayout = "2006-01-02T15:04Z07:00"

// writeTable writes for people: by the location's clock, numbers rounded, and a
// label once where the next rows have the same.
func (a *answer) writeTable(w io.Writer) error {
	c := a.compared
	if len(c.Rows) == 0 {
		_, err := fmt.Fprintln(w, "no figure differs")
		return err
	}
	first := c.Clocks[c.Rows[0].Location]
	fmt.Fprintf(w, "%s to %s\n\n", clockTime(c.From, first), clockTime(c.To, first))
	labels, header := 3, []string{"location", "zone or line", "figure", "before", "after", "difference", "per cent"}
	if c.Bucket != analytics.Whole {
		labels, header = 4, append([]string{"location", "from"}, header[1:]...)
	}
	rows := [][]string{header}
	for i := range c.Rows {
		r := &c.Rows[i]
		row := []string{strconv.FormatInt(r.Location, 10)}
		if c.Bucket != analytics.Whole {
			row = append(row, clockTime(r.Start, c.Clocks[r.Location]))
		}
		rows = append(rows, append(row, r.Subject.ID, r.Figure.Label,
			figureText(r.Before), figureText(r.After), signedText(r.Difference(), ""), signedText(r.Percent(), " %")))
	}
	blankRepeated(rows, labels-1)
	return writeAligned(w, rows, labels)
}

func clockTime(at int64, clock *time.Location) string {
	return time.UnixMicro(at).In(clock).Format(clockLayout)
}

// figureText is a count, or seconds with one decimal.
func figureText(c analytics.Cell) string {
	switch c.Type {
	case analytics.Integer:
		return strconv.FormatInt(c.Int, 10)
	case analytics.Float:
		return strconv.FormatFloat(c.Float, 'f', 1, 64)
	}
	return "-"
}

// signedText says by its sign that there is a difference, however small.
func signedText(c analytics.Cell, unit string) string {
	text := figureText(c)
	switch {
	case c.Type == analytics.Null:
		return text
	case c.Int == 0 && c.Float == 0:
		return "0" + unit
	case c.Int > 0 || c.Float > 0:
		text = "+" + text
	}
	return text + unit
}

// blankRepeated blanks the first columns of a row as far as they are those of the
// row before.
func blankRepeated(rows [][]string, columns int) {
	for i := len(rows) - 1; i > 0; i-- {
		for j := 0; j < columns && rows[i][j] == rows[i-1][j]; j++ {
			rows[i][j] = ""
		}
	}
}

// writeAligned writes the first columns flush left and the others flush right.
func writeAligned(w io.Writer, rows [][]string, left int) error {
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	for _, row := range rows {
		var line strings.Builder
		for i, cell := range row {
			blank := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell))
			if i > 0 {
				line.WriteString("  ")
			}
			if i < left {
				line.WriteString(cell + blank)
			} else {
				line.WriteString(blank + cell)
			}
		}
		if _, err := fmt.Fprintln(w, strings.TrimRight(line.String(), " ")); err != nil {
			return err
		}
	}
	return nil
}
