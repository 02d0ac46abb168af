package config

import "github.com/spf13/pflag"

// Flags registers a flag for every key outside lists. What they are given is checked by
// [Load], so that all faults are reported together, and not by fs.
func Flags(fs *pflag.FlagSet) {
	for _, s := range settings {
		f := fs.VarPF(&flagValue{text: s.Default, kind: s.Type}, s.Flag, "", s.Help)
		if s.Type == "bool" {
			f.NoOptDefVal = "true"
		}
	}
}

// flagValue keeps what was written. Its type tells our flags from others of the same name.
type flagValue struct{ text, kind string }

func (v *flagValue) String() string        { return v.text }
func (v *flagValue) Set(text string) error { v.text = text; return nil }

// Type is shown in the help.
func (v *flagValue) Type() string { return v.kind }
