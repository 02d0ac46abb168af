package tracker

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestScenarios plays testdata/scenarios: what happened, and what was told. Their
// README says how to read and write them. Each is played as it stands, swept at
// every line, and restarted at every line: that must not matter.
func TestScenarios(t *testing.T) {
	for _, s := range readScenarios(t) {
		t.Run(s.file+"/"+s.name, func(t *testing.T) {
			s.play(t, "as it stands", nil)
			s.play(t, "swept at every line", (*theatre).sweep)
			if !s.noRestart {
				s.play(t, "restarted at every line", (*theatre).restart)
			}
		})
	}
}

func readScenarios(t tb) []*scenario {
	files, err := filepath.Glob("testdata/scenarios/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no scenarios:", err)
	}
	var all []*scenario
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		scenarios, err := parseScenarios(string(text))
		if err != nil {
			t.Fatal(file, err)
		}
		for _, s := range scenarios {
			s.file = strings.TrimSuffix(filepath.Base(file), ".txt")
		}
		all = append(all, scenarios...)
	}
	return all
}

// theatre is where one scenario is played.
type theatre struct {
	t       tb
	s       *scenario
	tracker *Tracker
	ear     *ear
	numbers numbering
	layout  Layout
	kept    store
	ids     []string
}

func (s *scenario) play(t tb, how string, before func(*theatre, int64)) {
	t.Helper()
	p := &theatre{t: t, s: s, ear: newEar(), kept: store{}}
	p.layout = p.numbers.layout(t, s.plan.areas, s.plan.doors)
	p.tracker = New(s.settings, p.layout, p.ear)
	for _, l := range s.lines {
		if before != nil {
			before(p, l.at)
		}
		if err := p.act(l); err != nil {
			t.Errorf("%s: line %d: %v", how, l.number, err)
		}
	}
	if late := p.ear.lateBut(); len(late) > 0 {
		t.Errorf("%s: told after a sweep had called it final: %+v", how, late)
	}
	p.compare(how)
}

func (p *theatre) sweep(at int64) { p.ear.final = p.tracker.Sweep(at).Final }

func (p *theatre) restart(at int64) {
	p.sweep(at)
	p.tracker = restarted(p.t, p.tracker, p.kept, p.s.settings, p.layout, p.ear)
}

// act does what one line says.
func (p *theatre) act(l line) error {
	at, words := l.at, l.words
	id := int64(numberOf(&p.ids, words[0])) + 1
	switch {
	case words[0] == "live":
		p.tracker.Sweep(at)
		return p.live(words[1:])
	case words[0] == "reload":
		p.layout = p.numbers.layout(p.t, l.plan.areas, l.plan.doors)
		p.tracker.Reload(at, p.layout)
	case words[0] == "end":
		p.tracker.Advance(at)
		p.tracker.End()
	case words[1] == "lost":
		p.tracker.Lost(at, id)
	case isEstimate(words[1:]):
		gender, age := readEstimate(words[1:])
		p.tracker.Demographics(at, id, gender, age)
	default:
		x, y, err := readPlace(words[1:])
		if err != nil {
			return err
		}
		p.tracker.Position(at, id, x, y)
	}
	return nil
}

// live compares pairs of a zone and its count.
func (p *theatre) live(pairs []string) error {
	counts, _ := p.tracker.Live()
	for i := 0; i+1 < len(pairs); i += 2 {
		got := "0"
		if number := int(p.numbers.zone(pairs[i])); number < len(counts) {
			got = fmt.Sprint(counts[number])
		}
		if got != pairs[i+1] {
			return fmt.Errorf("live count of %s is %s, not %s", pairs[i], got, pairs[i+1])
		}
	}
	return nil
}

func (p *theatre) compare(how string) {
	p.t.Helper()
	told, wanted := []string{}, slices.Sorted(slices.Values(p.s.told))
	withLocation := strings.Contains(strings.Join(wanted, "\n"), " location")
	for _, e := range p.ear.heard {
		if text := p.describe(e); withLocation || !strings.Contains(text, " location") {
			told = append(told, text)
		}
	}
	slices.Sort(told)
	if !slices.Equal(told, wanted) {
		p.t.Errorf("%s: told\n  %s\nnot\n  %s", how, strings.Join(told, "\n  "), strings.Join(wanted, "\n  "))
	}
}

func (p *theatre) describe(e event) string {
	at := seconds(e.at - scenarioStart)
	switch e.kind {
	case "entry":
		return fmt.Sprintf("%s enters %s (%s)", at, p.numbers.zoneID(e.number), e.reason)
	case "exit":
		text := fmt.Sprintf("%s leaves %s (%s) after %s", at, p.numbers.zoneID(e.number), e.reason, seconds(e.at-e.entered))
		if e.who != (Class{}) {
			text += fmt.Sprintf(", %s %s", e.who.Gender, e.who.Age)
		}
		return text
	case "flow":
		return fmt.Sprintf("%s from %s to %s", at, p.numbers.zoneID(e.number), p.numbers.zoneID(e.to))
	}
	direction := "in"
	if e.direction < 0 {
		direction = "out"
	}
	if e.kind == "net" {
		direction = "net " + direction
	}
	return fmt.Sprintf("%s %s %s", at, p.numbers.lines[e.number], direction)
}
