package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/footfall/footfall/analytics"
	"github.com/footfall/footfall/api"
	"github.com/footfall/footfall/internal/config"
	"github.com/footfall/footfall/internal/engine"
	"github.com/footfall/footfall/internal/whatif"
)

// answer is what a what-if question comes to.
type answer struct {
	changes  []config.Change
	summary  engine.Summary
	compared *whatif.Comparison
}

func (a *answer) print(c *cobra.Command, format string) error {
	switch format {
	case "json":
		return a.writeJSON(c.OutOrStdout())
	case "csv":
		fmt.Fprintln(c.ErrOrStderr(), a.headline())
		return a.writeCSV(c.OutOrStdout())
	}
	fmt.Fprintln(c.OutOrStdout(), a.headline())
	return a.writeTable(c.OutOrStdout())
}

// headline says in one line what differs between the settings and how much was
// counted.
func (a *answer) headline() string {
	differ := make([]string, len(a.changes))
	for i, change := range a.changes {
		differ[i] = fmt.Sprintf("%s: %s -> %s", change.Key, orNone(change.Before), orNone(change.After))
	}
	if len(differ) == 0 {
		differ = []string{"the settings do not differ"}
	}
	return fmt.Sprintf("%s; %d messages counted%s", strings.Join(differ, ", "), a.summary.Messages, remarks(a.summary))
}

func orNone(text string) string {
	if text == "" {
		return "none"
	}
	return text
}

var whatifColumns = []analytics.Column{
	{Name: "zone_id"}, {Name: "line_id"}, {Name: "figure"},
	{Name: "before"}, {Name: "after"}, {Name: "difference"}, {Name: "percent"},
}

// writeCSV writes as reports are written.
func (a *answer) writeCSV(w io.Writer) error {
	out := api.NewCSV(w, true)
	if err := out.Begin(analytics.Header{Columns: whatifColumns}); err != nil {
		return err
	}
	for i := range a.compared.Rows {
		r := &a.compared.Rows[i]
		id, none := analytics.Cell{Type: analytics.Text, Text: r.Subject.ID}, analytics.Cell{}
		zone, line := id, none
		if r.Subject.Line {
			zone, line = none, id
		}
		figure := analytics.Cell{Type: analytics.Text, Text: r.Figure.Name}
		err := out.Row(&analytics.Row{
			Location: r.Location, Start: r.Start, End: r.End, Coverage: r.Coverage,
			Cells: []analytics.Cell{zone, line, figure, r.Before, r.After, r.Difference(), r.Percent()},
		})
		if err != nil {
			return err
		}
	}
	return out.Close()
}

type (
	jsonAnswer struct {
		Settings []jsonChange `json:"settings"`
		Messages int64        `json:"messages"`
		Skipped  int64        `json:"skipped"`
		From     time.Time    `json:"from"`
		To       time.Time    `json:"to"`
		Bucket   *string      `json:"bucket"`
		Rows     []jsonRow    `json:"rows"`
	}
	jsonChange struct {
		Key    string `json:"key"`
		Before string `json:"before"`
		After  string `json:"after"`
	}
	jsonRow struct {
		Location   int64     `json:"location_id"`
		Start      time.Time `json:"start"`
		End        time.Time `json:"end"`
		Coverage   float64   `json:"coverage"`
		Zone       string    `json:"zone_id,omitempty"`
		Line       string    `json:"line_id,omitempty"`
		Figure     string    `json:"figure"`
		Before     any       `json:"before"`
		After      any       `json:"after"`
		Difference any       `json:"difference"`
		Percent    any       `json:"percent"`
	}
)

func (a *answer) writeJSON(w io.Writer) error {
	out := jsonAnswer{
		Settings: []jsonChange{}, Messages: a.summary.Messages, Skipped: a.summary.Skipped,
		From: time.UnixMicro(a.compared.From).UTC(), To: time.UnixMicro(a.compared.To).UTC(), Rows: []jsonRow{},
	}
	for _, change := range a.changes {
		out.Settings = append(out.Settings, jsonChange(change))
	}
	if bucket := a.compared.Bucket.String(); a.compared.Bucket != analytics.Whole {
		out.Bucket = &bucket
	}
	for i := range a.compared.Rows {
		out.Rows = append(out.Rows, jsonRowOf(&a.compared.Rows[i]))
	}
	return json.NewEncoder(w).Encode(out)
}

func jsonRowOf(r *whatif.Row) jsonRow {
	row := jsonRow{
		Location: r.Location, Start: time.UnixMicro(r.Start).UTC(), End: time.UnixMicro(r.End).UTC(), Coverage: r.Coverage,
		Zone: r.Subject.ID, Figure: r.Figure.Name,
		Before: jsonNumber(r.Before), After: jsonNumber(r.After), Difference: jsonNumber(r.Difference()), Percent: jsonNumber(r.Percent()),
	}
	if r.Subject.Line {
		row.Zone, row.Line = "", r.Subject.ID
	}
	return row
}

// jsonNumber is nil for null.
func jsonNumber(c analytics.Cell) any {
	switch c.Type {
	case analytics.Integer:
		return c.Int
	case analytics.Float:
		return c.Float
	}
	return nil
}
