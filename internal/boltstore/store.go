package boltstore

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"runtime/debug"
	"sync"
	"sync/atomic"

	"go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"

	"github.com/footfall/footfall/analytics"
)

// Store is an analytics.Store in one file.
type Store struct {
	db   *bbolt.DB
	file *os.File // bbolt's own
	path string
	log  *slog.Logger

	version uint32 // of the schema

	applying sync.Mutex // guards unsure and room
	unsure   bool       // the last commit may not be on the disk
	room     arena      // of the batch that is being applied

	damages damages // come upon so far

	broken atomic.Pointer[error] // why nothing is written any more
	stuck  atomic.Bool           // bbolt panicked and did not give its locks back
}

// Path is the file's path as it was given to Open.
func (s *Store) Path() string { return s.path }

// Size is the file's size in bytes, 0 where it cannot be told.
func (s *Store) Size() int64 {
	info, err := s.file.Stat()
	if err != nil {
		return 0
	}
	return info.Size()
}

// Err tells why Apply is refused until the file is opened again, nil if it is
// not: bbolt came across damage that it did not survive. Views go on.
func (s *Store) Err() error {
	if err := s.broken.Load(); err != nil {
		return *err
	}
	return nil
}

// Close waits for open views and closes the file. What comes after it is
// ErrClosed.
func (s *Store) Close() error {
	s.applying.Lock()
	defer s.applying.Unlock()
	if s.stuck.Load() {
		return s.letGo()
	}
	if err := s.db.Close(); err != nil {
		return fail(s.path, fmt.Errorf("cannot be closed: %w", err))
	}
	return nil
}

// letGo closes the file without bbolt, which keeps it mapped.
func (s *Store) letGo() error {
	unlock(s.file)
	return s.file.Close()
}

// fault takes a panic for damage and keeps bbolt from writing further.
func (s *Store) fault(cause any) error {
	s.log.Error("the database is damaged: nothing is written to it any more",
		"path", s.path, "panic", fmt.Sprint(cause), "stack", string(debug.Stack()))
	var err error = &Damage{Path: s.path, What: fmt.Sprint(cause)}
	s.broken.CompareAndSwap(nil, &err)
	return err
}

// damaged makes a Damage of a flaw that is in no table.
func (s *Store) damaged(err error) error {
	if f := flaw(""); errors.As(err, &f) {
		return &Damage{Path: s.path, What: string(f)}
	}
	return err
}

const noChecksum = "the record does not have its checksum"

func (s *Store) damagedRecord(t analytics.Table, key []byte) *Damage {
	return &Damage{Path: s.path, Table: t.String(), Key: bytes.Clone(key), What: noChecksum}
}

// explain names the path in an error of bbolt's.
func (s *Store) explain(err error) error {
	switch {
	case errors.Is(err, bolterrors.ErrDatabaseNotOpen):
		return fail(s.path, ErrClosed)
	case errors.Is(err, bolterrors.ErrDatabaseReadOnly):
		return fail(s.path, ErrReadOnly)
	}
	return fail(s.path, fmt.Errorf("cannot be used: %w", err))
}
