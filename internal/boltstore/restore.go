package boltstore

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// Restore puts a backup in a database's place, in one step, with its mode and owner. It
// reads every record of the backup first, and again of what it wrote. What was at the
// path, sound or not, is kept under another name, which it returns ("" where there was
// nothing). Nobody else may have the database open.
func Restore(ctx context.Context, backup, path string, now time.Time) (kept string, v Verification, err error) {
	if path, err = whereToRestore(path); err != nil {
		return "", v, err
	}
	if same(backup, path) {
		return "", v, fmt.Errorf("%s is the database itself", backup)
	}
	if _, err := sound(ctx, backup); err != nil {
		return "", v, err
	}
	old, err := hold(path)
	if err != nil {
		return "", v, err
	}
	if old != nil {
		defer old.Close()
	}
	if err := removeUnfinished(path, unfinishedPart); err != nil {
		return "", v, cannot(path, "be restored", err)
	}
	f, err := newSparse(path)
	if err != nil {
		return "", v, cannot(path, "be restored", err)
	}
	defer f.remove()
	if err := f.copyOf(backup); err != nil {
		return "", v, cannot(path, "be restored", err)
	}
	if v, err = sound(ctx, f.file.Name()); err != nil {
		return "", v, blame(err, backup)
	}
	if err := f.belongLike(old, path); err != nil {
		return "", v, cannot(path, "be restored", err)
	}
	if old != nil {
		kept = path + now.UTC().Format(".replaced-20060102T150405Z")
		if err := os.Link(path, kept); err != nil {
			return "", v, cannot(path, "be kept under another name", err)
		}
	}
	if err := f.take(path, old != nil); err != nil {
		return kept, v, cannot(path, "be restored", err)
	}
	return kept, v, syncFolder(filepath.Dir(path))
}

// take gives the file a path, which has another one or none.
func (s *sparse) take(path string, replacing bool) error {
	if !replacing {
		if err := os.Link(s.file.Name(), path); err == nil || errors.Is(err, fs.ErrExist) {
			return err
		}
	}
	return os.Rename(s.file.Name(), path)
}

// whereToRestore follows links; the file need not be there.
func whereToRestore(path string) (string, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return path, nil
	case err != nil:
		return path, cannot(path, "be restored", err)
	case !info.Mode().IsRegular():
		return path, fail(path, foreign(" but a folder, a device or a pipe"))
	}
	return realPath(path)
}

func same(a, b string) bool {
	first, err := os.Stat(a)
	if err != nil {
		return false
	}
	second, err := os.Stat(b)
	return err == nil && os.SameFile(first, second)
}

// hold locks a file, whatever is in it; nil where there is none.
func hold(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, cannot(path, "be restored", err)
	}
	if err := lock(f, true, time.Second); err != nil {
		f.Close()
		return nil, fail(path, err)
	}
	if replaced(f, path) {
		f.Close()
		return hold(path)
	}
	return f, nil
}

func (s *sparse) copyOf(path string) error {
	from, err := os.Open(path)
	if err != nil {
		return err
	}
	defer from.Close()
	if _, err := io.Copy(s, from); err != nil {
		return err
	}
	return s.end()
}

// belongLike gives the file the mode and owner of the one that it replaces, or the owner
// of its folder.
func (s *sparse) belongLike(old *os.File, path string) error {
	if old == nil && os.Geteuid() != 0 {
		return nil
	}
	if old == nil {
		folder, err := os.Stat(filepath.Dir(path))
		if err != nil {
			return err
		}
		return keepOwner(s.file, folder)
	}
	info, err := old.Stat()
	if err != nil {
		return err
	}
	return errors.Join(keepOwner(s.file, info), s.file.Chmod(info.Mode().Perm()))
}
