package config

import (
	"errors"
	"os"
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzLoad reads hostile files, variables and flags: no panic; an error is faults, each with a
// source and a problem and in one line; what is taken keeps its promises.
func FuzzLoad(f *testing.F) {
	example, err := os.ReadFile(examplePath)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(example), "FOOTFALL_LISTEN=:80", "1s")
	for _, test := range fileFaults {
		f.Add(test.yaml, "FOOTFALL_TRACKING_STITCH_WITHIN=1e3", "-1")
	}
	f.Add("a: &a [*a]\nlocations: *a", "FOOTFALL_", "")
	f.Add("locations: [&l {<<: *l, <<: [*l]}, ? [a] : b]", "FOOTFALL_TRACKING=1", "1e308")
	f.Add("\ufefflisten: :80\r\nzones: !!binary aGk=\r\n", "=", "0x1p4")
	f.Add("%YAML 1.1\n---\n!!map {? !!str listen : !!str ':80'}\n...\n", "FOOTFALL_HEATMAP_CELL=1_0", "９")
	f.Add("feeds: [{url: 'ws://[::1%25a]:0/?q#', token: |\n a\n}]", "FOOTFALL_PORT=tcp://1", "\x00")
	f.Fuzz(func(t *testing.T, yaml, variable, flag string) {
		set := flagSet(t, "--tracking.enter_after="+flag)
		c, err := load("f.yaml", []byte(yaml), set, []string{variable})
		if err == nil {
			checkPromises(t, c)
			return
		}
		var faults Faults
		if c != nil || !errors.As(err, &faults) || len(faults) == 0 {
			t.Fatalf("config %v with error %v", c, err)
		}
		for _, fault := range faults {
			text := fault.Error()
			if fault.Source == "" || fault.Problem == "" || strings.ContainsAny(text, "\n\r\x00") && !strings.ContainsAny(variable, "\n\r\x00") {
				t.Fatalf("fault %+v", fault)
			}
			if !utf8.ValidString(text) && utf8.ValidString(variable) {
				t.Fatalf("fault %q is no text", text)
			}
		}
	})
}

func checkPromises(t *testing.T, c *Config) {
	tr := c.Tracking
	if tr.EnterAfter < 0 || tr.ExitAfter < 0 || tr.ExpireAfter <= 0 || tr.Corrections && tr.Stitch.Within >= tr.ExpireAfter ||
		!(tr.Stitch.Radius >= 0) || c.Heatmap.Cell < 10 || c.Privacy.MinCell < 0 || c.Database == "" || c.Listen == "" {
		t.Fatalf("config %+v", c)
	}
	seen := make(map[int64]bool)
	for _, l := range c.Locations {
		if seen[l.ID] || l.ID < 0 || l.Name == "" || l.Timezone == nil || l.DayStart%15 != 0 || l.DayStart >= dayMinutes ||
			l.Occupancy != Tracks && l.Occupancy != Gates || len(l.Funnel) == 1 {
			t.Fatalf("location %+v", l)
		}
		seen[l.ID] = true
		for day := 1; day <= 7; day++ {
			last := -1
			for _, s := range l.Opening.On(Date{2026, 12, 20 + day}) {
				if s.Start <= last || s.End <= s.Start || s.End > dayMinutes {
					t.Fatalf("spans %v", l.Opening)
				}
				last = s.End
			}
		}
	}
	for _, f := range c.Feeds {
		if f.URL == "" || len(f.Locations) == 0 || f.token != nil && f.TokenFile != "" {
			t.Fatalf("feed %v", f)
		}
	}
}
