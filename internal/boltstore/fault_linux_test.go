package boltstore

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"github.com/footfall/footfall/analytics"
)

// big is a batch that needs many new pages.
func big(value string) *analytics.Batch {
	b := &analytics.Batch{}
	for i := range 3_000 {
		b.Put(analytics.Days, fmt.Appendf(nil, "big %06d", i), []byte(strings.Repeat(value, 500)))
	}
	return b
}

// wantWhole wants a store in which big was applied with this value, or never.
func wantWhole(t *testing.T, s *Store, value string) {
	t.Helper()
	want(t, s, "k", "v")
	want(t, s, "big 000000", strings.Repeat(value, 500))
	want(t, s, "big 002999", strings.Repeat(value, 500))
	checkPages(t, s)
}

// TestLimitedFile lets writes fail from some size of the file on. It runs in a
// process of its own: the limit is a process's, and go test has a log written by
// this one.
func TestLimitedFile(t *testing.T) {
	if os.Getenv(childVariable) == "" {
		cmd := exec.Command(os.Args[0], "-test.run=^TestLimitedFile$", "-test.v")
		cmd.Env = append(os.Environ(), childVariable+"=limited file")
		out, err := cmd.CombinedOutput()
		if err != nil || !strings.Contains(string(out), "--- PASS: TestLimitedFile/NoSync_true") {
			t.Errorf("%v\n%s", err, out)
		}
		return
	}
	for _, noSync := range []bool{false, true} { // without, the file grows by being written
		t.Run(fmt.Sprintf("NoSync %v", noSync), func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "footfall.db")
			s := open(t, path, Options{NoSync: noSync})
			set(t, s, "k", "v")
			limited(t, s.Size()+200_000, func() {
				for range 2 {
					err := s.Apply(big("a"))
					if err == nil || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "file too large") {
						t.Errorf("Apply: %v", err)
					}
					wantWhole(t, s, "")
				}
				set(t, s, "small", "fits")
			})
			applyAll(t, s, big("b"))
			wantWhole(t, s, "b")
			s.Close()
			s = open(t, path, Options{NoSync: noSync})
			wantWhole(t, s, "b")
			want(t, s, "small", "fits")
		})
	}
}

// TestDiskFull lets writes fail from the first byte of a full disk's.
func TestDiskFull(t *testing.T) {
	folder := t.TempDir()
	if err := syscall.Mount("footfall", folder, "tmpfs", 0, "size=1m"); err != nil {
		t.Skipf("no file system of 1 MB can be mounted: %v", err)
	}
	defer syscall.Unmount(folder, syscall.MNT_DETACH)
	s := open(t, filepath.Join(folder, "footfall.db"), Options{})
	defer s.Close()
	set(t, s, "k", "v")
	if err := s.Apply(big("a")); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("Apply: %v", err)
	}
	wantWhole(t, s, "")
	if err := syscall.Mount("footfall", folder, "tmpfs", syscall.MS_REMOUNT, "size=64m"); err != nil {
		t.Fatal(err)
	}
	applyAll(t, s, big("b"))
	wantWhole(t, s, "b")
}

// limited runs fn while no file of this process can grow beyond a size.
func limited(t *testing.T, size int64, fn func()) {
	t.Helper()
	signal.Ignore(syscall.SIGXFSZ)
	defer signal.Reset(syscall.SIGXFSZ)
	var before syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &before); err != nil {
		t.Fatal(err)
	}
	limit := before
	limit.Cur = uint64(size)
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		t.Fatal(err)
	}
	defer syscall.Setrlimit(syscall.RLIMIT_FSIZE, &before)
	fn()
}

