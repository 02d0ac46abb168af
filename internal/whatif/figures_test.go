package whatif

import (
	"testing"

	"github.com/footfall/footfall/analytics"
)

// Every figure is a column of the report that it is from.
func TestFiguresAreInTheirReports(t *testing.T) {
	found := 0
	for _, kind := range reports {
		columns := columnsOf(analytics.Header{Kind: kind, Columns: analytics.KindColumns(kind)})
		found += len(columns)
		if _, label := columns[0]; label {
			t.Errorf("%s: the first column is no label", kind)
		}
	}
	if found != len(figures) {
		t.Errorf("%d of %d figures are in a report", found, len(figures))
	}
}
