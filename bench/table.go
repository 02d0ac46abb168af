package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"unicode/utf8"
)

// outcome is what a row came to.
type outcome struct {
	figure  string
	verdict verdict
	notes   []string // what the figure was made of
}

type verdict string

const (
	reached    verdict = "yes"
	missed     verdict = "no"
	unmeasured verdict = "not measured"
)

func judge(ok bool) verdict {
	if ok {
		return reached
	}
	return missed
}

// notMeasured is the outcome of a row that lacks something here.
func notMeasured(format string, a ...any) outcome {
	return outcome{figure: "not measured: " + fmt.Sprintf(format, a...), verdict: unmeasured}
}

// table is every row with its outcome.
type table struct {
	machine, run string
	lines        []tableLine
}

type tableLine struct {
	row
	outcome
}

func (t *table) add(r row, o outcome) { t.lines = append(t.lines, tableLine{r, o}) }

var tableHead = []string{"row", "measured", "figure", "mark", "reached"}

func (l tableLine) cells() []string {
	return []string{l.name, l.what, l.figure, l.mark, string(l.verdict)}
}

// detail is one line with all that is known of it.
func (t *table) detail(i int) string {
	l := t.lines[i]
	var b strings.Builder
	fmt.Fprintf(&b, "  %s\n  %s; mark %s; reached: %s\n", l.what, l.figure, l.mark, l.verdict)
	for _, note := range l.notes {
		fmt.Fprintf(&b, "    %s\n", note)
	}
	return b.String()
}

// text is the table in columns.
func (t *table) text() string {
	all := [][]string{tableHead}
	for _, l := range t.lines {
		all = append(all, l.cells())
	}
	widths := make([]int, len(tableHead))
	for _, cells := range all {
		for i, c := range cells {
			widths[i] = max(widths[i], utf8.RuneCountInString(c))
		}
	}
	var b strings.Builder
	for _, cells := range all {
		var line strings.Builder
		for i, c := range cells {
			line.WriteString(c + strings.Repeat(" ", widths[i]-utf8.RuneCountInString(c)+2))
		}
		b.WriteString(strings.TrimRight(line.String(), " ") + "\n")
	}
	return b.String()
}

// markdown is the table and, under it, what its figures were made of.
func (t *table) markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s; %s.\n\n", t.machine, t.run)
	fmt.Fprintf(&b, "| %s |\n|%s\n", strings.Join(tableHead, " | "), strings.Repeat(" --- |", len(tableHead)))
	for _, l := range t.lines {
		fmt.Fprintf(&b, "| %s |\n", strings.Join(escapeAll(l.cells()), " | "))
	}
	b.WriteString("\nWhat the figures are made of:\n\n")
	for _, l := range t.lines {
		if len(l.notes) > 0 {
			fmt.Fprintf(&b, "- `%s`: %s\n", l.name, strings.Join(l.notes, "; "))
		}
	}
	return b.String()
}

// Markers of the part of a file that is written anew.
const (
	tableBegins = "<!-- make bench: begin -->\n"
	tableEnds   = "<!-- make bench: end -->\n"
)

// keepTable writes the table to a file, or between the markers of one that has them.
func keepTable(path, markdown string) error {
	old, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	before, rest, begins := strings.Cut(string(old), tableBegins)
	_, after, ends := strings.Cut(rest, tableEnds)
	if begins && ends {
		markdown = before + tableBegins + "\n" + markdown + "\n" + tableEnds + after
	}
	return os.WriteFile(path, []byte(markdown), 0o644)
}

func escapeAll(cells []string) []string {
	for i, c := range cells {
		cells[i] = strings.NewReplacer("|", `\|`, "\n", " ").Replace(c)
	}
	return cells
}
