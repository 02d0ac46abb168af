package boltstore

import (
	"bytes"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"github.com/footfall/footfall/analytics"
)

// made is a path to a closed database with one record.
func made(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "footfall.db")
	s := open(t, path, Options{NoSync: true})
	set(t, s, "k", "v")
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

func set(t testing.TB, s *Store, key, value string) {
	t.Helper()
	b := &analytics.Batch{}
	b.Put(analytics.Days, []byte(key), []byte(value))
	if err := s.Apply(b); err != nil {
		t.Fatal(err)
	}
}

func want(t testing.TB, s *Store, key, value string) {
	t.Helper()
	err := s.View(func(v analytics.View) error {
		got, err := v.Get(analytics.Days, []byte(key))
		if string(got) != value {
			t.Errorf("%q is %q, want %q", key, got, value)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// refused wants an error of one sentence that names the path, and a file that is
// as it was.
func refused(t *testing.T, path string, opts Options, kind error) {
	t.Helper()
	before, statBefore := snapshotFile(t, path)
	s, err := Open(path, opts)
	if err == nil {
		s.Close()
		t.Fatalf("it was opened, want: %v", kind)
	}
	t.Log(err)
	if !errors.Is(err, kind) {
		t.Errorf("%v: not %v", err, kind)
	}
	if strings.Count(err.Error(), path) != 1 || strings.Contains(err.Error(), "\n") {
		t.Errorf("not one sentence with the path: %q", err)
	}
	after, statAfter := snapshotFile(t, path)
	if !bytes.Equal(before, after) || statBefore != statAfter {
		t.Errorf("the file was touched: %v, now %v", statBefore, statAfter)
	}
	left, _ := filepath.Glob(path + "?*")
	if len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

type fileState struct {
	size     int64
	mode     fs.FileMode
	modified time.Time
}

func snapshotFile(t *testing.T, path string) (content []byte, state fileState) {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		return nil, fileState{}
	}
	if info.Mode().IsRegular() {
		if content, err = os.ReadFile(path); err != nil && !errors.Is(err, fs.ErrPermission) {
			t.Fatal(err)
		}
	}
	return content, fileState{info.Size(), info.Mode(), info.ModTime()}
}

// bothWays runs a test for writing and for reading only.
func bothWays(t *testing.T, test func(t *testing.T, opts Options)) {
	t.Run("writing", func(t *testing.T) { test(t, Options{LockTimeout: time.Millisecond}) })
	t.Run("reading", func(t *testing.T) { test(t, Options{LockTimeout: time.Millisecond, ReadOnly: true}) })
}

func TestOpenRefuses(t *testing.T) {
	write := func(content []byte) func(*testing.T) string {
		return func(t *testing.T) string {
			path := filepath.Join(t.TempDir(), "footfall.db")
			if err := os.WriteFile(path, content, 0o640); err != nil {
				t.Fatal(err)
			}
			return path
		}
	}
	for _, c := range []struct {
		name string
		kind error
		make func(*testing.T) string
	}{
		{"empty", ErrEmpty, write(nil)},
		{"a byte", ErrForeign, write([]byte("x"))},
		{"text", ErrForeign, write(bytes.Repeat([]byte("location,zone\n"), 10_000))},
		{"zeros", ErrForeign, write(make([]byte, 1<<16))},
		{"another program's", ErrForeign, otherProgram(false)},
		{"another program's without a list of free pages", ErrForeign, otherProgram(true)},
		{"a new bbolt file", ErrForeign, newBolt},
		{"newer", ErrNewer, newer},
		{"a folder", ErrForeign, func(t *testing.T) string { return t.TempDir() }},
		{"a pipe", ErrForeign, pipe},
		{"both headers damaged", ErrDamaged, headersDamaged},
	} {
		t.Run(c.name, func(t *testing.T) {
			bothWays(t, func(t *testing.T, opts Options) { refused(t, c.make(t), opts, c.kind) })
		})
	}
}

func otherProgram(noFreelist bool) func(*testing.T) string {
	return func(t *testing.T) string {
		path := filepath.Join(t.TempDir(), "footfall.db")
		db, err := bbolt.Open(path, 0o600, &bbolt.Options{NoFreelistSync: noFreelist})
		if err != nil {
			t.Fatal(err)
		}
		err = db.Update(func(tx *bbolt.Tx) error {
			bucket, err := tx.CreateBucket([]byte("meta"))
			if err != nil {
				return err
			}
			return bucket.Put([]byte("version"), []byte("3"))
		})
		if err := errors.Join(err, db.Close()); err != nil {
			t.Fatal(err)
		}
		return path
	}
}

func newBolt(t *testing.T) string {
	path := filepath.Join(t.TempDir(), "footfall.db")
	db, err := bbolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	db.Close()
	return path
}

func newer(t *testing.T) string {
	path := filepath.Join(t.TempDir(), "footfall.db")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := fill(path, nil, schemaVersion+1); err != nil {
		t.Fatal(err)
	}
	return path
}

func pipe(t *testing.T) string {
	path := filepath.Join(t.TempDir(), "footfall.db")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Skipf("no pipe can be made: %v", err)
	}
	return path
}

func headersDamaged(t *testing.T) string {
	path := made(t)
	content, _ := snapshotFile(t, path)
	pageSize := int(native.Uint32(content[headerAt+8:]))
	content[headerAt+40] ^= 1
	content[pageSize+headerAt+40] ^= 1
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestOpenTruncated cuts a database everywhere that matters.
func TestOpenTruncated(t *testing.T) {
	path := filepath.Join(t.TempDir(), "footfall.db")
	grow(t, path)
	whole := readPages(t, path)
	cuts := []int{20, 50, headerReaches - 1, headerReaches, 512, 1023, 1024, 1024 + headerReaches, 2048, 4096, 8192, 100_000, len(whole) - 1024, len(whole) - 1}
	for _, opts := range []Options{{}, {ReadOnly: true}} {
		for _, size := range cuts {
			if err := os.WriteFile(path, whole[:size], 0o600); err != nil {
				t.Fatal(err)
			}
			refused(t, path, opts, ErrTruncated)
		}
	}
	if err := os.WriteFile(path, whole, 0o600); err != nil {
		t.Fatal(err)
	}
	open(t, path, Options{NoSync: true})
}

func TestOpenMissing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "footfall.db")
	refused(t, path, Options{ReadOnly: true}, ErrMissing)
	refused(t, filepath.Join(t.TempDir(), "no", "folder"), Options{}, fs.ErrNotExist)

	s := open(t, path, Options{})
	if info, err := os.Stat(path); err != nil || info.Mode() != 0o600 || info.Size() != s.Size() {
		t.Errorf("created: %v, %v; Size says %d", info, err, s.Size())
	}
	if left, _ := filepath.Glob(path + "?*"); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	if s.Path() != path {
		t.Errorf("Path is %q", s.Path())
	}
}

func TestOpenWithoutPermission(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("root may do everything")
	}
	path := made(t)
	for mode, opts := range map[fs.FileMode]Options{0o400: {}, 0o000: {ReadOnly: true}} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		refused(t, path, opts, fs.ErrPermission)
	}
	folder := filepath.Dir(path)
	if err := os.Chmod(folder, 0o500); err != nil {
		t.Fatal(err)
	}
	defer os.Chmod(folder, 0o700)
	refused(t, filepath.Join(folder, "new.db"), Options{}, fs.ErrPermission)
}

