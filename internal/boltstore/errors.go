package boltstore

import (
	"errors"
	"fmt"

	"github.com/footfall/footfall/analytics"
)

// What can be wrong with a database. Errors of this package name the path first
// and read as one sentence.
var (
	ErrMissing   = errors.New("does not exist")
	ErrEmpty     = errors.New("is an empty file")
	ErrForeign   = errors.New("is not a Footfall database")
	ErrTruncated = errors.New("is truncated")
	ErrNewer     = errors.New("was written by a newer version of Footfall")
	ErrLocked    = errors.New("is in use by another process")
	ErrDamaged   = analytics.ErrDamaged
	ErrReadOnly  = errors.New("was opened for reading only")
	ErrClosed    = errors.New("is closed")
)

// Damage is a place that cannot be read. It is [ErrDamaged].
type Damage struct {
	Path  string
	Table string // "" where the whole file is concerned
	Key   []byte // of the damaged record, nil for a page of the table
	What  string
}

func (d *Damage) Error() string {
	where := ""
	if d.Table != "" {
		where = ": table " + d.Table
	}
	if d.Key != nil {
		where += fmt.Sprintf(", key %x", d.Key)
	}
	if where == "" {
		where = ", restore a backup"
	}
	return fmt.Sprintf("database %s %v%s: %s", d.Path, ErrDamaged, where, d.What)
}

func (d *Damage) Unwrap() error { return ErrDamaged }

// flaw is what the reader of pages finds; whoever knows path and table makes a
// Damage of it.
type flaw string

func (f flaw) Error() string { return string(f) }

func flawf(format string, args ...any) error { return flaw(fmt.Sprintf(format, args...)) }

// locate turns a flaw into a Damage and lets other errors pass.
func locate(err error, path string, t analytics.Table) error {
	var f flaw
	if !errors.As(err, &f) {
		return err
	}
	return &Damage{Path: path, Table: t.String(), What: string(f)}
}

var errLocked = fmt.Errorf("%w: stop that one first", ErrLocked)

// foreign says what a file is instead of a database.
func foreign(what string) error {
	return fmt.Errorf("%w%s: choose another path, or move it away", ErrForeign, what)
}

func fail(path string, err error) error { return fmt.Errorf("database %s %w", path, err) }
