package api

import "testing"

func TestAccepted(t *testing.T) {
	for header, want := range map[string]string{
		"":                       jsonType,
		"*/*":                    jsonType,
		"text/csv":               csvType,
		"TEXT/CSV; charset=utf8": csvType,
		"text/*":                 csvType,
		"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8": jsonType,
		"application/json;q=0.5, text/csv":                                csvType,
		"text/csv;q=0.5, application/json;q=0.5":                          jsonType,
		"*/*, application/json;q=0":                                       csvType,
		"text/csv;q=0":                                                    "",
		"text/csv;q=nonsense":                                             "",
		"image/png":                                                       "",
		",;=,":                                                            "",
	} {
		if got := accepted([]string{header}, jsonType, csvType); got != want {
			t.Errorf("%q takes %q, want %q", header, got, want)
		}
	}
}

func TestMatches(t *testing.T) {
	for header, want := range map[string]bool{
		`"a"`: true, `W/"a"`: true, `"b", "a"`: true, `*`: true, `"b",W/"a"`: true,
		``: false, `"b"`: false, `a`: false, `"a`: false, `"a-"`: false,
	} {
		if got := matches([]string{header}, `"a"`); got != want {
			t.Errorf("%s: %v", header, got)
		}
	}
}
