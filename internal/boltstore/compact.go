package boltstore

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"go.etcd.io/bbolt"

	"github.com/footfall/footfall/analytics"
)

// compactPart is in the name of the file that Compact fills, behind the database's.
const compactPart = ".compact-"

// compactBytes is how much one transaction copies.
const compactBytes = 16 << 20

// Compact writes a database anew without its free pages and gives it the old one's
// path, mode and owner; before and after are the sizes in bytes. It reads and
// checks every record: where one is damaged nothing changes. Nobody else may have
// the file open meanwhile.
//
// The new file is whole and on the disk before it takes the path, in one step, so
// a kill at any moment leaves the one or the other. What a kill leaves of
// an unfinished one, PATH.compact-*, the next Compact removes.
func Compact(ctx context.Context, path string, opts Options) (before, after int64, err error) {
	if path, err = realPath(path); err != nil {
		return 0, 0, err
	}
	opts.ReadOnly = false // for the lock; nothing is written
	if _, err := os.Stat(path); err != nil {
		opts.ReadOnly = true // and nothing created
	}
	s, err := openAsIs(path, opts)
	if err != nil {
		return 0, 0, err
	}
	defer s.Close()
	if err := removeUnfinished(path, compactPart); err != nil {
		return 0, 0, cannot(path, "be compacted", err)
	}
	before = s.Size()
	if after, err = s.compact(ctx); err != nil && !errors.Is(err, ErrDamaged) {
		err = cannot(path, "be compacted", err)
	}
	return before, after, err
}

// realPath follows links, so that the file and not a link to it is replaced.
func realPath(path string) (string, error) {
	target, err := filepath.EvalSymlinks(path)
	if errors.Is(err, os.ErrNotExist) {
		return path, fail(path, fmt.Errorf("%w: check the path", ErrMissing))
	}
	if err != nil {
		return path, cannot(path, "be opened", err)
	}
	return target, nil
}

// removeUnfinished removes what was left of a Compact or Restore that was killed. The
// lock on the database says that none is running.
func removeUnfinished(path, part string) error {
	folder := filepath.Dir(path)
	entries, err := os.ReadDir(folder)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), filepath.Base(path)+part) && e.Type().IsRegular() {
			if err := os.Remove(filepath.Join(folder, e.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}

// compact writes the new file and puts it in the old one's place.
func (s *Store) compact(ctx context.Context) (size int64, err error) {
	info, err := s.file.Stat()
	if err != nil {
		return 0, err
	}
	f, err := os.CreateTemp(filepath.Dir(s.path), filepath.Base(s.path)+compactPart+"*") // of mode 0600
	if err != nil {
		return 0, err
	}
	defer os.Remove(f.Name())
	defer f.Close()
	if err := s.copyTo(ctx, f.Name()); err != nil {
		return 0, err
	}
	if err := errors.Join(keepOwner(f, info), f.Chmod(info.Mode().Perm()), f.Sync()); err != nil {
		return 0, err
	}
	written, err := f.Stat()
	if err != nil {
		return 0, err
	}
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	if err := os.Rename(f.Name(), s.path); err != nil {
		return 0, err
	}
	return written.Size(), syncFolder(filepath.Dir(s.path))
}

// copyTo copies every record of one state into a new file and checks that file.
func (s *Store) copyTo(ctx context.Context, path string) error {
	found, err := s.Verify(ctx)
	if err != nil {
		return err
	}
	if len(found.Damage) > 0 {
		return found.Damage[0]
	}
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{FreelistType: bbolt.FreelistMapType, NoSync: true, NoGrowSync: true})
	if err != nil {
		return err
	}
	err = s.View(func(v analytics.View) error {
		c := copying{db: db, ctx: ctx}
		return errors.Join(c.all(v.(*view).snapshot), c.end())
	})
	if err := errors.Join(err, db.Close()); err != nil {
		return err
	}
	return sameRecords(ctx, path, found)
}

// sameRecords checks that a file is whole and has as much in each table.
func sameRecords(ctx context.Context, path string, want Verification) error {
	s, err := Open(path, Options{ReadOnly: true})
	if err != nil {
		return err
	}
	defer s.Close()
	got, err := s.Verify(ctx)
	if err != nil {
		return err
	}
	if len(got.Damage) > 0 {
		return fmt.Errorf("the copy cannot be read: %w", errors.New(got.Damage[0].What))
	}
	for i, t := range want.Tables {
		if got.Tables[i] != t {
			return fmt.Errorf("the copy of table %s has %d records of %d", t.Name, got.Tables[i].Records, t.Records)
		}
	}
	return nil
}

// copying writes records in their order.
type copying struct {
	db     *bbolt.DB
	ctx    context.Context
	tx     *bbolt.Tx
	bucket *bbolt.Bucket
	size   int
}

func (c *copying) all(s *snapshot) error {
	names, _, err := s.bucketNames()
	if err != nil {
		return err
	}
	for _, name := range names {
		t, err := s.bucket([]byte(name))
		if err != nil {
			return err
		}
		if err := c.begin(name); err != nil {
			return err
		}
		err = t.walk(nil, func(leaf *page) (bool, error) { return true, c.leaf(name, leaf) })
		if err != nil {
			return err
		}
	}
	return nil
}

func (c *copying) leaf(name string, leaf *page) error {
	for i := range leaf.n {
		k, v := leaf.record(i)
		if err := c.bucket.Put(k, v); err != nil {
			return err
		}
		c.size += len(k) + len(v)
	}
	if c.size < compactBytes {
		return nil
	}
	if err := errors.Join(c.ctx.Err(), c.end()); err != nil {
		return err
	}
	return c.begin(name)
}

// begin makes a bucket the one that is written, in a transaction.
func (c *copying) begin(name string) (err error) {
	if c.tx == nil {
		if c.tx, err = c.db.Begin(true); err != nil {
			return err
		}
	}
	c.bucket, err = c.tx.CreateBucketIfNotExists([]byte(name))
	if err == nil {
		c.bucket.FillPercent = 1
	}
	return err
}

func (c *copying) end() error {
	if c.tx == nil {
		return nil
	}
	tx := c.tx
	c.tx, c.size = nil, 0
	return tx.Commit()
}
