package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"github.com/footfall/footfall/api"
	"github.com/footfall/footfall/internal/config"
	"github.com/footfall/footfall/internal/edge"
	"github.com/footfall/footfall/internal/engine"
	"github.com/footfall/footfall/zones"
)

// zonesFile is the zones file that a server counts by: read when it starts and at each
// reload, rewritten for one location by the API.
type zonesFile struct {
	path     string
	optional bool        // it need not exist
	most     *edge.Limit // on the zones and lines of a location that replace takes; nil: none

	mu   sync.Mutex // of one change after another
	text []byte     // as read or written last
	set  *zones.Set
}

// openZones reads the configured file. Without one there are no zones but the locations
// themselves; the default path need not exist.
func openZones(cfg *config.Config) (*zonesFile, error) {
	f := &zonesFile{path: cfg.Zones, optional: cfg.Source("zones") == "default"}
	var err error
	f.text, f.set, err = f.read()
	return f, err
}

func (f *zonesFile) read() ([]byte, *zones.Set, error) {
	text, err := f.contents()
	if err != nil {
		return nil, nil, withCode(exitUsage, fmt.Errorf("zones: %w", err))
	}
	if text == nil {
		return nil, zones.Empty(), nil
	}
	set, err := zones.Parse(text)
	if err != nil {
		return nil, nil, withCode(exitUsage, fmt.Errorf("zones: %s: %w", f.path, err))
	}
	return text, set, nil
}

// contents are nil where there is no file, and need not be one.
func (f *zonesFile) contents() ([]byte, error) {
	if f.path == "" {
		return nil, nil
	}
	text, err := os.ReadFile(f.path)
	if f.optional && errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	return text, err
}

// reload has the engine count by what the file says now. A file with a fault changes
// nothing.
func (f *zonesFile) reload(ctx context.Context, e *engine.Engine) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	text, set, err := f.read()
	if err != nil {
		return err
	}
	return f.take(ctx, e, text, set)
}

// take has the engine count by another set, which is then that of the file.
func (f *zonesFile) take(ctx context.Context, e *engine.Engine, text []byte, set *zones.Set) error {
	err := e.Reload(ctx, set)
	if err == nil || errors.Is(err, engine.ErrZonesNotStored) {
		f.text, f.set = text, set
	}
	return err
}

// replace puts the features of a collection in the place of a location's, in the file
// and in the engine, if match holds of what counts now. Else, or if it can't be done,
// neither changes; the error is then one of api's where the client is to be told.
func (f *zonesFile) replace(e *engine.Engine, location int64, match func(geoJSON []byte) bool, collection []byte) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !match(e.ZonesGeoJSON(location)) {
		return api.ErrChanged
	}
	if f.path == "" {
		return &api.Conflict{Reason: "no zones file is configured: set zones to a path"}
	}
	before, err := f.contents()
	if err != nil {
		return err
	}
	if !bytes.Equal(before, f.text) {
		return &api.Conflict{Reason: "the zones file was changed since it was read; have the server read it again (SIGHUP), look at what it says, and change that"}
	}
	text, set, err := zones.Replace(before, location, collection)
	if err != nil {
		return zonesRefused(err)
	}
	if err := f.tooMany(set.Plan(location)); err != nil {
		return err
	}
	path, err := resolved(f.path)
	if err != nil {
		return err
	}
	if err := writeAtomically(path, text); err != nil {
		return fmt.Errorf("the zones file cannot be written: %w", err)
	}
	err = f.take(context.Background(), e, text, set)
	if err == nil || errors.Is(err, engine.ErrZonesNotStored) {
		return nil // the store is tried again each second
	}
	if undo := f.restore(path, before); undo != nil {
		return errors.Join(err, undo)
	}
	return err
}

// restore writes back what the file was.
func (f *zonesFile) restore(path string, before []byte) error {
	if before == nil {
		return os.Remove(path)
	}
	return writeAtomically(path, before)
}

// tooMany says that a location has more than it may.
func (f *zonesFile) tooMany(plan *zones.Plan) error {
	n := len(plan.Zones()) + len(plan.Lines())
	if f.most == nil || float64(n) <= f.most.Most {
		return nil
	}
	f.most.Refuse()
	return api.ZonesFaults{{Feature: -1, Reason: fmt.Sprintf("there are %d zones and lines, and may be %.0f (limits.zones)", n, f.most.Most)}}
}

// zonesRefused tells the client what is wrong with its zones.
func zonesRefused(err error) error {
	var broken *zones.FileError
	if errors.As(err, &broken) {
		return &api.Conflict{Reason: broken.Error()}
	}
	var faults zones.Faults
	if !errors.As(err, &faults) {
		return err
	}
	refused := api.ZonesFaults{}
	for _, f := range faults {
		refused = append(refused, api.ZonesFault{Feature: f.Feature, ID: f.ID, Reason: f.Reason})
	}
	return refused
}

// resolved is where a path leads, so that a link stays one.
func resolved(path string) (string, error) {
	to, err := filepath.EvalSymlinks(path)
	if errors.Is(err, os.ErrNotExist) {
		return path, nil
	}
	return to, err
}

// writeAtomically leaves a file as it is or with the whole new text, whatever happens.
// It keeps the file's permissions.
func writeAtomically(path string, text []byte) error {
	mode := os.FileMode(0o644)
	if info, err := os.Stat(path); err == nil {
		mode = info.Mode().Perm()
	}
	return writeWithMode(path, text, mode)
}

// writeWithMode is writeAtomically with permissions that are given.
func writeWithMode(path string, text []byte, mode os.FileMode) error {
	temporary, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	defer os.Remove(temporary.Name()) // is gone once it was renamed
	_, err = temporary.Write(text)
	err = errors.Join(err, temporary.Chmod(mode), temporary.Sync(), temporary.Close())
	if err != nil {
		return err
	}
	if err := os.Rename(temporary.Name(), path); err != nil {
		return err
	}
	return syncFolder(path)
}

// syncFolder makes what happened to a file's name in its folder last.
func syncFolder(path string) error {
	folder, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	defer folder.Close()
	return folder.Sync()
}
