package config

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// reader walks a YAML document and notes every fault with its line.
type reader struct {
	path   string
	faults *Faults
	budget int // nodes that may still be visited: aliases can make a small file large
}

const (
	nodeBudget = 500_000
	mergeDepth = 8
)

func (r *reader) at(n *yaml.Node) string { return fmt.Sprintf("%s:%d", r.path, n.Line) }

func (r *reader) fault(n *yaml.Node, key, problem, allowed string) {
	*r.faults = append(*r.faults, Fault{Source: r.at(n), Key: key, Problem: problem, Allowed: allowed})
}

// spend is false once the budget is used up, which it reports once.
func (r *reader) spend(n *yaml.Node) bool {
	r.budget--
	if r.budget == 0 {
		r.fault(n, "", fmt.Sprintf("the file has more than %d values, aliases written out", nodeBudget), "")
	}
	return r.budget > 0
}

func deref(n *yaml.Node) *yaml.Node {
	for n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	return n
}

// entry is one name of a mapping with its value.
type entry struct {
	name  string
	key   *yaml.Node
	value *yaml.Node
}

// entries are the mapping's, those of merge keys after its own; false where n is no mapping.
func (r *reader) entries(n *yaml.Node, key string) ([]entry, bool) {
	if n.Kind != yaml.MappingNode {
		r.fault(n, key, wrongType(n, "a mapping (key: value)"), "")
		return nil, false
	}
	found := gathered{taken: make(map[string]bool)}
	r.own(n, key, &found, 0)
	return found.entries, true
}

// gathered is a mapping's entries so far; the first of a name counts, merged ones come last.
type gathered struct {
	entries []entry
	taken   map[string]bool
}

func (r *reader) own(n *yaml.Node, key string, found *gathered, depth int) {
	var merges []*yaml.Node
	mine := make(map[string]int)
	for i := 0; i+1 < len(n.Content) && r.spend(n); i += 2 {
		k, v := deref(n.Content[i]), deref(n.Content[i+1])
		switch {
		case k.Kind != yaml.ScalarNode:
			r.fault(k, key, "has a name that is no text", "")
			continue
		case k.ShortTag() == "!!merge":
			merges = append(merges, v)
			continue
		}
		if first, twice := mine[k.Value]; twice {
			r.fault(n.Content[i], join(key, shown(k.Value)), fmt.Sprintf("is given twice, first in line %d", first), "")
			continue
		}
		mine[k.Value] = n.Content[i].Line
		if !found.taken[k.Value] {
			found.taken[k.Value] = true
			found.entries = append(found.entries, entry{k.Value, n.Content[i], v})
		}
	}
	for _, m := range merges {
		r.merge(m, key, found, depth+1)
	}
}

func (r *reader) merge(n *yaml.Node, key string, found *gathered, depth int) {
	switch {
	case depth > mergeDepth:
		r.fault(n, key, fmt.Sprintf("<< is nested more than %d deep", mergeDepth), "")
	case !r.spend(n):
	case n.Kind == yaml.MappingNode:
		r.own(n, key, found, depth)
	case n.Kind == yaml.SequenceNode:
		for _, item := range n.Content {
			r.merge(deref(item), key, found, depth+1)
		}
	default:
		r.fault(n, key, wrongType(n, "an alias of a mapping after <<"), "")
	}
}

// items are those of a list; false where n is none.
func (r *reader) items(n *yaml.Node, key, allowed string) ([]*yaml.Node, bool) {
	if n.Kind != yaml.SequenceNode {
		r.fault(n, key, wrongType(n, "a list"), allowed)
		return nil, false
	}
	var items []*yaml.Node
	for _, item := range n.Content {
		if !r.spend(n) {
			break
		}
		items = append(items, deref(item))
	}
	return items, true
}

// text is a scalar of one of the YAML types tags, for a kind of that name; the fault where it
// is none quotes no value.
func (r *reader) text(n *yaml.Node, key, kind, allowed string, tags []string) (string, bool) {
	if n.Kind == yaml.ScalarNode && slices.Contains(tags, n.ShortTag()) {
		return n.Value, true
	}
	if n.Kind == yaml.ScalarNode && n.ShortTag() == tagNull {
		r.fault(n, key, "has no value", allowed)
		return "", false
	}
	r.fault(n, key, wrongType(n, kindNames[kind])+quoteHint(n, kind), allowed)
	return "", false
}