func TestReadOnly(t *testing.T) {
	path := made(t)
	content, state := snapshotFile(t, path)
	one := open(t, path, Options{ReadOnly: true})
	two := open(t, path, Options{ReadOnly: true})
	want(t, one, "k", "v")
	want(t, two, "k", "v")
	b := &analytics.Batch{}
	b.Put(analytics.Days, []byte("k"), []byte("w"))
	if err := one.Apply(b); !errors.Is(err, ErrReadOnly) {
		t.Errorf("Apply: %v", err)
	}
	refused(t, path, Options{LockTimeout: 20 * time.Millisecond}, ErrLocked)
	one.Close()
	two.Close()
	if after, stateAfter := snapshotFile(t, path); !bytes.Equal(content, after) || state != stateAfter {
		t.Error("reading has changed the file")
	}
	open(t, path, Options{NoSync: true})
}

func TestLocked(t *testing.T) {
	path := made(t)
	holder := open(t, path, Options{NoSync: true})
	bothWays(t, func(t *testing.T, opts Options) { refused(t, path, opts, ErrLocked) })

	opened := make(chan error)
	go func() {
		s, err := Open(path, Options{LockTimeout: time.Minute})
		if err == nil {
			err = s.Close()
		}
		opened <- err
	}()
	holder.Close()
	if err := <-opened; err != nil {
		t.Errorf("released in time, yet: %v", err)
	}
}

func TestClosed(t *testing.T) {
	s := open(t, made(t), Options{NoSync: true})
	for range 2 {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
	b := &analytics.Batch{}
	b.Put(analytics.Days, []byte("k"), []byte("w"))
	if err := s.Apply(b); !errors.Is(err, ErrClosed) {
		t.Errorf("Apply: %v", err)
	}
	if err := s.View(func(analytics.View) error { return nil }); !errors.Is(err, ErrClosed) {
		t.Errorf("View: %v", err)
	}
}

// TestLostHeader damages the newer of the two headers: the database is as before
// the last commit, and that is said.
func TestLostHeader(t *testing.T) {
	path := made(t)
	s := open(t, path, Options{NoSync: true})
	set(t, s, "k", "w")
	newest, pageSize := s.newest(t), s.db.Info().PageSize
	s.Close()
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteAt([]byte{0xFF}, int64(newest.txid%2)*int64(pageSize)+headerAt+20); err != nil {
		t.Fatal(err)
	}
	f.Close()
	var log bytes.Buffer
	s = open(t, path, Options{NoSync: true, Logger: slog.New(slog.NewTextHandler(&log, nil))})
	want(t, s, "k", "v")
	if !strings.Contains(log.String(), "level=WARN") {
		t.Errorf("nothing was said: %q", log.String())
	}
	set(t, s, "k", "x")
	want(t, s, "k", "x")
}

func (s *Store) newest(t *testing.T) header {
	t.Helper()
	tx, snap, err := s.begin()
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	return snap.header
}