// TestWriteFails puts a file that cannot be written in the place of the
// database's for a while.
func TestWriteFails(t *testing.T) {
	s := open(t, made(t), Options{})
	whole, err := syscall.Dup(int(s.file.Fd()))
	if err != nil {
		t.Fatal(err)
	}
	defer syscall.Close(whole)
	unwritable, err := os.Open(s.Path())
	if err != nil {
		t.Fatal(err)
	}
	defer unwritable.Close()
	if err := syscall.Dup3(int(unwritable.Fd()), int(s.file.Fd()), 0); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		b := &analytics.Batch{}
		b.Put(analytics.Days, []byte("k"), []byte("w"))
		if err := s.Apply(b); !errors.Is(err, syscall.EBADF) {
			t.Errorf("Apply: %v", err)
		}
		want(t, s, "k", "v")
	}
	if err := syscall.Dup3(whole, int(s.file.Fd()), 0); err != nil {
		t.Fatal(err)
	}
	if s.Err() != nil {
		t.Errorf("Err: %v", s.Err())
	}
	set(t, s, "k", "x")
	want(t, s, "k", "x")
	checkPages(t, s)
}

// TestConfirm writes a header again of which nobody knows whether the disk has it.
func TestConfirm(t *testing.T) {
	s := open(t, made(t), Options{})
	s.unsure = true
	set(t, s, "k", "w")
	if s.unsure {
		t.Error("still unsure")
	}
	want(t, s, "k", "w")
	path := s.Path()
	s.Close()
	want(t, open(t, path, Options{}), "k", "w")
}

// TestCutUnderOpenStore takes pages away that are mapped into memory.
func TestCutUnderOpenStore(t *testing.T) {
	for _, c := range []struct {
		size       int64
		applyFirst bool
	}{{0, false}, {0, true}, {4096, false}, {4096, true}, {8192, false}, {20_000, false}, {20_000, true}} {
		t.Run(fmt.Sprint(c), func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "footfall.db")
			s := open(t, path, Options{})
			set(t, s, "k", "v")
			applyAll(t, s, big("a"))
			if err := os.Truncate(path, c.size); err != nil {
				t.Fatal(err)
			}
			view := func() {
				err := s.View(func(v analytics.View) error {
					return v.Scan(analytics.Days, nil, nil, func([]byte, []byte) error { return nil })
				})
				if !errors.Is(err, ErrDamaged) {
					t.Errorf("View: %v", err)
				}
			}
			if !c.applyFirst {
				view()
			}
			for range 2 {
				if err := s.Apply(big("b")); !errors.Is(err, ErrDamaged) {
					t.Errorf("Apply: %v", err)
				}
			}
			view()
			if !errors.Is(s.Err(), ErrDamaged) {
				t.Errorf("Err: %v", s.Err())
			}
			if err := s.Close(); err != nil {
				t.Errorf("Close: %v", err)
			}
			refused(t, path, Options{}, map[bool]error{true: ErrEmpty, false: ErrTruncated}[c.size == 0])
		})
	}
}

// TestVisitorsPanic lets the caller's own panics be the caller's.
func TestVisitorsPanic(t *testing.T) {
	s := open(t, made(t), Options{NoSync: true})
	func() {
		defer func() {
			if got := recover(); got != "mine" {
				t.Errorf("recovered %v", got)
			}
		}()
		s.View(func(analytics.View) error { panic("mine") })
	}()
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.View(func(analytics.View) error { runtime.Goexit(); return nil })
	}()
	<-done
	if s.Err() != nil {
		t.Errorf("Err: %v", s.Err())
	}
	set(t, s, "k", "w")
	want(t, s, "k", "w")
	if err := s.Close(); err != nil { // would wait for a view left open
		t.Error(err)
	}
}

func openInLittleSpace(path string) {
	limit := syscall.Rlimit{Cur: 3 << 30, Max: 3 << 30}
	exitOn(syscall.Setrlimit(syscall.RLIMIT_AS, &limit))
	s, err := Open(path, Options{})
	exitOn(err)
	for n := range 200 {
		exitOn(s.Apply(killBatch(n + 1)))
	}
	exitOn(s.Close())
	fmt.Println("done")
}

// TestLittleAddressSpace opens a database where the system does not grant the
// address space that it would like.
func TestLittleAddressSpace(t *testing.T) {
	cmd, out := child(t, "little address space", filepath.Join(t.TempDir(), "footfall.db"))
	out.Scan()
	if err := cmd.Wait(); err != nil || out.Text() != "done" {
		t.Errorf("%v, %q", err, out.Text())
	}
}
