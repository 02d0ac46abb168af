package config

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

const sourceOverride = "--set"

// overridden are the valid values of "KEY=VALUE" strings by their keys.
func (l *loader) overridden(overrides []string) map[string]any {
	values := make(map[string]any)
	for _, text := range overrides {
		name, value, assigned := strings.Cut(text, "=")
		s, known := settingNamed(name)
		switch {
		case !known:
			l.faults = append(l.faults, Fault{Source: sourceOverride, Key: shown(name), Problem: unknownKey(name)})
		case !assigned:
			l.faults = append(l.faults, Fault{Source: sourceOverride, Key: name, Problem: "has no value", Allowed: name + "=" + s.Type})
		default:
			if v, ok := l.accept(s, value, sourceOverride); ok {
				values[name] = v
			}
		}
	}
	return values
}

func unknownKey(name string) string {
	list, _, _ := strings.Cut(strings.ReplaceAll(name, "[", delimiter), delimiter)
	switch {
	case slices.Contains(listNames(), list):
		return "is in a list, which can only be given in the configuration file"
	case isSection(name):
		return "is a section of keys, not a key; its keys are " + strings.Join(sectionKeys(name), ", ")
	}
	return "is not a known key" + didYouMean(nearestKey(name))
}

func nearestKey(name string) string {
	if key := elsewhere(name); key != "" && !strings.Contains(key, "[]") {
		return key
	}
	var all []string
	for _, s := range settings {
		all = append(all, s.Name)
	}
	return nearest(name, all)
}

// Change is a key whose value is another in two configurations.
type Change struct {
	Key           string
	Before, After string // as [Config.Text]
}

// Changes are the keys outside lists that differ between two configurations, in the order of
// the documentation; "1s" and "1000ms" do not.
func Changes(before, after *Config) []Change {
	var changes []Change
	for _, s := range settings {
		if b, a := before.Text(s.Name), after.Text(s.Name); b != a {
			changes = append(changes, Change{s.Name, b, a})
		}
	}
	return changes
}

// Text is the value of a key outside lists as one would write it; "" where none is given and
// there is no default.
func (c *Config) Text(key string) string {
	if o, given := c.origins[key]; given {
		return o.text
	}
	s, known := settingNamed(key)
	if !known || s.Default == "" {
		return ""
	}
	value, _ := s.parse(s.Default)
	return plainText(value)
}

// plainText is the same for all ways to write a value.
func plainText(value any) string {
	if d, ok := value.(time.Duration); ok {
		return brief(d)
	}
	if items, ok := value.([]string); ok {
		return strings.Join(items, ",")
	}
	return fmt.Sprint(value)
}
