package config

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

func TestLimitsAreDocumented(t *testing.T) {
	text, err := os.ReadFile("../../docs/operations.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range Keys() {
		if row := fmt.Sprintf("| `%s` | %s |", k.Name, k.Default); strings.HasPrefix(k.Name, "limits.") && !strings.Contains(string(text), row) {
			t.Errorf("docs/operations.md has no row %s", row)
		}
	}
}
