package config

import (
	"fmt"
	"io"
	"os"

	"github.com/knadh/koanf/providers/confmap"
	"github.com/knadh/koanf/providers/env/v2"
	"github.com/knadh/koanf/providers/posflag"
	"github.com/knadh/koanf/v2"
	"github.com/spf13/pflag"
)

const (
	delimiter     = "."
	sourceDefault = "default"
	mostFileBytes = 4 << 20
)

// Load reads the configuration from the file at path ("" for none), from environ ("NAME=value"
// strings, as of os.Environ), from those flags of fs (nil for none) that [Flags] registered
// and that were given, and from overrides ("KEY=VALUE" strings, the last one for a key holds),
// which win over all of these. An error is either [Faults] or says why the file could not be read, and
// then wraps the cause (fs.ErrNotExist where it is missing).
func Load(path string, fs *pflag.FlagSet, environ []string, overrides ...string) (*Config, error) {
	if path == "" {
		return load("", nil, fs, environ, overrides...)
	}
	data, err := readFile(path, mostFileBytes)
	if err != nil {
		return nil, fmt.Errorf("configuration file: %w", err)
	}
	return load(path, data, fs, environ, overrides...)
}

func readFile(path string, most int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	data, err := io.ReadAll(io.LimitReader(f, most+1))
	if err != nil {
		return nil, err
	}
	if int64(len(data)) > most {
		return nil, fmt.Errorf("%s is larger than %d KiB", path, most>>10)
	}
	return data, nil
}

// loader stacks the layers. A value enters koanf only when it is valid, with its source.
type loader struct {
	layers *koanf.Koanf
	faults Faults
	wrong  map[string]bool // keys with a fault in some layer
}

// sourced is a value in koanf. Its fields are exported because koanf copies what it holds.
type sourced struct {
	Value  any
	Source string
}

func load(path string, data []byte, fs *pflag.FlagSet, environ []string, overrides ...string) (*Config, error) {
	l := &loader{layers: koanf.New(delimiter), wrong: make(map[string]bool)}
	c := Default()
	l.put(confmap.Provider(l.file(c, path, data), delimiter))
	l.put(env.Provider(delimiter, env.Opt{
		Prefix:        envPrefix,
		EnvironFunc:   func() []string { return environ },
		TransformFunc: l.variable,
	}))
	if fs != nil {
		l.put(posflag.ProviderWithFlag(fs, delimiter, nil, l.flag))
	}
	l.put(confmap.Provider(l.overridden(overrides), delimiter))
	l.fill(c)
	l.relations(c)
	l.retentions(c)
	if len(l.faults) > 0 {
		return nil, l.faults
	}
	return c, nil
}

func (l *loader) put(p koanf.Provider) {
	if err := l.layers.Load(p, nil); err != nil {
		l.faults = append(l.faults, Fault{Source: "configuration", Problem: err.Error()})
	}
}

// accept is the checked value of s, or false after noting the fault.
func (l *loader) accept(s setting, text, source string) (any, bool) {
	v, problem := s.parse(text)
	if problem != "" {
		l.faults = append(l.faults, Fault{Source: source, Key: s.Name, Problem: problem, Allowed: s.Allowed})
		l.wrong[s.Name] = true
		return nil, false
	}
	return sourced{v, source}, true
}

// variable takes one FOOTFALL_ variable; an empty key makes koanf leave it out.
func (l *loader) variable(name, value string) (string, any) {
	if name == ConfigVariable || name == TokenVariable {
		return "", nil
	}
	for _, s := range settings {
		if s.Env != name {
			continue
		}
		if value == "" {
			return "", nil
		}
		if v, ok := l.accept(s, value, name); ok {
			return s.Name, v
		}
		return "", nil
	}
	l.faults = append(l.faults, Fault{Source: name, Problem: unknownVariable(name, value)})
	return "", nil
}

func (l *loader) flag(f *pflag.Flag) (string, any) {
	value, ours := f.Value.(*flagValue)
	if !ours || !f.Changed {
		return "", nil
	}
	s, known := settingNamed(f.Name)
	if !known {
		return "", nil
	}
	if v, ok := l.accept(s, value.text, "--"+s.Flag); ok {
		return s.Name, v
	}
	return "", nil
}

// fill stores what the layers agreed on over the defaults.
func (l *loader) fill(c *Config) {
	for _, s := range settings {
		if v, ok := l.layers.Get(s.Name).(sourced); ok {
			s.store(c, v.Value)
			c.origins[s.Name] = origin{v.Source, plainText(v.Value)}
		}
	}
}

// relations checks values against each other.
func (l *loader) relations(c *Config) {
	const expire, within = "tracking.expire_after", "tracking.stitch.within"
	t := c.Tracking
	if l.wrong[expire] || l.wrong[within] || l.wrong["tracking.corrections"] {
		return
	}
	if !t.Corrections || t.Stitch.Within < t.ExpireAfter {
		return
	}
	source, key := c.Source(expire), expire
	if source == sourceDefault {
		source, key = c.Source(within), within
	}
	l.faults = append(l.faults, Fault{
		Source: source, Key: key,
		Problem: fmt.Sprintf("%s (%s, %s) is not longer than %s (%s, %s)",
			expire, brief(t.ExpireAfter), c.Source(expire), within, brief(t.Stitch.Within), c.Source(within)),
		Allowed: "an expiry later than any stitch; " + within + " 0 turns stitching off",
	})
}
