package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"sort"
	"strings"

	"go.yaml.in/yaml/v3"
)

// lists are the keys that only a file can give.
var lists = map[string]func(r *reader, n *yaml.Node, c *Config){
	"locations": readLocations,
	"feeds":     readFeeds,
}

func listNames() []string { return []string{"locations", "feeds"} }

// file reads the lists into c and returns the valid values of the other keys by their names.
func (l *loader) file(c *Config, path string, data []byte) map[string]any {
	values := make(map[string]any)
	root, fault := parseYAML(path, data)
	if fault != nil {
		l.faults = append(l.faults, *fault)
		return values
	}
	if root == nil {
		return values
	}
	r := &reader{path: path, faults: &l.faults, budget: nodeBudget}
	l.section(r, c, root, "", values)
	return values
}

// section reads the keys below one name ("" for the top).
func (l *loader) section(r *reader, c *Config, n *yaml.Node, name string, values map[string]any) {
	entries, ok := r.entries(n, name)
	if !ok {
		return
	}
	for _, e := range entries {
		full := join(name, e.name)
		s, isKey := settingNamed(full)
		switch {
		case strings.Contains(e.name, delimiter) || !isKey && lists[full] == nil && !isSection(full):
			l.unknown(r, e, name)
		case isKey:
			l.setting(r, s, e.value, values)
		default:
			l.below(r, c, e.value, full, values)
		}
	}
}

func (l *loader) unknown(r *reader, e entry, section string) {
	if parent, last, dotted := cutLast(join(section, e.name)); dotted {
		if _, isKey := settingNamed(join(parent, last)); isKey {
			r.fault(e.key, join(section, e.name), "is written with a dot", last+": indented below "+parent+":")
			return
		}
	}
	known := sectionKeys(section)
	if section == "" {
		known = append(known, listNames()...)
	}
	meant := elsewhere(e.name)
	if meant == "" {
		meant = nearest(e.name, known)
	}
	r.unknown(e, section, known, meant)
}

// elsewhere is the key in another place that ends in name, or "".
func elsewhere(name string) string {
	all := listKeys()
	for _, s := range settings {
		all = append(all, s.Name)
	}
	for _, key := range all {
		if strings.HasSuffix(key, delimiter+name) {
			return key
		}
	}
	return ""
}

// listKeys are the keys within lists: "locations[].id" and so on.
func listKeys() []string {
	var keys []string
	for _, name := range fieldNames(locationFields) {
		keys = append(keys, "locations[]."+name)
	}
	for _, name := range fieldNames(feedFields) {
		keys = append(keys, "feeds[]."+name)
	}
	return keys
}

func cutLast(name string) (before, after string, found bool) {
	i := strings.LastIndex(name, delimiter)
	if i < 0 {
		return "", name, false
	}
	return name[:i], name[i+1:], true
}

// below reads a section or list; one whose lines are all commented out is as if not there.
func (l *loader) below(r *reader, c *Config, n *yaml.Node, name string, values map[string]any) {
	if n.Kind == yaml.ScalarNode && n.ShortTag() == tagNull {
		return
	}
	if list := lists[name]; list != nil {
		list(r, n, c)
		return
	}
	l.section(r, c, n, name, values)
}

func (l *loader) setting(r *reader, s setting, n *yaml.Node, values map[string]any) {
	read := r.text
	if s.Type == typeList && n.Kind == yaml.SequenceNode {
		read = r.texts
	}
	text, ok := read(n, s.Name, s.Type, s.Allowed, s.tags)
	if !ok {
		l.wrong[s.Name] = true
		return
	}
	if v, ok := l.accept(s, text, r.at(n)); ok {
		values[s.Name] = v
	}
}

// parseYAML is the document's root, nil where the file says nothing.
func parseYAML(path string, data []byte) (*yaml.Node, *Fault) {
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	var document, second yaml.Node
	err := decoder.Decode(&document)
	if errors.Is(err, io.EOF) {
		return nil, nil
	}
	if err == nil {
		err = decoder.Decode(&second)
		if err == nil {
			return nil, &Fault{Source: fmt.Sprintf("%s:%d", path, second.Line), Problem: "the file holds a second document (---)", Allowed: "one document"}
		}
	}
	if !errors.Is(err, io.EOF) {
		return nil, &Fault{Source: fmt.Sprintf("%s:%d", path, faultyLine(data, err)), Problem: "is not valid YAML: " + reason(err)}
	}
	if len(document.Content) == 0 {
		return nil, nil
	}
	root := deref(document.Content[0])
	if root.Kind == yaml.ScalarNode && root.ShortTag() == tagNull {
		return nil, nil
	}
	return root, nil
}

// faultyLine is the line at which reading fails. yaml gives the line where the surrounding
// block began, one too few for some errors, or none; but it reads in order, so the shortest
// beginning of the file that fails in the same way ends with the line.
func faultyLine(data []byte, err error) int {
	lines := bytes.SplitAfter(data, []byte("\n"))
	ends := make([]int, len(lines))
	end := 0
	for i, line := range lines {
		end += len(line)
		ends[i] = end
	}
	same := func(i int) bool {
		decoder := yaml.NewDecoder(bytes.NewReader(data[:ends[i]]))
		for {
			var n yaml.Node
			if e := decoder.Decode(&n); e != nil {
				return e.Error() == err.Error()
			}
		}
	}
	return min(sort.Search(len(lines), same)+1, len(lines))
}

var (
	yamlPrefix    = regexp.MustCompile(`^yaml: (line \d+: )?`)
	unknownAnchor = regexp.MustCompile(`^unknown anchor '`)
)

// reason is yaml's, without its line and without words of the file, which could be a token.
func reason(err error) string {
	text := yamlPrefix.ReplaceAllString(err.Error(), "")
	if unknownAnchor.MatchString(text) {
		return "an alias (*name) whose anchor (&name) is not given before; text that begins with * needs quotes"
	}
	return text
}
