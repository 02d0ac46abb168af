package boltstore

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"runtime"
	"runtime/debug"
	"time"

	"go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"
)

// Options of Open. The zero Options are those of a server.
type Options struct {
	ReadOnly    bool          // share the file with other readers, write nothing
	LockTimeout time.Duration // how long to wait for another process; 0 is a second
	NoSync      bool          // for tests and demos: a power cut may ruin the file
	Logger      *slog.Logger  // nil for none

	loadFreelist bool // though nothing is written
}

// How bbolt is used; bench_test.go has the measure of it. The list of free pages
// is stored with each commit: at 18,000 free pages that costs 1.4 ms, but opening
// would walk the whole file without it, and the reader of pages consults it.
const (
	fillPercent = 0.9     // what is written is mostly later than what is there
	growBy      = 4 << 20 // bytes at which the file grows
)

// mapSizes are how much address space to take for the file at first; the first
// that the system grants is used. While the file fits, it is never mapped anew,
// for which Apply would have to wait for all views.
func mapSizes() []int {
	if runtime.GOOS == "windows" {
		return []int{0} // there the file would get that size
	}
	var sizes []int
	for _, size := range []int64{64 << 30, 4 << 30, 256 << 20, 0} {
		if int64(int(size)) == size {
			sizes = append(sizes, int(size))
		}
	}
	return sizes
}

// Open opens a database, and creates it where there is none and it may write. It
// changes nothing about a file that it refuses. One of an older version it brings up to
// date, unless it may only read.
func Open(path string, opts Options) (*Store, error) {
	s, err := openAsIs(path, opts)
	if err != nil || opts.ReadOnly {
		return s, err
	}
	if err := s.migrate(migrations); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// openAsIs is Open that leaves an older version what it is.
func openAsIs(path string, opts Options) (*Store, error) {
	if opts.LockTimeout == 0 {
		opts.LockTimeout = time.Second
	}
	if opts.Logger == nil {
		opts.Logger = slog.New(slog.DiscardHandler)
	}
	info, err := os.Stat(path) // opening a pipe would wait for its other end
	switch {
	case errors.Is(err, fs.ErrNotExist) && opts.ReadOnly:
		return nil, fail(path, fmt.Errorf("%w: check the path", ErrMissing))
	case errors.Is(err, fs.ErrNotExist):
		if err := create(path, opts); err != nil {
			return nil, cannot(path, "be created", err)
		}
	case err != nil:
		return nil, cannot(path, "be opened", err)
	case info.IsDir():
		return nil, fail(path, foreign(" but a folder"))
	case !info.Mode().IsRegular():
		return nil, fail(path, foreign(" but a device or a pipe"))
	}
	s := &Store{path: path, log: opts.Logger}
	for _, size := range mapSizes() {
		if err = s.open(opts, size); err == nil {
			return s, nil
		}
		if !errors.Is(err, errMap) {
			break
		}
	}
	return nil, err
}

// errMap means that bbolt could not map the file.
var errMap = errors.New("the file cannot be mapped into memory")

// open has bbolt open the file; what it is is looked at between bbolt's opening
// and its reading it.
func (s *Store) open(opts Options, mapSize int) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	var refused error
	s.file = nil
	defer func() {
		if cause := recover(); cause != nil {
			err = s.fault(cause)
			_ = s.letGo()
		}
	}()
	s.db, err = bbolt.Open(s.path, 0, &bbolt.Options{
		ReadOnly: opts.ReadOnly, PreLoadFreelist: opts.loadFreelist, Timeout: opts.LockTimeout, NoSync: opts.NoSync, NoGrowSync: opts.NoSync,
		FreelistType: bbolt.FreelistMapType, InitialMmapSize: mapSize, NoStatistics: true,
		OpenFile: func(_ string, flag int, _ os.FileMode) (*os.File, error) {
			s.file, refused = s.openChecked(flag&^os.O_CREATE, opts)
			return s.file, refused
		},
	})
	switch {
	case refused != nil:
		return refused
	case errors.Is(err, bolterrors.ErrTimeout):
		return fail(s.path, errLocked)
	case err != nil:
		return cannot(s.path, "be opened", fmt.Errorf("%w: %w", errMap, err))
	}
	s.db.AllocSize = growBy
	return nil
}

// openChecked opens the file, locks it and makes sure that bbolt can read it.
func (s *Store) openChecked(flag int, opts Options) (*os.File, error) {
	f, err := os.OpenFile(s.path, flag, 0)
	if err != nil {
		return nil, cannot(s.path, "be opened", err)
	}
	err = lock(f, !opts.ReadOnly, opts.LockTimeout)
	if err == nil && replaced(f, s.path) {
		f.Close()
		return s.openChecked(flag, opts)
	}
	if err == nil {
		err = s.check(f)
	}
	if err == nil {
		return f, nil
	}
	f.Close()
	var damage *Damage
	if errors.As(err, &damage) {
		return nil, err
	}
	return nil, fail(s.path, err)
}

// replaced tells whether a file lost its path while its lock was awaited, as by
// Compact.
func replaced(f *os.File, path string) bool {
	mine, err := f.Stat()
	if err != nil {
		return false
	}
	there, err := os.Stat(path)
	return err == nil && !os.SameFile(mine, there)
}

// cannot says what could not be done and the cause, without paths in it.
func cannot(path, what string, err error) error {
	if cause := (*fs.PathError)(nil); errors.As(err, &cause) {
		err = cause.Err
	}
	return fail(path, fmt.Errorf("cannot %s: %w", what, err))
}
