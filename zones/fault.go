package zones

import (
	"fmt"
	"strings"
)

// Fault is one thing wrong with a zones file.
type Fault struct { //nolint:errname // a fault is what it is called everywhere
	Feature int    // the feature's place in "features", from 0; -1: the file as a whole
	ID      string // the feature's id, where it has a readable one
	Reason  string // what is wrong and what to do, without the place
}

// Error says where and what, for the person who edits the file.
func (f Fault) Error() string {
	switch {
	case f.Feature < 0:
		return f.Reason
	case f.ID == "":
		return fmt.Sprintf("features[%d]: %s", f.Feature, f.Reason)
	}
	return fmt.Sprintf("features[%d] %q: %s", f.Feature, f.ID, f.Reason)
}

// Faults is every fault of a file, in file order; Parse returns it as its error.
type Faults []Fault //nolint:errname // as Fault

// Error has a line for each fault.
func (f Faults) Error() string {
	lines := make([]string, len(f))
	for i, fault := range f {
		lines[i] = fault.Error()
	}
	return strings.Join(lines, "\n")
}