// texts is a list of such scalars, with commas between.
func (r *reader) texts(n *yaml.Node, key, _, allowed string, tags []string) (string, bool) {
	items, ok := r.items(n, key, allowed)
	var all []string
	for i, item := range items {
		name := fmt.Sprintf("%s[%d]", key, i)
		text, valid := r.text(item, name, "text", allowed, tags)
		if valid && strings.Contains(text, ",") {
			r.fault(item, name, "has a comma in it", allowed)
			valid = false
		}
		all, ok = append(all, text), ok && valid
	}
	return strings.Join(all, ","), ok
}

// value reads a scalar of kind k.
func value[T any](r *reader, n *yaml.Node, key string, k kind[T]) (T, bool) {
	var none T
	text, ok := r.text(n, key, k.name, k.allowed, k.tags)
	if !ok {
		return none, false
	}
	v, problem := k.parse(text)
	if problem != "" {
		r.fault(n, key, problem, k.allowed)
		return none, false
	}
	return v, true
}

// field is one key of a list's item.
type field[T any] struct {
	name string
	read func(r *reader, n *yaml.Node, key string, into *T)
}

// fields reads a mapping into one item and returns the values that were given, by name.
func fields[T any](r *reader, n *yaml.Node, key string, into *T, known []field[T]) (map[string]*yaml.Node, bool) {
	entries, ok := r.entries(n, key)
	if !ok {
		return nil, false
	}
	given := make(map[string]*yaml.Node, len(entries))
	for _, e := range entries {
		i := slices.IndexFunc(known, func(f field[T]) bool { return f.name == e.name })
		if i < 0 {
			names := fieldNames(known)
			r.unknown(e, key, names, nearest(e.name, names))
			continue
		}
		given[e.name] = e.value
		known[i].read(r, e.value, join(key, e.name), into)
	}
	return given, true
}

func fieldNames[T any](known []field[T]) []string {
	names := make([]string, len(known))
	for i, f := range known {
		names[i] = f.name
	}
	return names
}

// unknown reports a name that is none of those known there; meant is the likely one, or "".
func (r *reader) unknown(e entry, key string, known []string, meant string) {
	name, _, glued := strings.Cut(e.name, ":")
	if glued && slices.Contains(known, name) {
		r.fault(e.key, join(key, name), "lacks the space after its colon", "")
		return
	}
	r.fault(e.key, join(key, shown(e.name)), "is not a known key"+didYouMean(meant),
		strings.Join(known, ", "))
}

// shown is a name from the file as a message may show it: what follows a colon could be a
// secret, glued to its key.
func shown(name string) string {
	name, _, glued := strings.Cut(name, ":")
	if glued {
		name += ":…"
	}
	text := quoted(name)
	if text == `"`+name+`"` && name != "" && !strings.ContainsAny(name, " .") {
		return name
	}
	return text
}

func join(key, name string) string {
	if key == "" {
		return name
	}
	return key + "." + name
}

var typeNames = map[string]string{
	tagText: "text", tagInt: "a number", tagFloat: "a number", tagBool: "true or false",
	tagNull: "no value", tagTime: "a date",
}

var kindNames = map[string]string{
	"text": "text", "duration": "a duration", "number": "a number", "bool": "true or false", typeList: "a list", "size": "a size",
}

func wrongType(n *yaml.Node, want string) string {
	return "is " + typeOf(n) + ", not " + want
}

func typeOf(n *yaml.Node) string {
	if n.Kind == yaml.MappingNode {
		return "a mapping"
	}
	if n.Kind == yaml.SequenceNode {
		return "a list"
	}
	if name, ok := typeNames[n.ShortTag()]; ok {
		return name
	}
	return "a value with a YAML tag"
}

// quoteHint tells apart 8080 and "8080", true and "true".
func quoteHint(n *yaml.Node, kind string) string {
	tag := n.ShortTag()
	switch {
	case n.Kind != yaml.ScalarNode:
		return ""
	case kind == "text" && (tag == tagInt || tag == tagFloat || tag == tagBool || tag == tagTime):
		return " (put it in quotes)"
	case tag == tagText && n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0:
		return " (leave out the quotes)"
	}
	return ""
}
