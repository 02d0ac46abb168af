package boltstore

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"github.com/footfall/footfall/analytics"
)

// Who waits for the lock while Compact runs opens the new file, not the old one
// that has no path any more.
func TestOpenWhileCompacting(t *testing.T) {
	for range 5 {
		path := aged(t, 60)
		opened := make(chan error, 1)
		go func() {
			s, err := Open(path, Options{LockTimeout: 10 * time.Second})
			for errors.Is(err, ErrLocked) {
				s, err = Open(path, Options{LockTimeout: 10 * time.Second})
			}
			if err == nil {
				b := &analytics.Batch{}
				b.Put(analytics.Locations, []byte("new"), []byte("written"))
				err = errors.Join(s.Apply(b), s.Close())
			}
			opened <- err
		}()
		_, _, err := Compact(context.Background(), path, Options{LockTimeout: 10 * time.Second})
		if err := errors.Join(err, <-opened); err != nil {
			t.Fatal(err)
		}
		s, err := Open(path, Options{ReadOnly: true})
		if err != nil {
			t.Fatal(err)
		}
		err = s.View(func(v analytics.View) error {
			value, err := v.Get(analytics.Locations, []byte("new"))
			if string(value) != "written" {
				t.Error("what was written while it was compacted is lost")
			}
			return err
		})
		if err := errors.Join(err, s.Close()); err != nil {
			t.Fatal(err)
		}
	}
}

func compactUntilKilled(path string) {
	for {
		_, _, err := Compact(context.Background(), path, Options{LockTimeout: 10 * time.Second})
		exitOn(err)
		fmt.Println("compacted")
	}
}

// TestKillCompact kills compactions at random moments: the database is always
// whole, and the next compaction leaves nothing behind.
func TestKillCompact(t *testing.T) {
	path := aged(t, 120)
	want := digest(t, path)
	for range 15 {
		cmd, lines := child(t, "compact", path)
		for range rand.IntN(3) {
			lines.Scan()
		}
		time.Sleep(time.Duration(rand.IntN(40_000)) * time.Microsecond)
		cmd.Process.Kill()
		cmd.Wait()
		if digest(t, path) != want {
			t.Fatal("the database holds something else")
		}
	}
	if _, _, err := Compact(context.Background(), path, Options{}); err != nil {
		t.Fatal(err)
	}
	if left, _ := filepath.Glob(path + "*"); len(left) != 1 || digest(t, path) != want {
		t.Errorf("%v are left", left)
	}
}
