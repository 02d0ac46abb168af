package boltstore

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
)

// backupPiece is how much of a backup is written at once.
const backupPiece = 1 << 20

// Backup writes one state of the database as a file of its own; begin is told its size in
// bytes first. Pages that are free are zeros: nothing that was deleted is in it. Applies
// go on meanwhile, but reuse no page until it returns.
func (s *Store) Backup(ctx context.Context, begin func(size int64) (io.Writer, error)) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	tx, snap, err := s.begin()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	file := snap.source.(mapped)
	defer func() {
		if cause := recover(); cause != nil {
			if !faulted(file, cause) {
				panic(cause)
			}
			err = s.fault(cause)
		}
	}()
	w, err := begin(int64(len(file)))
	if err != nil {
		return err
	}
	if _, err := w.Write(snap.headerPages()); err != nil {
		return err
	}
	piece := make([]byte, 0, backupPiece+snap.pageSize)
	for id := uint64(2); id < snap.pages; {
		piece = piece[:0]
		for ; id < snap.pages && len(piece) < backupPiece; id++ {
			piece = append(piece, snap.used(file, id)...)
		}
		if _, err := w.Write(piece); err != nil {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	return nil
}

// used is a page, zeros where it is free.
func (s *snapshot) used(file mapped, id uint64) []byte {
	if s.unused.has(id) {
		return make([]byte, s.pageSize)
	}
	return file[int64(id)*int64(s.pageSize):][:s.pageSize]
}

// headerPages are the snapshot's header twice, the second as of the transaction before.
func (s *snapshot) headerPages() []byte {
	both := make([]byte, 2*s.pageSize)
	for slot := range uint64(2) {
		page := both[slot*uint64(s.pageSize):][:s.pageSize]
		native.PutUint64(page, slot)
		native.PutUint16(page[8:], headerFlag)
		s.putHeader(page[headerAt:headerReaches], s.txid-slot)
	}
	return both
}

// putHeader writes what readHeader reads.
func (s *snapshot) putHeader(b []byte, txid uint64) {
	native.PutUint32(b, boltMagic)
	native.PutUint32(b[4:], boltVersion)
	native.PutUint32(b[8:], uint32(s.pageSize))
	native.PutUint64(b[16:], s.root)
	native.PutUint64(b[32:], s.free)
	native.PutUint64(b[40:], s.pages)
	native.PutUint64(b[48:], txid)
	sum := fnv.New64a()
	sum.Write(b[:headerLength-8])
	native.PutUint64(b[headerLength-8:], sum.Sum64())
}

// SaveBackup makes a file of what fill writes, which is a Backup, and checks every record
// of it before it has its path. It takes the place of no other file; where anything fails
// nothing is left. Damage in it is told as that of the database.
func SaveBackup(ctx context.Context, database, path string, fill func(io.Writer) error) (v Verification, err error) {
	if _, err := os.Lstat(path); err == nil {
		return v, fmt.Errorf("backup %s: %w; choose another name, or move that one away", path, fs.ErrExist)
	}
	f, err := newSparse(path)
	if err != nil {
		return v, fmt.Errorf("backup %s cannot be written: %w", path, cause(err))
	}
	defer f.remove()
	if err := errors.Join(fill(f), f.end()); err != nil {
		return v, fmt.Errorf("backup %s cannot be written: %w", path, cause(err))
	}
	if v, err = sound(ctx, f.file.Name()); err != nil {
		return v, fmt.Errorf("backup %s was not made: %w", path, blame(err, database))
	}
	if err := f.take(path, false); err != nil {
		return v, fmt.Errorf("backup %s cannot be written: %w", path, cause(err))
	}
	return v, syncFolder(filepath.Dir(path))
}

// sound checks that a file is a whole database.
func sound(ctx context.Context, path string) (v Verification, err error) {
	s, err := openAsIs(path, Options{ReadOnly: true})
	if err != nil {
		return v, err
	}
	defer s.Close()
	if v, err = s.Verify(ctx); err == nil && len(v.Damage) > 0 {
		err = v.Damage[0]
	}
	return v, err
}

// blame says of a database what is wrong with its copy, which has a name for the moment.
func blame(err error, database string) error {
	if d := (*Damage)(nil); errors.As(err, &d) {
		return &Damage{Path: database, Table: d.Table, Key: d.Key, What: d.What}
	}
	if inner := errors.Unwrap(err); inner != nil {
		return fmt.Errorf("what was read of database %s %w", database, inner)
	}
	return err
}

// cause is what a system call failed for, without the name of a temporary file.
func cause(err error) error {
	if of := (*fs.PathError)(nil); errors.As(err, &of) {
		return of.Err
	}
	return err
}

// sparse is a new file beside a path; blocks of zeros take no room in it.
type sparse struct {
	file *os.File
	size int64
}

// holeSize is the least that is worth a hole.
const holeSize = 4096

var hole [holeSize]byte

// unfinishedPart is in the name of a file that is not whole yet, behind the later one.
const unfinishedPart = ".unfinished-"

func newSparse(path string) (*sparse, error) {
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+unfinishedPart+"*") // of mode 0600
	return &sparse{file: f}, err
}

func (s *sparse) Write(b []byte) (n int, err error) {
	for n < len(b) {
		piece := b[n:min(n+holeSize, len(b))]
		if !bytes.Equal(piece, hole[:len(piece)]) {
			if _, err := s.file.WriteAt(piece, s.size); err != nil {
				return n, err
			}
		}
		n, s.size = n+len(piece), s.size+int64(len(piece))
	}
	return n, nil
}

// end puts the file on the disk at its whole length.
func (s *sparse) end() error { return errors.Join(s.file.Truncate(s.size), s.file.Sync()) }

// remove removes it under the name that it was made with.
func (s *sparse) remove() {
	s.file.Close()
	os.Remove(s.file.Name())
}
