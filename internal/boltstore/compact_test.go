package boltstore

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/footfall/footfall/analytics"
)

// aged is a database most of which is deleted again.
func aged(t *testing.T, n int) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "footfall.db")
	s, err := Open(path, Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	for i := range n {
		b := &analytics.Batch{}
		for j := range 500 {
			b.Put(analytics.Minutes, fmt.Appendf(nil, "%06d %03d", i, j), fmt.Appendf(nil, "%060d", i*j))
			b.Delete(analytics.Minutes, fmt.Appendf(nil, "%06d %03d", i-n/10, j))
		}
		b.Put(analytics.People, fmt.Appendf(nil, "%06d", i), make([]byte, 20_000)) // on overflow pages
		b.Delete(analytics.People, fmt.Appendf(nil, "%06d", i-n/5))
		b.Put(analytics.Locations, []byte("last"), fmt.Append(nil, i))
		if err := s.Apply(b); err != nil {
			t.Fatal(err)
		}
		if i == n/2 { // as when a retention is begun late
			b := &analytics.Batch{}
			for j := range n {
				b.Put(analytics.Days, fmt.Appendf(nil, "%06d", j), make([]byte, 3000))
			}
			if err := s.Apply(b); err != nil {
				t.Fatal(err)
			}
		}
	}
	b := &analytics.Batch{}
	for j := range n {
		b.Delete(analytics.Days, fmt.Appendf(nil, "%06d", j))
	}
	if err := errors.Join(s.Apply(b), s.Close()); err != nil {
		t.Fatal(err)
	}
	return path
}

// digest is one of all that a database holds.
func digest(t *testing.T, path string) string {
	t.Helper()
	s, err := Open(path, Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	h := sha256.New()
	err = s.View(func(v analytics.View) error {
		for table := range analytics.Tables {
			err := v.Scan(table, nil, nil, func(k, value []byte) error {
				fmt.Fprintf(h, "%d %d %d %s%s", table, len(k), len(value), k, value)
				return nil
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%x", h.Sum(nil))
}

func verify(t *testing.T, path string) Verification {
	t.Helper()
	s, err := Open(path, Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	found, err := s.Verify(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestCompact(t *testing.T) {
	path := aged(t, 300)
	want, had := digest(t, path), verify(t, path)
	if len(had.Damage) > 0 || had.Lost != 0 || had.Free < had.Size/4 {
		t.Fatalf("before: %+v", had)
	}
	link := filepath.Join(t.TempDir(), "link.db")
	if err := errors.Join(os.Symlink(path, link), os.Chmod(path, 0o640), os.WriteFile(path+".compact-123", []byte("left"), 0o600)); err != nil {
		t.Fatal(err)
	}
	before, after, err := Compact(context.Background(), link, Options{})
	if err != nil || before != had.Size || after > before-had.Free+had.Size/20 {
		t.Fatalf("%d to %d bytes of which %d were free, %v", before, after, had.Free, err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Size() != after || info.Mode().Perm() != 0o640 {
		t.Errorf("%v, %v", info, err)
	}
	if got := verify(t, path); digest(t, path) != want || len(got.Damage) > 0 || got.Lost != 0 {
		t.Errorf("after: %+v", got)
	}
	if left, _ := filepath.Glob(path + ".*"); len(left) != 0 {
		t.Errorf("%v are left", left)
	}
	s, err := Open(path, Options{}) // it is written to as before
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for n := range 50 {
		if err := s.Apply(killBatch(n)); err != nil {
			t.Fatal(err)
		}
	}
	if found, err := s.Verify(context.Background()); err != nil || len(found.Damage) > 0 || found.Lost != 0 {
		t.Errorf("%+v, %v", found, err)
	}
}

func TestCompactRefuses(t *testing.T) {
	path := aged(t, 60)
	want := digest(t, path)
	s, err := Open(path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := Compact(context.Background(), path, Options{LockTimeout: time.Millisecond}); !errors.Is(err, ErrLocked) {
		t.Errorf("while it is open: %v", err)
	}
	s.Close()
	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	if _, _, err := Compact(cancelled, path, Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if digest(t, path) != want {
		t.Error("it changed")
	}
	if _, _, err := Compact(context.Background(), path+"x", Options{}); !errors.Is(err, ErrMissing) {
		t.Errorf("without a file: %v", err)
	}
	flipRecord(t, path)
	data, _ := os.ReadFile(path)
	if _, _, err := Compact(context.Background(), path, Options{}); !errors.Is(err, ErrDamaged) {
		t.Errorf("damaged: %v", err)
	}
	now, _ := os.ReadFile(path)
	if string(now) != string(data) {
		t.Error("a damaged file was changed")
	}
	if left, _ := filepath.Glob(path + "*"); len(left) != 1 {
		t.Errorf("%v are left", left)
	}
	found := verify(t, path)
	if len(found.Damage) != 1 || found.Damage[0].Table != "minutes" || len(found.Tables) != int(analytics.Tables)+1 {
		t.Errorf("%+v", found)
	}
}

// flipRecord changes one bit of a value of the minutes.
func flipRecord(t *testing.T, path string) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	s, err := Open(path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	var at int
	err = s.View(func(v analytics.View) error {
		tree, err := v.(*view).table(analytics.Minutes)
		if err != nil {
			return err
		}
		leaf, _, err := tree.descend(func(*page) int { return 0 })
		_, value := leaf.record(leaf.n - 1)
		for i := range leaf.b {
			if &leaf.b[i] == &value[len(value)-1] {
				at = int(native.Uint64(leaf.b))*tree.pageSize + i
			}
		}
		return err
	})
	s.Close()
	if err != nil {
		t.Fatal(err)
	}
	data[at] ^= 1
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}
