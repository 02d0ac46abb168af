package main

import (
	"encoding/csv"
	"io"
	"strings"
	"text/tabwriter"
)

// writeTable lines up CSV for reading; an empty figure is a dash.
func writeTable(w io.Writer, r io.Reader) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	rows := csv.NewReader(r)
	rows.ReuseRecord = true
	for {
		row, err := rows.Read()
		if err == io.EOF {
			return table.Flush()
		}
		if err != nil {
			return err
		}
		for i, cell := range row {
			if cell == "" {
				row[i] = "-"
			}
		}
		if _, err := io.WriteString(table, strings.Join(row, "\t")+"\n"); err != nil {
			return err
		}
	}
}
