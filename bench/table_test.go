package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func exampleTable() *table {
	t := &table{machine: "a machine", run: "a run"}
	t.add(row{name: "short", what: "a → b", mark: "≥ 1"}, outcome{"2.0 (1.0 to 3.0)", reached, []string{"one", "two"}})
	t.add(row{name: "a-longer-one", what: "a|b", mark: "≤ 1"}, notMeasured("no %s", "thing"))
	return t
}

func TestTableText(t *testing.T) {
	want := `row           measured  figure                  mark  reached
short         a → b     2.0 (1.0 to 3.0)        ≥ 1   yes
a-longer-one  a|b       not measured: no thing  ≤ 1   not measured
`
	if got := exampleTable().text(); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

func TestTableMarkdown(t *testing.T) {
	want := "a machine; a run.\n\n" +
		"| row | measured | figure | mark | reached |\n" +
		"| --- | --- | --- | --- | --- |\n" +
		"| short | a → b | 2.0 (1.0 to 3.0) | ≥ 1 | yes |\n" +
		`| a-longer-one | a\|b | not measured: no thing | ≤ 1 | not measured |` + "\n\n" +
		"What the figures are made of:\n\n- `short`: one; two\n"
	if got := exampleTable().markdown(); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

// TestKeepTable: what stands around the markers stays, and a file without them is
// written whole.
func TestKeepTable(t *testing.T) {
	path := filepath.Join(t.TempDir(), "table.md")
	frame := func(table string) string { return "# Head\n\n" + tableBegins + table + tableEnds + "\nfoot\n" }
	for _, c := range []struct{ old, want string }{
		{"", "new\n"},
		{"anything", "new\n"},
		{frame("old\n"), frame("\nnew\n\n")},
		{frame("\nnew\n\n"), frame("\nnew\n\n")},
		{tableBegins + "no end", "new\n"},
	} {
		if err := os.WriteFile(path, []byte(c.old), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := keepTable(path, "new\n"); err != nil {
			t.Fatal(err)
		}
		if got, _ := os.ReadFile(path); string(got) != c.want {
			t.Errorf("of %q came %q, want %q", c.old, got, c.want)
		}
	}
	if err := keepTable(filepath.Join(t.TempDir(), "new.md"), "new\n"); err != nil {
		t.Error(err)
	}
}

func TestChooseRows(t *testing.T) {
	names := func(list string) string {
		chosen, err := chooseRows(list)
		if err != nil {
			return err.Error()
		}
		var all []string
		for _, r := range chosen {
			all = append(all, r.name)
		}
		return strings.Join(all, " ")
	}
	for list, want := range map[string]string{
		"":                 strings.Join(rowNames(), " "),
		"report,naive":     "naive report",
		"people-*,replay":  "people-1k people-100k people-1m replay",
		"flush,flush":      "flush",
		"naive,people-10k": `there is no row "people-10k"; there are ` + strings.Join(rowNames(), ", "),
	} {
		if got := names(list); got != want {
			t.Errorf("%q chooses %q, want %q", list, got, want)
		}
	}
}
