package config

import (
	"fmt"
	"strings"
)

// Fault is one thing wrong with the configuration.
type Fault struct { //nolint:errname // a fault is what it is called everywhere
	Source  string // "footfall.yaml:12", "--listen", "FOOTFALL_LISTEN" or "--set"
	Key     string // "tracking.enter_after", "locations[0].timezone"; "" for the file as a whole
	Problem string // what is wrong
	Allowed string // what would be right; "" where Problem says it
}

// Error is the fault in one line, without any token.
func (f Fault) Error() string {
	var b strings.Builder
	b.WriteString(f.Source + ": ")
	if f.Key != "" && f.Source != "--"+f.Key {
		b.WriteString(f.Key + ": ")
	}
	b.WriteString(f.Problem)
	if f.Allowed != "" {
		b.WriteString("; allowed: " + f.Allowed)
	}
	return b.String()
}

// Faults is every fault found: those of the file in its order, then those of the environment,
// of the flags, of the overrides, and of values that do not go together.
type Faults []Fault //nolint:errname // as Fault

const shownFaults = 100

// Error is a line for each fault, up to the first hundred.
func (f Faults) Error() string {
	if len(f) == 1 {
		return f[0].Error()
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%d faults in the configuration:", len(f))
	for i, fault := range f {
		if i == shownFaults {
			fmt.Fprintf(&b, "\n  and %d more", len(f)-i)
			break
		}
		b.WriteString("\n  " + fault.Error())
	}
	return b.String()
}

// Unwrap is the faults one by one, for errors.As.
func (f Faults) Unwrap() []error {
	errs := make([]error, len(f))
	for i := range f {
		errs[i] = f[i]
	}
	return errs
}
